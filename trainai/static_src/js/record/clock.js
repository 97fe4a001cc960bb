// Seconds of recording so far: a pause does not count.

export class Clock {
  #before = 0;
  #since = null;

  constructor(now = () => performance.now()) {
    this.now = now;
  }

  run() {
    this.#since ??= this.now();
  }

  pause() {
    this.#before = this.seconds;
    this.#since = null;
  }

  get seconds() {
    return this.#before + (this.#since === null ? 0 : (this.now() - this.#since) / 1000);
  }
}
