// A desktop with windows over each other: mail, a spreadsheet, a file dialog, an approval.
function front(id) {
  for (const window of $$(".window:not(.small)")) window.classList.toggle("front", window.id === id);
  for (const task of $$(".tasks button")) task.classList.toggle("on", task.id === `task-${id}`);
}

function pickFile(title, items, button, then) {
  $("#files-title").textContent = title;
  $("#keep").textContent = button;
  $(".folders").classList.toggle("papers", button === "Attach");
  $(".folders").innerHTML = items;
  $("#files").hidden = false;
  $("#keep").onclick = then;
}

front("sheet");
for (const id of ["mail", "sheet"]) $(`#task-${id}`).addEventListener("click", () => front(id));
$("#hotel").addEventListener("click", () => {
  $("#hotel").parentElement.className = "on";
  $("#letter").innerHTML = '<h2>Your stay, March 2 to 4</h2><p>Dear Mr. Miller,<br>thank you for staying with us. Your receipt over <b>$412.80</b> is attached.</p><div class="attached">receipt.pdf<button class="button" id="save">Save</button></div>';
});
$("#letter").addEventListener("click", (event) => {
  if (event.target.id !== "save") return;
  pickFile("Save to", $(".folders").innerHTML, "Save", () => { $("#files").hidden = true; toast("receipt.pdf was saved"); });
});
$(".folders").addEventListener("click", (event) => {
  event.target.className = "on";
  $("#keep").disabled = false;
  if (event.target.id !== "file") return;
  $("#files").hidden = true;
  $("#clip").parentElement.innerHTML = '<span class="fresh">receipt.pdf</span>';
});
$("#clip").addEventListener("click", () => pickFile("Attach from Expenses", '<li>dinner.jpg<li id="file">receipt.pdf<li>train.pdf', "Attach"));
$("#submit").addEventListener("click", () => { $("#approval").hidden = false; });
$("#approver").addEventListener("picked", () => $("#approver .field span").classList.remove("soft"));
$("#send").addEventListener("click", () => {
  $("#approval").hidden = true;
  $("#status").textContent = "Waiting";
  $("#status").className = "tag go fresh";
  toast("Sent to Dana Brooks");
});
