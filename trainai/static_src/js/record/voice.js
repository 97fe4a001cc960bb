// The microphone: which one, and what happens when it is pulled out.
import { release } from "./capture.js";
import { listMicrophones, openMicrophone } from "./microphones.js";

const NONE = "none";

/** Tells "changed" {kind, name}: "opened", "replaced" by another one after it was unplugged, or "missing". */
export class Voice extends EventTarget {
  #select;
  #mix = null;
  #stream = null;

  constructor(select) {
    super();
    this.#select = select;
    select.addEventListener("change", () => this.#choose(select.value));
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#mix && this.#list());
  }

  get isOpen() {
    return this.#stream !== null;
  }

  /** Speak into `mix` from now on, through the system's own choice at first. */
  async open(mix) {
    this.#mix = mix;
    await this.#use("", "opened");
  }

  close() {
    release(this.#stream);
    this.#mix = this.#stream = null;
  }

  async #choose(id) {
    if (id === NONE) this.#lose();
    else await this.#use(id, "opened");
  }

  async #use(id, kind) {
    const mix = this.#mix;
    const stream = await openMicrophone(id).catch(() => null);
    if (mix !== this.#mix || !stream) {
      release(stream);
      if (mix === this.#mix) this.#lose();
      return;
    }
    release(this.#stream);
    this.#stream = stream;
    mix.microphone = stream;
    const [track] = stream.getAudioTracks();
    track.addEventListener("ended", () => this.#stream === stream && this.#use("", "replaced"));
    await this.#list(track.getSettings().deviceId);
    this.#tell(kind, track.label);
  }

  #lose() {
    release(this.#stream);
    this.#stream = null;
    if (this.#mix) this.#mix.microphone = null;
    this.#select.value = NONE;
    this.#tell("missing");
  }

  async #list(chosen = this.#select.value) {
    const found = await listMicrophones();
    this.#select.replaceChildren(...found.map(({ id, label }) => new Option(label, id)), this.#none());
    this.#select.value = found.some(({ id }) => id === chosen) ? chosen : NONE;
  }

  #none() {
    return new Option(this.#select.dataset.none, NONE);
  }

  #tell(kind, name = "") {
    this.dispatchEvent(new CustomEvent("changed", { detail: { kind, name } }));
  }
}
