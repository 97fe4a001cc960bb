// The orders of the little shop, and the way from one of them to a refund.
const orders = [
  ["1052", "Peter Long", "today", "To be packed", "$46.00"],
  ["1051", "Amira Haddad", "today", "To be packed", "$128.40"],
  ["1050", "Tom Becker", "yesterday", "On its way", "$24.90"],
  ["1049", "Grace Kim", "yesterday", "On its way", "$75.00"],
  ["1048", "Maria Sanders", "Saturday", "Delivered", "$89.00"],
  ["1047", "Maria Santos", "Monday", "Delivered", "$113.50"],
  ["1046", "Ben Walker", "Monday", "Delivered", "$52.20"],
  ["1045", "Lena Fischer", "March 1", "Delivered", "$19.90"],
];
const tags = { "To be packed": "warn", "On its way": "", Delivered: "go" };

function list(word) {
  const found = orders.filter((order) => order.some((cell) => cell.toLowerCase().includes(word.toLowerCase())));
  $("#rows").innerHTML = found.map(([number, name, day, status, total]) => `<tr data-order="${number}"><td class="num"><b>${number}</b>
    <td>${name}<td class="soft">${day}<td><span class="tag ${tags[status]}">${status}</span><td class="right num">${total}`).join("");
}

list("");
$("#search").addEventListener("keydown", (event) => { if (event.key === "Enter") list(event.target.value); });
$("#rows").addEventListener("click", (event) => { if (event.target.closest("[data-order='1047']")) show("orders-one"); });
$("#refund").addEventListener("click", () => show("orders-refund"));

function sum() {
  const amount = 89 * $("#shoes").checked + 18 * $("#socks").checked;
  $("#amount").textContent = `$${amount.toFixed(2)}`;
  $("#continue").disabled = !amount || $("#reason .field span").classList.contains("soft");
}

for (const box of $$("#shoes, #socks")) box.addEventListener("change", sum);
$("#reason").addEventListener("picked", () => { $("#reason .field span").classList.remove("soft"); sum(); });
$("#continue").addEventListener("click", () => { $("#sure").hidden = false; });
$("#yes").addEventListener("click", () => {
  $("#sure").hidden = true;
  show("orders-one");
  $("#status").textContent = "Refunded";
  $("#status").className = "tag go fresh";
  $("#back").hidden = false;
  $("#total").textContent = "$24.50";
  $("#refund").disabled = true;
  $("#mail").textContent = "Refund sent, just now";
  $("#story").insertAdjacentHTML("beforeend", '<li class="fresh"><time>Mar 9</time>Joe refunded $89.00 for the shoes');
  toast("Refund of $89.00 is on its way");
});
