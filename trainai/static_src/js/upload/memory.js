// What this browser remembers of uploads it began. tus-js-client forgets one at any refusal, also when only the session
// has ended: then it is remembered.
import { defaultOptions } from "tus-js-client";

const storage = defaultOptions.urlStorage;

/** The memory of one upload, as tus-js-client asks for it. */
export class Memory {
  /** Whether the server wants to know first who asks. */
  isSignedOut = false;
  #kept = "";

  findAllUploads() {
    return storage.findAllUploads();
  }

  findUploadsByFingerprint(fingerprint) {
    return storage.findUploadsByFingerprint(fingerprint);
  }

  async removeUpload(key) {
    if (this.isSignedOut) this.#kept = key;
    else await storage.removeUpload(key);
  }

  async addUpload(fingerprint, upload) {
    const key = this.#kept || (await storage.addUpload(fingerprint, upload));
    this.#kept = "";
    return key;
  }
}
