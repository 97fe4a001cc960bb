// While the video plays, the step, line and chapter that are being spoken are lit, and the transcript follows.
import { current } from "./moments.js";
import { scrollBehavior } from "./motion.js";

const HANDS_OFF_MILLISECONDS = 6_000;
const WIDE = matchMedia("(min-width: 60rem)");

let touchedAt = -Infinity;

export function watchLights(player) {
  const update = () => light(player);
  player.video.addEventListener("timeupdate", update);
  player.video.addEventListener("seeked", update);
  document.addEventListener("fragments:placed", update);
  for (const name of ["wheel", "touchmove", "keydown"]) {
    addEventListener(name, () => (touchedAt = performance.now()), { passive: true });
  }
}

function light(player) {
  if (!player.hasBegun) return;
  for (const kind of ["step", "tick"]) mark(kind, player.now, true);
  for (const kind of ["chapter", "stretch"]) mark(kind, player.now, false);
  const line = mark("line", player.now, true);
  if (line) follow(line, player);
}

/** Mark the element of the moment; return it when it has just become so. */
function mark(kind, now, untilEnd) {
  const elements = [...document.querySelectorAll(`[data-lights=${kind}]`)];
  const moments = elements.map(({ dataset }) => ({ start: Number(dataset.start ?? dataset.seek), end: Number(dataset.end) }));
  const lit = elements[current(moments, now, untilEnd)];
  const before = elements.filter((element) => element.hasAttribute("aria-current"));
  if (before.length === 1 && before[0] === lit) return null;
  for (const element of before) element.removeAttribute("aria-current");
  lit?.setAttribute("aria-current", "true");
  return lit ?? null;
}

// Only beside the film, where following does not push it out of sight, and never against the reader's hand.
function follow(line, player) {
  if (player.video.paused || !WIDE.matches || performance.now() - touchedAt < HANDS_OFF_MILLISECONDS) return;
  if (line.offsetParent) line.scrollIntoView({ block: "nearest", behavior: scrollBehavior() });
}
