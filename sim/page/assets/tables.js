"use strict";
// Filters and sorts the tables, and lets one thing be chosen for all that shows it.
const keepout = (() => {
  const listeners = [];
  const rows = [...document.querySelectorAll("tr[data-key]")];
  const chains = [...document.querySelectorAll(".chain")];
  const collator = new Intl.Collator("en", { numeric: true });
  document.documentElement.classList.add("live");

  function orderOf(cell) {
    return cell.dataset.order === undefined ? null : Number(cell.dataset.order);
  }

  // What stands for a number comes before what does not, whichever way the others are turned.
  function compare(one, other, turned) {
    const a = orderOf(one), b = orderOf(other);
    if (a !== null && b !== null) return turned * (a - b);
    if (a !== null || b !== null) return a !== null ? -1 : 1;
    return turned * collator.compare(one.textContent, other.textContent);
  }

  function sort(head) {
    const table = head.closest("table"), body = table.tBodies[0];
    const rising = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const sorted = [...body.rows].sort((one, other) =>
      compare(one.cells[head.cellIndex], other.cells[head.cellIndex], rising ? 1 : -1));
    body.append(...sorted);
  }

  function filter(grid) {
    const words = grid.querySelector("input").value.toLowerCase().split(/\s+/);
    const all = [...grid.querySelector("tbody").rows];
    for (const row of all) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    const left = all.filter((row) => !row.hidden).length;
    const count = grid.querySelector(".count");
    count.textContent = left === all.length ? `${all.length}` : `${left} of ${all.length}`;
  }

  // The chain of what was chosen; of a flight, that of its first entry.
  function chainOf(choice) {
    return chains.find((chain) => choice.keys.includes(chain.dataset.key));
  }

  function show(choice) {
    for (const row of rows) row.classList.toggle("chosen", choice.keys.includes(row.dataset.key));
    const shown = chainOf(choice);
    for (const chain of chains) chain.hidden = chain !== shown;
    return shown;
  }

  function choose(choice) {
    const shown = show(choice);
    if (choice.near && shown) shown.scrollIntoView({ block: "nearest" });
    for (const listen of listeners) listen(choice);
  }

  function keysOf(key) {
    const related = keepout.related.get(key) ?? [];
    return [key, ...related];
  }

  function pick(row) {
    choose({ keys: row.dataset.key ? keysOf(row.dataset.key) : [], at: Number(row.dataset.at), near: true });
  }

  document.addEventListener("click", (event) => {
    const sorter = event.target.closest(".sort");
    if (sorter) return sort(sorter.closest("th"));
    const goto = event.target.closest(".goto");
    if (goto) return choose({ keys: goto.closest(".chain") ? keysOf(goto.closest(".chain").dataset.key) : [], at: Number(goto.dataset.at) });
    const row = event.target.closest("tr[data-at]");
    if (row && !String(getSelection())) pick(row);
  });
  for (const grid of document.querySelectorAll(".grid")) {
    grid.querySelector("input")?.addEventListener("input", () => filter(grid));
  }
  return { choose, keysOf, related: new Map(), onChoice: (listen) => listeners.push(listen) };
})();
