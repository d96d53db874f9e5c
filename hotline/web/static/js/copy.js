// Buttons with data-copy put that text on the clipboard and say so.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  let done = true;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    done = fallback(button.dataset.copy); // plain http in a closed network has no clipboard interface
  }
  say(done ? "已复制" : "没能复制，请选中后按 Ctrl C");
});

function fallback(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

function say(words) {
  const toasts = document.getElementById("toasts");
  if (!toasts) return;
  const toast = document.createElement("div");
  toast.className = "toast-x";
  toast.textContent = words;
  toasts.replaceChildren(toast);
  setTimeout(() => toast.remove(), 3000);
}
