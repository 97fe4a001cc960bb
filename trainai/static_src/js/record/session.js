// A recording from Start to its last byte on the server.
import { Clock } from "./clock.js";
import { own } from "./owner.js";
import { Sender } from "./sender.js";
import { Tape } from "./tape.js";

const PIECE_MILLISECONDS = 1_000;

/** Tells "tick" once a second of recording, "safe", "broken" {status, message}, "full" when it cannot be stored any more,
 * "died" when the browser stopped recording by itself, "removed" when somebody deleted the training, and "done" {training}. */
export class Session extends EventTarget {
  #recorder;
  #clock = new Clock();
  #release;
  #last = Promise.resolve();
  #full = false;
  #isWanted = true;
  #stopped = Promise.withResolvers();

  constructor(stream, options, tape, sender, release) {
    super();
    this.tape = tape;
    this.sender = sender;
    this.#release = release;
    this.#recorder = new MediaRecorder(stream, options);
    this.#recorder.ondataavailable = ({ data }) => this.#keep(data);
    // After an error the last bytes still come, then "stop"; a recorder that goes on after one is not to be trusted.
    this.#recorder.onerror = () => this.#halt();
    this.#recorder.onstop = () => this.#ended();
    for (const name of ["safe", "broken", "removed"]) sender.addEventListener(name, (event) => this.#tell(name, event.detail));
    sender.addEventListener("done", ({ detail }) => this.#done(detail));
  }

  /** Make its place on this computer. Throws when there is none, or when the browser cannot record this. */
  static async prepare(stream, options, { endpoint, person, name, language }) {
    const tape = await Tape.make({ person, name, language, type: options.mimeType });
    return new Session(stream, options, tape, new Sender(tape, endpoint), await own(tape.id));
  }

  start() {
    this.#recorder.start(PIECE_MILLISECONDS);
    this.#clock.run();
    this.sender.start();
  }

  /** What gives the recording back for others to own. */
  get giveBack() {
    return this.#release;
  }

  /** Forget what this computer has of it. */
  async discard() {
    await this.tape.remove();
    this.#release?.();
  }

  get seconds() {
    return this.#clock.seconds;
  }

  /** Seconds that are kept on this computer only. */
  get unsentSeconds() {
    return Math.max(0, Math.ceil(this.tape.row.seconds - this.tape.sentSeconds));
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
    this.#isWanted = false;
    this.#clock.pause();
    this.#halt();
    await this.#stopped.promise;
    await this.#last;
    await this.tape.end();
  }

  #halt() {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
  }

  #ended() {
    this.#clock.pause();
    this.#stopped.resolve();
    if (this.#isWanted) this.#tell("died");
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
    await this.discard();
    this.#tell("done", detail);
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
