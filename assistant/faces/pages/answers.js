// Copies footnotes, and leads from a citation in an answer to its source. All texts are in the page already, as text.
(() => {
  function select(text) {
    const range = document.createRange();
    range.selectNodeContents(text);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  async function copy(button) {
    const text = button.closest(".card").querySelector(".footnote .text");
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.nextElementSibling.textContent = button.dataset.copied;
    } catch {
      select(text); // a page that came over plain HTTP from another machine may not write to the clipboard
    }
  }

  for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) copy(button);
    const cite = event.target.closest("button.cite");
    if (cite) cite.closest(".kept").querySelector(`.card[data-number="${cite.dataset.cite}"]`).focus();
  });
})();
