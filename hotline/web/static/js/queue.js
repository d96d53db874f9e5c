// The pile by keyboard: the row at hand, what is selected, and both kept while the list is drawn anew.

const hold = document.getElementById("hold");
const batch = document.getElementById("batch");
let at = null; // the number of the row at hand
let last = null; // the box that was ticked last: Shift X ticks from there

const rows = () => [...document.querySelectorAll("#pile tr[data-line]")];
const boxes = () => [...document.querySelectorAll('#pile input[name="numbers"]')];
const rowAt = () => document.getElementById(`t-${at}`);

function mark(row) {
  for (const one of rows()) one.classList.toggle("at", one === row);
  at = row ? row.id.slice(2) : null;
}

function count() {
  const ticked = boxes().filter((box) => box.checked);
  for (const row of rows()) row.toggleAttribute("aria-selected", false);
  for (const box of ticked) box.closest("tr").setAttribute("aria-selected", "true");
  batch.querySelector("[data-selected]").textContent = `已选 ${ticked.length} 件`;
  batch.querySelector("[data-acceptable]").textContent = `签收 ${ticked.length} 件`;
  const all = document.querySelector("[data-all]");
  if (all) {
    all.hidden = !boxes().length;
    all.checked = ticked.length > 0 && ticked.length === boxes().length;
    all.indeterminate = ticked.length > 0 && !all.checked;
  }
}

function tick(row, range) {
  const box = row?.querySelector('input[name="numbers"]');
  if (!box) return;
  box.checked = range ? true : !box.checked;
  if (range && last?.isConnected) {
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = true;
  }
  last = box;
  count();
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("#pile tr[data-line]");
  if (row) mark(row);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
    count();
  } else if (event.target.matches('input[name="numbers"]')) {
    last = event.target;
    count();
  } else if (event.target.matches("[data-submits]")) {
    event.target.form.requestSubmit();
  }
});
batch.addEventListener("reset", () => setTimeout(count));

const lettersOff = () => {
  try {
    return localStorage.getItem("hotline.keys") === "false";
  } catch {
    return false;
  }
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.altKey || event.metaKey || lettersOff()) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return closeMenus();
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  const row = rowAt();
  if (!row) return;
  if (event.code === "KeyX") {
    tick(row, event.shiftKey);
  } else if (event.code === "Enter" && !event.target.matches("a, button, summary, input")) {
    row.querySelector("a.t").click();
  } else {
    const button = row.querySelector(`[data-row-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button || event.shiftKey) return;
    button.click();
  }
  event.preventDefault();
});

// One menu at a time; a press elsewhere closes it.
function closeMenus(except) {
  for (const menu of document.querySelectorAll(".more[open], .inbox[open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest(".more, .inbox")));

// Polls: answered by nothing (304) while nothing changed; never drawn over an open menu.
let tag = `"${hold.dataset.tag}"`;
hold.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["If-None-Match"] = tag;
});
hold.addEventListener("htmx:beforeRequest", (event) => {
  if (document.querySelector(".more[open], .inbox[open]")) event.preventDefault();
});
hold.addEventListener("htmx:afterRequest", (event) => {
  const answer = event.detail.xhr;
  tag = answer.getResponseHeader("ETag") ?? tag;
  const asOf = answer.getResponseHeader("X-As-Of");
  if (asOf) document.getElementById("as-of").textContent = asOf;
});

let before = null;
hold.addEventListener("htmx:beforeSwap", () => {
  before = {
    ticked: new Set(boxes().filter((box) => box.checked).map((box) => box.value)),
    versions: new Map(rows().map((row) => [row.id, row.dataset.version])),
    focused: hold.contains(document.activeElement),
  };
});
document.addEventListener("htmx:afterSettle", () => {
  if (!before) return;
  for (const box of boxes()) box.checked = before.ticked.has(box.value);
  for (const row of rows()) {
    if (before.versions.get(row.id) !== row.dataset.version) row.classList.add("changed");
  }
  const row = rowAt() ?? rows()[0];
  mark(row);
  if (before.focused) row?.focus({ preventScroll: true });
  before = null;
  count();
});

// Where one was: the row named in the address, after an action the next one.
const named = document.getElementById(location.hash.slice(1) || "none");
mark(named?.matches("tr[data-line]") ? named : rows()[0]);
if (named) named.focus();
count();
