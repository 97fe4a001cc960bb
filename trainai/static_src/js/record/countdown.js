// Three, two, one.

const FROM = 3;
const STEP_MILLISECONDS = 1_000;

export class Countdown {
  #timer = 0;

  /** Tell each number, then that it is over; unless it is stopped before. */
  run(onNumber, onEnd, left = FROM) {
    if (left === 0) {
      onEnd();
      return;
    }
    onNumber(left);
    this.#timer = setTimeout(() => this.run(onNumber, onEnd, left - 1), STEP_MILLISECONDS);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
