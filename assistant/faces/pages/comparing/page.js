// Asks how far the comparison is and puts in the cells that have been filled; their HTML is made by the server.
(() => {
  const state = document.querySelector(".state[data-name]");
  if (!state) return;
  const { name, filled, ended, lost } = state.dataset;
  const total = Number(state.dataset.total);
  const count = state.querySelector(".count");
  let done = Number(state.dataset.done);
  let said = 0;

  function show(news) {
    for (const { cell, html } of news.cells) document.getElementById(cell).innerHTML = html;
    done = news.done;
    state.querySelector("progress").value = done;
    // Screen readers are told of every quarter, not of every cell.
    const quarter = Math.floor((4 * done) / total);
    if (quarter > said || news.finished) tell(filled);
    said = quarter;
  }

  function tell(words) {
    count.textContent = words.replace("{done}", done).replace("{total}", total);
  }

  function end() {
    tell(`${ended} ${filled}`);
    for (const part of state.querySelectorAll("label, form")) part.remove();
  }

  async function ask() {
    try {
      const reply = await fetch(`${name}/progress?since=${done}`);
      if (!reply.ok) return location.reload(); // the page then says that the comparison is gone
      const news = await reply.json();
      show(news);
      if (news.finished) return end();
    } catch {
      tell(lost);
    }
    setTimeout(ask, 600);
  }
  ask();
})();
