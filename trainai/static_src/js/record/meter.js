// A row of bars that move with the voice. For the eyes only: what it means is said in words beside it.

const EVERY_MILLISECONDS = 80;
const QUIETEST_DECIBELS = -54;

export class Meter {
  #bars;
  #timer = 0;

  constructor(element) {
    this.#bars = [...element.children];
  }

  /** Follow `level`, a function that returns 0 to 1. */
  follow(level) {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#shift(height(level(EVERY_MILLISECONDS / 1000))), EVERY_MILLISECONDS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#bars.forEach((bar) => bar.style.setProperty("--level", 0));
  }

  #shift(newest) {
    this.#bars.forEach((bar, place) => {
      const next = this.#bars[place + 1]?.style.getPropertyValue("--level") || 0;
      bar.style.setProperty("--level", place === this.#bars.length - 1 ? newest : next);
    });
  }
}

/** A level as the part of a bar, as loud as it sounds. */
export function height(level) {
  const decibels = 20 * Math.log10(Math.max(level, 1e-6));
  return Math.min(1, Math.max(0, 1 - decibels / QUIETEST_DECIBELS));
}
