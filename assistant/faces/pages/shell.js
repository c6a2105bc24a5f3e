// Opens links to pictures of pages in a dialog. The browser itself closes it with Escape and gives the focus back.
(() => {
  const viewer = document.querySelector("dialog.viewer");
  const picture = viewer.querySelector("img");
  const status = viewer.querySelector("[role=status]");

  function open(link) {
    const where = link.dataset.where;
    viewer.querySelector("#viewed").textContent = where;
    viewer.querySelector(".pdf").href = link.dataset.pdf;
    status.textContent = "";
    picture.hidden = false;
    picture.alt = `${where}: ${picture.dataset.alt}`;
    picture.src = link.href;
    link.focus(); // also where a click on its row has opened it
    viewer.showModal();
    viewer.querySelector(".close").focus();
  }

  /* Brings the first marked line into sight, found by the colour of the marker. */
  picture.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = 200;
    canvas.height = Math.ceil((200 * picture.naturalHeight) / picture.naturalWidth);
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const dots = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    let first = 0;
    while (first < dots.length && !(dots[first] > 200 && dots[first + 1] > 180 && dots[first + 2] < 130)) first += 4;
    const sheet = viewer.querySelector(".sheet");
    const [left, top] = first < dots.length ? [(first / 4) % 200, Math.floor(first / 800)] : [0, 0];
    const scale = picture.clientWidth / 200;
    sheet.scrollTo(left * scale - 40, top * scale - sheet.clientHeight / 4);
  });
  picture.addEventListener("error", () => {
    picture.hidden = true;
    status.textContent = picture.dataset.failed;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.picture");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
  viewer.addEventListener("click", (event) => {
    if (event.target === viewer || event.target.closest(".close")) viewer.close();
  });
})();

// Narrows long lists of documents to the titles that hold what is typed; what is checked stays in sight.
for (const list of document.querySelectorAll("fieldset.choices")) {
  const items = [...list.querySelectorAll("li")];
  const label = list.querySelector(".narrow");
  label.hidden = items.length < 8;
  label.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const item of items) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted) && !item.querySelector("input").checked;
    }
  });
}
