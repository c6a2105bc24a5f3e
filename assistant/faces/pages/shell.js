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
    viewer.showModal();
    viewer.querySelector(".sheet").scrollTop = 0;
    viewer.querySelector(".close").focus();
  }

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
