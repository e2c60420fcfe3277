// A passage of a ticket that is marked can be hidden: a button beside it asks why.
// @ts-check
const ticket = /** @type {HTMLElement | null} */ (document.getElementById("ticket"));
const asking = /** @type {HTMLDialogElement | null} */ (document.getElementById("hide"));
const live = /** @type {HTMLElement & { shown: number, refresh(): Promise<void> } | null} */ (document.querySelector("live-ticket"));
let button = /** @type {HTMLButtonElement | null} */ (null);

/** @typedef {{ version: number, field: string, start: number, length: number }} Passage */
let marked = /** @type {(Passage & { words: string }) | null} */ (null);
/** What it is thought out on. */
let seen = 0;
let sent = { body: "", key: "" };

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  button?.remove();
  button = null;
  if (!ticket || !selection || selection.isCollapsed || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  const text = (range.commonAncestorContainer instanceof HTMLElement ? range.commonAncestorContainer : range.commonAncestorContainer.parentElement)?.closest("[data-field]");
  if (!(text instanceof HTMLElement) || !text.dataset.version) return;
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const words = range.toString();
  // Counted in code points, as the API does.
  const passage = { version: Number(text.dataset.version), field: text.dataset.field ?? "", start: [...before.toString()].length, length: [...words].length, words };
  if (passage.length === 0) return;
  const box = range.getBoundingClientRect();
  button = Object.assign(document.createElement("button"), { type: "button", className: "hide-passage", textContent: ticket.dataset.hide ?? "" });
  button.style.setProperty("top", `${box.bottom + scrollY + 6}px`);
  button.style.setProperty("left", `${Math.max(8, box.left + scrollX)}px`);
  button.addEventListener("mousedown", e => e.preventDefault());
  button.addEventListener("click", () => ask(passage));
  document.body.append(button);
});

/** @param {string} selector @returns {HTMLElement | null | undefined} */
const part = selector => asking?.querySelector(selector);

/** Asks why. @param {Passage & { words: string }} passage */
function ask(passage) {
  const quoted = part("blockquote");
  if (!asking || !quoted) return;
  [marked, seen] = [passage, Number(ticket?.dataset.version)];
  say("");
  part("[data-since]")?.toggleAttribute("hidden", true);
  quoted.textContent = passage.words;
  asking.querySelector("form")?.reset();
  name(asking.dataset.send);
  asking.showModal();
  asking.querySelector("input")?.focus();
}

/** @param {string | undefined} text */
function name(text) {
  const send = part(".primary");
  if (send) send.textContent = text ?? "";
}

/** @param {string | undefined} text */
function say(text) {
  const said = part("[data-said]");
  if (!said) return;
  said.textContent = text ?? "";
  said.toggleAttribute("hidden", !text);
}

/** Where the words stand on the page now; null: nowhere any more. @returns {Passage | null} */
function place() {
  if (!marked) return null;
  const { version, field, length, words } = marked;
  const text = document.querySelector(`#ticket [data-version="${version}"][data-field="${CSS.escape(field)}"]`)?.textContent ?? "";
  const there = [...text].slice(marked.start, marked.start + length).join("") === words, at = text.indexOf(words);
  return there ? { version, field, start: marked.start, length } : at < 0 ? null : { version, field, start: [...text.slice(0, at)].length, length };
}

/** What has happened since, as every form tells it that was thought out on something else; from then on it is thought out on that. */
async function tellSince() {
  await live?.refresh();
  const news = [...document.querySelectorAll("#story > li[id^=v]")].filter(e => Number(e.id.slice(1)) > seen).map(e => /** @type {HTMLElement} */ (e.cloneNode(true)));
  if (!live || live.shown <= seen) return false;
  for (const e of news.flatMap(n => [n, .../** @type {NodeListOf<HTMLElement>} */ (n.querySelectorAll("[id], [data-version]"))])) {
    e.removeAttribute("id");
    delete e.dataset.version;
  }
  part("[data-since] ol")?.replaceChildren(...news);
  part("[data-since]")?.toggleAttribute("hidden", false);
  seen = live.shown;
  if (place()) name(asking?.dataset.anyway);
  else say(asking?.dataset.gone);
  return true;
}

asking?.querySelector("[value=cancel]")?.addEventListener("click", () => asking.close());
asking?.addEventListener("submit", async e => {
  e.preventDefault();
  const reason = asking.querySelector("input")?.value.trim(), passage = place();
  if (!reason || !ticket) return;
  say(passage ? "" : asking.dataset.gone);
  if (!passage) return;
  const body = JSON.stringify({ passages: [passage], reason, everywhere: true });
  // The same once more has the same key: what was done without an answer is not done twice.
  if (sent.body !== body) sent = { body, key: crypto.randomUUID() };
  const answer = await fetch(`/api/tickets/${ticket.dataset.ticket}/redactions`, {
    method: "POST", headers: { "content-type": "application/json", "if-match": `"${seen}"`, "idempotency-key": sent.key }, body,
  }).catch(() => null);
  if (answer?.ok) { location.reload(); return; }
  if (answer?.status === 412 && await tellSince()) return;
  say((await answer?.json().catch(() => null))?.title ?? asking.dataset.failed);
});
