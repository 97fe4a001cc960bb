// Times of day as the reader's clock shows them: the server, which does not know where they are, says them in UTC.

export function keepClock() {
  show();
  document.addEventListener("fragments:placed", show);
}

function show() {
  const today = new Date().toDateString();
  for (const time of document.querySelectorAll("time[data-clock]")) {
    const moment = new Date(time.dateTime);
    const day = moment.toDateString() === today ? {} : { year: "numeric", month: "short", day: "numeric" };
    const style = { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(moment);
  }
}
