// "Tell me in this browser": asked for by a click, told by whichever page of ours is open when the training has ended.
import { HEADER } from "../live/fragments.js";
import { isFinal } from "../live/known.js";

const KEY = "trainai-tell";
const ENDED = ["ready", "failed"];

export function watchTells(line) {
  if (!("Notification" in window)) return;
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
  else button.nextElementSibling.hidden = false;
  show();
}

function show() {
  for (const button of document.querySelectorAll("[data-tell]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", wanted().has(button.dataset.tell));
  }
}

async function tellIfEnded(id) {
  const address = `/trainings/${id}/`;
  const response = await fetch(address, { headers: { [HEADER]: "state" } }).catch(() => null);
  if (response?.status === 404) change((ids) => ids.delete(id));
  if (!response?.ok) return;
  const state = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("state");
  // Another tab may have told it meanwhile.
  if (!ENDED.includes(state?.dataset.status) || !wanted().has(id)) return;
  change((ids) => ids.delete(id));
  show();
  const body = state.lastElementChild.textContent.replace(/\s+/g, " ").trim();
  const note = new Notification(state.dataset.told, { body, tag: id });
  note.addEventListener("click", () => {
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
