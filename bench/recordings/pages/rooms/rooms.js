// A week of meeting rooms: a day, a number of people, a free hour.
const rooms = [["Maple", 10], ["Oak", 12], ["Birch", 4], ["Willow", 20], ["Cherry", 6]];
const hours = ["9:00", "10:00", "11:00", "12:00", "1:00", "2:00"];
const taken = {
  tue: { "Maple-1": "Interviews", "Oak-0": "Board", "Oak-1": "Board", "Willow-3": "All hands", "Birch-2": "One to one" },
  wed: { "Maple-0": "Stand-up", "Oak-1": "Budget", "Oak-2": "Budget", "Willow-4": "Workshop", "Willow-5": "Workshop", "Birch-1": "Call", "Cherry-3": "Lunch talk", "Maple-4": "Design" },
};
let day = "tue";

function draw() {
  const people = Number($("#people").value) || 0;
  $("#grid").innerHTML = `<div class="hour"></div>${hours.map((hour) => `<div class="hour num">${hour}</div>`).join("")}` +
    rooms.map(([room, seats]) => {
      const dim = seats < people ? "small" : "";
      const cells = hours.map((_, at) => taken[day][`${room}-${at}`] ? `<div class="taken ${dim}">${taken[day][`${room}-${at}`]}</div>` : `<div class="free ${dim}" id="${room.toLowerCase()}-${at + 9}"></div>`);
      return `<div class="${dim}"><b>${room}</b><span class="soft">${seats} seats</span></div>${cells.join("")}`;
    }).join("");
}

for (const id of ["tue", "wed"]) $(`#${id}`).addEventListener("click", () => {
  day = id;
  for (const button of $$(".days .button")) button.setAttribute("aria-pressed", button.id === id);
  draw();
});
$("#people").addEventListener("input", draw);
$("#grid").addEventListener("click", (event) => { if (event.target.id === "maple-10") $("#slot").hidden = false; });
$("#book").addEventListener("click", () => {
  $("#slot").hidden = true;
  const cell = $("#maple-10");
  cell.className = "mine";
  cell.innerHTML = `<span id="done">${$("#name").value}</span>`;
  toast("Maple is yours on Wednesday at ten");
});
draw();
