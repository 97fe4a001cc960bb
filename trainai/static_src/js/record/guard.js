// Asks before the page is left while something would be cut off.

export class Guard {
  #ask = (event) => event.preventDefault();

  set on(wanted) {
    if (wanted) addEventListener("beforeunload", this.#ask);
    else removeEventListener("beforeunload", this.#ask);
  }
}
