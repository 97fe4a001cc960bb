// What can be said of a file before a byte of it is sent.

const ENDINGS = /\.(mp4|m4v|mov|webm|mkv|avi|ts|mts|mpe?g|ogv|3gp)$/i;

/** The name of the text that says why a file is refused, empty when it is not. */
export function refusal(file, maxBytes) {
  if (!file.type.startsWith("video/") && !ENDINGS.test(file.name)) return "not_a_video";
  if (file.size === 0) return "empty";
  if (maxBytes === 0) return "no_space";
  return file.size > maxBytes ? "too_large" : "";
}

/** The same for what `look` found in it. */
export function refusalOf({ seconds }, maxSeconds) {
  return seconds !== null && seconds > maxSeconds ? "too_long" : "";
}
