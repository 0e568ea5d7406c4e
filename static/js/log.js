// The log by keyboard: it begins in its first box, Alt and the arrows go from box to box, a template is filled in by a tap.
"use strict";

(() => {
  const boxes = () => [...document.querySelectorAll(".log-write [data-box]")].filter((box) => box.checkVisibility());

  // Without moving the page: how far the log has come stays in view.
  if (matchMedia("(pointer: fine) and (width >= 60rem)").matches && !location.hash) {
    const first = boxes()[0];
    if (first && !document.querySelector(".error-summary")) first.focus({ preventScroll: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work
    if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const section = event.target.closest(".log-section");
    const all = boxes();
    const here = section ? all.findIndex((box) => section.contains(box)) : -1;
    const next = all[here + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });

  // Into the box, behind what stands there; the box then keeps its draft as if it had been typed.
  document.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    const box = phrase && document.getElementById(phrase.dataset.phrase);
    if (!box) return;
    event.preventDefault();
    box.value = box.value.trim() ? `${box.value.trimEnd()}\n${phrase.textContent.trim()}` : phrase.textContent.trim();
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
