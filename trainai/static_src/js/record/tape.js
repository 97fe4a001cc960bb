// One recording on this computer: grows at its end while it is sent from its beginning.
import * as store from "./store.js";

const BIT_BYTES = 16 * 1024 * 1024;

export class Tape {
  #row;
  #ends = [];
  #last = Promise.resolve();
  #more = Promise.withResolvers();
  #sentSeconds = 0;
  #sentBytes = 0;

  /** Whether the disk was full once: then only what is not sent yet is kept. */
  isTight = false;

  constructor(row) {
    this.#row = row;
  }

  /** A new, empty one. */
  static async make({ person, type, name, language }) {
    const row = { id: crypto.randomUUID(), person, type, name, language, began: Date.now() };
    const tape = new Tape({ ...row, bytes: 0, seconds: 0, marks: [], ended: false, address: null, removed: null });
    await store.put(tape.#row);
    return tape;
  }

  get row() {
    return this.#row;
  }

  get id() {
    return this.#row.id;
  }

  /** Seconds of it that are on the server. */
  get sentSeconds() {
    return this.#sentSeconds;
  }

  get sentBytes() {
    return this.#sentBytes;
  }

  /** Append what was recorded up to `seconds`. Pieces are stored in the order of the calls. */
  add(blob, seconds) {
    return this.#inTurn(async () => {
      const data = await blob.arrayBuffer();
      const row = { ...this.#row, bytes: this.#row.bytes + data.byteLength, seconds };
      await this.#put(row, { offset: this.#row.bytes, data });
      this.#row = row;
      this.#ends.push({ bytes: row.bytes, seconds });
      this.#wake();
    });
  }

  /** Nothing more will come. */
  end() {
    return this.#inTurn(async () => {
      await this.#change({ ended: true });
      this.#wake();
    });
  }

  mark(seconds) {
    return this.#inTurn(() => this.#change({ marks: [...this.#row.marks, Math.round(seconds * 1000) / 1000] }));
  }

  /** Remember where it is sent to. */
  sentTo(address) {
    return this.#inTurn(() => this.#change({ address }));
  }

  /** Remember that its training was deleted, by whom: the server has nothing of it any more. */
  removedBy(by) {
    [this.#sentBytes, this.#sentSeconds] = [0, 0];
    return this.#inTurn(() => this.#change({ address: null, removed: { by } }));
  }

  /** Let it be sent once more, as a new training. */
  restore() {
    return this.#inTurn(() => this.#change({ removed: null }));
  }

  /** The server has the bytes before `offset`. */
  sent(offset) {
    while (this.#ends.length && this.#ends[0].bytes <= offset) this.#sentSeconds = this.#ends.shift().seconds;
    this.#sentBytes = offset;
  }

  /** Up to `end - start` bytes, as soon as there are any behind `start`; `done` with the last ones. */
  async read(start, end) {
    while (this.#row.bytes <= start && !this.#row.ended) await this.#more.promise;
    const left = this.#row.bytes - start;
    const blob = left > 0 ? await store.read(this.id, start, Math.min(end, this.#row.bytes)) : null;
    return { value: blob, done: this.#row.ended && start + (blob?.size ?? 0) >= this.#row.bytes };
  }

  /** All of it as one file. Read bit by bit, for it may be larger than the memory. */
  async file() {
    const bits = [];
    for (let start = 0; start < this.#row.bytes; start += BIT_BYTES) {
      bits.push(await store.read(this.id, start, Math.min(start + BIT_BYTES, this.#row.bytes)));
    }
    return new File(bits, this.#row.name, { type: this.#row.type });
  }

  isWhole() {
    return store.isWhole(this.id);
  }

  remove() {
    return this.#inTurn(() => store.remove(this.id));
  }

  // A full disk first loses what the server has anyway.
  async #put(row, piece) {
    try {
      await store.add(row, piece);
    } catch (error) {
      if (error.name !== "QuotaExceededError" || !this.#sentBytes) throw error;
      this.isTight = true;
      await store.forgetBefore(this.id, this.#sentBytes);
      await store.add(row, piece);
    }
  }

  async #change(values) {
    this.#row = { ...this.#row, ...values };
    await store.put(this.#row);
  }

  #wake() {
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }

  #inTurn(act) {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
