// Counts the selected passages; what to export them as can be clicked once there is one.
(() => {
  const form = document.querySelector("form.results");
  if (!form) return;
  const every = form.querySelector(".every");
  const count = form.querySelector(".count");
  const boxes = [...form.querySelectorAll("[name=passage]")];

  function tell() {
    const chosen = boxes.filter((box) => box.checked).length;
    const said = count.dataset.count.replace("{count}", chosen);
    if (count.textContent !== said) count.textContent = said;
    form.querySelector(".selection").classList.toggle("idle", !chosen);
    every.querySelector("input").checked = chosen === boxes.length;
    for (const button of form.querySelectorAll(".selection button")) button.disabled = !chosen;
  }

  every.hidden = false;
  form.addEventListener("change", (event) => {
    if (every.contains(event.target)) for (const box of boxes) box.checked = event.target.checked;
    tell();
  });
  addEventListener("pageshow", tell); // a browser that comes back has the boxes checked
})();
