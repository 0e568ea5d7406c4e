// While an input method composes a word, what stands in the box is not what is meant: htmx hears of it when it is done.
"use strict";

document.addEventListener("input", (event) => {
  if (event.isComposing && event.target.matches("[data-typing]")) event.stopImmediatePropagation();
}, true);
document.addEventListener("compositionend", (event) => {
  if (event.target.matches("[data-typing]")) event.target.dispatchEvent(new Event("input", { bubbles: true }));
});
