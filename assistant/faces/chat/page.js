// Opens sources and shows their pages. All texts are in the page already, as text; only addresses are put together here.
const spoken = () => JSON.parse(document.querySelector("#tools")?.dataset.words ?? "{}");

/** The words of the interface of that name in the visitor's language, its {fields} filled in. */
function say(name, fields = {}) {
  return (spoken()[name] ?? "").replace(/\{(\w+)\}/g, (_, field) => fields[field] ?? "");
}

/** Copies text, and says on the button for a moment whether that went well. */
async function copyTo(button, text) {
  const before = button.textContent;
  const told = await navigator.clipboard.writeText(text).then(() => "copied", () => "not_copied");
  button.textContent = say(told);
  setTimeout(() => { button.textContent = before; }, 2000);
}

(() => {
  const WIDTHS = { card: 1000, reader: 1600 };
  const ZOOM = { least: 0.5, most: 3, step: 1.25 };
  const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);
  const behavior = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
  const glide = (element, block) => element.scrollIntoView({ block, behavior: behavior() });
  let came = null; // the [n] that led to a card: Escape leads back to it
  let wanted = ""; // the [n] that was clicked before its card was there

  /** Puts a page of a card's document into a place that has .frame, img, .at, .before and .after: the card or the reader. */
  function show(card, page, place, width) {
    const source = `${card.dataset.pages}${page}.png?width=${width}&boxes=${encodeURIComponent(card.dataset.boxes)}`;
    const picture = place.querySelector("img");
    const count = Number(card.dataset.count);
    const home = Number(card.dataset.page);
    card.dataset.at = page;
    const at = count ? say("page_of", { page, count }) : say("page", { page });
    if (place.querySelector(".at").textContent !== at) place.querySelector(".at").textContent = at;
    place.querySelector(".before").disabled = page <= 1;
    place.querySelector(".after").disabled = count > 0 && page >= count;
    if (picture.getAttribute("src") === source) return;
    picture.alt = say(page === home ? "marked" : "page", { page });
    picture.onload = () => {
      const frame = place.querySelector(".frame");
      const [left, top] = page === home ? [Number(card.dataset.left), Number(card.dataset.top)] : [0, 0];
      frame.scrollTo(left * picture.clientWidth - 12, top * picture.clientHeight - frame.clientHeight / 4);
    };
    picture.onerror = () => { picture.alt = say("not_shown", { page }); };
    picture.src = source;
  }

  const showInCard = (card, page) => show(card, page, card, WIDTHS.card);

  function open(card, opened = true) {
    for (const other of card.parentElement.querySelectorAll(".card.open")) {
      if (other !== card) unfold(other, false);
    }
    unfold(card, opened);
    if (opened) showInCard(card, Number(card.dataset.page));
  }

  function unfold(card, opened) {
    card.classList.toggle("open", opened);
    card.querySelector(".head").setAttribute("aria-expanded", String(opened));
  }

  function select(turn) {
    for (const other of document.querySelectorAll(".turn.open")) other.classList.remove("open");
    turn.classList.add("open");
    const card = turn.querySelector(".card.open") || turn.querySelector(".card");
    if (card) open(card);
  }

  // --- the reader: a page in the whole window -----------------------------------------------------------------------
  let read = null;
  let zoom = 1;

  const reader = () => document.querySelector("#reader");
  const turnTo = (page) => show(read, page, reader(), WIDTHS.reader);

  function enlarge(card) {
    read = card;
    reader().querySelector("#read").textContent = card.querySelector(".title").textContent;
    reader().querySelector(".pdf").href = card.querySelector(".pdf").getAttribute("href");
    reader().showModal();
    magnify(1);
    turnTo(Number(card.dataset.at || card.dataset.page));
    reader().querySelector(".close").focus();
  }

  function magnify(factor) {
    zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, factor));
    reader().style.setProperty("--zoom", zoom);
  }

  document.addEventListener("click", (event) => {
    if (!closest(event, "#reader")) return;
    if (event.target === reader() || closest(event, ".close")) reader().close();
    else if (closest(event, ".before")) turnTo(Math.max(1, Number(read.dataset.at) - 1));
    else if (closest(event, ".after")) turnTo(Number(read.dataset.at) + 1);
    else if (closest(event, ".larger")) magnify(zoom * ZOOM.step);
    else if (closest(event, ".smaller")) magnify(zoom / ZOOM.step);
  });
  // A dialog's close event does not bubble; the card then shows the page that was read last.
  document.addEventListener("close", (event) => {
    if (event.target === reader() && read) showInCard(read, Number(read.dataset.at));
  }, true);

  // --- cards --------------------------------------------------------------------------------------------------------
  function copied(turn) {
    const words = turn.querySelector(".answer").cloneNode(true);
    for (const cite of words.querySelectorAll(".cite")) cite.textContent = `[${cite.dataset.cite}]`;
    for (const block of words.querySelectorAll("p, li, h3, h4, h5, h6, tr, br")) block.append("\n");
    const sources = [...turn.querySelectorAll(".card")].map((card) =>
      `[${card.dataset.number}] ${card.querySelector(".title").textContent}, ` +
      `${card.querySelector(".head .page").textContent}: “${card.querySelector(".quote").textContent}”`);
    return [words.textContent.trim(), ...sources].join("\n\n");
  }

  function lead(cite, turn) {
    select(turn);
    const cited = turn.querySelector(`.card[data-number="${cite.dataset.cite}"]`);
    wanted = cited ? "" : `#${turn.id} .cite[data-cite="${cite.dataset.cite}"]`;
    if (!cited) return;
    open(cited);
    came = cite;
    cited.querySelector(".head").focus({ preventScroll: true });
    glide(cited, "nearest");
  }

  document.addEventListener("click", (event) => {
    const turn = closest(event, ".turn");
    if (!turn) return;
    const card = closest(event, ".card");
    if (closest(event, ".cite")) {
      lead(closest(event, ".cite"), turn);
    } else if (closest(event, ".shows")) {
      select(turn);
      came = closest(event, ".shows");
      turn.querySelector(".card .head").focus({ preventScroll: true });
      glide(turn.querySelector(".evidence"), "nearest");
    } else if (closest(event, ".copy")) {
      copyTo(closest(event, ".copy"), copied(turn));
    } else if (!card) {
      return;
    } else if (closest(event, ".footnote")) {
      copyTo(closest(event, ".footnote"), closest(event, ".footnote").dataset.footnote);
    } else if (closest(event, ".before")) {
      showInCard(card, Math.max(1, Number(card.dataset.at) - 1));
    } else if (closest(event, ".after")) {
      showInCard(card, Number(card.dataset.at) + 1);
    } else if (closest(event, ".larger, img")) {
      enlarge(card);
    } else if (closest(event, ".head")) {
      open(card, !card.classList.contains("open"));
    } else if (!card.classList.contains("open") && !getSelection().toString()) {
      open(card);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (reader()?.open) {
      if (event.key === "ArrowLeft" && event.target.matches("button")) reader().querySelector(".before").click();
      if (event.key === "ArrowRight" && event.target.matches("button")) reader().querySelector(".after").click();
    } else if (event.key === "Escape" && closest(event, ".evidence") && came?.isConnected) {
      came.focus();
    }
  });

  // Each answer arrives in several steps; pictures are asked for once, and a new turn is brought into view once.
  let turns = 0;
  new MutationObserver(() => {
    const all = document.querySelectorAll(".turn");
    for (const card of document.querySelectorAll(".turn.open .card.open")) {
      if (!card.querySelector("img").getAttribute("src")) showInCard(card, Number(card.dataset.page));
    }
    for (const table of document.querySelectorAll(".answer table")) {
      if (table.scrollWidth > table.clientWidth) table.tabIndex = 0; // so that the keys can move it
    }
    const cite = wanted && document.querySelector(wanted);
    if (cite && cite.closest(".turn").querySelector(".card")) lead(cite, cite.closest(".turn"));
    if (all.length > turns && all.length > 1) glide(all[all.length - 1].querySelector(".asked"), "start");
    turns = all.length;
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
