// Opens sources and shows their pages. All texts are in the page already, as text; only addresses are put together here.
(() => {
  const WIDTHS = { small: 1000, large: 1600 };
  const closest = (event, selector) => event.target instanceof Element && event.target.closest(selector);
  const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const glide = (element, block) =>
    element.scrollIntoView({ block, behavior: reduced() ? "auto" : "smooth" });

  function show(card, page) {
    const size = card.classList.contains("large") ? "large" : "small";
    const source = `${card.dataset.pages}${page}.png?width=${WIDTHS[size]}&boxes=${encodeURIComponent(card.dataset.boxes)}`;
    const picture = card.querySelector("img");
    const count = Number(card.dataset.count);
    const home = Number(card.dataset.page);
    card.dataset.at = page;
    card.querySelector(".at").textContent = count ? `Page ${page} of ${count}` : `Page ${page}`;
    card.querySelector(".before").disabled = page <= 1;
    card.querySelector(".after").disabled = count > 0 && page >= count;
    if (picture.getAttribute("src") === source) return;
    picture.alt = `Page ${page}` + (page === home ? ", the quoted words marked in yellow" : "");
    picture.onload = () => {
      const frame = card.querySelector(".frame");
      const [left, top] = page === home ? [Number(card.dataset.left), Number(card.dataset.top)] : [0, 0];
      frame.scrollTo(left * picture.clientWidth - 12, top * picture.clientHeight - frame.clientHeight / 4);
    };
    picture.onerror = () => { picture.alt = `Page ${page} cannot be shown.`; };
    picture.src = source;
  }

  function open(card, opened = true) {
    for (const other of card.parentElement.querySelectorAll(".card.open")) {
      if (other !== card) fold(other);
    }
    card.classList.toggle("open", opened);
    card.querySelector(".head").setAttribute("aria-expanded", String(opened));
    if (opened) show(card, Number(card.dataset.page));
  }

  function fold(card) {
    card.classList.remove("open", "large");
    card.querySelector(".head").setAttribute("aria-expanded", "false");
  }

  function enlarge(card, large) {
    card.classList.toggle("large", large);
    document.documentElement.classList.toggle("reading", large);
    card.querySelector(".larger").textContent = large ? "Close" : "Enlarge";
    show(card, Number(card.dataset.at || card.dataset.page));
  }

  function select(turn) {
    for (const other of document.querySelectorAll(".turn.open")) other.classList.remove("open");
    turn.classList.add("open");
    const card = turn.querySelector(".card.open") || turn.querySelector(".card");
    if (card) open(card);
  }

  async function copy(turn, button) {
    const words = turn.querySelector(".answer").cloneNode(true);
    for (const cite of words.querySelectorAll(".cite")) cite.textContent = `[${cite.dataset.cite}]`;
    for (const block of words.querySelectorAll("p, li, h3, h4, h5, h6, tr, br")) block.append("\n");
    const sources = [...turn.querySelectorAll(".card")].map((card) =>
      `[${card.dataset.number}] ${card.querySelector(".title").textContent}, ${card.querySelector(".head .page").textContent}: ` +
      `“${card.querySelector(".quote").textContent}”`);
    await navigator.clipboard.writeText([words.textContent.trim(), ...sources].join("\n\n"));
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy with sources"; }, 2000);
  }

  document.addEventListener("click", (event) => {
    const turn = closest(event, ".turn");
    if (!turn) return;
    const card = closest(event, ".card");
    const cite = closest(event, ".cite");
    if (cite) {
      select(turn);
      const cited = turn.querySelector(`.card[data-number="${cite.dataset.cite}"]`);
      if (cited) { open(cited); glide(cited, "nearest"); }
    } else if (closest(event, ".shows")) {
      select(turn);
      glide(turn.querySelector(".evidence"), "nearest");
    } else if (closest(event, ".copy")) {
      copy(turn, closest(event, ".copy"));
    } else if (!card) {
      return;
    } else if (closest(event, ".before")) {
      show(card, Math.max(1, Number(card.dataset.at) - 1));
    } else if (closest(event, ".after")) {
      show(card, Number(card.dataset.at) + 1);
    } else if (closest(event, ".larger, img")) {
      enlarge(card, !card.classList.contains("large"));
    } else if (closest(event, ".head")) {
      open(card, !card.classList.contains("open"));
    } else if (!card.classList.contains("open") && !getSelection().toString()) {
      open(card);
    }
  });

  document.addEventListener("keydown", (event) => {
    const large = document.querySelector(".card.large");
    if (!large) return;
    if (event.key === "Escape") enlarge(large, false);
    if (event.key === "ArrowLeft") large.querySelector(".before").click();
    if (event.key === "ArrowRight") large.querySelector(".after").click();
  });

  // Each answer arrives in several steps; pictures are asked for once, and a new turn is brought into view once.
  let turns = 0;
  new MutationObserver(() => {
    const all = document.querySelectorAll(".turn");
    for (const card of document.querySelectorAll(".turn.open .card.open")) {
      if (!card.querySelector("img").getAttribute("src")) show(card, Number(card.dataset.page));
    }
    if (all.length > turns && all.length > 1) glide(all[all.length - 1].querySelector(".asked"), "start");
    turns = all.length;
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
