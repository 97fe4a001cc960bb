// What a person has to know while they record: the gravest thing first, and one at a time.
import { isLow } from "./space.js";

// Sending runs this far behind without anybody having to worry.
const LATE_SECONDS = 10;

/** The kind of warning that these facts call for, "" for none.
 *
 * `left`: seconds that still fit. `removed`: whether somebody deleted the training. `tight`: whether the disk was full. `microphone`: whether one is open. `voice`: as Hearing tells. `broken`: null while
 * sending works, else why not ("" for no connection). `unsent`: seconds that are on this computer only. */
export function gravest({ left, removed, tight, microphone, voice, broken, online, unsent }) {
  if (isLow(left)) return "low";
  if (removed) return "removed";
  if (tight) return "tight";
  if (!microphone) return "no_microphone";
  if (voice === "nothing") return "nothing";
  if (broken) return "refused";
  if (broken === "" || !online || unsent > LATE_SECONDS) return "offline";
  return voice === "quiet" ? "quiet" : "";
}
