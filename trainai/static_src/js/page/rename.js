// The title is changed where it stands: Enter keeps it, Escape leaves it as it was.
import { cookie } from "../cookies.js";
import { refresh } from "../live/fragments.js";

export function watchRename() {
  document.addEventListener("fragments:placed", () => {
    const title = document.querySelector("h1").textContent;
    document.title = document.title.replace(/^.*(?= · )/s, () => title);
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("[data-rename][open]")) event.target.querySelector("[name=title]").select();
  }, true);
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-rename] [data-close]");
    if (close) leave(event, close.closest("[data-rename]"));
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest("[data-rename][open]");
    if (open) leave(event, open);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest("[data-rename]")) keep(event);
  });
}

function leave(event, rename) {
  event.preventDefault();
  rename.querySelector("form").reset();
  rename.open = false;
  rename.querySelector("summary").focus();
}

async function keep(event) {
  event.preventDefault();
  const form = event.target;
  const rename = form.closest("[data-rename]");
  const field = form.elements.title;
  const response = await fetch(form.dataset.api, {
    method: "PATCH",
    headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
    body: JSON.stringify({ title: field.value }),
  }).catch(() => null);
  if (!response?.ok) {
    form.submit(); // the plain way shows what is wrong
    return;
  }
  rename.open = false;
  rename.querySelector("summary").focus();
  await refresh(["title"]);
}
