// <kept-recordings>: what was recorded and not sent to the end, because its tab or browser was closed or its training was
// deleted meanwhile.
import { clock, fill } from "../format.js";
import { Guard } from "../record/guard.js";
import { own } from "../record/owner.js";
import { reason, Sender } from "../record/sender.js";
import * as store from "../record/store.js";
import { Tape } from "../record/tape.js";
import { texts } from "../texts.js";

// A browser may begin to read what it was told to download a while later.
const DOWNLOAD_MILLISECONDS = 60_000;

class KeptRecordings extends HTMLElement {
  #texts;
  #guard = new Guard();
  #sending = 0;

  async connectedCallback() {
    this.#texts = texts(this);
    const rows = await store.all(this.dataset.person).catch(() => []); // nothing can be kept in this browser
    await Promise.all(rows.map((row) => this.#offer(new Tape(row))));
    this.dataset.looked = "";
    document.addEventListener("recording-kept", ({ detail }) => this.#show(detail.tape, detail.giveBack, true));
  }

  async #offer(tape) {
    const giveBack = await own(tape.id);
    if (!giveBack) return; // another tab records or sends it
    if (!tape.row.bytes) {
      await tape.remove();
      return;
    }
    this.#show(tape, giveBack, false);
  }

  async #show(tape, giveBack, wantsFocus) {
    const row = this.querySelector("template").content.firstElementChild.cloneNode(true);
    this.append(row);
    this.#tell(row, "kept", tape);
    for (const button of row.querySelectorAll("[data-do=send]")) {
      button.addEventListener("click", () => this.#send(row, tape, true));
    }
    row.querySelector("[data-do=download]").addEventListener("click", () => download(tape));
    row.querySelector("[data-do=delete]").addEventListener("click", () => this.#delete(row, tape, giveBack));
    if (tape.row.removed) await this.#removed(row, tape);
    // Its end was told already; only the sending was cut off.
    else if (tape.row.ended) this.#send(row, tape, false);
    if (wantsFocus) [...row.querySelectorAll("button")].find((button) => button.checkVisibility()).focus();
  }

  // Where the disk was full, the beginning was on the server alone.
  async #removed(row, tape) {
    const name = (await tape.isWhole()) ? "removed" : "lost";
    row.dataset.state = name;
    this.#tell(row, name, tape, { who: tape.row.removed.by });
  }

  async #send(row, tape, goThere) {
    await tape.restore();
    await tape.end();
    const sender = new Sender(tape, this.dataset.endpoint);
    const progress = row.querySelector("progress");
    row.dataset.state = "sending";
    progress.max = tape.row.bytes;
    this.#tell(row, "sending", tape);
    sender.addEventListener("safe", () => {
      progress.value = tape.sentBytes;
      this.#tell(row, "sending", tape);
    });
    sender.addEventListener("broken", ({ detail }) => {
      const why = reason(detail, this.#texts);
      this.#tell(row, why ? "refused" : "offline", tape, { reason: why });
    });
    sender.addEventListener("removed", () => {
      this.#guard.on = --this.#sending > 0;
      this.#removed(row, tape);
    });
    sender.addEventListener("done", ({ detail }) => this.#done(row, tape, detail.training, goThere));
    this.#guard.on = ++this.#sending > 0;
    sender.start();
  }

  async #done(row, tape, training, goThere) {
    await tape.remove();
    this.#guard.on = --this.#sending > 0;
    row.dataset.state = "done";
    const link = row.querySelector("a");
    link.href = `${this.dataset.trainingUrl}${training}/#heading`;
    this.#tell(row, "done", tape);
    if (goThere && !this.#sending) location.assign(link.href);
  }

  async #delete(row, tape, giveBack) {
    for (const button of row.querySelectorAll("button")) button.disabled = true;
    if (tape.row.address) await new Sender(tape, this.dataset.endpoint).remove();
    await tape.remove();
    row.remove();
    giveBack();
  }

  #tell(row, name, tape, values = {}) {
    const { began, seconds } = tape.row;
    const time = new Date(began).toLocaleString(document.documentElement.lang, this.#moment(began));
    row.querySelector(".told").textContent = fill(this.#texts[name], { time, length: clock(seconds), ...values });
  }

  // The day only when it is another one.
  #moment(began) {
    const today = new Date(began).toDateString() === new Date().toDateString();
    return { hour: "2-digit", minute: "2-digit", ...(!today && { day: "numeric", month: "short" }) };
  }
}

async function download(tape) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await tape.file());
  link.download = tape.row.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), DOWNLOAD_MILLISECONDS);
}

customElements.define("kept-recordings", KeptRecordings);
