// "Tell me in this browser": asked for by a click, told by whichever page of ours is open when the training has ended.
import { HEADER } from "../live/fragments.js";
import { isFinal } from "../live/known.js";

const KEY = "trainai-tell";
const ENDED = ["ready", "failed"];

let canTell = false;

export function watchTells(line) {
  canTell = mayConstruct();
  show();
  document.addEventListener("fragments:placed", show);
  addEventListener("storage", (event) => event.key === KEY && show());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tell]");
    if (button) choose(button);
  });
  line.addEventListener("job", ({ detail }) => {
    if (isFinal(detail.job) && wanted().has(detail.job.training)) tellIfEnded(detail.job.training);
  });
  // What ended while no page of ours was open.
  line.addEventListener("snapshot", () => wanted().forEach(tellIfEnded));
}

async function choose(button) {
  const id = button.dataset.tell;
  if (wanted().has(id)) change((ids) => ids.delete(id));
  else if ((await Notification.requestPermission()) === "granted") change((ids) => ids.add(id));
  else button.parentElement.querySelector("[data-refused]").hidden = false;
  show();
}

function show() {
  for (const button of document.querySelectorAll("[data-tell]")) {
    button.hidden = !canTell;
    button.parentElement.querySelector("[data-cannot]").hidden = canTell;
    button.setAttribute("aria-pressed", wanted().has(button.dataset.tell));
  }
}

// Where pages may not make notices (Chrome on Android leaves that to service workers), trying throws. Before it was
// allowed the try shows nothing; afterwards it would, so there the first notice decides.
function mayConstruct() {
  if (!("Notification" in window)) return false;
  return Notification.permission === "granted" || notice("") !== null;
}

function notice(title, options) {
  try {
    return new Notification(title, options);
  } catch {
    return null;
  }
}

async function tellIfEnded(id) {
  if (!canTell) return;
  const address = `/trainings/${id}/`;
  const response = await fetch(address, { headers: { [HEADER]: "state" } }).catch(() => null);
  if (response?.status === 404) change((ids) => ids.delete(id));
  if (!response?.ok) return;
  const state = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("state");
  // Another tab may have told it meanwhile.
  if (!ENDED.includes(state?.dataset.status) || !wanted().has(id)) return;
  const body = state.querySelector("[data-sentence]").textContent.replace(/\s+/g, " ").trim();
  const note = notice(state.dataset.told, { body, tag: id });
  canTell = note !== null;
  if (canTell) change((ids) => ids.delete(id));
  show();
  note?.addEventListener("click", () => {
    window.focus();
    if (location.pathname !== address) location.assign(address);
  });
}

function wanted() {
  return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
}

function change(how) {
  const ids = wanted();
  how(ids);
  localStorage.setItem(KEY, JSON.stringify([...ids]));
}
