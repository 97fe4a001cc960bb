// Asks before the page is left, and keeps it when the session ends, while something would be cut off.

export class Guard {
  #ask = (event) => event.preventDefault();

  set on(wanted) {
    const listen = wanted ? "addEventListener" : "removeEventListener";
    window[listen]("beforeunload", this.#ask);
    document[listen]("signed-out", this.#ask);
  }
}
