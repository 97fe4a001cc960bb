// Single keys for the recorder. They can be turned off: who dictates, types by accident.

const OFF = "recorder-keys-off";

export class Keys {
  #acts;
  #switch;

  /** `acts` maps a key to what it does; `toggle` is the checkbox that turns the letters off. */
  constructor(acts, toggle) {
    this.#acts = acts;
    this.#switch = toggle;
    toggle.checked = localStorage.getItem(OFF) === null;
    toggle.addEventListener("change", () => {
      if (toggle.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    });
    this.listen(window);
  }

  /** Hear the keys of another window too. */
  listen(window) {
    window.addEventListener("keydown", (event) => this.#press(event));
  }

  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog")) return;
    if (event.key !== "Escape" && !this.#switch.checked) return;
    this.#acts[event.key.length === 1 ? event.key.toLowerCase() : event.key]?.();
  }
}
