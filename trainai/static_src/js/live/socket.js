// The one line between a page and the server. Tells "job" for every change, "snapshot" after each (re)connection with
// whether it is the first, "broken" while there is no line, "signed-out" when something on the page keeps it from being
// loaded again (record/guard.js).
import { delay } from "./backoff.js";
import { KnownJobs } from "./known.js";

const NOT_LOGGED_IN = 4401;

export class LiveLine extends EventTarget {
  known = new KnownJobs();
  #url;
  #socket = null;
  #failures = 0;
  #isFirst = true;
  #timer = 0;
  #paused = false;

  constructor(path) {
    super();
    this.#url = new URL(path, location.href.replace(/^http/, "ws"));
    this.#url.searchParams.set("many", "1"); // it may tell of several jobs at once
  }

  open() {
    this.resume();
    addEventListener("online", () => this.#connect());
    // A page taken out of the browser's back-forward cache has lost its line.
    addEventListener("pageshow", (event) => event.persisted && this.#connect());
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Connect again after a pause: a snapshot tells what was missed. */
  resume() {
    this.#paused = false;
    this.#connect();
  }

  /** Hang up until `resume`. */
  pause() {
    this.#paused = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect() {
    clearTimeout(this.#timer);
    if (this.#paused) return;
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#hear(JSON.parse(event.data)));
    let wasOpen = false;
    socket.addEventListener("open", () => (wasOpen = true));
    socket.addEventListener("close", ({ code }) => this.#lost(socket, code === NOT_LOGGED_IN || !wasOpen));
  }

  #hear(message) {
    if (message.type === "snapshot") {
      this.#failures = 0;
      this.known.forgetUnfinishedBut(message.jobs);
      for (const job of message.jobs) this.known.learn(job);
      this.#tell("snapshot", { jobs: message.jobs, isFirst: this.#isFirst });
      this.#isFirst = false;
    } else {
      for (const job of message.jobs ?? [message.job]) this.#learn(job);
    }
  }

  #learn(job) {
    const { isNews, before } = this.known.learn(job);
    if (isNews) this.#tell("job", { job, before });
  }

  async #lost(socket, isSuspect) {
    const isSignedOut = socket === this.#socket && isSuspect && (await this.#isSignedOut());
    if (socket !== this.#socket) return;
    if (isSignedOut) {
      if (document.dispatchEvent(new Event("signed-out", { cancelable: true }))) {
        location.reload(); // the server sends to the login
        return;
      }
      this.#tell("signed-out");
    }
    this.#tell("broken", { failures: this.#failures });
    this.#timer = setTimeout(() => this.#connect(), delay(this.#failures++));
  }

  // A browser hides why a line was refused; the same address tells it over HTTP.
  async #isSignedOut() {
    const answer = await fetch(this.#url.href.replace(/^ws/, "http")).catch(() => null);
    return answer?.status === 401;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
