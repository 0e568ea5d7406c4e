// A page that stays open and keeps itself up to date: it asks every few seconds what has changed (204: nothing has), and
// puts that in its place, node by node, so that whoever types, reads or has opened something there notices nothing.
// <div data-poll="address" data-every="2" data-stale="10" data-version data-build data-at data-zone>
"use strict";

(() => {
  const root = document.querySelector("[data-poll]");
  if (!root) return;
  const { poll, build, zone } = root.dataset;
  let every = root.dataset.every * 1000;
  const stale = root.dataset.stale * 1000;
  const LONGEST = 30_000; // between two attempts while the server does not answer
  const HIDDEN = 10_000; // between two polls of a page that nobody sees
  const PATIENCE = 8_000; // for one answer
  const show = (id, on) => {
    const element = document.getElementById(id);
    if (element && element.hidden === on) element.hidden = !on;
  };

  // --- the server's time, for this machine's clock may be wrong
  let ahead = Date.parse(root.dataset.at) - Date.now();
  let last = Date.now();
  const now = () => Date.now() + ahead;
  const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
  const seconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const minutes = format({ hour: "2-digit", minute: "2-digit" });

  function age(since) {
    const all = Math.max(0, Math.floor((now() - Date.parse(since)) / 60_000));
    const words = all < 60 ? root.dataset.minutes : root.dataset.hours;
    return words?.replace("{h}", Math.floor(all / 60)).replace("{m}", all < 60 ? all : all % 60);
  }

  const write = (element, text) => {
    if (element && text && element.textContent !== text) element.textContent = text;
  };

  function tick() {
    for (const time of root.querySelectorAll("[data-age]")) write(time, age(time.dateTime));
    for (const clock of document.querySelectorAll("[data-clock]")) write(clock, minutes.format(now()));
    if (!document.hidden) show("live-stale", Date.now() - last > stale && !state);
  }

  // --- asking
  let state = "";
  let version = root.dataset.version;
  let failures = 0;
  let timer;
  let asking = false;
  let stepTaken = false; // by the reader: the answer is to say what came of it

  function address() {
    const asked = new URL(poll, location);
    asked.searchParams.set("v", version);
    for (const part of root.querySelectorAll("[data-part]")) asked.searchParams.set(part.dataset.part, part.dataset.digest);
    const bell = document.getElementById("bell");
    if (bell) asked.searchParams.set("bell", bell.dataset.shown);
    if (stepTaken) asked.searchParams.set("said", "1");
    stepTaken = false;
    return asked;
  }

  async function ask() {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    try {
      const options = { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
      await take(await fetch(address(), options));
    } catch {
      failures += 1;
    }
    asking = false;
    tick();
    timer = setTimeout(ask, stepTaken ? 0 : pause());
  }

  function pause() {
    if (failures) return Math.min(LONGEST, every * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
    return document.hidden ? Math.max(HIDDEN, every) : every;
  }

  async function take(answer) {
    if (answer.type === "opaqueredirect") settle("signed out");
    else if (answer.status === 404) settle("gone");
    if (!answer.ok) throw new Error(answer.status);
    const html = answer.status === 204 ? "" : await answer.text();
    const at = answer.headers.get("X-Live-At");
    ahead = Date.parse(at) - Date.now();
    version = answer.headers.get("X-Live-Version");
    every = 1000 * (answer.headers.get("X-Live-Every") ?? every / 1000);
    failures = 0;
    last = Date.now();
    write(document.querySelector("#live-at time"), seconds.format(Date.parse(at)));
    settle("");
    if (html) place(html);
    const other = answer.headers.get("X-Live-Build") !== build;
    show("live-build", other);
    if (other) root.dispatchEvent(new Event("live:build"));
  }

  function settle(to) {
    state = to;
    root.dataset.state = to;
    show("live-login", to === "signed out");
    show("live-gone", to === "gone");
  }

  // --- putting in place
  function place(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const parts = [];
    for (const element of fresh.content.children) {
      const old = document.getElementById(element.id);
      if (!old) continue;
      Morph.morph(old, element, root.dataset.goneWord);
      parts.push(old);
    }
    tick();
    root.dispatchEvent(new CustomEvent("live:changed", { detail: parts }));
  }

  root.addEventListener("live:step", () => {
    stepTaken = true;
    ask();
  });
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  addEventListener("online", ask);
  setInterval(tick, 1000);
  tick();
  timer = setTimeout(ask, every);
})();
