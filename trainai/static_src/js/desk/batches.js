// Confirms a verb and has the server do it, batch after batch, until it says that there is no more.

import { fill } from "../format.js";

export function runBatches(form) {
  const bar = form.querySelector("progress");
  const told = form.querySelector("[data-told]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const control of form.querySelectorAll("button")) control.disabled = true;
    const total = Number(form.dataset.batches);
    const refused = new Map();
    let done = 0;
    let last = null;
    bar.hidden = false;
    try {
      do {
        const body = new FormData(form);
        if (last) body.set("after", last);
        const response = await fetch(form.action, { method: "POST", body });
        if (!response.ok) throw new Error(await problem(response));
        const answer = await response.json();
        done += answer.done;
        for (const [why, number] of Object.entries(answer.refused)) refused.set(why, (refused.get(why) ?? 0) + number);
        last = answer.last;
        bar.value = Math.min(total, done + sum(refused));
        told.textContent = fill(form.dataset.going, { done, total });
      } while (last);
      told.textContent = [`${done} ${form.dataset.past}.`, ...lines(refused)].join("\n");
      form.dataset.state = refused.size ? "partly" : "done";
    } catch (error) {
      told.textContent = fill(form.dataset.broken, { done, reason: error.message });
      form.dataset.state = "failed";
      for (const control of form.querySelectorAll("button")) control.disabled = false;
    }
  });
}

async function problem(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) return `the server answered ${response.status}.`;
  const { errors } = await response.json();
  return Object.entries(errors).map(([field, texts]) => `${field}: ${texts.join(" ")}`).join(" ");
}

const sum = (counts) => [...counts.values()].reduce((total, number) => total + number, 0);
const lines = (refused) => [...refused].map(([why, number]) => `${number} refused: ${why}`);
