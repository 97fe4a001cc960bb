// Keeps the cells of a list true. The server renders each cell, as for the whole page; here it is put in its place.
// Nothing is added, removed or moved: what is new is counted and offered.

import { Newcomers } from "./newcomers.js";

const SOON_MILLISECONDS = 150;
const MOST_AT_ONCE = 100;
const LINE_MILLISECONDS = 2_000;

export class Lines {
  #element;
  #changed = new Set();
  #newcomers = new Newcomers();
  #moved = false;
  #movedAt = 0;
  #timer = 0;
  #busy = false;

  constructor(element, line) {
    this.#element = element;
    line.addEventListener("job", ({ detail }) => this.#hear(detail.job));
    line.addEventListener("snapshot", () => {
      this.#say("live");
      this.#all();
    });
    line.addEventListener("broken", () => this.#say("broken"));
    document.addEventListener("visibilitychange", () => document.hidden && this.#say("paused"));
  }

  #cells(id) {
    return document.querySelectorAll(`[data-job="${id}"][data-cell]`);
  }

  #hear(job) {
    const [cell] = this.#cells(job.id);
    if (!cell) {
      if (new Date(job.created_at) > new Date(this.#element.dataset.since)) this.#newcomers.hear(job.id);
    } else if (Number(cell.dataset.version) < job.version) {
      this.#changed.add(job.id);
    }
    this.#moved = true;
    this.#soon();
  }

  #all() {
    for (const cell of document.querySelectorAll("[data-job][data-cell]")) this.#changed.add(cell.dataset.job);
    this.#soon();
  }

  #soon() {
    this.#timer ||= setTimeout(() => this.#fetch(), SOON_MILLISECONDS);
  }

  /** Whatever happens, those in line may have moved up: look at them again, but not at each of many news. */
  #moveUp() {
    if (!this.#moved || Date.now() - this.#movedAt < LINE_MILLISECONDS) return;
    this.#moved = false;
    this.#movedAt = Date.now();
    for (const place of document.querySelectorAll("[data-job] [data-in-line]")) {
      this.#changed.add(place.closest("[data-job]").dataset.job);
    }
  }

  async #fetch() {
    this.#timer = 0;
    if (this.#busy) return this.#soon();
    this.#moveUp();
    const ids = take(this.#changed);
    const unknown = this.#newcomers.take(MOST_AT_ONCE);
    const address = new URL(this.#element.dataset.lines, location.href);
    address.search = location.search;
    for (const name of ["after", "before"]) address.searchParams.delete(name);
    address.searchParams.set("ids", ids.join(","));
    address.searchParams.set("unknown", unknown.join(","));
    this.#busy = true;
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) throw new Error(`The desk answered ${response.status}.`);
      const answer = await response.json();
      this.#newcomers.answer(unknown, answer.new);
      this.#place(answer);
    } catch {
      // The next news or snapshot brings them again.
      for (const id of ids) this.#changed.add(id);
      for (const id of unknown) this.#newcomers.hear(id);
    } finally {
      this.#busy = false;
    }
    if (this.#timer) return;
    if (this.#changed.size || this.#newcomers.waiting) {
      this.#timer = setTimeout(() => this.#fetch(), SOON_MILLISECONDS * 10);
    } else if (this.#moved) {
      this.#timer = setTimeout(() => this.#fetch(), LINE_MILLISECONDS);
    }
  }

  #place({ lines, figures }) {
    for (const [id, { version, cells }] of Object.entries(lines)) {
      for (const cell of this.#cells(id)) {
        if (Number(cell.dataset.version) > version) continue;
        cell.dataset.version = version;
        const fresh = cells[cell.dataset.cell];
        // An unchanged cell stays as it is, with what is selected in it and the pointer on it.
        if (cell.dataset.shown !== fresh) cell.innerHTML = cell.dataset.shown = fresh;
      }
    }
    for (const [name, value] of Object.entries(figures)) {
      for (const place of document.querySelectorAll(`[data-figure="${name}"]`)) place.textContent = value;
    }
    const offer = this.#element.querySelector("[data-new]");
    if (!offer) return;
    offer.hidden = !this.#newcomers.count;
    offer.querySelector("[data-number]").textContent = this.#newcomers.count;
  }

  #say(state) {
    const lamp = this.#element.querySelector("[data-lamp]");
    if (!lamp) return;
    lamp.dataset.lamp = state;
    lamp.textContent = lamp.dataset[state];
  }
}

function take(ids) {
  const some = [...ids].slice(0, MOST_AT_ONCE);
  for (const id of some) ids.delete(id);
  return some;
}
