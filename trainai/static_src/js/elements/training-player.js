// <training-player>: plays the stream once it is prepared and the upload itself until then. The controls are
// media-chrome's; without script the browser's own are there.
import Hls from "hls.js/light";
import "media-chrome";
import { refresh } from "../live/fragments.js";
import { scrollBehavior } from "../page/motion.js";

// What a host answers when the token in an address is over or wrong.
const FORBIDDEN = 403;

class TrainingPlayer extends HTMLElement {
  #hls = null;
  #wantsStream = false;
  #isRenewing = false;
  #isUnproved = false; // the address was renewed, and nothing came from there yet
  #hasFallenBack = false;

  get video() {
    return this.querySelector("video");
  }

  /** Seconds from the recording's start. */
  get now() {
    return this.video.currentTime;
  }

  get hasBegun() {
    return !this.video.paused || this.video.currentTime > 0;
  }

  connectedCallback() {
    const { video } = this;
    video.controls = false;
    // It is on or off, which media-chrome says with an attribute that a plain button may not have.
    this.querySelector("media-captions-button").setAttribute("role", "switch");
    this.#tracks();
    // What plays is not interrupted: the stream waits for the next pause.
    for (const name of ["pause", "ended"]) video.addEventListener(name, () => this.#wantsStream && this.#stream());
    video.addEventListener("error", () => this.#cannotPlay(), true);
    // It may have failed before this script came.
    if (video.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) this.#cannotPlay();
    if (this.dataset.hls) this.#stream();
  }

  /** The live page has newer addresses. */
  takeAttributes(fresh) {
    for (const { name, value } of fresh.attributes) if (this.getAttribute(name) !== value) this.setAttribute(name, value);
    this.querySelector(".no-film").textContent = fresh.querySelector(".no-film").textContent;
    if (this.dataset.poster) this.video.poster = this.dataset.poster;
    this.#tracks();
    if (this.dataset.hls && !this.#hls) {
      this.#wantsStream = true;
      if (this.video.paused) this.#stream();
    }
  }

  seek(seconds) {
    this.video.currentTime = seconds;
    this.video.play().catch(() => {}); // a browser may refuse to play before the first touch
    this.video.scrollIntoView({ block: "nearest", behavior: scrollBehavior() });
  }

  #stream() {
    this.#wantsStream = false;
    this.querySelector(".no-film").hidden = true;
    if (Hls.isSupported()) {
      this.#change((at) => this.#attach(at));
    } else if (this.video.canPlayType("application/vnd.apple.mpegurl")) {
      this.#change((at) => this.#load(this.dataset.hls, at));
    }
  }

  #attach(at) {
    this.#hls?.destroy();
    // A screen recording is short: what was fetched stays for jumping back.
    this.#hls = new Hls({ startPosition: at || -1, backBufferLength: 300 });
    this.#hls.on(Hls.Events.FRAG_LOADED, () => (this.#isUnproved = false));
    this.#hls.on(Hls.Events.ERROR, (_, error) => this.#onError(error));
    this.#hls.loadSource(this.dataset.hls);
    this.#hls.attachMedia(this.video);
  }

  #onError({ response, fatal }) {
    // hls.js would try the other sizes first, again and again for half a minute: their addresses end with the same token.
    const isForbidden = response?.code === FORBIDDEN;
    if (this.#isRenewing || !(isForbidden || fatal)) return;
    if (isForbidden && !this.#isUnproved) this.#renew();
    else this.#fallBack();
  }

  /** A page may lie open longer than the token in its address is good: fetch the next, while what is here plays on. */
  async #renew() {
    this.#isRenewing = true;
    try {
      await refresh([this.dataset.fragment]);
      this.#isUnproved = true;
      this.#stream();
      const pictures = this.querySelector("track[label=thumbnails]");
      if (pictures) pictures.src = this.dataset.storyboard;
    } catch {
      this.#fallBack();
    } finally {
      this.#isRenewing = false;
    }
  }

  #fallBack() {
    this.#hasFallenBack = true;
    this.#change((at) => {
      this.#hls.destroy();
      this.#load(this.dataset.source, at);
    });
  }

  /** Have something else play, at the same moment, as fast, and only if it was playing. */
  #change(begin) {
    const { video } = this;
    const { currentTime, paused } = video;
    video.defaultPlaybackRate = video.playbackRate; // a new source begins with that one
    begin(currentTime);
    if (!paused) video.play().catch(() => {}); // what cannot play says so itself
  }

  #load(address, at) {
    this.video.src = address;
    if (at) this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = at), { once: true });
  }

  #cannotPlay() {
    if (!this.dataset.hls || this.#hasFallenBack) this.querySelector(".no-film").hidden = false;
  }

  #tracks() {
    const { captions, chapters, language, captionsLabel } = this.dataset;
    if (captions) this.#track("captions", captions, { srclang: language || "en", label: captionsLabel });
    if (chapters) this.#track("chapters", chapters, {});
  }

  #track(kind, src, values) {
    if (this.querySelector(`track[kind=${kind}]`)) return;
    this.video.append(Object.assign(document.createElement("track"), { kind, src, default: true, ...values }));
  }

  disconnectedCallback() {
    this.#hls?.destroy();
  }
}

customElements.define("training-player", TrainingPlayer);
