// Before anything is drawn: the theme and the type size that this person chose.
(() => {
  const root = document.documentElement;
  const chosen = (name) => {
    try {
      return localStorage.getItem(`hotline.${name}`);
    } catch {
      return null; // storage may be forbidden; the page works without
    }
  };
  const dark = chosen("dark") ?? String(matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.bsTheme = dark === "true" ? "dark" : "light";
  root.classList.toggle("large-type", chosen("large") === "true");

  const keep = (name, on) => {
    try {
      localStorage.setItem(`hotline.${name}`, String(on));
    } catch {
      // kept for this page only
    }
  };
  const apply = {
    dark: (on) => {
      root.dataset.bsTheme = on ? "dark" : "light";
      document.dispatchEvent(new CustomEvent("hotline:theme"));
    },
    large: (on) => root.classList.toggle("large-type", on),
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const name of Object.keys(apply)) {
      for (const button of document.querySelectorAll(`button[data-switch="${name}"]`)) {
        const isOn = () => (name === "dark" ? root.dataset.bsTheme === "dark" : root.classList.contains("large-type"));
        button.setAttribute("aria-pressed", String(isOn()));
        button.addEventListener("click", () => {
          const on = !isOn();
          apply[name](on);
          keep(name, on);
          button.setAttribute("aria-pressed", String(on));
        });
      }
    }
  });
})();
