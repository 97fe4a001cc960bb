// Tells a screen reader when a part of this training ends; never a percent.

export function announce(job, before) {
  const announcer = document.getElementById("announcer");
  const text = announcer?.dataset[job.status];
  if (!text || !before || before.status === job.status || job.error?.code.startsWith("dependency_")) return;
  // The page says it in the reader's language.
  const label = document.querySelector(`#part-${job.job_type} h3`)?.textContent ?? job.label;
  announcer.textContent = text.replace("%s", label);
}
