// Decides when to fetch which fragments: all of them when a state changes, the growing ones while work goes on, the
// header's alone when something happens elsewhere.
import { names, namesEverywhere, refresh } from "./fragments.js";
import { isFinal } from "./known.js";

const CHANGES_MILLISECONDS = 250;
const ELSEWHERE_MILLISECONDS = 1_000;
const GROWTH_MILLISECONDS = 2_000;
const POLL_MILLISECONDS = 10_000;
const POLLS_AFTER_FAILURES = 2;

// A page is a little older than its first snapshot: what ended in between must not be missed.
const LATELY_MILLISECONDS = 5 * 60_000;

export class Refresher {
  #training;
  #wanted = new Set();
  #timer = 0;
  #dueAt = Infinity;
  #busy = false;
  #lastGrowth = 0;
  #poll = 0;

  constructor(line, training) {
    this.#training = training;
    line.addEventListener("job", ({ detail }) => this.#onJob(detail.job, detail.before));
    line.addEventListener("snapshot", ({ detail }) => {
      this.#stopPolling();
      const fresh = detail.jobs.filter(isFresh);
      if (!detail.isFirst || fresh.some((job) => this.#concerns(job))) this.soon(names());
      else if (fresh.length) this.soon(namesEverywhere(), ELSEWHERE_MILLISECONDS);
    });
    line.addEventListener("broken", ({ detail }) => detail.failures >= POLLS_AFTER_FAILURES && this.#startPolling());
  }

  /** Fetch these fragments in a moment, together with what else is wanted by then. */
  soon(wanted, inMilliseconds = CHANGES_MILLISECONDS) {
    for (const name of wanted) this.#wanted.add(name);
    const at = performance.now() + inMilliseconds;
    if (at >= this.#dueAt || this.#wanted.size === 0) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => this.#run(), inMilliseconds);
  }

  #concerns(job) {
    return !this.#training || job.training === this.#training;
  }

  #onJob(job, before) {
    if (!before || before.status !== job.status || before.cancel_requested_at !== job.cancel_requested_at) {
      if (this.#concerns(job)) this.soon(names());
      else this.soon(namesEverywhere(), ELSEWHERE_MILLISECONDS);
      return;
    }
    if (!this.#concerns(job)) return;
    const growing = [...document.querySelectorAll("[data-grows-with]")]
      .filter((element) => ["*", job.job_type].some((type) => element.dataset.growsWith.split(" ").includes(type)))
      .map((element) => element.dataset.fragment);
    if (growing.length) this.soon(growing, Math.max(0, this.#lastGrowth + GROWTH_MILLISECONDS - performance.now()));
  }

  async #run() {
    this.#dueAt = Infinity;
    if (this.#busy || document.hidden) {
      this.#again();
      return;
    }
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    this.#busy = true;
    this.#lastGrowth = performance.now();
    try {
      await refresh(wanted);
    } catch {
      for (const name of wanted) this.#wanted.add(name);
      if (!this.#poll) this.soon([], GROWTH_MILLISECONDS);
    } finally {
      this.#busy = false;
    }
  }

  // A hidden page catches up when it is seen again.
  #again() {
    if (document.hidden) document.addEventListener("visibilitychange", this.#seen, { once: true });
    else this.soon([]);
  }

  #seen = () => this.soon([]);

  #startPolling() {
    this.#poll ||= setInterval(() => this.soon(names()), POLL_MILLISECONDS);
  }

  #stopPolling() {
    clearInterval(this.#poll);
    this.#poll = 0;
  }
}

function isFresh(job) {
  return !isFinal(job) || Date.now() - Date.parse(job.completed_at) < LATELY_MILLISECONDS;
}
