// Tells a screen reader when a part of this training ends; never a percent.

export function announce(job, before) {
  const announcer = document.getElementById("announcer");
  const text = announcer?.dataset[job.status];
  if (!text || !before || before.status === job.status || job.error?.code.startsWith("dependency_")) return;
  announcer.textContent = text.replace("%s", job.label);
}
