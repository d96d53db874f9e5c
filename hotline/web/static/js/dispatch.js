// The dispatch desk: the button says whom it sends to; a refusal asks for its reason first.

const form = document.getElementById("send");

if (form) {
  const to = document.getElementById("to");
  const other = document.getElementById("f-other");
  const known = [...document.querySelectorAll("#departments option")].map((one) => one.value);

  const tell = () => {
    const typed = other.value.trim();
    const chosen = form.querySelector('input[name="lead"]:checked');
    if (typed && !known.includes(typed)) to.textContent = "请从名单里选单位";
    else to.textContent = `派给${typed || chosen?.dataset.name || "选定的单位"}`;
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
  // In a line of text Enter only confirms what was picked: the ticket goes by its button.
  for (const line of [other, document.getElementById("f-more")]) {
    line.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.ctrlKey) return;
      event.preventDefault();
      line.blur();
    });
  }
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
