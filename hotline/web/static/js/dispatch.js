// The dispatch desk: the button says whom it sends to; a refusal asks for its reason first; what was sent
// can be taken back for some seconds; the counters live, and nothing moves under the hand.

const form = document.getElementById("send");
// While an input method composes, Enter chooses a word (229: Safari says it after the word was chosen).
const composes = (event) => event.isComposing || event.keyCode === 229;

if (form) {
  const to = document.getElementById("to");
  const other = document.getElementById("f-other");
  const known = [...document.querySelectorAll("#departments option")].map((one) => one.value);
  const isTogether = "together" in form.dataset;

  const tell = () => {
    const typed = other.value.trim();
    const chosen = form.querySelector('input[name="lead"]:checked');
    const named = typed || chosen?.dataset.name || "选定的单位";
    if (typed && !known.includes(typed)) to.textContent = isTogether ? "（请从名单里选单位）" : "请从名单里选单位";
    else to.textContent = isTogether ? named : `派给${named}`;
    const ticked = form.querySelectorAll('input[name="numbers"]:checked').length;
    const count = form.querySelector("[data-chosen]");
    if (count) count.textContent = `${ticked} 件`;
  };
  // Part of a name that only one department has means that one.
  const complete = () => {
    const typed = other.value.trim();
    const meant = typed && !known.includes(typed) ? known.filter((name) => name.includes(typed)) : [];
    if (meant.length === 1) other.value = meant[0];
  };

  form.addEventListener("input", tell);
  form.addEventListener("change", (event) => {
    // A press on a proposal means it, whatever was typed before.
    if (event.target.name === "lead") other.value = "";
    complete();
    tell();
  });
  // In a line of text Enter only confirms what was picked, on a box nothing: the ticket goes by its button.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || composes(event) || event.ctrlKey) return;
    const isBox = isTogether && event.target.matches("input[type=checkbox], input[type=radio]");
    if (!isBox && event.target !== other && event.target.id !== "f-more") return;
    event.preventDefault();
    if (!isBox) event.target.blur();
  });
  if (isTogether) tell();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-needs]");
  const field = button && document.getElementById(button.dataset.needs);
  if (!field || field.value.trim()) return;
  event.preventDefault();
  field.focus();
});

// Beside the ticket the list scrolls by itself; below it, on a narrow screen, it would pull the page along.
if (matchMedia("(min-width: 961px)").matches) {
  document.querySelector(".line[aria-current]")?.scrollIntoView({ block: "nearest" });
}

// To take back: the seconds run down here, the server decides by its own clock.
const drawn = performance.now();
const undos = [...document.querySelectorAll("[data-undo]")];

function over(undo) {
  const bar = undo.matches(".alert-x");
  const words = bar ? undo.querySelector(".grow") : undo.querySelector("[data-left]");
  undo.querySelector("[data-key=z]")?.remove();
  if (words) words.textContent += `${bar ? "。" : ""}撤回时间已过，派错了请联系承办单位说明，由承办单位申请退单`;
  if (bar) for (const gone of undo.querySelectorAll("a, [data-left]")) gone.remove();
  undo.querySelector("button")?.remove();
  if (undo.matches("button")) undo.remove();
  delete undo.dataset.undo;
}

const countdown = undos.length && setInterval(() => {
  for (const undo of undos.filter((one) => one.dataset.undo)) {
    const left = Math.ceil(Number(undo.dataset.undo) - (performance.now() - drawn) / 1000);
    const words = undo.querySelector("[data-left]");
    if (left > 0 && words) words.textContent = `${left} 秒内可撤回`;
    else if (left <= 0) {
      if (words && !undo.matches(".alert-x")) words.textContent = "";
      over(undo);
    }
  }
  if (!undos.some((one) => one.dataset.undo)) clearInterval(countdown);
}, 250);

// Somebody else has it now, or it has gone: it is not sent from here any more.
document.addEventListener("htmx:afterSettle", () => {
  const goes = document.querySelector('#send [data-key="enter"]');
  if (goes && document.querySelector("#claim.alert-x")) goes.disabled = true;
});

// Counters: asked for while somebody looks, answered by nothing (304) while nothing changed. Rows keep their
// places: who has one open is written in it, and what came is offered by a link.
const watch = document.getElementById("watch");

function follow() {
  const live = document.getElementById("live");
  for (const spot of document.querySelectorAll("[data-count]")) {
    spot.textContent = live.dataset[spot.dataset.count];
  }
  const held = JSON.parse(live.dataset.held);
  for (const line of document.querySelectorAll(".line[data-number]")) {
    const name = held[line.dataset.number];
    const right = line.querySelector("[data-usual]");
    right.textContent = name ? `${name}正在派` : right.dataset.usual;
  }
  const fresh = document.getElementById("fresh");
  fresh.hidden = live.dataset.moved === "0";
  fresh.textContent = `列表有 ${live.dataset.moved} 件新到或有变动，更新 R`;
}

if (watch) {
  let tag = `"${watch.dataset.tag}"`;
  watch.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["If-None-Match"] = tag;
  });
  watch.addEventListener("htmx:afterRequest", (event) => {
    tag = event.detail.xhr.getResponseHeader("ETag") ?? tag;
  });
  watch.addEventListener("htmx:afterSettle", follow);
}
