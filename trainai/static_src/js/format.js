// Numbers as the page's language writes them.

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** Bytes as "4.2 MB"; a thousand is 1024, as Django's filesizeformat counts. */
export function size(bytes, language) {
  const power = bytes < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log2(bytes) / 10));
  const style = { style: "unit", unit: SIZES[power], maximumFractionDigits: power ? 1 : 0 };
  return new Intl.NumberFormat(language, style).format(bytes / 1024 ** power);
}

/** Seconds as "40 s", "3 min" or "2 h": rounded up, because a wait that ends early hurts nobody. */
export function duration(seconds, language) {
  const [value, unit] =
    seconds < 55
      ? [Math.max(1, seconds < 10 ? Math.ceil(seconds) : Math.ceil(seconds / 5) * 5), "second"]
      : seconds < 55 * 60
        ? [Math.ceil(seconds / 60), "minute"]
        : [Math.ceil(seconds / 3600), "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(value);
}

/** A text with {names} in it, filled in. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Seconds of a recording as a clock shows them: "04:12", "1:04:12". */
export function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}
