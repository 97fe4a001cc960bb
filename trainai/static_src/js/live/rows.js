// A list that somebody may be about to click in. Nothing moves under a pointer or the keyboard's focus: cells change in
// place, rows that have left say so, and the new order waits until both are elsewhere.

const POINTS = matchMedia("(hover: hover)");
const waiting = new WeakSet();

/** Whether somebody is about to click in it and other rows, or another order, are to come. */
export function mustHold(list, fresh) {
  const isUsed = (POINTS.matches && list.matches(":hover")) || list.querySelector(":focus-visible");
  return Boolean(isUsed && list.querySelector("tbody") && order(list) !== order(fresh));
}

/** Make every word in the list true without moving any of it. */
export function changeInPlace(list, fresh, morph) {
  for (const row of list.querySelectorAll("tbody tr[id^=job-]")) {
    const now = row.id && fresh.querySelector(`#${row.id}`);
    if (now) morph(row, now);
    else leave(row, list.dataset.gone);
  }
  for (const heading of list.querySelectorAll("tr.group")) {
    const now = fresh.querySelector(`#${heading.id} small`);
    heading.querySelector("small").textContent = now ? now.textContent : "0";
  }
}

/** Call `then` once, when neither pointer nor focus is in the list any more. */
export function whenLeft(list, then) {
  if (waiting.has(list)) return;
  waiting.add(list);
  const over = new AbortController();
  const leave = () => {
    over.abort();
    waiting.delete(list);
    then();
  };
  for (const name of ["pointerleave", "focusout"]) list.addEventListener(name, leave, { signal: over.signal });
}

// It keeps its size; nothing in it can be pressed, and no news reaches it any more. Should it come back, it is drawn anew.
function leave(row, told) {
  row.removeAttribute("data-job");
  row.querySelector("[data-message]").textContent = told;
  if (row.contains(document.activeElement)) focusOn(row.querySelector("a") ?? row);
  row.dataset.left = "";
}

function focusOn(element) {
  if (!element.matches("a")) element.tabIndex = -1;
  element.focus();
}

function order(list) {
  return [...list.querySelectorAll("tbody tr[id]")].map((row) => row.id).join(" ");
}
