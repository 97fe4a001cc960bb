// The header's counts of running and waiting jobs.

export function count(line) {
  for (const badge of document.querySelectorAll("[data-live-count]")) {
    const number = line.known.count(badge.dataset.liveCount);
    badge.querySelector("[data-number]").textContent = number;
    // What waits is told where nothing runs.
    const isOutshone = badge.dataset.liveCount === "pending" && line.known.count("processing") > 0;
    badge.hidden = number === 0 || isOutshone;
    if (!badge.hidden) badge.closest("[data-menu]").hidden = false;
  }
}
