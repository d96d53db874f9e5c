// Countdowns grow stale while a page stands open. Natural time is counted on here; when office hours
// count is the server's to know, so a chip in working time (no data-natural) only turns red at its moment.

const MINUTE = 60_000;

function words(milliseconds) {
  const minutes = Math.floor(milliseconds / MINUTE);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days) return hours ? `${days}天${hours}小时` : `${days}天`;
  if (hours) return rest ? `${hours}小时${rest}分` : `${hours}小时`;
  return rest ? `${rest}分钟` : "不到1分钟";
}

function tick() {
  const now = Date.now();
  for (const chip of document.querySelectorAll("time.clock--ok, time.clock--near, time.clock--overdue[data-natural]")) {
    const due = Date.parse(chip.dateTime);
    if (due <= now) {
      chip.classList.remove("clock--ok", "clock--near");
      chip.classList.add("clock--overdue");
      chip.textContent = "natural" in chip.dataset ? `已超时 ${words(now - due)}` : "已超时";
    } else if ("natural" in chip.dataset) {
      chip.textContent = `剩 ${words(due - now)}`;
    }
  }
}

setInterval(tick, MINUTE);
document.addEventListener("visibilitychange", () => document.hidden || tick());
