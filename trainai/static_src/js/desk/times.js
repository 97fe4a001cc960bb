// Times that go on by themselves: ages in words, running times as a clock.

const TICK_MILLISECONDS = 1_000;
const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
];

/** 12 s, 5 min, 3 h, 12 d; `jobs/lengths.py` says the same. */
export function words(seconds) {
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return `${Math.floor(seconds / length)} ${unit}`;
  }
  return `${Math.floor(seconds)} s`;
}

/** 0:38, 12:05, 1:02:03. */
export function clock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, left] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(left)}` : `${minutes}:${two(left)}`;
}

export function keepTime() {
  setInterval(() => {
    if (document.hidden) return;
    for (const time of document.querySelectorAll("time[data-since]")) {
      const seconds = Math.max(0, (Date.now() - new Date(time.dateTime)) / 1000);
      const text = time.dataset.since === "coarse" ? words(seconds) : clock(seconds);
      if (time.textContent !== text) time.textContent = text;
    }
  }, TICK_MILLISECONDS);
}
