// Whether somebody is heard: from levels between 0 and 1, noted as time goes by.

// A voice at arm's length is louder than this; the noise of a room is not.
const VOICE = 0.012;
// Below this a microphone is muted or broken: a real one always hisses a little.
const DEAD = 0.0004;
// Judged once a second while recording: told within five.
const DEAD_SECONDS = 4;
const QUIET_SECONDS = 20;
const UNHEARD_SECONDS = 4;

export class Hearing {
  #voiceAt;
  #aliveAt;
  #heard = false;

  constructor(now) {
    this.#voiceAt = this.#aliveAt = now;
  }

  /** Note a level at a time in seconds. Returns what to think of it: "heard" (a voice, now or just before), "unheard"
   * (no voice yet), "quiet" (no voice for long), "nothing" (a dead microphone) or "" while it is too early to tell. */
  note(level, now) {
    if (level >= VOICE) [this.#voiceAt, this.#heard] = [now, true];
    if (level >= DEAD) this.#aliveAt = now;
    if (now - this.#aliveAt >= DEAD_SECONDS) return "nothing";
    if (now - this.#voiceAt >= QUIET_SECONDS) return "quiet";
    if (this.#heard) return "heard";
    return now - this.#voiceAt >= UNHEARD_SECONDS ? "unheard" : "";
  }
}
