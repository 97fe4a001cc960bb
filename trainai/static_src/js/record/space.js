// How much more fits: on this computer's disk and into one upload.

const WARN_SECONDS = 180;
/** With less than this left, the recording is ended while it can still be stored whole. */
export const STOP_SECONDS = 10;
// Before the rate is measured, the most that the recorder is told to write.
const ASSUMED_BYTES_PER_SECOND = 400_000;
// A still picture takes next to nothing, but may begin to move at any time.
const LEAST_BYTES_PER_SECOND = 50_000;

/** Seconds that fit at the present rate. Chromium tells every page of the same 10 GiB: there only a piece that does not
 * fit any more says the truth. */
export async function secondsLeft(bytes, seconds, maxBytes) {
  const rate = seconds > 5 ? Math.max(bytes / seconds, LEAST_BYTES_PER_SECOND) : ASSUMED_BYTES_PER_SECOND;
  const { quota = Infinity, usage = 0 } = (await estimated()) ?? {};
  return Math.min(quota - usage, maxBytes - bytes) / rate;
}

// A browser that cannot tell refuses nothing.
function estimated() {
  return navigator.storage?.estimate().catch(() => null);
}

export function isLow(seconds) {
  return seconds < WARN_SECONDS;
}
