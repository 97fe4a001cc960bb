// Jobs that have no line on the page: which of them its filters match is for the server to say. Each counts once,
// however often it is heard of, and no longer when it does not match any more.

export class Newcomers {
  #heard = new Set();
  #matching = new Set();

  hear(id) {
    this.#heard.add(id);
  }

  /** Those to ask about now, `most` at once; what is left is `waiting`. */
  take(most) {
    const some = [...this.#heard].slice(0, most);
    for (const id of some) this.#heard.delete(id);
    return some;
  }

  get waiting() {
    return this.#heard.size > 0;
  }

  answer(asked, matching) {
    for (const id of asked) this.#matching.delete(id);
    for (const id of matching) this.#matching.add(id);
  }

  get count() {
    return this.#matching.size;
  }
}
