// The intake desk: proposals are taken by a key or a press, drafts save themselves. Focus stays where it is.

const form = document.getElementById("intake");
const suggestions = document.getElementById("suggestions");
const field = (name) => form.elements.namedItem(name);
let dirty = false;

// ---- fields that the page filled from the text: yellow until confirmed, changed or chosen

const FILLED = ["address", "occurred", "wish", "kind"];
// A draft and a form that came back say which of their fields nobody confirmed: they follow the text on.
const unconfirmed = new Set(field("offered").value.split(" ").filter((name) => FILLED.includes(name)));
const typed = [...new FormData(form)].filter(([name, value]) => value && !unconfirmed.has(name));
const touched = new Set(typed.map(([name]) => name));

function mark(input, isFilled) {
  input.classList.toggle("filled", isFilled);
  unconfirmed[isFilled ? "add" : "delete"](input.name);
  field("offered").value = [...unconfirmed].join(" ");
}

function fill() {
  const found = document.getElementById("filling")?.dataset ?? {};
  for (const name of FILLED) {
    const input = field(name);
    if (touched.has(name) || input === document.activeElement) continue;
    const value = found[name] ?? "";
    // What a draft holds must never be older than what the page shows.
    if (input.value !== value) dirty = true;
    input.value = value;
    mark(input, Boolean(value));
  }
}

function confirm(input) {
  touched.add(input.name);
  mark(input, false);
}

fill();

document.addEventListener("input", (event) => {
  if (event.target.form === form && event.target.name) {
    confirm(event.target);
    dirty = true;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && event.target.classList?.contains("filled")) {
    confirm(event.target);
    dirty = true;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target === suggestions) fill();
});

// What says the same as before is left alone: a screen reader hears an alarm once, a half-pressed key stays.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const words = (node) => node.textContent.replace("再按一次", "").replace(/\s+/g, "");
  if (words(event.detail.target) === words(event.detail.fragment)) event.detail.shouldSwap = false;
});

// What opens at the lower edge would open out of sight.
document.addEventListener(
  "toggle",
  (event) => event.target.open && event.target.closest(".offered") && event.target.scrollIntoView({ block: "nearest" }),
  true,
);

// ---- taking a proposal

function choose(button) {
  const input = field(button.dataset.choose);
  input.value = button.dataset.value;
  confirm(input);
  dirty = true;
  for (const other of document.querySelectorAll(`[aria-pressed][data-choose="${button.dataset.choose}"]`)) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  // A number is looked up as if it had been typed.
  if (input.name === "phone") input.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.dispatchEvent(new CustomEvent("chosen"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choose]");
  if (button) choose(button);
});

// ---- keys that must not move the focus out of the text, or that need a second press

let armed = null;

function disarm() {
  if (!armed) return;
  armed.querySelector("span").textContent = armed.dataset.words;
  armed = null;
}

function alarm(button) {
  if (armed === button) {
    button.click();
    return;
  }
  disarm();
  armed = button;
  const words = button.querySelector("span");
  button.dataset.words = words.textContent;
  words.textContent = `再按一次${words.textContent.trim()}`;
  setTimeout(disarm, 4000);
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const digit = event.altKey && !event.ctrlKey && event.code.match(/^(?:Digit|Numpad)([1-3])$/);
    const taken = digit
      ? suggestions.querySelector(`[data-key="alt+${digit[1]}"]`)
      : event.altKey && event.code === "KeyU" && document.querySelector('#notes [data-key="alt+u"]');
    const line = document.querySelector(`[data-alarm="${CSS.escape(event.key)}"]`);
    if (taken) choose(taken);
    else if (line) alarm(line);
    else if (event.key === "F6") nextZone(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && !event.ctrlKey && isLine(event.target)) nextField(event.target);
    else return;
    event.preventDefault();
  },
  true,
);

// Enter in a line goes to the next field: half a call is never sent by accident.
const isLine = (target) => target.form === form && target.matches("input:not([type=checkbox]), select");

function nextField(target) {
  const fields = [...form.elements].filter((one) => one.checkVisibility?.() && !/^(hidden|submit)$/.test(one.type));
  fields[(fields.indexOf(target) + 1) % fields.length]?.focus();
}

function nextZone(step) {
  const zones = [document.querySelector(".call"), ...document.querySelectorAll(".desk > *")];
  const at = zones.findIndex((zone) => zone.contains(document.activeElement));
  // A zone with nothing to stand on is passed by: beside an empty form there is no past and no proposal yet.
  for (let passed = 1; passed <= zones.length; passed += 1) {
    const zone = zones.at((at + step * passed) % zones.length);
    const inside = [...zone.querySelectorAll("textarea, input:not([type=hidden]), a, button")];
    const first = inside.find((one) => one.checkVisibility?.() ?? true);
    if (first) return first.focus();
  }
}

// ---- one panel open at a time, with Ctrl ↵ for its own; Esc closes it and returns to its button

const panels = [...document.querySelectorAll("details.pop")];

function handOverKey() {
  const open = panels.find((panel) => panel.open) ?? null;
  for (const button of form.querySelectorAll("[data-go]")) {
    if (button.closest("details.pop") === open) button.dataset.key = "ctrl+enter";
    else delete button.dataset.key;
  }
}

handOverKey();
for (const panel of panels) {
  panel.addEventListener("toggle", () => {
    handOverKey();
    if (!panel.open) return;
    for (const other of panels) if (other !== panel) other.open = false;
    panel.querySelector("textarea, select, input")?.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    panel.open = false;
    panel.querySelector("summary").focus();
  });
}

// ---- the draft

const EVERY = 3000;
const saved = document.getElementById("saved");
let saving = false;

async function save() {
  if (!dirty || saving || form.dataset.sent) return;
  dirty = false;
  saving = true;
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      headers: { "HX-Request": "true" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    saved.textContent = await answer.text();
    // From now on a reload finds this call, not an empty form.
    if (location.search) history.replaceState(null, "", location.pathname);
  } catch {
    dirty = true;
    saved.textContent = "还没存上，恢复后自动补存";
  } finally {
    saving = false;
  }
}

setInterval(save, EVERY);
document.addEventListener("visibilitychange", () => document.hidden && save());
