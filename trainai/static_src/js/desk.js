// The operators' desk: lists and pages of jobs that stay true while they are open.
import { runBatches } from "./desk/batches.js";
import { Lines } from "./desk/lines.js";
import { keepTime } from "./desk/times.js";
import { LiveLine } from "./live/socket.js";

keepTime();
for (const form of document.querySelectorAll("form[data-batches]")) runBatches(form);

const list = document.querySelector("[data-desk-live]");
if (list) {
  const line = new LiveLine(list.dataset.deskLive);
  new Lines(list, line);
  // A page that nobody sees costs nothing.
  document.addEventListener("visibilitychange", () => (document.hidden ? line.pause() : line.resume()));
  line.open();
}
