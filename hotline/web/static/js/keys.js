// Keys are printed on what they press: any element with data-key ("s", "ctrl+enter", "alt+1", "?").
// Single letters act only outside fields, never while an input method composes, and can be switched off.

const lettersOff = () => {
  try {
    return localStorage.getItem("hotline.keys") === "false";
  } catch {
    return false;
  }
};

const CODES = { Slash: "/", Enter: "enter", Escape: "esc", BracketLeft: "[", BracketRight: "]", Period: ".", Backspace: "backspace" };

function nameOf(event) {
  const code = event.code;
  let key = CODES[code] ?? event.key.toLowerCase();
  if (code.startsWith("Key")) key = code.slice(3).toLowerCase();
  if (code.startsWith("Digit") || code.startsWith("Numpad")) key = code.replace(/\D/g, "") || key;
  if (event.key === "?" || event.key === "？") return "?";
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey) parts.push("shift");
  return [...parts, key].join("+");
}

const inField = (target) =>
  target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
  (target.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(target.type));

const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function press(element) {
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(radio|checkbox)$/.test(element.type)) {
    element.focus();
    element.select?.();
  } else {
    element.focus();
    element.click();
  }
}

function moveLine(step) {
  const lines = [...document.querySelectorAll("[data-line]")].filter(visible);
  if (!lines.length) return false;
  const at = lines.findIndex((line) => line.contains(document.activeElement));
  const next = lines[Math.min(Math.max(at + step, 0), lines.length - 1)];
  const target = next.matches("a, button, [tabindex]") ? next : next.querySelector("a, button, [tabindex]");
  target?.focus();
  next.scrollIntoView({ block: "nearest" });
  return Boolean(target);
}

// F6 goes round the zones of a page: the bar, the work, what stands beside it.
function nextZone() {
  const zones = [...document.querySelectorAll("header.bar, #main, [data-zone], aside")].filter(visible);
  const at = zones.findLastIndex((zone) => zone.contains(document.activeElement));
  const zone = zones[(at + 1) % zones.length];
  const inside = zone.querySelector("a[href], button, input:not([type=hidden]), select, textarea");
  (inside && visible(inside) ? inside : zone).focus();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") && event.key !== "Escape") return;
  if (event.code === "F6" && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    nextZone();
    return;
  }
  const name = nameOf(event);
  const plain = !name.startsWith("ctrl+") && !name.startsWith("alt+") && !/^f\d+$/.test(name);
  if (plain && inField(event.target)) return;
  if (plain && name.replace("shift+", "").length === 1 && lettersOff()) return;
  if (plain && (name === "enter" || name === " ") && event.target.matches("a, button, summary, input")) return;
  if (name === "?") {
    event.preventDefault();
    openSheet();
    return;
  }
  const element = [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].find(
    (one) => (visible(one) || visible(one.parentElement)) && !one.disabled,
  );
  if (element) {
    event.preventDefault();
    press(element);
  } else if ((name === "j" || name === "k") && moveLine(name === "j" ? 1 : -1)) {
    event.preventDefault();
  }
});

function wordsOf(element) {
  const words = element.getAttribute("aria-label") || element.closest("label")?.textContent || element.textContent || "";
  const label = element.id && document.querySelector(`label[for="${CSS.escape(element.id)}"]`)?.textContent;
  const printed = element.querySelector("kbd")?.textContent ?? element.closest("label")?.querySelector("kbd")?.textContent;
  const text = (label || words).replace(/\s+/g, " ").trim();
  return printed && text.endsWith(printed) ? text.slice(0, -printed.length).trim() : text.replace("✓", "").trim();
}

const SHOWN = { ctrl: "Ctrl", alt: "Alt", shift: "Shift", enter: "↵", esc: "Esc", backspace: "⌫" };
const shown = (name) => name.split("+").map((part) => SHOWN[part] ?? part.toUpperCase()).join(" ");

let opener = null;

function openSheet() {
  const sheet = document.getElementById("keys-sheet");
  if (!sheet) return;
  const list = sheet.querySelector("[data-keys-list]");
  list.replaceChildren();
  const entries = [...document.querySelectorAll("[data-key]")].map((one) => [shown(one.dataset.key), wordsOf(one)]);
  entries.push(["F6", "下一个区域"]);
  if (document.querySelector("[data-line]")) entries.push(["J · K", "下一行 · 上一行"]);
  for (const [key, words] of entries) {
    const dt = document.createElement("dt");
    const kbd = document.createElement("kbd");
    kbd.textContent = key;
    dt.append(kbd);
    const dd = document.createElement("dd");
    dd.textContent = words;
    list.append(dt, dd);
  }
  const box = sheet.querySelector("[data-switch=keys]");
  box.checked = !lettersOff();
  opener = document.activeElement;
  sheet.showModal();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-switch=keys]")) {
    try {
      localStorage.setItem("hotline.keys", String(event.target.checked));
    } catch {
      // kept for this page only
    }
  }
});

document.addEventListener("click", (event) => {
  const opens = event.target.closest("[data-opens]");
  if (opens?.dataset.opens === "keys-sheet") {
    openSheet();
  } else if (opens) {
    const dialog = document.getElementById(opens.dataset.opens);
    opener = opens;
    dialog?.showModal?.();
  }
  const closes = event.target.closest("[data-closes]");
  if (closes) closes.closest("dialog")?.close();
  const shows = event.target.closest("[data-shows]");
  if (shows) {
    const field = document.getElementById(shows.dataset.shows);
    field.type = field.type === "password" ? "text" : "password";
    shows.textContent = field.type === "password" ? "显示" : "隐藏";
    field.focus();
  }
});

document.addEventListener("close", () => opener?.focus(), true);

for (const button of document.querySelectorAll("[data-shows][hidden]")) button.hidden = false;
document.querySelector("[data-focus]")?.focus();
