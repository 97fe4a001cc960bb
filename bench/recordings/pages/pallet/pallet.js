// The screen at a packing table: a scanned pallet, its label, the list for the truck.
$("#template").addEventListener("picked", () => $("#template .field span").classList.remove("soft"));
$("#preview").addEventListener("click", () => {
  $("#kg").textContent = `${$("#weight").value} kg`;
  $("#label").hidden = false;
  $("#none").hidden = true;
  $("#print").disabled = false;
});
$("#print").addEventListener("click", () => {
  $("#label").classList.add("out");
  setTimeout(() => {
    $("#label").hidden = true;
    $("#none").textContent = "4 labels printed";
    $("#none").hidden = false;
    $("#confirm").disabled = false;
    toast("4 labels printed");
  }, 2400);
});
$("#confirm").addEventListener("click", () => {
  $("#ready").insertAdjacentHTML("beforeend", '<li id="mine" class="fresh"><b class="num">PL-20871</b><span>Frozen goods</span></li>');
  $("#confirm").disabled = true;
});
