// Forms: what is wrong with them, how long a passage may be, back to them, and that each is sent once.

// Name the field in front of each problem: without its step, its hint and its key, and no question.
function nameIn(label) {
  const name = label.cloneNode(true);
  for (const beside of name.querySelectorAll(".step, .ink-2, .ink-3, kbd")) beside.remove();
  return name.textContent.replace(/\s+/g, " ").trim().replace(/？$/, "");
}

for (const link of document.querySelectorAll('.problem-list a[href^="#f-"]')) {
  const field = document.getElementById(link.hash.slice(1));
  const label = field?.querySelector("legend") ?? (field && document.querySelector(`label[for="${CSS.escape(field.id)}"]`));
  if (label) link.prepend(`${nameIn(label)}：`);
}

// A link to a field in the list of problems lands in the field itself.
document.addEventListener("click", (event) => {
  const link = event.target.closest('.problem-list a[href^="#f-"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) {
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    (field.matches("fieldset") ? field.querySelector("input") ?? field : field).focus();
  }
});

// A passage that has grown too long says so where it stands, before it is sent and refused.
function measure(field) {
  const most = Number(field.dataset.most);
  const over = field.value.length > most ? [...field.value.trim()].length - most : 0;
  const words = over > 0 ? `多了 ${over.toLocaleString("zh-CN")} 字，最多 ${most.toLocaleString("zh-CN")} 字，请删减。` : "";
  field.setCustomValidity(words);
  const below = field.nextElementSibling;
  const place = below?.matches("[data-over]") ? below : words && placeUnder(field);
  if (place) {
    place.textContent = words;
    place.hidden = !words;
  }
}

function placeUnder(field) {
  const place = document.createElement("p");
  place.className = "err";
  place.dataset.over = "";
  place.setAttribute("role", "status");
  field.after(place);
  return place;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-most]")) measure(event.target);
});
for (const field of document.querySelectorAll("textarea[data-most]")) measure(field);

// Back to the page as it was left, when that is where the link would lead anyway.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-back]");
  if (link && history.length > 1) {
    event.preventDefault();
    history.back();
  }
});

// Sent once: a second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
