// The person's own picture in a window above all others. The browser itself shows it there: whoever records the whole
// screen records it too, and no canvas can stop in a hidden tab.
import { release } from "./capture.js";

const PICTURE = { width: { ideal: 640 }, height: { ideal: 640 }, facingMode: "user" };
const MISSING = ["NotFoundError", "OverconstrainedError"];

/** Tells "changed" {said}: the name of the sentence about it. */
export class Camera extends EventTarget {
  #button;
  #window;
  #stream = null;

  /** `window` is a `SmallWindow` or a `PictureWindow`. */
  constructor(button, window) {
    super();
    this.#button = button;
    this.#window = window;
    window.addEventListener("closed", () => this.#off());
  }

  /** Show or hide it; only within a click. `surface` is what is recorded, as `surfaceOf` says. */
  async toggle(surface) {
    if (this.#stream) return this.#off();
    try {
      await this.#window.open(); // first: a question for the camera outlasts the click
      await this.#on();
    } catch (error) {
      const said = this.#stream ? "camera_again" : MISSING.includes(error.name) ? "camera_missing" : "camera_refused";
      this.close();
      return this.#tell(said);
    }
    return this.#tell(surface === "monitor" ? "camera_recorded" : "camera_alone");
  }

  /** Let it go without a word. */
  close() {
    if (!this.#stream) return;
    release(this.#stream);
    this.#stream = null;
    this.#show();
  }

  async #on() {
    const stream = await navigator.mediaDevices.getUserMedia({ video: PICTURE });
    if (!this.#window.isOpen) return release(stream);
    this.#stream = stream;
    stream.getVideoTracks()[0].addEventListener("ended", () => this.#off());
    await this.#show();
  }

  #off() {
    if (!this.#stream) return;
    this.close();
    this.#tell("camera_off");
  }

  async #show() {
    this.#button.setAttribute("aria-pressed", this.#stream !== null);
    await this.#window.show(this.#stream);
  }

  #tell(said) {
    this.dispatchEvent(new CustomEvent("changed", { detail: { said } }));
  }
}
