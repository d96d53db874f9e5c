// htmx under the strict policy: no eval, no styles of its own; errors land where they can be read.

const { htmx } = window;

if (htmx) {
  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "304", swap: false },
    { code: "[23]..", swap: true },
    // The server says where an error goes (HX-Retarget).
    { code: "[45]..", swap: true, error: true },
  ];

  const polls = (element) => element.getAttribute("hx-trigger")?.startsWith("every");

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
    // A poll is nobody's act: the session does not last longer by it.
    if (polls(event.detail.elt)) event.detail.headers["X-Poll"] = "true";
  });

  // Polls rest while nobody looks.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (polls(event.detail.elt) && document.hidden) event.preventDefault();
  });

  document.addEventListener("htmx:sendError", () => {
    const strips = document.getElementById("strips");
    if (strips && !strips.querySelector("[data-offline]")) {
      const strip = document.createElement("div");
      strip.className = "alert-x alert-x--near";
      strip.dataset.offline = "";
      strip.textContent = "网络断开，可以接着写；恢复后请再提交一次。";
      strips.append(strip);
    }
  });
  document.addEventListener("htmx:afterOnLoad", () => {
    document.querySelector("#strips [data-offline]")?.remove();
  });
}
