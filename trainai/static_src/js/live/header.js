// The header's count of running jobs.

export function count(line) {
  for (const badge of document.querySelectorAll("[data-live-count]")) {
    const number = line.known.count(badge.dataset.liveCount);
    badge.querySelector("[data-number]").textContent = number;
    badge.hidden = number === 0;
  }
}
