// <upload-door>: files by drop or picker, a row for each, two on their way at a time.
import { clock, fill, size } from "../format.js";
import { Guard } from "../record/guard.js";
import { refusal, refusalOf } from "../upload/checks.js";
import { findLeft } from "../upload/left.js";
import { look } from "../upload/look.js";
import { UploadRow } from "../upload/row.js";

const AT_ONCE = 2;
const ON_ITS_WAY = ["sending", "signed_out"];
/** States in which leaving the page would cut something off, or lose which file it was. */
const BUSY = [...ON_ITS_WAY, "looking", "waiting", "paused"];

class UploadDoor extends HTMLElement {
  #rows = new Set();
  #guard = new Guard();

  connectedCallback() {
    this.language = document.documentElement.lang;
    this.texts = Object.fromEntries(
      [...this.querySelectorAll("[data-texts] dt")].map((term) => [term.textContent, term.nextElementSibling.textContent]),
    );
    const picker = this.querySelector("#files");
    picker.addEventListener("change", () => {
      this.#take(picker.files);
      picker.value = "";
    });
    this.#watchDrops();
    findLeft(this.dataset.endpoint).then((left) => left.forEach((upload) => this.#add().showLeft(upload)), () => {});
  }

  /** The text called `name`, filled in. */
  text(name, values = {}) {
    return fill(this.texts[name], values);
  }

  say(text) {
    this.querySelector("[data-says]").textContent = text;
  }

  /** A row's state changed: start what waits, and go to the training when it was the only one. */
  changed(row) {
    if (row.state === "removed") this.#rows.delete(row);
    this.#guard.on = [...this.#rows].some((other) => BUSY.includes(other.state));
    if (row.state === "done" && [...this.#rows].every((other) => other === row || other.state === "refused")) {
      location.assign(row.address);
      return;
    }
    const sending = [...this.#rows].filter((other) => ON_ITS_WAY.includes(other.state)).length;
    const waiting = [...this.#rows].filter((other) => other.state === "waiting");
    for (const next of waiting.slice(0, Math.max(0, AT_ONCE - sending))) next.begin();
  }

  #take(files) {
    for (const file of files) {
      const left = [...this.#rows].find((row) => row.isLeftOf(file));
      if (left) {
        left.goOn(file);
        continue;
      }
      const row = this.#add();
      const why = refusal(file, Number(this.dataset.maxBytes));
      if (why) row.refuse(file, this.text(why, this.#sizes(file)));
      else this.#look(row, file);
    }
  }

  async #look(row, file) {
    row.show(file);
    const seen = await look(file);
    if (row.state === "removed") return;
    const why = refusalOf(seen, Number(this.dataset.maxSeconds));
    if (why) row.refuse(file, this.text(why, this.#lengths(seen)));
    else row.queue(file, seen);
  }

  #sizes(file) {
    return { size: size(file.size, this.language), limit: size(Number(this.dataset.maxBytes), this.language) };
  }

  #lengths({ seconds }) {
    return { length: clock(seconds), limit: clock(Number(this.dataset.maxSeconds)) };
  }

  #add() {
    const row = new UploadRow(this, this.querySelector("[data-row]"));
    this.#rows.add(row);
    this.querySelector(".uploads").append(row.element);
    return row;
  }

  // The whole page takes drops: a file that misses the door must not replace the page.
  #watchDrops() {
    const door = this.querySelector(".door");
    const light = (on) => door.classList.toggle("over", on);
    addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      light(true);
    });
    addEventListener("dragleave", (event) => event.relatedTarget === null && light(false));
    addEventListener("drop", (event) => {
      event.preventDefault();
      light(false);
      this.#take(event.dataTransfer.files);
    });
  }
}

customElements.define("upload-door", UploadDoor);
