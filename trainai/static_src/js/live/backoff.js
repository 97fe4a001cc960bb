// Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): when a server comes back, its browsers do not
// all return at once.

const FIRST_MILLISECONDS = 500;
const LONGEST_MILLISECONDS = 20_000;

/** How long to wait before the try with this number, counted from 0. */
export function delay(attempt, random = Math.random) {
  return random() * Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** attempt);
}
