// Voice and the surface's own sound in one track: a recorder keeps only the first track of each kind. The microphone can
// be changed while it runs.

// The voice must be understood above whatever plays.
const SURFACE_GAIN = 0.6;

export class Mix {
  #context = new AudioContext();
  #out = this.#context.createMediaStreamDestination();
  #analyser = this.#context.createAnalyser();
  #voice = null;
  #samples;

  constructor(surface) {
    this.#context.resume(); // it may begin suspended when the click was long ago
    this.#analyser.fftSize = 32_768; // about 0.7 s, so that one look a second misses little
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#analyser.connect(this.#out);
    if (surface.getAudioTracks().length) {
      const gain = new GainNode(this.#context, { gain: SURFACE_GAIN });
      this.#context.createMediaStreamSource(surface).connect(gain).connect(this.#out);
    }
  }

  /** The one track with all of it. There is always one, silent when nothing is connected. */
  get track() {
    return this.#out.stream.getAudioTracks()[0];
  }

  /** Speak through this microphone from now on; null for none. */
  set microphone(stream) {
    this.#voice?.disconnect();
    this.#voice = stream && this.#context.createMediaStreamSource(stream);
    this.#voice?.connect(this.#analyser);
  }

  /** How loud the voice is: the root mean square of the last `seconds`, 0 to 1. */
  level(seconds = 0.7) {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const recent = this.#samples.subarray(-Math.ceil(seconds * this.#context.sampleRate));
    return Math.sqrt(recent.reduce((sum, value) => sum + value * value, 0) / recent.length);
  }

  close() {
    this.#context.close();
  }
}
