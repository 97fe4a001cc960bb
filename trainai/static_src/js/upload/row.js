// A file's row: what is said of it, and which buttons it has. States: looking, waiting, sending, paused, signed_out,
// left, done, failed, refused, removed.
import { cookie } from "../cookies.js";
import { clock, duration, size } from "../format.js";
import { spokenLanguage } from "../spoken-language.js";
import { forget } from "./left.js";
import { Rate } from "./rate.js";
import { Sending } from "./sending.js";

const BUTTONS = {
  looking: ["remove"],
  waiting: ["remove"],
  sending: ["pause", "remove"],
  paused: ["resume", "remove"],
  signed_out: ["resume", "remove"],
  left: ["choose", "remove"],
  done: ["open"],
  failed: ["remove"],
  refused: ["remove"],
};

export class UploadRow {
  state = "looking";
  #door;
  #file = null;
  #language = "";
  #left = null;
  #sending = null;
  #percent = 0;
  #rate = new Rate();

  constructor(door, template) {
    this.#door = door;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.#on("pause", () => this.#pause());
    this.#on("resume", () => this.begin());
    this.#on("remove", () => this.#remove());
    const picker = this.element.querySelector("[data-do=choose] input");
    picker.addEventListener("change", () => picker.files[0] && this.goOn(picker.files[0]));
  }

  get address() {
    return this.element.querySelector("[data-do=open]").href;
  }

  /** Name a file that is being looked at. */
  show(file) {
    this.#named(file.name, file.size);
    this.#become("looking", this.#door.text("looking"));
  }

  /** Take a file, and tell what was seen in it. */
  queue(file, { seconds, hasSound }) {
    if (seconds !== null) this.element.querySelector(".name").textContent += ` · ${clock(seconds)}`;
    if (hasSound === false) this.#warn(this.#door.text("no_sound"));
    this.#take(file);
    this.#become("waiting", this.#door.text("waiting"));
  }

  refuse(file, why) {
    this.#named(file.name, file.size);
    this.#become("refused", why);
    this.#door.say(why);
  }

  /** An upload of an earlier visit. */
  showLeft(left) {
    this.#left = left;
    this.#named(left.name, left.size);
    this.#measure(left.percent);
    if (left.training) this.#finish(left.training).then(() => forget(left.entry));
    else this.#become("left", this.#door.text("left", { percent: left.percent }));
  }

  isLeftOf(file) {
    return this.state === "left" && this.#left.name === file.name && this.#left.size === file.size;
  }

  /** Continue an upload of an earlier visit with its file. */
  goOn(file) {
    if (!this.isLeftOf(file)) {
      this.#tell(this.#door.text("other_file", { name: this.#left.name, size: this.#size(this.#left.size) }));
      return;
    }
    this.#take(file);
    this.#become("waiting", this.#door.text("waiting"));
  }

  // With the language that is chosen now: another may be chosen for the next file while this one waits.
  #take(file) {
    this.#file = file;
    this.#language = spokenLanguage();
  }

  begin() {
    this.#sending ??= this.#prepare();
    this.#rate.reset();
    this.#become("sending", this.#door.text("starting", { percent: this.#percent }));
    this.#sending.start();
  }

  #prepare() {
    const options = { ...this.#door.dataset, language: this.#language };
    const sending = new Sending(this.#file, options, this.#left?.entry);
    sending.addEventListener("progress", ({ detail }) => this.#progress(detail.sent, detail.size));
    sending.addEventListener("retrying", () => this.#interrupted());
    sending.addEventListener("signed_out", () => this.#signedOut());
    sending.addEventListener("done", ({ detail }) => this.#finish(detail.training));
    sending.addEventListener("failed", ({ detail }) => {
      const why = this.#door.text("failed", { reason: detail.reason });
      this.#become("failed", why);
      this.#door.say(why);
    });
    return sending;
  }

  async #pause() {
    await this.#sending.pause();
    this.#become("paused", this.#door.text("paused", { percent: this.#percent }));
  }

  async #remove() {
    await (this.#sending ? this.#sending.remove() : this.#left && giveUp(this.#left));
    this.element.remove();
    this.state = "removed";
    this.#door.changed(this);
  }

  async #finish(training) {
    this.#measure(100);
    this.element.querySelector("[data-do=open]").href = `${this.#door.dataset.trainingUrl}${training}/`;
    this.#door.say(this.#door.text("done"));
    this.#become("done", this.#door.text("done"));
  }

  #progress(sent, total) {
    if (this.state === "signed_out") this.#become("sending", "");
    this.#rate.note(sent, performance.now());
    this.#measure(total ? Math.floor((100 * sent) / total) : 0);
    const rate = this.#rate.perSecond();
    if (!rate || this.state !== "sending") return;
    const { language } = this.#door;
    const values = { percent: this.#percent, speed: `${size(rate, language)}/s`, left: duration((total - sent) / rate, language) };
    this.#tell(this.#door.text("sending", values));
  }

  #interrupted() {
    this.#rate.reset();
    if (this.state === "sending") this.#tell(this.#door.text("retrying", { percent: this.#percent }));
  }

  #signedOut() {
    this.#rate.reset();
    if (this.state !== "sending") return;
    const text = this.#door.text("signed_out", { percent: this.#percent });
    this.#become("signed_out", text);
    this.#door.say(text);
  }

  #measure(percent) {
    this.#percent = percent;
    this.element.querySelector("progress").value = percent;
  }

  #named(name, bytes) {
    this.element.querySelector(".name").textContent = `${name} · ${this.#size(bytes)}`;
    this.element.querySelector("progress").setAttribute("aria-label", this.#door.text("bar", { name }));
  }

  #size(bytes) {
    return size(bytes, this.#door.language);
  }

  #become(state, text) {
    this.state = this.element.dataset.state = state;
    for (const button of this.element.querySelectorAll("[data-do]")) {
      button.hidden = !BUTTONS[state].includes(button.dataset.do);
    }
    const lane = { sending: "working", done: "ready", failed: "failed", refused: "failed" }[state] ?? "waiting";
    this.element.querySelector("progress").className = `lane tape ${lane}`;
    this.#tell(text);
    this.#door.changed(this);
  }

  #warn(text) {
    this.element.querySelector(".warned").textContent = text;
    this.#door.say(text);
  }

  #tell(text) {
    this.element.querySelector(".told").textContent = text;
  }

  #on(name, act) {
    this.element.querySelector(`[data-do=${name}]`).addEventListener("click", act);
  }
}

async function giveUp(left) {
  await forget(left.entry);
  const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": cookie("csrftoken") };
  await fetch(left.entry.uploadUrl, { method: "DELETE", headers }).catch(() => {});
}
