// <screen-recorder>: from "Choose what to record" to the page of the new training.
import { clock, duration } from "../format.js";
import { Camera } from "../record/camera.js";
import { canCapture, pickSurface, release, surfaceOf } from "../record/capture.js";
import { ending, recorderOptions } from "../record/codec.js";
import { Countdown } from "../record/countdown.js";
import { Guard } from "../record/guard.js";
import { Hearing } from "../record/hearing.js";
import { Keys } from "../record/keys.js";
import { Meter } from "../record/meter.js";
import { Mix } from "../record/mix.js";
import { PictureWindow } from "../record/picture-window.js";
import { reason } from "../record/sender.js";
import { Session } from "../record/session.js";
import { isLow, secondsLeft, STOP_SECONDS } from "../record/space.js";
import { SmallWindow } from "../record/small-window.js";
import { BUSY, may } from "../record/states.js";
import { Strip } from "../record/strip.js";
import { Voice } from "../record/voice.js";
import { gravest } from "../record/warnings.js";
import { holdSpokenLanguage, spokenLanguage } from "../spoken-language.js";
import { texts } from "../texts.js";

const now = () => performance.now() / 1000;

class ScreenRecorder extends HTMLElement {
  #state = "idle";
  #strip;
  #meter;
  #voice;
  #guard = new Guard();
  #countdown = new Countdown();
  #surface = null;
  #mix = null;
  #hearing = null;
  #found = "";
  #session = null;
  #starting = null;
  #camera;
  #broken = null;
  #left = Infinity;
  #why = "";
  #isCutShort = false;

  connectedCallback() {
    this.#strip = new Strip(this.querySelector(".strip"), texts(this));
    this.#meter = new Meter(this.querySelector(".meter"));
    this.#voice = new Voice(this.querySelector("[data-microphones]"));
    this.#voice.addEventListener("changed", ({ detail }) => this.#voiceChanged(detail));
    const small = new SmallWindow(this.querySelector(".strip"), this.querySelector("[data-window]"));
    const [smallButton, cameraButton] = ["small", "camera"].map((name) => this.querySelector(`[data-do=${name}]`));
    smallButton.hidden = !SmallWindow.isPossible;
    cameraButton.hidden = !SmallWindow.isPossible && !PictureWindow.isPossible;
    this.querySelector("[data-no-camera]").hidden = !cameraButton.hidden || !canCapture();
    const place = SmallWindow.isPossible ? small : new PictureWindow(this.querySelector("[data-camera]"));
    this.#camera = new Camera(cameraButton, place);
    this.#camera.addEventListener("changed", ({ detail }) => this.#strip.say(detail.said));
    const acts = {
      small: () => small.open(),
      camera: () => this.#camera.toggle(surfaceOf(this.#surface)),
      choose: () => this.#choose(),
      start: () => this.#start(),
      cancel: () => this.#cancel(),
      back: () => this.#back(),
      pause: () => this.#pause(),
      resume: () => this.#resume(),
      mark: () => this.#mark(),
      stop: () => this.#stop(),
      again: () => this.#again(),
    };
    for (const button of this.querySelectorAll("[data-do]")) button.addEventListener("click", acts[button.dataset.do]);
    const pause = () => (this.#state === "paused" ? acts.resume() : acts.pause());
    const keys = new Keys({ m: acts.mark, p: pause, Escape: acts.back }, this.querySelector("[data-keys]"));
    small.addEventListener("opened", ({ detail }) => keys.listen(detail.window));
    this.querySelector("[data-unsupported]").hidden = canCapture();
    this.#door.disabled = !canCapture() || "full" in this.dataset;
    addEventListener("offline", () => this.#watch());
  }

  // --- before it starts

  async #choose() {
    if (!this.#become("choosing")) return;
    try {
      this.#surface = await pickSurface();
    } catch (error) {
      this.#become("idle");
      this.#door.focus();
      if (error.name !== "NotAllowedError") this.#strip.tell("no_surface", { reason: error.message });
      return;
    }
    this.#surface.getVideoTracks()[0].addEventListener("ended", () => this.#shareEnded());
    this.#mix = new Mix(this.#surface);
    this.#strip.clear();
    const sound = this.#surface.getAudioTracks().length ? "with_sound" : "without_sound";
    this.#become("checking", surfaceOf(this.#surface), { sound: this.#strip.text(sound) });
    this.#hearing = new Hearing(now());
    this.#meter.follow((seconds) => this.#listen(seconds));
    await Promise.all([this.#voice.open(this.#mix), this.#measureSpace()]);
  }

  async #measureSpace() {
    this.#left = await secondsLeft(0, 0, Number(this.dataset.maxBytes));
    if (isLow(this.#left)) this.#warnBefore("");
  }

  // What would be lost goes before what would not be heard.
  #warnBefore(name) {
    if (this.#state === "checking" && isLow(this.#left)) name = "low_before";
    this.#strip.warn(name, { left: duration(this.#left, document.documentElement.lang) });
  }

  // Each look at the level also judges the microphone before the start, and moves the clock after it.
  #listen(seconds) {
    const level = this.#mix.level(seconds);
    if (this.#state === "checking" && this.#voice.isOpen) this.#check(this.#hearing.note(level, now()));
    if (this.#state === "recording") this.#measure();
    return level;
  }

  #check(found) {
    if (found === this.#found) return;
    this.#found = found;
    this.#warnBefore(found === "heard" ? "" : "unheard");
    this.#strip.hear(found === "heard");
  }

  #voiceChanged({ kind, name }) {
    this.#found = "";
    this.#hearing = new Hearing(now());
    this.#strip.hear(false);
    this.#warnBefore(kind === "missing" ? "no_microphone" : "");
    if (kind === "replaced") this.#strip.say("replaced", { name });
  }

  async #start() {
    await this.#measureSpace();
    if (this.#left < STOP_SECONDS) return this.#strip.say("no_space");
    if (!this.#become("countdown")) return;
    this.#countdown.run(
      (count) => this.#strip.say("counting", { count }),
      () => this.#record(),
    );
  }

  #back() {
    if (this.#state !== "countdown") return;
    this.#endCountdown();
    this.#become("checking", "not_started");
  }

  #cancel(why = "not_started", values = {}) {
    this.#endCountdown();
    if (!this.#become("idle")) return;
    this.#strip.tell(why, values);
    this.#letGo();
    this.#door.focus();
  }

  #endCountdown() {
    this.#countdown.stop();
    this.#starting = null;
  }

  // --- while it runs

  async #record() {
    const options = recorderOptions();
    const stream = new MediaStream([...this.#surface.getVideoTracks(), this.#mix.track]);
    const mine = (this.#starting = Symbol("start"));
    try {
      const about = { name: this.#name(options.mimeType), language: spokenLanguage() };
      const session = await Session.prepare(stream, options, { ...this.dataset, ...about });
      if (mine === this.#starting) this.#begin(session);
      else await session.discard();
    } catch (error) {
      if (mine === this.#starting) this.#cancel("cannot_start", { reason: error.message });
    }
  }

  #begin(session) {
    session.addEventListener("tick", () => this.#watch());
    session.addEventListener("safe", () => this.#sent(null));
    session.addEventListener("broken", ({ detail }) => this.#sent(reason(detail, texts(this))));
    session.addEventListener("removed", () => this.#sent(null));
    session.addEventListener("full", () => this.#stop("full"));
    session.addEventListener("died", () => this.#stop("died"));
    session.addEventListener("done", ({ detail }) => this.#done(detail.training));
    session.start();
    this.#session = session;
    this.#starting = null;
    this.#hearing = new Hearing(now());
    this.#become("recording", "began");
  }

  #name(type) {
    const when = new Date().toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    return `${this.#strip.text("name", { when })}.${ending(type)}`;
  }

  #pause() {
    if (!this.#become("paused")) return;
    this.#session.pause();
    this.#strip.warn("");
    this.#strip.say("paused", { time: clock(this.#session.seconds) });
    this.#measure();
  }

  #resume() {
    if (this.#state !== "paused") return;
    this.#hearing = new Hearing(now());
    this.#session.goOn();
    this.#become("recording", "resumed");
  }

  #mark() {
    if (this.#state !== "recording") return;
    const second = this.#session.mark();
    this.#strip.tick(second);
    this.#strip.say("marked", { time: clock(second) });
    this.#measure();
  }

  #sent(broken) {
    this.#broken = broken;
    if (this.#state === "finishing") this.#tellRest();
    else this.#watch();
  }

  // Runs with each second that is recorded, also while the page is hidden, where timers do not.
  async #watch() {
    if (!this.#session) return;
    const { tape, seconds } = this.#session;
    this.#measure();
    const left = await secondsLeft(tape.row.bytes, seconds, Number(this.dataset.maxBytes));
    if (this.#state !== "recording") return;
    if (left < STOP_SECONDS) this.#stop("full");
    else this.#warn(left);
  }

  #warn(left) {
    const facts = {
      left,
      removed: this.#session.tape.row.removed,
      tight: this.#session.tape.isTight,
      microphone: this.#voice.isOpen,
      voice: this.#hearing.note(this.#mix.level(), now()),
      broken: this.#broken,
      online: navigator.onLine,
      unsent: this.#session.unsentSeconds,
    };
    this.#strip.warn(gravest(facts), {
      left: duration(left, document.documentElement.lang),
      seconds: facts.unsent,
      reason: this.#broken,
      who: facts.removed?.by,
    });
  }

  #measure() {
    this.#strip.measure(this.#session.seconds, this.#session.tape.sentSeconds);
  }

  // --- how it ends

  #shareEnded() {
    if (may(this.#state, "finishing")) this.#stop("share_ended_recording");
    else if (this.#surface) this.#cancel("share_ended");
  }

  async #stop(why = "stopped") {
    if (!this.#become("finishing", why)) return;
    this.#why = this.#strip.text(why);
    this.#isCutShort = why === "died";
    this.#strip.warn("");
    await this.#session.stop();
    this.#letGo();
    this.querySelector("[data-do=again]").hidden = !this.#isCutShort;
    this.#tellRest();
  }

  #tellRest() {
    const { unsentSeconds, sender, tape } = this.#session;
    if (tape.row.removed && tape.row.ended) return this.#handOver();
    const values = { why: this.#why, seconds: unsentSeconds, reason: this.#broken };
    this.#measure();
    this.#strip.warn(this.#broken === null ? "" : this.#broken ? "refused" : "offline", values);
    this.#strip.note("sending", values);
    if (sender.training) this.#strip.link(this.#addressOf(sender.training));
  }

  #done(training) {
    this.#become("done", "done", { why: this.#why });
    this.#strip.warn("");
    this.#strip.link(this.#addressOf(training));
    if (!this.#isCutShort) location.assign(this.#addressOf(training));
  }

  // What becomes of a recording whose training was deleted, its person decides where all kept ones are.
  #handOver() {
    const { tape, giveBack } = this.#session;
    this.#session = null;
    this.#become("idle");
    this.dispatchEvent(new CustomEvent("recording-kept", { bubbles: true, detail: { tape, giveBack } }));
  }

  // What was cut short is kept here until it is sent: the page goes on with it by itself.
  #again() {
    this.#guard.on = false;
    location.reload();
  }

  #addressOf(training) {
    return `${this.dataset.trainingUrl}${training}/#heading`;
  }

  #letGo() {
    this.#meter.stop();
    this.#camera.close();
    this.#voice.close();
    this.#mix?.close();
    release(this.#surface);
    this.#mix = this.#surface = null;
  }

  get #door() {
    return this.querySelector("[data-do=choose]");
  }

  #become(state, said = "", values = {}) {
    if (!may(this.#state, state)) return false;
    this.#state = state;
    this.#guard.on = BUSY.includes(state);
    this.#door.disabled = state !== "idle";
    holdSpokenLanguage(BUSY.includes(state));
    this.#strip.show(state);
    if (said) this.#strip.say(said, values);
    return true;
  }
}

customElements.define("screen-recorder", ScreenRecorder);
