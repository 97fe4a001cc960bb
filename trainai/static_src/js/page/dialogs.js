// Links that open a dialog, and the buttons in it that close it.

export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.opens)?.showModal();
    }
    if (event.target.closest("dialog [data-close]")) event.target.closest("dialog").close();
  });
}
