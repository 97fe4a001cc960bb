// Small things every page of the recordings does: show a part, open a list to pick from, tell that something happened.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

function show(view) {
  for (const part of $$("[data-view]")) part.hidden = part.dataset.view !== view;
  for (const link of $$("[data-to]")) link.toggleAttribute("aria-current", link.dataset.to === view.split("-")[0]);
}

function toast(text, milliseconds = 4000) {
  const note = document.createElement("p");
  note.className = "toast";
  note.textContent = text;
  ($(".main:not([hidden])") ?? document.body).append(note);
  setTimeout(() => note.remove(), milliseconds);
}

for (const link of $$("[data-to]")) link.addEventListener("click", () => show(link.dataset.to));

for (const pick of $$(".pick")) {
  const [field, list] = [$(".field", pick), $("ul", pick)];
  const open = (is) => { list.hidden = !is; field.setAttribute("aria-expanded", is); };
  field.addEventListener("click", () => open(list.hidden));
  list.addEventListener("click", (event) => {
    field.firstElementChild.textContent = event.target.textContent;
    open(false);
    pick.dispatchEvent(new CustomEvent("picked", { detail: event.target.textContent, bubbles: true }));
  });
}
