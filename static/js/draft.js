// What somebody types is kept in this browser at once and on the server every ten seconds, until it is sent.
// <form data-draft="handover-12" autocomplete="off">; `data-draft-status` shows when it was kept, and where. Never files,
// passwords or hidden fields. Desks are shared: the browser's copy names its person, and the server's is only theirs.
// `data-draft-version`: of what others can change, the text that the form begins from.
//
// A copy: { at, values, base, dirty, sent, gone }. `base` is the version on the server that it continues, null for none;
// `dirty`: typed since; `sent`: what the server may have, for its answer is missing; `gone`: submitted or discarded, and
// the server does not know it yet.
"use strict";

(() => {
  const KEPT = 7 * 24 * 3600 * 1000;
  const PAUSE = 500;
  const EVERY = 10_000;
  const SENT = "draft-sent"; // in this tab: which form, and when
  const ANSWERED = 60_000; // later it was another page that was asked for
  const MANY = 40; // more forms than that do not fit into an address
  const VERSION = "draft-version"; // beside the fields' values: what they continue
  const person = document.body.dataset.person;
  const words = document.getElementById("words").dataset;
  const states = new WeakMap(); // form -> { typing, sending, touched, submitted, said, isBack, other, isOverChange }
  const asks = new Set(); // the forms of which the server was asked
  let ahead = 0; // how far the server's clock is ahead of this one's
  let asked = Promise.resolve(); // one request after the other: a drop never overtakes the keep before it

  const nameOf = (form) => `draft:${person}:${form.dataset.draft}`;
  const clockOf = (at) => new Date(at).toTimeString().slice(0, 8);
  const drafted = (root) => (person ? [...root.querySelectorAll("form[data-draft]")] : []);
  const draftOf = (event) => (person ? event.target.closest?.("form[data-draft]") : null);

  function stateOf(form) {
    if (!states.has(form)) states.set(form, {});
    return states.get(form);
  }

  // --- the form

  function fields(form) {
    return [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit"].includes(field.type));
  }

  const value = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
  const key = (field) => (["checkbox", "radio"].includes(field.type) ? `${field.name}=${field.value}` : field.name);
  const typedIn = (form) => Object.fromEntries(fields(form).map((field) => [key(field), value(field)]));
  const versionOf = (form) => form.dataset.draftVersion;
  const hasErrors = (form) => form.querySelector("[aria-invalid=true], .error-summary");

  function valuesOf(form) {
    const version = versionOf(form);
    return version === undefined ? typedIn(form) : { ...typedIn(form), [VERSION]: version };
  }

  function same(one, other) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => one[name] === other[name]);
  }

  function differing(form, values) {
    return fields(form).filter((field) => ![undefined, value(field)].includes(values[key(field)]));
  }

  function fill(form, values) {
    const changed = differing(form, values);
    for (const field of changed) {
      const kept = values[key(field)];
      if (typeof kept === "boolean") field.checked = kept;
      else field.value = kept;
    }
    return changed.length > 0;
  }

  // --- this browser's copy

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function write(name, copy) {
    try {
      localStorage.setItem(name, JSON.stringify(copy));
      return true;
    } catch {
      return false; // full, or forbidden
    }
  }

  function keep(form) {
    const state = stateOf(form);
    clearTimeout(state.typing);
    state.typing = null;
    const known = read(nameOf(form));
    const { base = null, sent } = known?.gone ? {} : (known ?? {});
    const copy = { at: Date.now(), values: valuesOf(form), base, dirty: true, sent };
    if (write(nameOf(form), copy)) say(form, `${words.here} ${clockOf(copy.at)}`);
    state.sending ??= setTimeout(send, EVERY, form);
  }

  // --- what stands below the form: where it is kept, a way to throw it away, the other copy

  function say(form, said, isBack = false) {
    Object.assign(stateOf(form), { said, isBack });
    draw(form);
  }

  function draw(form) {
    const { said, isBack, other, isOverChange } = stateOf(form);
    const parts = [said ?? ""];
    if (other && isOverChange) parts.push(...textsOf(form, other.values));
    if (isBack) parts.push(" ", button(words.discard, () => discard(form)));
    if (other) parts.push(" ", button(isOverChange ? words.put : `${words.other} ${clockOf(other.at)}`, () => swap(form, other)));
    form.querySelector("[data-draft-status]")?.replaceChildren(...parts);
  }

  // What the other one says where it differs, to be read before it is put in.
  function textsOf(form, values) {
    return differing(form, values).filter((field) => typeof values[key(field)] === "string").map((field) => {
      const text = document.createElement("q");
      text.lang = "";
      text.textContent = values[key(field)];
      return text;
    });
  }

  function discard(form) {
    forget(form);
    form.reset();
  }

  function swap(form, other) {
    const state = stateOf(form);
    state.other = { at: Date.now(), values: valuesOf(form) };
    fill(form, other.values);
    keep(form);
    if (state.isOverChange) draw(form);
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button-quiet button-small";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  // --- the server's copy

  function request(path, body, options) {
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "Content-Type": "application/json" };
    const content = JSON.stringify({ person: Number(person), ...body });
    return fetch(words.drafts + path, { method: "POST", redirect: "manual", headers, body: content, ...options });
  }

  function send(form, options) {
    const state = stateOf(form);
    clearTimeout(state.sending);
    state.sending = null;
    asked = asked.then(async () => {
      const name = nameOf(form);
      const copy = read(name);
      if (!copy?.dirty || state.submitted) return;
      write(name, { ...copy, sent: copy.values });
      const body = { form: form.dataset.draft, values: copy.values, base: copy.base };
      const answer = await request("keep/", body, options).catch(() => null);
      const now = read(name);
      if (!now || now.gone) return;
      if (answer?.status === 409) settle(form, await answer.json(), true);
      else if (answer?.ok) kept(form, now, (await answer.json()).version, now.at !== copy.at);
      else state.sending ??= setTimeout(send, EVERY, form);
    });
  }

  function kept(form, copy, version, typed) {
    write(nameOf(form), { ...copy, base: version, dirty: typed, sent: undefined });
    const state = stateOf(form);
    if (typed) state.sending ??= setTimeout(send, EVERY, form);
    else if (!state.typing) say(form, `${words.saved} ${clockOf(Date.now())}`);
  }

  function drop(name) {
    const copy = read(name);
    if (!copy || (copy.base === null && !copy.sent)) {
      localStorage.removeItem(name);
      return;
    }
    write(name, { at: Date.now(), gone: true });
    const form = name.split(":")[2];
    asked = asked.then(async () => {
      const answer = await request("drop/", { form }, { keepalive: true }).catch(() => null);
      if (answer?.ok && read(name)?.gone) localStorage.removeItem(name);
    });
  }

  function forget(form) {
    const state = stateOf(form);
    clearTimeout(state.typing);
    clearTimeout(state.sending);
    states.set(form, {});
    drop(nameOf(form));
    form.querySelector("[data-draft-status]")?.replaceChildren();
  }

  // --- back into the form: the newer of the two, the other one at hand

  function bring(form, values, other) {
    if (VERSION in values && values[VERSION] !== versionOf(form)) return compare(form, values);
    const changed = fill(form, values);
    if (other) stateOf(form).other = other;
    if (changed || other) say(form, words.restored, true);
    if (changed) unfold(form);
  }

  // Somebody has changed what it was typed over: both are shown, and neither takes the place of the other.
  function compare(form, values) {
    if (!differing(form, values).length) return;
    Object.assign(stateOf(form), { other: { values }, isOverChange: true });
    say(form, words.changed, true);
    unfold(form);
  }

  function unfold(form) {
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  // What is not sent yet comes back at once. The server is asked once for each form; after that this page knows.
  function restore(forms) {
    const open = forms.filter((form) => !hasErrors(form));
    const unknown = open.filter((form) => !asks.has(form.dataset.draft));
    for (const form of open) {
      const mine = read(nameOf(form));
      if (mine?.dirty || (mine?.values && asks.has(form.dataset.draft))) bring(form, mine.values);
      asks.add(form.dataset.draft);
    }
    if (unknown.length) load(unknown);
  }

  function load(forms) {
    asked = asked.then(async () => {
      const query = new URLSearchParams(forms.length > MANY ? [] : forms.map((form) => ["form", form.dataset.draft]));
      const answer = await fetch(`${words.drafts}?${query}`, { redirect: "manual" }).catch(() => null);
      const found = answer?.ok ? await answer.json() : null;
      if (found && String(found.person) !== person) return;
      if (found) ahead = found.now - Date.now();
      for (const form of forms) settle(form, found ? found.drafts[form.dataset.draft] : undefined, Boolean(found));
    });
  }

  function settle(form, theirs, isCertain) {
    const name = nameOf(form);
    let mine = read(name);
    if (mine?.gone) {
      if (!isCertain) return;
      if (theirs && theirs.version <= mine.at + ahead) {
        drop(name);
        return;
      }
      localStorage.removeItem(name);
      mine = null;
    }
    if (!isCertain) {
      if (mine && !stateOf(form).touched) bring(form, mine.values);
      if (mine?.dirty) stateOf(form).sending ??= setTimeout(send, EVERY, form);
    } else if (!theirs) alone(form, mine);
    else if (mine && same(mine.values, theirs.values)) agreed(form, mine, theirs);
    else choose(form, mine, theirs);
  }

  // The server has none: ours was never there, or it was submitted or discarded at another desk.
  function alone(form, mine) {
    if (!mine) return;
    if (mine.dirty) send(form);
    else localStorage.removeItem(nameOf(form));
  }

  function agreed(form, mine, theirs) {
    write(nameOf(form), { ...mine, base: theirs.version, dirty: false, sent: undefined });
    if (!stateOf(form).touched) bring(form, theirs.values);
  }

  // Both went on. What somebody is looking at stays; else the newer comes. The other one can be had.
  function choose(form, mine, theirs) {
    const name = nameOf(form);
    const at = theirs.version - ahead;
    const isOurs = mine?.sent && same(mine.sent, theirs.values);
    if (mine?.dirty && (isOurs || mine.base === theirs.version)) {
      write(name, { ...mine, base: theirs.version, sent: undefined });
      send(form);
    } else if (mine?.dirty && (stateOf(form).touched || mine.at > at)) {
      write(name, { ...mine, base: theirs.version, sent: undefined });
      bring(form, {}, { at, values: theirs.values });
      send(form);
    } else if (stateOf(form).touched) {
      bring(form, {}, { at, values: theirs.values }); // typed half a second ago: it is kept in the next moment
    } else {
      write(name, { at, values: theirs.values, base: theirs.version, dirty: false });
      bring(form, theirs.values, mine?.dirty ? mine : null);
    }
  }

  // --- what was submitted, and what is old

  // A submission arrived when it led, by a redirect, to a page of the same person that reports no failure.
  function arrived() {
    const [sent, at] = sessionStorage.getItem(SENT)?.split(" ") ?? [];
    sessionStorage.removeItem(SENT);
    if (!sent?.startsWith(`draft:${person}:`) || !person || Date.now() - at > ANSWERED) return;
    if (document.querySelector("body[data-failed], .messages [data-kind=danger]")) return;
    const [navigation] = performance.getEntriesByType("navigation");
    if (navigation.type === "navigate" && navigation.redirectCount > 0) drop(sent);
  }

  // What the server has of somebody else need not lie at this desk.
  function tidy() {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith("draft:")) continue;
      const copy = read(name);
      const isOld = Date.now() - (copy?.at ?? 0) > KEPT;
      const isElsewhere = !copy?.dirty && !copy?.gone && !name.startsWith(`draft:${person}:`);
      if (isOld || isElsewhere) localStorage.removeItem(name);
    }
  }

  // --- events

  document.addEventListener("compositionstart", (event) => {
    const form = draftOf(event);
    if (form) stateOf(form).touched = true;
  });
  for (const type of ["input", "compositionend"]) {
    document.addEventListener(type, (event) => {
      const form = draftOf(event);
      if (!form || event.isComposing) return;
      const state = stateOf(form);
      state.touched = true;
      state.submitted = false;
      clearTimeout(state.typing);
      state.typing = setTimeout(keep, PAUSE, form);
    });
  }
  document.addEventListener("submit", (event) => {
    const form = draftOf(event);
    if (!form) return;
    keep(form);
    if (form.hasAttribute("hx-post")) return;
    stateOf(form).submitted = true;
    sessionStorage.setItem(SENT, `${nameOf(form)} ${Date.now()}`);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // The form that asked: the answer may have taken its place, and the event then comes from what is above it.
    const { elt, verb } = event.detail.requestConfig;
    const form = person && elt.closest("form[data-draft]");
    if (form && event.detail.successful && verb !== "get") forget(form);
  });
  document.addEventListener("htmx:load", (event) => event.target !== document.body && restore(drafted(event.target)));

  function leave() {
    for (const form of drafted(document)) {
      if (stateOf(form).typing) keep(form);
      if (!stateOf(form).submitted) send(form, { keepalive: true });
    }
  }
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  addEventListener("online", leave);
  // A page taken out of the browser's memory may be somebody else's, or have been sent.
  addEventListener("pageshow", (event) => event.persisted && drafted(document).length && location.reload());

  arrived();
  tidy();
  restore(drafted(document));
})();
