// A cash register that takes its time: whatever it does shows a bar first.
function slowly(place, text, milliseconds, then) {
  place.innerHTML = `<h2>${text}</h2><div class="meter"><i></i></div><p class="soft num">0 %</p>`;
  let done = 0;
  const timer = setInterval(() => {
    done = Math.min(1, done + 100 / milliseconds);
    $(".meter i", place).style.width = `${done * 100}%`;
    $("p", place).textContent = `${Math.round(done * 100)} %`;
    if (done < 1) return;
    clearInterval(timer);
    then();
  }, 100);
}

$("#close").addEventListener("click", () => slowly($("#work"), "Closing the shift and printing the daily report", 7000, () => {
  $("#work").innerHTML = '<h2 id="report">The shift is closed</h2><div class="slip">DAILY REPORT<br>March 9<br>214 sales<br>$6,480.20</div>';
}));
$("#nav-settings").addEventListener("click", () => show("settings"));
$("#updates").addEventListener("click", (event) => {
  event.target.className = "on";
  $("#panel").innerHTML = '<h2>Updates</h2><p class="soft">This register runs version 6.4, from last May.</p><button class="button go" id="check">Check for updates</button>';
});
$("#panel").addEventListener("click", (event) => {
  if (event.target.id === "check") slowly($("#panel"), "Looking for a new version", 8000, () => {
    $("#panel").innerHTML = '<h2 id="found">Version 7.0 is available</h2><p class="soft">84 MB. The register restarts by itself.</p><button class="button go" id="install">Install</button>';
  });
  if (event.target.id === "install") slowly($("#panel"), "Installing version 7.0. Do not switch the register off.", 13000, () => show("login"));
});
$("#pin").addEventListener("keydown", (event) => { if (event.key === "Enter") show("fresh"); });
$("#test").addEventListener("click", () => slowly($("#paper"), "Printing", 3000, () => {
  $("#paper").innerHTML = '<h2>Printed</h2><div class="slip">TEST RECEIPT<br>Register 2<br>Version 7.0<br>The printer works.</div>';
}));
