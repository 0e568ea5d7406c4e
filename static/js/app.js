// What pages do beyond links and forms. Everything works without this file; it has no words of its own (see #words).
"use strict";

const words = () => document.getElementById("words").dataset;
const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// --- brightness
function setTheme(theme) {
  localStorage.setItem("theme", theme);
  document.documentElement.dataset.theme = theme;
  showTheme();
}

function showTheme() {
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", button.dataset.setTheme === document.documentElement.dataset.theme);
    button.parentElement.hidden = false;
  }
}

// --- one listener for the small buttons
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set-theme], [data-dismiss], [data-open], [data-back], [data-print], [aria-disabled=true]");
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
  else if (button.dataset.setTheme) setTheme(button.dataset.setTheme);
  else if ("dismiss" in button.dataset) button.closest(".message").remove();
  else if (button.dataset.open) openDialog(button.dataset.open);
  else if ("print" in button.dataset) window.print();
  else if ("back" in button.dataset && history.length > 1) {
    event.preventDefault();
    history.back();
  }
});

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (id === "shortcuts") listShortcuts(dialog.querySelector(".keys"));
  dialog.showModal();
}

// --- shortcuts: an element says its key, `data-key="n"` or `data-key="g 1"`
const single = () => localStorage.getItem("single-keys") !== "off";
let pressed = { key: "", at: 0 };

function listShortcuts(list) {
  for (const added of list.querySelectorAll("[data-added]")) added.remove();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (element.closest(".nav .search")) continue;
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    for (const key of element.dataset.key.split(" ")) {
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      dt.append(kbd, " ");
    }
    dd.textContent = (element.labels?.[0] ?? element).textContent.trim().replace(/\s+\d+$/, "");
    dt.dataset.added = dd.dataset.added = "";
    list.append(dt, dd);
  }
}

function shown(selector) {
  return [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
}

function actOn(element) {
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

function moveRow(step) {
  const rows = shown(".rows a.row-title");
  const here = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(here + step, 0), rows.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("form")?.requestSubmit();
    return;
  }
  if (!single() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || event.target.closest("[role=grid], dialog[open]")) return;
  const sequence = Date.now() - pressed.at < 1000 ? `${pressed.key} ${event.key}` : "";
  pressed = { key: event.key, at: Date.now() };
  const keys = shown("[data-key]");
  const element = keys.find((one) => one.dataset.key === sequence) ?? keys.find((one) => one.dataset.key === event.key);
  if (element) actOn(element);
  else if (event.key === "?") openDialog("shortcuts");
  else if (event.key === "j" || event.key === "k") moveRow(event.key === "j" ? 1 : -1);
  else return;
  event.preventDefault();
});

// --- the error summary takes the focus; the undo bar goes after ten seconds, but not from under a hand
function ready(root) {
  root.querySelector("[data-focus]")?.focus();
  for (const bar of root.querySelectorAll("[data-undo]")) {
    const leave = () => (bar.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : bar.remove());
    setTimeout(leave, 10000);
  }
}

// --- htmx: what it could not do is said in words
function say(text) {
  const message = document.getElementById("failure").content.cloneNode(true);
  message.querySelector(".message-text").textContent = text;
  document.getElementById("refusals").replaceChildren(message);
}

document.addEventListener("htmx:afterSwap", (event) => ready(event.detail.target));
// A poll that fails is silent: the page's own clock shows that it has become old.
const isStep = (event) => event.detail.requestConfig.verb !== "get";
document.addEventListener("htmx:responseError", (event) => isStep(event) && say(words().failed));
document.addEventListener("htmx:sendError", (event) => isStep(event) && say(words().offline));
document.addEventListener("htmx:beforeRequest", (event) => isStep(event) && document.getElementById("refusals")?.replaceChildren());

document.addEventListener("DOMContentLoaded", () => {
  showTheme();
  ready(document);
  const box = document.getElementById("single-keys");
  if (!box) return;
  box.checked = single();
  box.addEventListener("change", () => localStorage.setItem("single-keys", box.checked ? "on" : "off"));
});
