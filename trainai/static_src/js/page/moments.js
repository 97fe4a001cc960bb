// Which of several moments is now. Pure: moments are {start, end} in seconds, in order.

/** The last one that has begun and, when `untilEnd`, has not ended; -1 when there is none. */
export function current(moments, now, untilEnd) {
  let found = -1;
  for (let index = 0; index < moments.length && moments[index].start <= now + 0.01; index++) found = index;
  return found >= 0 && untilEnd && now >= moments[found].end ? -1 : found;
}
