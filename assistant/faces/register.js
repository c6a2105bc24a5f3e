// Sorts the table by a column and opens the marked page of a row. All texts are in the page already, as text.
(() => {
  const table = document.querySelector(".entries");
  const dialog = document.querySelector("dialog");
  const value = (row, column) => row.cells[column].textContent.trim();

  function sort(header) {
    const rising = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => value(a, header.cellIndex).localeCompare(value(b, header.cellIndex), undefined, { numeric: true }));
    table.tBodies[0].append(...(rising ? rows : rows.reverse()));
  }

  function open(row) {
    const picture = dialog.querySelector("img");
    dialog.querySelector(".where").textContent = row.dataset.where;
    picture.alt = `${row.dataset.where}, the finding marked in yellow`;
    picture.src = row.dataset.picture;
    dialog.showModal();
  }

  table.addEventListener("click", (event) => {
    const header = event.target.closest("th");
    if (header) return sort(header);
    const row = event.target.closest("tbody tr");
    if (row) open(row);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".close")) dialog.close();
  });
})();
