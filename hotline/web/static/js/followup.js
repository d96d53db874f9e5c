// The questions by keys: a digit answers the question one stands at and goes on to the next.
// What follows from the answers is written beside the button before anything is sent.

const form = document.getElementById("ask");
const shown = (element) => !element.closest("[hidden]");
const questions = () => [...(form?.querySelectorAll("[data-question]") ?? [])].filter(shown);
const answer = (name) => form.querySelector(`input[name="${name}"]:checked`);

let at = null;

function goTo(question) {
  at?.classList.remove("at");
  at = question ?? null;
  at?.classList.add("at");
  at?.scrollIntoView({ block: "nearest" });
}

const unanswered = () => questions().find((one) => !one.querySelector("input:checked"));

function goOn(question) {
  const all = questions();
  const next = all.slice(all.indexOf(question) + 1).find((one) => !one.querySelector("input:checked")) ?? unanswered();
  goTo(next);
  if (next) next.querySelector("input").focus({ preventScroll: true });
  else (outcome() === "good" ? form.querySelector("[data-send]") : form.querySelector("textarea"))?.focus();
}

function outcome() {
  const solved = answer("solved"), satisfied = answer("satisfied"), reason = answer("reason");
  if (!solved || !satisfied || !answer("contacted")) return "unknown";
  if (solved.value === "yes" && Number(satisfied.value) >= Number(form.dataset.satisfiedFrom)) return "good";
  if (!reason) return "ask";
  return "fault" in reason.dataset ? "fault" : "policy";
}

function isBad() {
  const solved = answer("solved"), satisfied = answer("satisfied");
  return (solved && solved.value !== "yes") || (satisfied && Number(satisfied.value) < Number(form.dataset.satisfiedFrom));
}

function show() {
  if (!("satisfiedFrom" in form.dataset)) return;
  document.getElementById("f-reason").hidden = !isBad();
  const now = outcome();
  for (const line of form.querySelectorAll("[data-outcome]")) line.hidden = line.dataset.outcome !== now;
  form.querySelector("[data-send] [data-verb]").textContent =
    form.querySelector(`[data-outcome="${now}"]`).dataset.verb ?? "提交";
  const instead = form.querySelector("[data-instead]");
  if (instead) instead.hidden = now !== "policy";
}

function press(digit) {
  const question = document.activeElement?.closest?.("[data-question]") ?? at ?? unanswered() ?? questions()[0];
  const input = question?.querySelectorAll("input")[digit - 1];
  if (!input) return false;
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  goOn(question);
  return true;
}

function back() {
  const all = questions();
  const here = document.activeElement?.closest?.("[data-question]") ?? at;
  const before = here ? all[all.indexOf(here) - 1] : all[all.length - 1];
  if (!before) return false;
  goTo(before);
  (before.querySelector("input:checked") ?? before.querySelector("input")).focus({ preventScroll: true });
  return true;
}

const typing = (target) => target.matches?.("textarea, select, input:not([type=radio])") || target.isContentEditable;
const lettersOff = () => {
  try {
    return localStorage.getItem("hotline.keys") === "false";
  } catch {
    return false; // storage may be forbidden: the keys stay on
  }
};

document.addEventListener("keydown", (event) => {
  if (!form || event.isComposing || event.keyCode === 229 || event.defaultPrevented || lettersOff()) return;
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if ((digit && press(Number(digit))) || (event.code === "Backspace" && back())) event.preventDefault();
});

form?.addEventListener("change", show);
form?.addEventListener("focusin", (event) => {
  const question = event.target.closest("[data-question]");
  if (question) goTo(question);
});
if (form) {
  show();
  goTo(unanswered());
}

// How long ago the number was shown; the number itself is covered again after its seconds.
function tick() {
  const timer = document.querySelector("[data-since]");
  if (!timer) return;
  timer.dataset.from ??= String(Date.now());
  const seconds = Math.floor((Date.now() - Number(timer.dataset.from)) / 1000);
  timer.textContent = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  const number = document.querySelector("[data-hides]");
  if (number && seconds >= Number(number.dataset.hides)) {
    number.textContent = number.dataset.masked;
    delete number.dataset.hides;
  }
}
setInterval(tick, 1000);
tick();
document.addEventListener("htmx:afterSettle", tick);
