// @ in a box with `data-people` offers the people of the shift: by the initials of their names, syllables, name or number.
// The keyboard and a finger choose alike. Without this file a name is typed out.
"use strict";

(() => {
  const MOST = 6; // all in sight: the list does not scroll
  const words = document.getElementById("words").dataset;
  const lists = new Map(); // address -> promise of its options
  let box = null; // where somebody is choosing
  let list = null;

  async function optionsOf(address) {
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.querySelectorAll("[role=option]")];
  }

  function load(address) {
    if (!lists.has(address)) lists.set(address, optionsOf(address).catch(() => (lists.delete(address), [])));
    return lists.get(address);
  }

  // What stands between the last @ and the caret, null where nobody is being named.
  function asked(field) {
    const before = field.value.slice(0, field.selectionStart);
    const found = /(?:^|[^0-9A-Za-z])[@＠]([^\s@＠，。；、,.;]{0,12})$/u.exec(before);
    return found && { text: found[1].toLowerCase(), from: before.length - found[1].length - 1 };
  }

  const fits = (option, text) => option.dataset.keys.toLowerCase().split(" ").some((key) => key.startsWith(text)) || option.dataset.name.includes(text);

  async function offer(field) {
    const wanted = asked(field);
    if (!wanted) return close();
    const all = await load(field.dataset.people);
    if (document.activeElement !== field || !asked(field)) return close();
    const found = all.filter((option) => fits(option, asked(field).text)).slice(0, MOST);
    if (found.length) open(field, found);
    else close();
  }

  function open(field, options) {
    close();
    box = field;
    list = document.createElement("ul");
    list.className = "mention-list";
    list.id = "mention-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.people);
    list.append(...options.map((option) => option.cloneNode(true)));
    field.parentElement.append(list);
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-autocomplete", "list");
    select(list.firstElementChild);
  }

  function close() {
    list?.remove();
    for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) box?.removeAttribute(name);
    box = list = null;
  }

  function select(option) {
    for (const other of list.children) other.setAttribute("aria-selected", other === option);
    box.setAttribute("aria-activedescendant", option.id);
  }

  function choose(option) {
    const field = box;
    const { from } = asked(field);
    const doubled = [...list.children].some((other) => other !== option && other.dataset.name === option.dataset.name);
    const name = doubled ? `${option.dataset.name} ${option.dataset.number}` : option.dataset.name;
    field.setRangeText(`@${name} `, from, field.selectionStart, "end");
    close();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-people]") && !event.isComposing) offer(event.target);
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.matches?.("[data-people]")) offer(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== box || event.isComposing || event.keyCode === 229) return;
    const here = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" && !event.altKey) select(here.nextElementSibling ?? list.firstElementChild);
    else if (event.key === "ArrowUp" && !event.altKey) select(here.previousElementSibling ?? list.lastElementChild);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") choose(here);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("pointerdown", (event) => {
    const option = list && event.target.closest?.(".mention-list [role=option]");
    if (!option) return;
    event.preventDefault(); // the caret stays in the box
    choose(option);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === box) close();
  });
})();
