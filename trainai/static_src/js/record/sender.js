// A tape on its way to the server while it is still being recorded: tus with a length that is told at the end.
import { Upload } from "tus-js-client";

import { cookie } from "../cookies.js";
import { fill } from "../format.js";

// A piece that breaks off is sent again: small ones lose little.
const PIECE_BYTES = 4 * 1024 * 1024;
const LONGEST_WAIT_MILLISECONDS = 10_000;
const GONE = [404, 410];
const REMOVED = "Upload-Removed";
const SIGNED_OUT = 401;

/** Tells "safe" when the server has more of it, "broken" {status, message} while it has not (status 0 for no
 * connection), "removed" when somebody deleted the training, and "done" {training}. It gives up only then: what is on this
 * computer can still be sent later. */
export class Sender extends EventTarget {
  #tape;
  #endpoint;
  #upload;
  #training = "";
  #failures = 0;
  #timer = 0;
  #over = false;

  constructor(tape, endpoint) {
    super();
    this.#tape = tape;
    this.#endpoint = endpoint;
    this.#upload = this.#prepare(tape.row.address);
  }

  /** The training it becomes, "" while that is not known. */
  get training() {
    return this.#training;
  }

  start() {
    addEventListener("online", this.#now);
    this.#upload.start();
  }

  /** Stop, and delete what the server has. */
  async remove() {
    this.#end();
    await this.#upload.abort();
    const { address } = this.#tape.row;
    // Without a connection the server gives it up by itself later.
    if (address) await Upload.terminate(address, this.#upload.options).catch(() => {});
  }

  #prepare(address) {
    return new Upload(this.#tape, {
      // With an endpoint and an address, every odd answer would make it begin a second upload.
      [address ? "uploadUrl" : "endpoint"]: address ?? this.#endpoint,
      uploadLengthDeferred: true,
      chunkSize: PIECE_BYTES,
      retryDelays: null,
      storeFingerprintForResuming: false,
      fingerprint: async () => null,
      fileReader: { openFile: async (tape) => new Source(tape) },
      metadata: metadata(this.#tape.row),
      onUploadUrlAvailable: () => this.#settled(),
      onBeforeRequest: (request) => this.#sign(request),
      onAfterResponse: (_, response) => (this.#training = response.getHeader("Upload-Training") || this.#training),
      onChunkComplete: (_, offset) => this.#safe(offset),
      onSuccess: ({ lastResponse }) => this.#done(Number(lastResponse.getHeader("Upload-Offset"))),
      onError: (error) => this.#failed(error.originalResponse),
    });
  }

  // The marks go with the bytes: whoever has the last byte has all of them.
  #sign(request) {
    request.setHeader("X-CSRFToken", cookie("csrftoken"));
    const { marks } = this.#tape.row;
    if (marks.length && request.getMethod() === "PATCH") request.setHeader("Upload-Marks", marks.join(","));
  }

  #settled() {
    const address = this.#upload.url;
    this.#upload.options.endpoint = null;
    if (this.#tape.row.address !== address) this.#tape.sentTo(address);
  }

  #safe(offset) {
    this.#failures = 0;
    this.#tape.sent(offset);
    this.#tell("safe");
  }

  async #done(bytes) {
    // After a day without news the server makes do with what it has. The whole is better.
    if (bytes < this.#tape.row.bytes && (await this.#tape.isWhole())) {
      this.#upload = this.#prepare(null);
      this.#upload.start();
      return;
    }
    this.#end();
    this.#tell("done", { training: this.#training });
  }

  async #failed(answer) {
    if (this.#over) return;
    const remover = answer?.getHeader(REMOVED) ?? null;
    if (remover !== null) return this.#removed(decodeURIComponent(remover));
    const gone = answer && GONE.includes(answer.getStatus());
    if (gone && (await this.#tape.isWhole())) this.#upload = this.#prepare(null);
    this.#tell("broken", answer ? { status: answer.getStatus(), message: message(answer) } : { status: 0 });
    const wait = Math.min(LONGEST_WAIT_MILLISECONDS, 500 * 2 ** this.#failures++);
    this.#timer = setTimeout(this.#now, wait);
  }

  // Sent again by itself, what somebody deleted would come back.
  async #removed(by) {
    this.#end();
    await this.#tape.removedBy(by);
    this.#tell("removed");
  }

  #now = () => {
    if (!this.#timer || this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#upload.start();
  };

  #end() {
    this.#over = true;
    clearTimeout(this.#timer);
    removeEventListener("online", this.#now);
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

// A tape of an earlier visit may know no language yet.
function metadata({ id, name, type, language }) {
  return { filename: name, filetype: type, source: "screen", fingerprint: id, ...(language && { language }) };
}

/** What tus-js-client reads from. */
class Source {
  size = null;
  #tape;

  constructor(tape) {
    this.#tape = tape;
  }

  slice(start, end) {
    return this.#tape.read(start, end);
  }

  close() {}
}

/** Say why it is "broken", "" for no connection. */
export function reason({ status, message }, texts) {
  if (status === SIGNED_OUT) return texts.signed_out;
  return status && (message || fill(texts.answered, { status })) || "";
}

function message(answer) {
  try {
    return JSON.parse(answer.getBody()).error.message;
  } catch {
    return ""; // a HEAD says nothing
  }
}
