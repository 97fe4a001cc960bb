// The recorder's strip: what it says, and which of its buttons has the focus. Its state decides what is seen (CSS).
import { clock, fill } from "../format.js";

const HIDDEN = ["idle", "choosing"];

export class Strip {
  #element;
  #texts;
  #warning = "";

  constructor(element, texts) {
    this.#element = element;
    this.#texts = texts;
  }

  /** The sentence called `name`, filled in. */
  text(name, values = {}) {
    return fill(this.#texts[name], values);
  }

  show(state) {
    const hadFocus = this.#element.contains(document.activeElement) || document.activeElement === document.body;
    const wasHidden = this.#element.hidden;
    this.#element.dataset.state = state;
    this.#element.hidden = HIDDEN.includes(state);
    this.#part("heading").textContent = this.#texts[`state_${state}`] ?? "";
    this.#part("door").textContent = "";
    if (!this.#element.hidden && (hadFocus || wasHidden)) this.#focusFirst();
  }

  /** Say something once: it stands in the strip and is read out. */
  say(name, values) {
    this.note(name, values);
    this.#part("says").textContent = this.text(name, values);
  }

  /** Write something into the strip that is not worth an interruption. */
  note(name, values) {
    this.#part("note").textContent = this.text(name, values);
  }

  /** Tell beside the heading that somebody is heard. The note keeps its sentence: both are true at once. */
  hear(isHeard) {
    const text = isHeard ? this.text("heard") : "";
    this.#part("heard").textContent = text;
    if (isHeard) this.#part("says").textContent = text;
  }

  /** Show a warning as long as it lasts. It is read out when it begins, not at every change of its numbers. */
  warn(name, values) {
    const text = name && this.text(name, values);
    this.#element.dataset.warning = name;
    this.#part("warning").textContent = text;
    if (name !== this.#warning) this.#part("alerts").textContent = text;
    this.#warning = name;
  }

  /** Offer the page of the training. */
  link(address) {
    this.#part("open").href = address;
    this.#part("open").hidden = false;
  }

  /** Tell why there is no strip, in its place. */
  tell(name, values) {
    this.#part("door").textContent = this.text(name, values);
  }

  /** Show how much is recorded, and how much of that is safe. */
  measure(seconds, safe) {
    this.#part("time").textContent = clock(seconds);
    this.#part("safe").textContent = this.text("safe", { time: clock(Math.min(safe, seconds)) });
    const lane = this.#part("lane");
    lane.max = Math.max(seconds, 1);
    lane.value = Math.min(safe, seconds);
    for (const tick of this.#part("ticks").children) tick.style.setProperty("--at", tick.dataset.at / lane.max);
  }

  /** Show that a new part begins here. */
  tick(second) {
    const tick = document.createElement("b");
    tick.dataset.at = second;
    this.#part("ticks").append(tick);
  }

  clear() {
    this.#part("ticks").replaceChildren();
    this.#part("note").textContent = "";
    this.hear(false);
    this.warn("");
    this.measure(0, 0);
    this.#part("open").hidden = true;
  }

  #focusFirst() {
    [...this.#element.querySelectorAll("[data-do], [data-part=open]")].find((button) => button.checkVisibility())?.focus();
  }

  // What is read out lies outside the strip, which may be hidden.
  #part(name) {
    return this.#element.closest("screen-recorder").querySelector(`[data-part=${name}]`);
  }
}
