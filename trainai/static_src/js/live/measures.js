// Bars, percents and phrases of running jobs, set straight from the news.

export function show(job) {
  if (job.status !== "processing") return;
  for (const bar of document.querySelectorAll(`[data-bar="${job.id}"]`)) {
    if (job.progress_percentage) bar.value = job.progress_percentage;
  }
  for (const row of document.querySelectorAll(`[data-job="${job.id}"]`)) {
    set(row.querySelector("[data-word]"), job.progress_percentage ? `${job.progress_percentage} %` : "");
    set(row.querySelector("[data-message]"), job.progress_message);
  }
}

function set(element, text) {
  if (element && text && element.textContent !== text) element.textContent = text;
}
