// The supervisors' desk by keyboard: j and k move, Enter opens, x chooses, / searches, n is the next of mine; a step says
// its own key, data-step-key, and Ctrl+Enter sends what is typed. It works without this file.
"use strict";

(() => {
  const off = () => localStorage.getItem("single-keys") === "off";
  const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select");
  const links = () => [...document.querySelectorAll("#result_list th a")];

  function move(step) {
    const rows = links();
    const here = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(here + step, 0), rows.length - 1)]?.focus();
  }

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    x: () => document.activeElement.closest("tr")?.querySelector(".action-select")?.click(),
    n: () => document.querySelector("[data-key=n]")?.click(),
    "/": () => document.getElementById("searchbar")?.focus(),
  };

  function open(step) {
    if (!(step instanceof HTMLDetailsElement)) return step.click();
    step.open = true;
    step.querySelector("textarea").focus();
  }

  const step = (key) => /^[a-z]$/.test(key) && document.querySelector(`[data-step-key=${key}]`);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.target.closest(".case-step form")?.requestSubmit();
      return;
    }
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || off() || typing(event.target)) return;
    const asked = step(event.key);
    const act = KEYS[event.key] ?? (asked && (() => open(asked)));
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
