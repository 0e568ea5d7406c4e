// A copy of what somebody types, kept in this browser until the server has it. Desks are shared: the key names the person.
// <form data-draft="handover-12">; `data-draft-status` shows when it was kept. Never files, passwords or hidden fields.
"use strict";

(() => {
  const KEPT = 7 * 24 * 3600 * 1000;
  const SENT = "draft-sent";
  const person = document.body.dataset.person;
  const nameOf = (form) => `draft:${person}:${form.dataset.draft}`;
  const words = document.getElementById("words").dataset;

  function fields(form) {
    return [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit"].includes(field.type));
  }

  const value = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
  const key = (field) => (["checkbox", "radio"].includes(field.type) ? `${field.name}=${field.value}` : field.name);

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function keep(form) {
    const values = Object.fromEntries(fields(form).map((field) => [key(field), value(field)]));
    const at = new Date();
    localStorage.setItem(nameOf(form), JSON.stringify({ at: at.getTime(), values }));
    const status = form.querySelector("[data-draft-status]");
    if (status) status.textContent = `${words.saved} ${at.toTimeString().slice(0, 8)}`;
  }

  function restore(form) {
    const draft = read(nameOf(form));
    if (!draft || form.querySelector("[aria-invalid=true], .error-summary")) return;
    let changed = false;
    for (const field of fields(form)) {
      const kept = draft.values[key(field)];
      if (kept === undefined || kept === value(field)) continue;
      if (typeof kept === "boolean") field.checked = kept;
      else field.value = kept;
      changed = true;
    }
    if (changed) tell(form);
  }

  function tell(form) {
    const status = form.querySelector("[data-draft-status]");
    if (!status) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet button-small";
    button.textContent = words.discard;
    button.addEventListener("click", () => {
      drop(form);
      form.reset();
    });
    status.replaceChildren(words.restored, " ", button);
  }

  function drop(form) {
    clearTimeout(form.draftTimer);
    form.draftTimer = null;
    localStorage.removeItem(nameOf(form));
    form.querySelector("[data-draft-status]")?.replaceChildren();
  }

  // A submission arrived when it led, by a redirect, to a page of the same person that reports no failure.
  function settle() {
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    if (!sent || !person || !sent.startsWith(`draft:${person}:`) || "failed" in document.body.dataset) return;
    const [navigation] = performance.getEntriesByType("navigation");
    if (navigation.type === "navigate" && navigation.redirectCount > 0) localStorage.removeItem(sent);
  }

  function forgetOld() {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("draft:") && Date.now() - (read(name)?.at ?? 0) > KEPT) localStorage.removeItem(name);
    }
  }

  const draftOf = (event) => person && event.target.closest?.("form[data-draft]");

  document.addEventListener("input", (event) => {
    const form = draftOf(event);
    if (!form) return;
    clearTimeout(form.draftTimer);
    form.draftTimer = setTimeout(keep, 500, form);
  });
  document.addEventListener("submit", (event) => {
    const form = draftOf(event);
    if (!form) return;
    keep(form);
    sessionStorage.setItem(SENT, nameOf(form));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // The form that asked: the answer may have taken its place, and the event then comes from what is above it.
    const { elt, verb } = event.detail.requestConfig;
    const form = person && elt.closest("form[data-draft]");
    if (form && event.detail.successful && verb !== "get") drop(form);
  });
  document.addEventListener("htmx:load", (event) => {
    if (person) for (const form of event.target.querySelectorAll("form[data-draft]")) restore(form);
  });
  addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll("form[data-draft]")) if (person && form.draftTimer) keep(form);
  });

  settle();
  forgetOld();
  if (person) for (const form of document.querySelectorAll("form[data-draft]")) restore(form);
})();
