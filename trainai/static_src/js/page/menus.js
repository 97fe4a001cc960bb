// A menu fetches what it shows when it is opened (data-fetches), and closes on Escape, with the focus back on its
// button, and on a click elsewhere.

import { refresh } from "../live/fragments.js";

export function watchMenus() {
  for (const menu of document.querySelectorAll("[data-fetches]")) {
    const shown = () => (menu.open ? [menu.dataset.fragment, menu.dataset.fetches] : [menu.dataset.fragment]);
    menu.addEventListener("toggle", () => refresh(shown()).catch(() => {}));
  }
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target) || event.target.closest(".list a")) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
