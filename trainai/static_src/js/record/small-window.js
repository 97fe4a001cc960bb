// The recorder in a small window above all others (Document Picture-in-Picture), while the person works elsewhere. It
// mirrors the strip and presses the strip's own buttons: there is one recorder, shown twice.

const SIZE = { width: 424, height: 160 };
const MIRRORED = ["heading", "time", "warning"];
const OVER = ["idle", "choosing", "done"];

/** Tells "opened" {window} and "closed". */
export class SmallWindow extends EventTarget {
  #strip;
  #template;
  #window = null;
  #observer = new MutationObserver(() => this.#mirror());

  constructor(strip, template) {
    super();
    this.#strip = strip;
    this.#template = template;
  }

  static get isPossible() {
    return "documentPictureInPicture" in window;
  }

  get isOpen() {
    return this.#window !== null;
  }

  /** Show what a camera sees beside the rest; null for nothing. */
  async show(stream) {
    if (!this.#window) return;
    const video = this.#window.document.querySelector("video");
    video.srcObject = stream;
    video.hidden = !stream;
  }

  /** Open it; only within a click. */
  async open() {
    if (this.#window) return;
    this.#window = await documentPictureInPicture.requestWindow(SIZE);
    const { document: page } = this.#window;
    page.documentElement.lang = document.documentElement.lang;
    page.title = document.title;
    page.head.append(...[...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.cloneNode()));
    page.body.append(this.#template.content.cloneNode(true));
    page.addEventListener("click", (event) => this.#press(event.target.closest("[data-do]")));
    this.#window.addEventListener("pagehide", () => this.#closed());
    this.#observer.observe(this.#strip, { attributes: true, childList: true, characterData: true, subtree: true });
    this.#mirror();
    this.dispatchEvent(new CustomEvent("opened", { detail: { window: this.#window } }));
  }

  #press(button) {
    if (button) this.#strip.querySelector(`[data-do=${button.dataset.do}]`).click();
  }

  #mirror() {
    const { state, warning = "" } = this.#strip.dataset;
    if (OVER.includes(state)) {
      this.#window.close();
      return;
    }
    const small = this.#window.document.querySelector(".small-window");
    small.dataset.state = state;
    small.dataset.warning = warning;
    for (const name of MIRRORED) {
      const [here, there] = [small, this.#strip].map((place) => place.querySelector(`[data-part=${name}]`));
      if (here.textContent !== there.textContent) here.textContent = there.textContent;
    }
  }

  #closed() {
    this.#observer.disconnect();
    this.#window = null;
    this.dispatchEvent(new Event("closed"));
  }
}
