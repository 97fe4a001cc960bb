// What a recorder can be in, and from where to where it may go. Warnings are not states: they come and go beside them.

const MOVES = {
  idle: ["choosing"],
  choosing: ["idle", "checking"],
  checking: ["idle", "countdown"],
  countdown: ["idle", "checking", "recording"],
  recording: ["paused", "finishing"],
  paused: ["recording", "finishing"],
  finishing: ["done", "idle"],
  done: [],
};

/** States in which leaving the page would cut something off. */
export const BUSY = ["countdown", "recording", "paused", "finishing"];

/** Whether one state may follow another. */
export function may(from, to) {
  return MOVES[from].includes(to);
}
