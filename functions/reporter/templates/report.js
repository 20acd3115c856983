"use strict";
(() => {
  const FIRST = 50; // rows that a phone scrolls through; the button shows the rest
  const wordsOf = (box) => box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text, words) => words.every((word) => text.includes(word));

  const findings = [...document.querySelectorAll("details.finding")];
  const said = findings.map((one) =>
    `${one.textContent} ${one.dataset.functions || ""}`.toLowerCase());
  const search = document.getElementById("search");
  const lookFor = () => {
    const words = wordsOf(search);
    findings.forEach((one, index) => { one.hidden = !has(said[index], words); });
    const shown = findings.filter((one) => !one.hidden).length;
    document.getElementById("hits").textContent =
      words.length ? `${shown} of ${findings.length} listed findings` : "";
  };
  if (findings.length) {
    document.getElementById("searching").hidden = false;
    search.addEventListener("input", lookFor);
  }
  addEventListener("beforeprint", () => { findings.forEach((one) => { one.open = true; }); });

  const table = document.getElementById("inventory");
  if (!table) return;
  const box = document.getElementById("filter");
  const every = document.getElementById("every");
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  let all = rows.length <= FIRST;
  const filter = () => {
    const words = wordsOf(box);
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = words.length ? !has(texts[index], words) : !all && index >= FIRST;
      shown += row.hidden ? 0 : 1;
    });
    every.hidden = all || words.length > 0;
    document.getElementById("found").textContent =
      words.length ? `${shown} of ${rows.length} listed functions` : "";
  };
  document.getElementById("filtering").hidden = false;
  box.addEventListener("input", filter);
  const showAll = () => { all = true; filter(); };
  every.addEventListener("click", showAll);
  addEventListener("beforeprint", showAll);
  filter();

  // From a function to its findings, and from a finding to its functions.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-to]");
    if (!link) return;
    const target = document.getElementById(link.dataset.to);
    target.value = link.textContent;
    target.dispatchEvent(new Event("input"));
    event.preventDefault();
    target.focus();
  });
})();
