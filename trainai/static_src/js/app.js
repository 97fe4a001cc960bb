// Every page: menus, dialogs, forms, and the live line of those who are logged in.
import { announce } from "./live/announcer.js";
import { show } from "./live/measures.js";
import { Refresher } from "./live/refresher.js";
import { LiveLine } from "./live/socket.js";
import { keepClock } from "./page/clock.js";
import { watchDialogs } from "./page/dialogs.js";
import { watchForms } from "./page/quiet_forms.js";
import { watchMenus } from "./page/menus.js";
import { watchTells } from "./page/tell.js";

const NOT_LIVE_AFTER_MILLISECONDS = 1_500;

watchMenus();
watchDialogs();
watchForms();
keepClock();

const { live, training } = document.body.dataset;
if (live) goLive(new LiveLine(live));

function goLive(line) {
  new Refresher(line, training);
  watchTells(line);
  line.addEventListener("job", ({ detail }) => {
    show(detail.job);
    if (detail.job.training === training) announce(detail.job, detail.before);
  });
  line.addEventListener("snapshot", ({ detail }) => detail.jobs.forEach(show));
  // What was fetched may be older than the news that came while it was on its way.
  document.addEventListener("fragments:placed", () => line.isOpen && line.known.running().forEach(show));
  sayWhenBroken(line);
  line.open();
}

function sayWhenBroken(line) {
  const note = document.getElementById("not-live");
  const signedOut = document.getElementById("signed-out");
  let timer = 0;
  line.addEventListener("broken", () => {
    timer ||= setTimeout(() => (note.hidden = false), NOT_LIVE_AFTER_MILLISECONDS);
  });
  line.addEventListener("signed-out", () => (signedOut.hidden = false));
  line.addEventListener("snapshot", () => {
    clearTimeout(timer);
    timer = 0;
    note.hidden = signedOut.hidden = true;
  });
}
