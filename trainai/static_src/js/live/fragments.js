// Fetches the named parts of this page again and puts them in place; what has not changed stays untouched, with focus,
// open menus and playing video. Scripts build no markup: the server renders the same templates as for the whole page.
import { Idiomorph } from "idiomorph";
import { changeInPlace, mustHold, whenLeft } from "./rows.js";

export const HEADER = "X-Fragments";

// Set by scripts, not by the server.
const OURS = new Set(["open", "aria-current", "aria-selected", "aria-pressed", "role", "tabindex", "aria-controls", "style"]);

const options = (root) => ({
  callbacks: {
    // A menu does not vanish while it is open.
    beforeAttributeUpdated: (name, node) => !OURS.has(name) && !(name === "hidden" && node.open),
    beforeNodeMorphed: (before, after) =>
      !before.isEqualNode(after) && !isBeingWritten(before) && (before === root || !isFragment(before)),
  },
});

// One within another is fetched by its own name.
function isFragment(node) {
  return node.nodeType === Node.ELEMENT_NODE && node.hasAttribute("data-fragment");
}

function isBeingWritten(node) {
  return node === document.activeElement && node.matches("input, textarea, select");
}

/** The names of this page's fragments; messages are said once and stay until the next page, and what a shut menu shows
 * is fetched when it is opened. */
export function names() {
  const all = [...document.querySelectorAll("[data-fragment]")];
  const open = all.filter((element) => !element.closest("details:not([open])") || element.matches("details"));
  return open.map((element) => element.dataset.fragment).filter((name) => name !== "messages");
}

/** Those of them that tell the same on every page, such as the header's counts. */
export function namesEverywhere() {
  return names().filter(isEverywhere);
}

/** Put the fragments of an answer in place of those of the page. */
export function place(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of answer.querySelectorAll("[data-fragment]")) {
    const old = document.getElementById(fresh.id);
    if (old && !fresh.parentElement.closest("[data-fragment]")) replace(old, fresh);
  }
  document.dispatchEvent(new CustomEvent("fragments:placed"));
}

function replace(old, fresh) {
  if (typeof old.takeAttributes === "function") old.takeAttributes(fresh);
  else if ("keepsOrder" in old.dataset) sort(old, fresh);
  else morph(old, fresh);
}

function sort(list, fresh) {
  const isHeld = mustHold(list, fresh);
  document.getElementById(list.dataset.keepsOrder).hidden = !isHeld;
  if (!isHeld) {
    morph(list, fresh);
    return;
  }
  changeInPlace(list, fresh, morph);
  whenLeft(list, () => refresh([list.dataset.fragment]).catch(() => {})); // the next news brings it then
}

function morph(old, fresh) {
  Idiomorph.morph(old, fresh, options(old));
}

/** Fetch fragments and place them. Rejects when there is no connection or no right answer. */
export async function refresh(wanted, from = source(wanted)) {
  const response = await fetch(from, { headers: { [HEADER]: wanted.join(",") } });
  if (response.redirected || !response.ok) throw new Error(`The page answered ${response.status}.`);
  place(await response.text());
}

// Not every page answers for its fragments, but one does for those that are the same on all.
function source(wanted) {
  return wanted.every(isEverywhere) ? document.querySelector("[data-from]").dataset.from : location.href;
}

function isEverywhere(name) {
  return Boolean(document.querySelector(`[data-from][data-fragment="${name}"], [data-from] [data-fragment="${name}"]`));
}
