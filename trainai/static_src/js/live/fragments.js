// Fetches the named parts of this page again and puts them in place; what has not changed stays untouched, with focus,
// open menus and playing video. Scripts build no markup: the server renders the same templates as for the whole page.
import { Idiomorph } from "idiomorph";

export const HEADER = "X-Fragments";

// Set by scripts, not by the server.
const OURS = new Set(["open", "aria-current", "aria-selected", "aria-pressed", "role", "tabindex", "aria-controls", "style"]);

const options = {
  callbacks: {
    beforeAttributeUpdated: (name) => !OURS.has(name),
    beforeNodeMorphed: (before, after) => !before.isEqualNode(after) && !isBeingWritten(before),
  },
};

function isBeingWritten(node) {
  return node === document.activeElement && node.matches("input, textarea, select");
}

/** The names of this page's fragments; messages are said once and stay until the next page, and the
 * header's menu asks when it is opened. */
export function names() {
  const all = [...document.querySelectorAll("[data-fragment]")].map((element) => element.dataset.fragment);
  return all.filter((name) => !["messages", "work"].includes(name));
}

/** Put the fragments of an answer in place of those of the page. */
export function place(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of answer.querySelectorAll("[data-fragment]")) {
    const old = document.getElementById(fresh.id);
    if (old) replace(old, fresh);
  }
  document.dispatchEvent(new CustomEvent("fragments:placed"));
}

function replace(old, fresh) {
  if (typeof old.takeAttributes === "function") old.takeAttributes(fresh);
  else if ("keepsOrder" in old.dataset && old.querySelector("tbody") && fresh.querySelector("tbody")) rows(old, fresh);
  else Idiomorph.morph(old, fresh, options);
}

// Rows change in place and never move under the pointer; new ones come on top of their group, new groups on top of all.
function rows(old, fresh) {
  for (const group of [...fresh.querySelectorAll("tbody")].reverse()) {
    const here = old.querySelector(`tbody[data-group="${group.dataset.group}"]`);
    for (const row of [...group.rows].reverse()) {
      const known = document.getElementById(row.id);
      if (known) {
        Idiomorph.morph(known, row, options);
        row.remove();
      } else if (here) {
        here.querySelector(".group") ? here.querySelector(".group").after(row) : here.prepend(row);
      }
    }
    if (!here && group.rows.length > 1) old.querySelector("tbody").before(group);
  }
}

/** Fetch fragments and place them. Rejects when there is no connection or no right answer. */
export async function refresh(wanted, from = location.href) {
  const response = await fetch(from, { headers: { [HEADER]: wanted.join(",") } });
  if (response.redirected || !response.ok) throw new Error(`The page answered ${response.status}.`);
  place(await response.text());
}
