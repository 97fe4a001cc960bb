// <time-tape>: chapters and steps along the recording. Places its marks by their moments and follows the player.

class TimeTape extends HTMLElement {
  #video = null;
  #follow = () => this.style.setProperty("--now", this.#share(this.#video.currentTime));

  connectedCallback() {
    this.#place();
    this.#video = document.querySelector("training-player video");
    this.#video?.addEventListener("timeupdate", this.#follow);
    document.addEventListener("fragments:placed", this.#placed);
  }

  disconnectedCallback() {
    this.#video?.removeEventListener("timeupdate", this.#follow);
    document.removeEventListener("fragments:placed", this.#placed);
  }

  #placed = () => this.#place();

  #place() {
    const chapters = [...this.querySelectorAll(".track a")];
    chapters.forEach((chapter, index) => {
      const start = index ? Number(chapter.dataset.seek) : 0;
      const end = Number(chapters[index + 1]?.dataset.seek ?? this.dataset.duration);
      set(chapter, { "--at": this.#share(start), "--part": this.#share(end - start) });
    });
    for (const tick of this.querySelectorAll(".ticks a")) set(tick, { "--at": this.#share(Number(tick.dataset.seek)) });
  }

  #share(seconds) {
    return Math.min(1, seconds / (Number(this.dataset.duration) || 1)).toFixed(4);
  }
}

function set(element, values) {
  for (const [name, value] of Object.entries(values)) element.style.setProperty(name, value);
}

customElements.define("time-tape", TimeTape);
