// A recording from Start to its last byte on the server.
import { Clock } from "./clock.js";
import { own } from "./owner.js";
import { Sender } from "./sender.js";
import { Tape } from "./tape.js";

const PIECE_MILLISECONDS = 1_000;

/** Tells "tick" once a second of recording, "safe", "broken" {status, message}, "full" when it cannot be stored any more, and
 * "done" {training}. */
export class Session extends EventTarget {
  #recorder;
  #clock = new Clock();
  #release;
  #last = Promise.resolve();
  #full = false;

  constructor(stream, options, tape, sender, release) {
    super();
    this.tape = tape;
    this.sender = sender;
    this.#release = release;
    this.#recorder = new MediaRecorder(stream, options);
    this.#recorder.ondataavailable = ({ data }) => this.#keep(data);
    for (const name of ["safe", "broken"]) sender.addEventListener(name, (event) => this.#tell(name, event.detail));
    sender.addEventListener("done", ({ detail }) => this.#done(detail));
  }

  static async begin(stream, options, { endpoint, person, name }) {
    const tape = await Tape.make({ person, name, type: options.mimeType });
    const session = new Session(stream, options, tape, new Sender(tape, endpoint), await own(tape.id));
    session.#recorder.start(PIECE_MILLISECONDS);
    session.#clock.run();
    session.sender.start();
    return session;
  }

  get seconds() {
    return this.#clock.seconds;
  }

  /** Seconds that are on this computer only. */
  get unsentSeconds() {
    return Math.max(0, Math.ceil(this.seconds - this.tape.sentSeconds));
  }

  pause() {
    this.#recorder.pause();
    this.#clock.pause();
  }

  goOn() {
    this.#recorder.resume();
    this.#clock.run();
  }

  /** Begin a new part here; returns the second. */
  mark() {
    const { seconds } = this;
    this.tape.mark(seconds);
    return seconds;
  }

  /** End it; resolves when all of it is on this computer. */
  async stop() {
    this.#clock.pause();
    if (this.#recorder.state !== "inactive") {
      const stopped = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve, { once: true }));
      this.#recorder.stop();
      await stopped;
    }
    await this.#last;
    await this.tape.end();
  }

  #keep(data) {
    // After a piece that could not be stored, no other may follow it.
    if (data.size && !this.#full) this.#last = this.tape.add(data, this.seconds).catch(() => this.#stopForGood());
    this.#tell("tick");
  }

  #stopForGood() {
    this.#full = true;
    this.#tell("full");
  }

  async #done(detail) {
    await this.tape.remove();
    this.#release?.();
    this.#tell("done", detail);
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
