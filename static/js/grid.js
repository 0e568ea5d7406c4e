// A roster's grid: arrow keys, blocks, letters, copy and paste, undo. A draft saves each edit at once; the edits of a
// published roster wait in the page, kept for their person over a reload, until they are published with one reason.
// Without this file every cell is a link to a form. It has no words of its own.
"use strict";

(() => {
  const root = document.querySelector("[data-grid]");
  const table = root?.querySelector("table");
  if (!table) return;
  const body = table.tBodies[0];
  const { mode } = root.dataset;
  const heads = [...table.tHead.querySelectorAll("[data-on]")];
  const days = heads.map((head) => head.dataset.on);
  const menu = document.getElementById("cell-menu");
  const status = root.querySelector("[data-grid-status]");
  const detail = root.querySelector("[data-grid-detail]");
  const bar = root.querySelector("[data-pending]");
  const kept = `roster:${document.body.dataset.person}:${root.dataset.roster}`;
  let at = { r: 0, c: 0 }; // the cell that has the focus
  let from = at; // the other corner of the block
  let copied = null;
  let queue = Promise.resolve();
  let busy = 0;
  let pending = new Map(); // "person:day" -> code, of a published roster
  const past = [];
  const future = [];

  // --- places
  const cell = (place) => body.rows[place.r]?.cells[place.c + 1];
  const person = (r) => body.rows[r].dataset.row;
  const token = (place, code) => `${person(place.r)}:${days[place.c]}:${code.replaceAll(" ", "+")}`;
  const codeOf = (place) => cell(place).dataset.code ?? "";
  const keyOf = (place) => `${person(place.r)}:${days[place.c]}`;
  const clamp = (value, most) => Math.min(Math.max(value, 0), most);

  function placeOf(target) {
    const td = target.closest?.("td");
    if (!td || td.closest("tbody") !== body || td.cellIndex > days.length) return null;
    return { r: td.parentElement.sectionRowIndex, c: td.cellIndex - 1 };
  }

  function block() {
    const found = [];
    for (let r = Math.min(at.r, from.r); r <= Math.max(at.r, from.r); r++)
      for (let c = Math.min(at.c, from.c); c <= Math.max(at.c, from.c); c++) found.push({ r, c });
    return found;
  }

  function adopt(row) {
    for (const td of [...row.cells].slice(1, days.length + 1)) {
      td.tabIndex = -1;
      if (td.firstElementChild?.matches("a")) td.firstElementChild.tabIndex = -1;
    }
  }

  function show(focus = true) {
    for (const td of body.querySelectorAll("[aria-selected]")) td.removeAttribute("aria-selected");
    for (const td of body.querySelectorAll('td[tabindex="0"]')) td.tabIndex = -1;
    if (block().length > 1) for (const place of block()) cell(place).setAttribute("aria-selected", "true");
    const td = cell(at);
    td.tabIndex = 0;
    if (detail) detail.textContent = td.title;
    if (focus) td.focus();
  }

  function go(place, extend) {
    at = { r: clamp(place.r, body.rows.length - 1), c: clamp(place.c, days.length - 1) };
    if (!extend) from = at;
    show();
  }

  // --- what the server says
  function send(address, fields) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    return fetch(address + location.search, { method: "POST", body: form, headers, redirect: "manual" });
  }

  function drawnRows(answer) {
    const drawn = document.createElement("tbody");
    drawn.innerHTML = answer.rows;
    return drawn;
  }

  function apply(answer) {
    const had = body.contains(document.activeElement);
    for (const row of [...drawnRows(answer).rows]) {
      body.querySelector(`tr[data-row="${row.dataset.row}"]`)?.replaceWith(row);
      adopt(row);
    }
    table.tFoot.innerHTML = answer.feet;
    document.getElementById("findings").outerHTML = answer.findings;
    root.dataset.token = answer.token;
    for (const step of ["undo", "redo"]) {
      const button = root.querySelector(`[data-step="${step}"] button`);
      if (button) button.disabled = !answer[step];
    }
    markPending();
    show(had);
  }

  async function ask(address, fields, saved) {
    busy += 1;
    try {
      const response = await send(address, fields);
      if (![200, 409, 422].includes(response.status)) throw new Error(String(response.status));
      const answer = await response.json();
      apply(answer);
      if (answer.refused) say(answer.refused);
      else {
        document.getElementById("refusals").replaceChildren();
        if (saved) status.textContent = `${words().saved} ${answer.at}`;
      }
      return !answer.refused;
    } catch {
      say(words().failed);
      return false;
    } finally {
      busy -= 1;
    }
  }

  const inTurn = (step) => (queue = queue.then(step, step));

  // --- edits
  const chip = (code) => menu.querySelector(`[data-set="${CSS.escape(code)}"] [data-shift]`);

  function draw(place, code) {
    const td = cell(place);
    td.dataset.code = code;
    td.firstElementChild.replaceChildren(...code.split(" ").filter(Boolean).map((one) => chip(one).cloneNode(true)));
    if (!code) td.firstElementChild.textContent = "–";
  }

  function edit(changes) {
    const differing = changes.filter(([place, code]) => codeOf(place) !== code && code.split(" ").every((one) => !one || chip(one)));
    if (mode === "read" || !differing.length) return;
    if (mode === "published") return collect(differing);
    const cells = differing.map(([place, code]) => `${token(place, code)}:${codeOf(place).replaceAll(" ", "+")}`);
    for (const [place, code] of differing) draw(place, code);
    inTurn(() => ask("edit/", { cell: cells.join(" ") }, true));
  }

  function collect(changes) {
    past.push(new Map(pending));
    future.length = 0;
    for (const [place, code] of changes) {
      const known = pending.get(keyOf(place));
      const was = known ? known.was : codeOf(place);
      if (was === code) pending.delete(keyOf(place));
      else pending.set(keyOf(place), { code, was });
      draw(place, code);
    }
    preview();
  }

  // The whole page is drawn again where nothing waits any more.
  function preview() {
    if (pending.size) localStorage.setItem(kept, JSON.stringify({ at: Date.now(), cells: [...pending] }));
    else localStorage.removeItem(kept);
    markPending();
    if (!pending.size) return inTurn(refresh);
    inTurn(() => (pending.size ? ask("edit/", { cell: pendingCells().join(" "), preview: "1" }, false) : null));
  }

  const pendingCells = () =>
    [...pending].map(([key, { code, was }]) => `${key}:${code.replaceAll(" ", "+")}:${was.replaceAll(" ", "+")}`);

  function markPending() {
    for (const td of body.querySelectorAll("[data-pending-cell]")) td.removeAttribute("data-pending-cell");
    for (const [key, { code }] of pending) {
      const [row, day] = key.split(":");
      const r = body.querySelector(`tr[data-row="${row}"]`)?.sectionRowIndex;
      const place = { r, c: days.indexOf(day) };
      if (r === undefined || place.c < 0) continue;
      if (codeOf(place) !== code) draw(place, code);
      cell(place).dataset.pendingCell = "";
    }
    if (!bar) return;
    bar.hidden = !pending.size;
    bar.querySelector("[data-pending-count]").textContent = pending.size;
  }

  function travel(back, forth) {
    if (!back.length) return;
    forth.push(new Map(pending));
    pending = back.pop();
    preview();
  }

  function step(name, fields = {}) {
    if (mode === "published") return name === "undo" ? travel(past, future) : travel(future, past);
    if (root.querySelector(`[data-step="${name}"]`)) inTurn(() => ask(`${name}/`, fields, true));
  }

  function fill() {
    const rows = [...new Set(block().map((place) => person(place.r)))];
    const cols = block().map((place) => place.c);
    step("fill", { people: rows.join(" "), from_on: days[Math.min(...cols)], until_on: days[Math.max(...cols)] });
  }

  async function refresh(known = "") {
    const query = new URLSearchParams(location.search);
    query.set("token", known);
    const response = await fetch(`edits/?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (response?.status !== 200) return;
    const answer = await response.json();
    if (known && pending.size) dropStale(answer);
    apply(answer);
    if (answer.said && known) status.textContent = answer.said;
    if (pending.size) preview();
  }

  // What somebody else has changed meanwhile is shown, never overwritten.
  function dropStale(answer) {
    const drawn = drawnRows(answer);
    for (const [key, { was }] of pending) {
      const [row, day] = key.split(":");
      const td = drawn.querySelector(`tr[data-row="${row}"]`)?.cells[days.indexOf(day) + 1];
      if (td && td.dataset.code !== was) pending.delete(key);
    }
  }

  // --- copy and paste: a block of codes, which a spreadsheet reads too
  function copy() {
    const rows = new Map();
    for (const place of block()) rows.set(place.r, [...(rows.get(place.r) ?? []), codeOf(place)]);
    copied = [...rows.values()];
    return copied.map((row) => row.join("\t")).join("\n");
  }

  function paste(text) {
    const rows = text ? text.replace(/\r?\n$/, "").split(/\r?\n/).map((row) => row.split("\t")) : copied;
    if (!rows) return;
    const first = { r: Math.min(at.r, from.r), c: Math.min(at.c, from.c) };
    const one = rows.length === 1 && rows[0].length === 1;
    const places = one
      ? block().map((place) => [place, rows[0][0]])
      : rows.flatMap((row, r) => row.map((code, c) => [{ r: first.r + r, c: first.c + c }, code]));
    edit(places.filter(([place]) => place.r < body.rows.length && place.c < days.length).map(([place, code]) => [place, code.trim()]));
  }

  function clipboard(event) {
    if (mode === "read" || !placeOf(document.activeElement)) return;
    if (event.type === "copy") event.clipboardData.setData("text/plain", copy());
    else paste(event.clipboardData.getData("text/plain"));
    event.preventDefault();
  }

  document.addEventListener("copy", clipboard);
  document.addEventListener("paste", clipboard);

  // --- keys
  const moves = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    PageUp: [-10, 0],
    PageDown: [10, 0],
    Home: [0, -Infinity, -Infinity], // the third: with Ctrl
    End: [0, Infinity, Infinity],
  };

  function command(event) {
    const key = event.key.toLowerCase();
    if (key === "z") step(event.shiftKey ? "redo" : "undo");
    else if (key === "y") step("redo");
    else if (key === "d" && mode === "draft") fill();
    else return false;
    return true;
  }

  function plain(event) {
    if (event.key === "?") openDialog("shortcuts");
    else if (event.key === "s" && single() && swapOf(at)) location.assign(swapOf(at));
    else if (mode === "read") return false;
    else if (event.key === "Delete" || event.key === "Backspace") edit(block().map((place) => [place, ""]));
    else if (event.key === "Enter" || event.key === " " || event.key === "F2") open();
    else if (single()) return letter(event.key);
    else return false;
    return true;
  }

  function letter(key) {
    const known = root.querySelector(`[data-key-code][data-key="${CSS.escape(key.toLowerCase())}"]`);
    if (known) edit(block().map((place) => [place, known.dataset.keyCode]));
    return Boolean(known);
  }

  // A link of the findings and a screen reader put the focus where no key or click has.
  table.addEventListener("focusin", (event) => {
    const place = placeOf(event.target);
    if (!place || (place.r === at.r && place.c === at.c)) return;
    at = from = place;
    show(false);
  });

  table.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey || !placeOf(event.target)) return;
    const far = event.ctrlKey || event.metaKey;
    const [down, right, farther = down] = moves[event.key] ?? [];
    if (moves[event.key]) go({ r: at.r + (far ? farther : down), c: at.c + right }, event.shiftKey);
    else if (!(far ? mode !== "read" && command(event) : plain(event))) return;
    event.preventDefault();
  });

  // A turn that is published can be offered to somebody else; which shift it is, the page that it leads to knows.
  function swapOf(place) {
    if (!root.dataset.swap || !cell(place).querySelector("[data-shift]")) return "";
    return `${root.dataset.swap}?giver=${person(place.r)}&on=${days[place.c]}`;
  }

  // --- the menu of a cell
  function open() {
    if (!menu) return;
    const td = cell(at);
    menu.querySelector("[data-cell-name]").textContent = `${body.rows[at.r].cells[0].textContent} ${heads[at.c].dataset.said}`;
    menu.querySelector("[data-cell-form]").href = td.firstElementChild.href;
    const swap = menu.querySelector("[data-cell-swap]");
    if (swap) [swap.href, swap.hidden] = [swapOf(at), !swapOf(at)];
    menu.showPopover();
    const box = td.getBoundingClientRect();
    menu.style.left = `${clamp(box.left, innerWidth - menu.offsetWidth - 8)}px`;
    menu.style.top = `${clamp(box.bottom + 4, innerHeight - menu.offsetHeight - 8)}px`;
    menu.querySelector(`[data-set="${CSS.escape(codeOf(at))}"]`)?.focus();
  }

  menu?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set]");
    if (!button) return;
    menu.hidePopover();
    edit(block().map((place) => [place, button.dataset.set]));
    show();
  });

  // --- the mouse: a click opens the menu, a drag selects a block, a drag of the chosen cell exchanges two cells
  let drag = null;
  table.addEventListener("pointerdown", (event) => {
    const place = placeOf(event.target);
    if (!place || event.button || event.pointerType !== "mouse" || event.ctrlKey || event.metaKey) return;
    const carries = mode !== "read" && place.r === at.r && place.c === at.c && document.activeElement === cell(at);
    drag = { carries, moved: false, start: place };
    if (!carries) go(place, event.shiftKey);
    event.preventDefault();
  });
  table.addEventListener("pointerover", (event) => {
    const place = drag && placeOf(event.target);
    if (!place || (place.r === drag.start.r && place.c === drag.start.c && !drag.moved)) return;
    drag.moved = true;
    drag.over = place;
    if (!drag.carries) go(place, true);
  });
  addEventListener("pointerup", () => {
    if (drag?.carries && drag.over) {
      const { start, over } = drag;
      edit([[start, codeOf(over)], [over, codeOf(start)]]);
      go(over);
    }
    if (drag?.moved) setTimeout(() => (drag = null));
    else drag = null;
  });
  table.addEventListener("dragstart", (event) => event.preventDefault());
  table.addEventListener("click", (event) => {
    const place = placeOf(event.target);
    if (!place || mode === "read" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (drag?.moved) return;
    go(place);
    open();
  });

  // --- the forms beside the grid
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-step], [data-pending]");
    if (!form) return;
    event.preventDefault();
    if ("step" in form.dataset) {
      const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
      step(form.dataset.step, fields);
    } else inTurn(() => publish(form));
  });

  async function publish(form) {
    const cells = pendingCells().join(" ");
    const before = pending;
    pending = new Map();
    if (await ask("edit/", { cell: cells, reason: form.elements.reason.value }, true)) {
      localStorage.removeItem(kept);
      past.length = future.length = 0;
      form.reset();
    } else pending = before;
    markPending();
  }

  bar?.querySelector("[data-pending-discard]").addEventListener("click", () => {
    past.push(pending);
    pending = new Map();
    preview();
  });

  // --- begin
  table.setAttribute("role", "grid");
  table.setAttribute("aria-multiselectable", "true");
  for (const row of body.rows) adopt(row);
  if (body.rows.length) show(false);
  if (mode === "read") return;
  if (mode === "published") {
    try {
      pending = new Map(JSON.parse(localStorage.getItem(kept))?.cells ?? []);
    } catch {
      localStorage.removeItem(kept);
    }
    if (pending.size) preview();
  }
  setInterval(() => document.hidden || busy || refresh(root.dataset.token), 15000);
})();
