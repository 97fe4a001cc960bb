// How fast bytes go out, over the last few seconds: an average since the start would never notice a change.

const WINDOW_MILLISECONDS = 8_000;
const SHORTEST_MILLISECONDS = 800;

export class Rate {
  #points = [];

  /** Note that `bytes` are sent at the time `now`, in milliseconds. */
  note(bytes, now) {
    this.#points.push({ bytes, now });
    while (this.#points.length > 2 && now - this.#points[0].now > WINDOW_MILLISECONDS) this.#points.shift();
  }

  /** Bytes per second; 0 while that is not known. */
  perSecond() {
    const [first, last] = [this.#points[0], this.#points.at(-1)];
    if (!first || last.now - first.now < SHORTEST_MILLISECONDS) return 0;
    return (1000 * (last.bytes - first.bytes)) / (last.now - first.now);
  }

  reset() {
    this.#points = [];
  }
}
