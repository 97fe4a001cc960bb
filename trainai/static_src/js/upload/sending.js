// One file on its way: tus-js-client with our headers, and a few words for what happens to it.
import { Upload } from "tus-js-client";

import { cookie } from "../cookies.js";
import { Memory } from "./memory.js";

const RETRY_MILLISECONDS = [0, 500, 1_000, 3_000, 5_000, 10_000];
const RECONNECT_MILLISECONDS = 10_000;

// Somebody else holds the upload for a moment, or the server knows better how far it is.
const PASSING = [409, 423];
const GONE = [404, 410];
const SIGNED_OUT = 401;

/** Tells "progress" {sent, size}, "retrying", "signed_out" while it waits for somebody to log in again, "done" {training}
 * and "failed" {reason}. */
export class Sending extends EventTarget {
  #upload;
  #endpoint;
  #memory = new Memory();
  #timer = 0;
  #training = "";
  #over = false;

  /** `pieceBytes`: sent in one request. `language`: what is spoken in it, "" where that is to be found. `previous`: what
   * is remembered of it from an earlier visit. */
  constructor(file, { endpoint, pieceBytes, language }, previous = null) {
    super();
    this.#endpoint = endpoint;
    this.#upload = new Upload(file, {
      endpoint,
      chunkSize: Number(pieceBytes),
      retryDelays: RETRY_MILLISECONDS,
      urlStorage: this.#memory,
      removeFingerprintOnSuccess: true,
      // By its fingerprint the server knows this creation again if the answer is lost; the same file chosen twice has two.
      metadata: { filename: file.name, filetype: file.type, fingerprint: random(), ...(language && { language }) },
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", cookie("csrftoken")),
      onAfterResponse: (_, response) => this.#answered(response),
      onUploadUrlAvailable: () => this.#settle(),
      onProgress: (sent, size) => this.#tell("progress", { sent, size }),
      onShouldRetry: (error) => this.#mayPass(error),
      onSuccess: () => this.#end("done", { training: this.#training }),
      onError: (error) => this.#failed(error),
    });
    if (!previous) return;
    this.#upload.resumeFromPreviousUpload(previous);
    this.#settle();
  }

  start() {
    this.#waitNoMore();
    if (!this.#over) this.#upload.start();
  }

  pause() {
    this.#waitNoMore();
    return this.#upload.abort();
  }

  /** Stop and delete what was sent. */
  async remove() {
    this.#waitNoMore();
    this.#over = true;
    await this.#upload.abort(true).catch(() => {}); // the server gives it up by itself later
  }

  // The upload has its address. With the endpoint still there, one odd answer to "how far are you?" would make
  // tus-js-client begin a second upload from zero.
  #settle() {
    this.#upload.options.endpoint = null;
  }

  #answered(response) {
    this.#training = response.getHeader("Upload-Training") || this.#training;
    this.#memory.isSignedOut = response.getStatus() === SIGNED_OUT;
  }

  #mayPass(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    const passes = status === 0 || status >= 500 || PASSING.includes(status);
    if (passes) this.#tell("retrying", {});
    return passes;
  }

  #failed(error) {
    const answer = error.originalResponse;
    const status = answer?.getStatus() ?? 0;
    if (this.#upload.url && GONE.includes(status)) {
      this.#beginAnew();
    } else if (status === SIGNED_OUT) {
      this.#tell("signed_out", {});
      this.#wait();
    } else if (answer && status < 500) {
      this.#end("failed", { reason: message(answer) });
    } else this.#wait();
  }

  #wait() {
    this.#timer = setTimeout(this.#now, RECONNECT_MILLISECONDS);
    addEventListener("online", this.#now);
  }

  #waitNoMore() {
    clearTimeout(this.#timer);
    removeEventListener("online", this.#now);
  }

  #now = () => this.start();

  // The server gave it up or lost it.
  #beginAnew() {
    this.#upload.url = null;
    this.#upload.options.endpoint = this.#endpoint;
    this.start();
  }

  #end(name, detail) {
    this.#over = true;
    this.#tell(name, detail);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

// crypto.randomUUID() is missing where a page came by plain HTTP.
function random() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

function message(answer) {
  try {
    return JSON.parse(answer.getBody()).error.message;
  } catch {
    return `${answer.getStatus()}`;
  }
}
