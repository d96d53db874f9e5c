// The moving part of a page asks every few seconds, while someone looks, whether anything happened.

const live = document.getElementById("live");
const LATE = 60_000;
const LOST = 5 * 60_000;
let stamp = `"${live.dataset.stamp}"`;
let answered = Date.now();

// What people opened or stand on stays as it is when the part is drawn anew.
function keep() {
  const at = document.activeElement;
  const place = live.contains(at) ? [...live.querySelectorAll("a, button, summary")].indexOf(at) : -1;
  const open = [...live.querySelectorAll("details[open], [popover]:popover-open")].map((one) => one.id || one.className);
  return { place, open };
}

function restore({ place, open }) {
  for (const one of live.querySelectorAll("details, [popover]")) {
    if (!open.includes(one.id || one.className)) continue;
    if (one.matches("details")) one.open = true;
    else one.showPopover();
  }
  if (place >= 0) live.querySelectorAll("a, button, summary")[place]?.focus({ preventScroll: true });
}

async function ask() {
  if (document.hidden) return;
  try {
    // The session does not last longer by what nobody did (X-Poll).
    const headers = { "If-None-Match": stamp, "X-Poll": "true" };
    const answer = await fetch(live.dataset.live, { headers, cache: "no-store" });
    if (answer.redirected) {
      location.reload(); // the session has ended: the page leads to sign-in
      return;
    }
    if (answer.status === 200) {
      const kept = keep();
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
      live.replaceChildren(...drawn.body.childNodes);
      stamp = answer.headers.get("ETag") ?? stamp;
      restore(kept);
      document.dispatchEvent(new CustomEvent("hotline:live"));
    } else if (answer.status !== 304) {
      return;
    }
    const asOf = answer.headers.get("X-As-Of");
    for (const place of live.querySelectorAll("[data-as-of]")) place.textContent = asOf;
    answered = Date.now();
  } catch {
    // no network: the page grows old, and says so
  } finally {
    const age = Date.now() - answered;
    live.classList.toggle("stale-60", age > LATE);
    live.classList.toggle("stale", age > LOST);
  }
}

setInterval(ask, Number(live.dataset.every) * 1000);
document.addEventListener("visibilitychange", () => document.hidden || ask());
