"use strict";
// Sorts a table by the column whose heading is pressed; empty cells stay last either way.
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, place) => {
    heading.querySelector("button").addEventListener("click", () => {
      const rising = heading.getAttribute("aria-sort") !== "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", rising ? "ascending" : "descending");
      const body = table.tBodies[0];
      const keyed = [...body.rows].map((row) => [row.cells[place].dataset.v, row]);
      const isNumber = keyed.every(([key]) => key === undefined || !Number.isNaN(Number(key)));
      const order = isNumber ? (a, b) => a - b : (a, b) => a.localeCompare(b);
      keyed.sort(([a], [b]) => {
        if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
        return rising ? order(a, b) : order(b, a);
      });
      body.append(...keyed.map(([, row]) => row));
    });
  });
}
