// Sorts the table by a column, and a click anywhere on a row opens its page. All texts are in the page already.
(() => {
  const table = document.querySelector(".entries");
  if (!table) return;
  const value = (row, column) => row.cells[column].textContent.trim();

  function sort(header) {
    const rising = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => value(a, header.cellIndex).localeCompare(value(b, header.cellIndex), undefined, { numeric: true }));
    table.tBodies[0].append(...(rising ? rows : rows.reverse()));
  }

  table.addEventListener("click", (event) => {
    const header = event.target.closest("th");
    if (header) return sort(header);
    const row = event.target.closest("tbody tr");
    if (row && !event.target.closest("a") && getSelection().isCollapsed) row.querySelector("a.picture").click();
  });
})();
