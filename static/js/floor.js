// The live floor: changes are said once, its buttons work without leaving it, urgent requests ring where that is wanted.
"use strict";

(() => {
  const root = document.getElementById("live");
  const said = document.getElementById("live-said");
  const summaries = new Map();
  const summary = (part) => part.querySelector("[data-summary]")?.dataset.summary.trim() ?? "";
  for (const part of root.querySelectorAll("[data-part]")) summaries.set(part.id, summary(part));

  root.addEventListener("live:changed", (event) => {
    const news = [];
    for (const part of event.detail) {
      if (part.id === "messages") ready(part);
      const text = summary(part);
      if (text && text !== summaries.get(part.id)) news.push(text);
      summaries.set(part.id, text);
    }
    if (news.length) said.textContent = news.join(" ");
    heed();
  });

  // --- a step without fields of its own is taken here; one with fields leads to its page as ever
  root.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.querySelector("input:not([type=hidden]), textarea, select") || !form.closest("[data-part]")) return;
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button");
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    document.getElementById("refusals").replaceChildren();
    const options = { method: "POST", body: new FormData(form, event.submitter), redirect: "manual", headers: { "HX-Request": "true" } };
    try {
      const answer = await fetch(form.action, options);
      if (answer.status === 409) document.getElementById("refusals").innerHTML = await answer.text();
      else if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(answer.status);
    } catch {
      say(words().failed);
    }
    button.removeAttribute("aria-busy");
    root.dispatchEvent(new Event("live:step"));
  });

  // --- urgent requests: the title says it until somebody looks, a tone where the reader wants one
  const title = document.title;
  const box = document.getElementById("live-sound");
  const name = `ring:${document.body.dataset.person}`;
  const urgent = () => new Set((root.querySelector("[data-urgent]")?.dataset.urgent ?? "").split(" ").filter(Boolean));
  let known = urgent();
  let audio;

  function heed() {
    const found = urgent();
    const isNew = [...found].some((pk) => !known.has(pk));
    known = found;
    if (isNew && box.checked) ring();
    if (isNew) document.title = `(${found.size}) ${root.dataset.urgentWord} · ${title}`;
    else if (!found.size) document.title = title;
  }
  const seen = () => document.hidden || (document.title = title);
  document.addEventListener("visibilitychange", seen);
  document.addEventListener("pointerdown", seen);
  document.addEventListener("keydown", seen);

  function ring() {
    audio ??= new AudioContext();
    if (audio.state !== "running") return;
    for (const [start, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const at = audio.currentTime + start;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.2, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.22);
    }
  }

  // A browser lets a page sound only after somebody has touched it: until then the page asks for a click.
  async function allow() {
    if (!box.checked) return;
    audio ??= new AudioContext();
    if (audio.state !== "running") await audio.resume();
    mute();
  }
  function mute() {
    document.getElementById("live-mute").hidden = !box.checked || audio?.state === "running";
  }

  box.closest("label").hidden = false;
  box.checked = localStorage.getItem(name) === "on";
  mute();
  document.addEventListener("pointerdown", allow);
  document.addEventListener("keydown", allow);
  box.addEventListener("change", async () => {
    localStorage.setItem(name, box.checked ? "on" : "off");
    await allow();
    mute();
    if (box.checked) ring();
  });
})();
