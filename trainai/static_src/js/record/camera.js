// The person's own picture in the small window. The browser itself shows it there, above all others: whoever records the
// whole screen records it too, and no canvas can stop in a hidden tab.
import { release } from "./capture.js";

const PICTURE = { width: { ideal: 640 }, height: { ideal: 640 }, facingMode: "user" };
const MISSING = ["NotFoundError", "OverconstrainedError"];

/** Tells "changed" {said}: the name of the sentence about it. */
export class Camera extends EventTarget {
  #button;
  #small;
  #stream = null;

  constructor(button, small) {
    super();
    this.#button = button;
    this.#small = small;
    small.addEventListener("closed", () => this.#off());
  }

  /** Show or hide it; only within a click. `surface` is what is recorded, as `surfaceOf` says. */
  async toggle(surface) {
    if (this.#stream) return this.#off();
    try {
      await this.#small.open(); // first: a question for the camera outlasts the click
      await this.#on();
    } catch (error) {
      this.#off();
      return this.#tell(MISSING.includes(error.name) ? "camera_missing" : "camera_refused");
    }
    return this.#tell(surface === "monitor" ? "camera_recorded" : "camera_alone");
  }

  async #on() {
    const stream = await navigator.mediaDevices.getUserMedia({ video: PICTURE });
    if (!this.#small.isOpen) return release(stream);
    this.#stream = stream;
    stream.getVideoTracks()[0].addEventListener("ended", () => this.#off());
    this.#show();
  }

  #off() {
    if (!this.#stream) return;
    release(this.#stream);
    this.#stream = null;
    this.#show();
    this.#tell("camera_off");
  }

  #show() {
    this.#small.picture = this.#stream;
    this.#button.setAttribute("aria-pressed", this.#stream !== null);
  }

  #tell(said) {
    this.dispatchEvent(new CustomEvent("changed", { detail: { said } }));
  }
}
