// The supervisors' queue by keyboard: j and k move, Enter opens, x chooses, / searches. It works without this file.
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

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || off() || typing(event.target)) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
