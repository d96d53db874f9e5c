// Shows what to read out for the channel that is chosen.

function show(select) {
  for (const words of select.form.querySelectorAll("[data-read-for]")) {
    words.hidden = !words.dataset.readFor.split(" ").includes(select.value);
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-reads]")) show(event.target);
});
for (const select of document.querySelectorAll("[data-reads]")) show(select);
