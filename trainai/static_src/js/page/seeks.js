// Whatever names a moment leads there.

export function watchSeeks(player) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seek]");
    if (!link || !player() || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    player().seek(Number(link.dataset.seek));
  });
}
