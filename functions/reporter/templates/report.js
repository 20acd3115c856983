
"use strict";
addEventListener("beforeprint", () => {
  document.querySelectorAll("details.finding").forEach((one) => { one.open = true; });
});
(() => {
  const box = document.getElementById("filter");
  const table = document.getElementById("inventory");
  if (!box || !table) return;
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const found = document.getElementById("found");
  document.getElementById("filtering").hidden = false;
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    found.textContent = words.length ? `${shown} of ${rows.length} listed functions` : "";
  });
})();
