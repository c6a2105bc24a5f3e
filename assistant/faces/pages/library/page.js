// Sends files one by one and says what became of each, watches the update, and narrows the list while one types.
// All words come from the server as text and are shown as text.
(() => {
  const work = document.querySelector("#work");
  const upload = document.querySelector("#upload");

  // --- the list ------------------------------------------------------------------------------------------------------

  function narrow() {
    const field = document.querySelector("#shelf [name=words]");
    if (!field) return;
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of document.querySelectorAll("#shelf tbody tr")) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    const counted = document.querySelector("#shelf .counted");
    counted.textContent = counted.dataset.said.replace("{shown}", document.querySelectorAll("#shelf tbody tr:not([hidden])").length);
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches("#shelf [name=words]")) narrow();
  });

  async function refresh() {
    const reply = await fetch(location.pathname + location.search);
    if (!reply.ok) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    const typed = document.querySelector("#shelf [name=words]")?.value;
    for (const part of [".totals", "#shelf"]) document.querySelector(part).replaceWith(fresh.querySelector(part));
    const field = document.querySelector("#shelf [name=words]");
    if (!field || !typed) return;
    field.value = typed;
    narrow();
  }

  if (!work) return;

  // --- the update ----------------------------------------------------------------------------------------------------

  const log = work.querySelector(".log");
  let last = Number(work.dataset.last);
  let running = work.dataset.running === "true";
  let timer;

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function show(now) {
    put(work.querySelector(".said"), now.said);
    put(work.querySelector(".count"), now.count);
    const far = work.querySelector("progress");
    if (now.done < now.total) {
      far.max = now.total;
      far.value = now.done;
    } else far.removeAttribute("value");
    work.querySelector(".far").hidden = !now.running;
    work.querySelector(".start").form.hidden = now.running;
    work.querySelector(".stop").form.hidden = !now.running;
    if (now.last < last) log.textContent = ""; // the server was started anew
    if (now.lines.length) {
      const below = log.scrollHeight - log.scrollTop - log.clientHeight < 30;
      log.textContent = `${log.textContent}\n${now.lines.join("\n")}`.trim().split("\n").slice(-500).join("\n");
      if (below) log.scrollTop = log.scrollHeight;
    }
    log.closest("details").hidden = !log.textContent;
    last = now.last;
  }

  async function watch() {
    clearTimeout(timer);
    try {
      const reply = await fetch(`library/work?since=${last}`);
      if (reply.ok) {
        const now = await reply.json();
        show(now);
        if (running && !now.running) await refresh();
        running = now.running;
      }
    } catch {
      // The server is not there just now: the next look may find it.
    }
    timer = setTimeout(watch, running ? 700 : 10000);
  }
  log.scrollTop = log.scrollHeight;
  timer = setTimeout(watch, running ? 300 : 10000);

  // --- adding files --------------------------------------------------------------------------------------------------

  const sent = document.querySelector("#sent");

  function post(file, replace, progress) {
    const form = new FormData();
    form.append("taken", replace ? "replace" : "ask");
    form.append("files", file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.upload.onprogress = (event) => {
        progress.max = event.total;
        if (event.loaded < event.total) progress.value = event.loaded;
        else progress.removeAttribute("value"); // now it is being checked
      };
      request.onload = () => {
        try {
          const reply = JSON.parse(request.responseText);
          resolve(reply.uploads?.[0] ?? { outcome: "refused", said: `${file.name}: ${reply.error ?? upload.dataset.notSent}` });
        } catch {
          request.onerror();
        }
      };
      request.onerror = () => resolve({ outcome: "refused", said: `${file.name} ${upload.dataset.notSent}` });
      request.open("POST", "library/upload");
      request.setRequestHeader("Accept", "application/json");
      request.send(form);
    });
  }

  async function send(file, replace, line) {
    const progress = document.createElement("progress");
    progress.setAttribute("aria-label", file.name);
    line.className = "";
    line.replaceChildren(`${file.name}: ${upload.dataset.sending}`, progress);
    const became = await post(file, replace, progress);
    line.className = became.outcome;
    line.replaceChildren(became.said);
    if (became.outcome === "taken") {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = upload.dataset.replaceNow;
      button.addEventListener("click", () => sendAll([file], true, [line]));
      line.append(" ", button);
    }
    return became.outcome === "stored" || became.outcome === "replaced";
  }

  async function sendAll(files, replace, lines) {
    const button = upload.querySelector("button");
    button.disabled = true;
    let stored = 0;
    for (const [number, file] of files.entries()) stored += await send(file, replace, lines[number]);
    button.disabled = false;
    if (!stored) return;
    if (upload.elements.update.checked) await fetch("library/update", { method: "POST", redirect: "manual" });
    await refresh();
    running = running || upload.elements.update.checked;
    watch();
  }

  upload.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [...upload.elements.files.files];
    const lines = files.map(() => sent.appendChild(document.createElement("li")));
    sendAll(files, upload.elements.taken.value === "replace", lines);
    upload.elements.files.value = "";
  });
})();
