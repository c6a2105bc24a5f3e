// Everything around the question: filters, asking again, changing a question, what staff think of an answer, and news.
window.asking = (() => {
  const POLL_MS = 30_000;
  const find = (selector) => document.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const turns = () => all(".turn");
  let sending = false; // until the button to stop is there, or for so long:
  const SENDING_MS = 5_000;
  const busy = () => sending || Boolean(find("#question .stop-button"));
  let stay = null; // how many turns stay before the next question; null for all of them

  // --- filters ------------------------------------------------------------------------------------------------------
  const chosen = (choice) => {
    const checked = all("input:checked", choice);
    if (checked.length) return checked.map((box) => ({ value: box.value, name: box.parentElement.textContent }));
    const typed = choice.querySelector("input[type=search]")?.value.trim();
    return typed ? [{ value: typed, name: `“${typed}”` }] : [];
  };

  function tell() {
    const said = [];
    for (const choice of all(".choice")) {
      const summary = choice.querySelector("summary");
      const names = chosen(choice).map((each) => each.name);
      const { any, some } = summary.dataset;
      const words = names.length > 1 ? some.replace("{count}", names.length) : names[0] ?? any;
      if (summary.textContent !== words) summary.textContent = words;
      summary.classList.toggle("chosen", names.length > 0);
      if (names.length) said.push(words);
    }
    find("#clear").hidden = !said.length;
    find("#fold").textContent = said.join(", ") || say("any_document");
  }

  function narrow(input) {
    const wanted = input.value.trim().toLowerCase();
    for (const label of all("label", input.closest(".choice"))) {
      label.hidden = !label.textContent.toLowerCase().includes(wanted) && !label.querySelector("input").checked;
    }
  }

  function clear() {
    for (const box of all("#filters input:checked")) box.checked = false;
    for (const input of all("#filters input[type=search]")) { input.value = ""; narrow(input); }
    tell();
    find("#question textarea").focus();
  }

  // --- asking -------------------------------------------------------------------------------------------------------
  function write(text) {
    const box = find("#question textarea");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }

  async function ask(text, staying = null) {
    if (busy()) return;
    write(text);
    stay = staying;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    find("#question .submit-button").click();
  }

  const last = () => turns().at(-1);
  const again = () => ask(last().querySelector(".asked").textContent, turns().length - 1);

  function edit() {
    if (busy()) return;
    write(last().querySelector(".asked").textContent);
    stay = turns().length - 1;
    find("#editing").hidden = false;
  }

  function leave() {
    stay = null;
    find("#editing").hidden = true;
    write("");
  }

  // --- what staff think of an answer: it is drawn anew with each question, so it is remembered here -----------------
  const marked = new Map();

  async function mark(form, useful, comment) {
    const sent = await fetch(`answers/${form.dataset.answer}/mark`, {
      method: "POST", body: new URLSearchParams({ useful, comment }), redirect: "manual",
    }).catch(() => null);
    const kept = sent?.type === "opaqueredirect"; // what is kept is answered with the way to the answer's own page
    if (kept) marked.set(form.dataset.answer, useful);
    form.querySelector(".more").hidden = kept && comment !== "";
    form.querySelector(".told").textContent = say(kept ? "thanks" : "not_kept");
    press(form);
  }

  function press(form) {
    if (!marked.has(form.dataset.answer)) return;
    for (const button of all("[data-useful]", form)) {
      const pressed = String(button.dataset.useful === String(marked.get(form.dataset.answer)));
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
  }

  // --- news of the library ------------------------------------------------------------------------------------------
  async function look() {
    const shown = Math.max(0, ...turns().map((turn) => Number(turn.dataset.generation ?? 0)).slice(-1));
    if (!shown || busy() || document.hidden) return;
    const reply = await fetch("api/v1/library").catch(() => null);
    if (!reply?.ok) return;
    const changed = (await reply.json()).generation > shown;
    if (find("#changed").hidden === changed) find("#changed").hidden = !changed;
  }
  setInterval(look, POLL_MS);
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);

  // --- what is clicked and typed ------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target instanceof Element && event.target.closest(selector);
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (on(".example")) ask(on(".example").textContent);
    else if (on(".again")) again();
    else if (on(".edit")) edit();
    else if (on("#editing button")) leave();
    else if (on("#clear")) clear();
    else if (on("#fold")) on("#fold").setAttribute("aria-expanded", String(on("#fold").ariaExpanded !== "true"));
    else if (on("[data-useful]")) {
      on(".marks").querySelector(".more").hidden = false;
      mark(on(".marks"), on("[data-useful]").dataset.useful === "true", "");
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".marks")) return;
    event.preventDefault();
    const useful = event.target.querySelector("[aria-pressed=true]")?.dataset.useful === "true";
    mark(event.target, useful, event.target.querySelector("textarea").value);
  });
  document.addEventListener("change", (event) => { if (event.target.closest("#filters")) tell(); });
  document.addEventListener("input", (event) => {
    if (event.target.matches("#filters input[type=search]")) { narrow(event.target); tell(); }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (event.key === "Escape" && event.target.matches("#question textarea") && !find("#editing").hidden) leave();
  });

  // --- what is drawn ------------------------------------------------------------------------------------------------
  let finished = "";
  let tools = null;

  function announce(words) {
    const announcer = find("#announcer");
    if (announcer && announcer.textContent !== words) announcer.textContent = words;
  }

  /** An answer comes in many steps; it is read aloud once, when it is whole. */
  function listen() {
    const turn = last();
    const note = turn?.querySelector(".note");
    const about = turn?.querySelector(".about");
    if (note) announce(note.textContent);
    else if (about && finished !== `${turn.id} ${turn.querySelector(".asked").textContent}`) {
      announce(`${about.querySelector(".mode")?.textContent ?? ""}. ${turn.querySelector(".answer").textContent}`);
    }
    finished = about ? `${turn.id} ${turn.querySelector(".asked").textContent}` : "";
  }

  function drawn() {
    if (find("#tools") && find("#tools") !== tools) {
      tools = find("#tools");
      document.documentElement.lang = tools.dataset.language;
      tell();
    }
    if (find("#question .stop-button")) sending = false;
    all(".marks").forEach(press);
    const conversation = find(".turns")?.dataset.conversation;
    if (conversation && new URLSearchParams(location.search).get("conversation") !== conversation) {
      history.replaceState(null, "", `?conversation=${conversation}`); // so that the page can be opened anew
    }
    if (find("#tools")) listen();
  }
  new MutationObserver(drawn).observe(document.documentElement, { childList: true, subtree: true });

  return {
    /** What goes to the server with a question. */
    sent() {
      const filters = {};
      for (const choice of all(".choice")) filters[choice.dataset.filter] = chosen(choice).map((each) => each.value);
      const text = JSON.stringify({ filters, stay });
      stay = null;
      sending = Boolean(find("#question textarea").value.trim());
      setTimeout(() => { sending = false; }, SENDING_MS);
      find("#editing").hidden = find("#changed").hidden = true;
      find("#fold").setAttribute("aria-expanded", "false"); // on a phone the filters would cover the answer
      return text;
    },
  };
})();
