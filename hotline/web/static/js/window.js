// Which fields a reason asks for: the label says so as soon as the reason is chosen.

function tell() {
  const chosen = document.querySelector('input[name="reason"]:checked')?.value;
  for (const part of document.querySelectorAll("[data-needed]")) {
    part.classList.toggle("is-needed", part.dataset.needed.split(" ").includes(chosen));
  }
  // The odds of the reason that is chosen; of all, as long as none is.
  for (const part of document.querySelectorAll("[data-odds]")) {
    part.hidden = Boolean(chosen) && part.dataset.odds !== chosen;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.name === "reason") tell();
});
tell();
