// Makes an element like a fresh one without replacing what is the same: focus, selection, scrolling, an open <details>
// and what somebody has typed stay. Siblings are told apart by id or data-key.
"use strict";

const Morph = (() => {
  const KEPT = new Set(["open", "data-gone"]); // what the reader has opened, and what we mark ourselves
  const isField = (node) => node.matches?.("input:not([type=hidden]), textarea, select");
  const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || "" : "");

  function isDirty(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  }

  // Somebody is at work in it: a field that has the focus or holds something typed, or an open dialog.
  function isHeld(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return false;
    const fields = [node, ...node.querySelectorAll("input, textarea, select")].filter(isField);
    return fields.some((field) => field === document.activeElement || isDirty(field)) || !!node.querySelector("dialog[open]");
  }

  function attributes(old, fresh) {
    for (const { name } of [...old.attributes]) if (!KEPT.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) {
      if (!KEPT.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  function morph(old, fresh, gone) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    if (old.matches("[data-draft-status]")) return; // what draft.js says there
    attributes(old, fresh);
    old.removeAttribute("data-gone");
    if (old.tagName === "TEXTAREA") {
      if (!isDirty(old) && old !== document.activeElement) old.value = fresh.defaultValue;
    } else children(old, fresh, gone);
  }

  const isAlike = (old, fresh) =>
    old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);

  function children(old, fresh, gone) {
    const keyed = new Map([...old.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
    const wanted = new Set([...fresh.childNodes].map(keyOf).filter(Boolean));
    let place = old.firstChild;
    const pass = () => {
      // What is not wanted any more goes; what is held stays where it is.
      while (place && (place.dataset?.gone !== undefined || (keyOf(place) && !wanted.has(keyOf(place))))) {
        const next = place.nextSibling;
        leave(place, gone);
        place = next;
      }
    };
    for (const next of [...fresh.childNodes]) {
      pass();
      const found = keyOf(next) ? keyed.get(keyOf(next)) : place && isAlike(place, next) ? place : null;
      if (found && isAlike(found, next)) {
        if (found === place) place = place.nextSibling;
        else move(old, found, place);
        morph(found, next, gone);
      } else old.insertBefore(next, place);
    }
    while (place) {
      const next = place.nextSibling;
      leave(place, gone);
      place = next;
    }
  }

  function move(parent, node, before) {
    if (parent.moveBefore) parent.moveBefore(node, before);
    else {
      const focused = node.contains(document.activeElement) ? document.activeElement : null;
      parent.insertBefore(node, before);
      focused?.focus({ preventScroll: true });
    }
  }

  function leave(node, gone) {
    if (isHeld(node)) {
      node.dataset.gone = gone ?? "";
      node.addEventListener("focusout", () => setTimeout(() => "gone" in node.dataset && !isHeld(node) && node.remove()), { once: true });
      return;
    }
    const heading = node.contains(document.activeElement) && node.parentElement?.closest("[data-part]")?.querySelector("[tabindex]");
    node.remove();
    if (heading) heading.focus({ preventScroll: true });
  }

  return { morph };
})();
