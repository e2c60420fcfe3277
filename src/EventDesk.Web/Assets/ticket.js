// A ticket's page: it says when somebody else changed it and who else has it open, and hides a passage that is marked.
// @ts-check

/** Tells this screen from others of the same person's. */
const screenName = crypto.randomUUID();

/** Says that the ticket has changed, and puts what is new beside what is being typed. */
class LiveTicket extends HTMLElement {
  connectedCallback() {
    this.source = new EventSource(`${this.getAttribute("src")}&screen=${screenName}`);
    this.source.addEventListener("version", () => this.refresh());
    this.source.addEventListener("presence", e => showPresent(/** @type {MessageEvent} */ (e).data));
    // The first message of a stream that begins anew is sent only if somebody is there.
    this.source.addEventListener("error", () => showPresent(""));
  }

  disconnectedCallback() { this.source?.close(); }

  async refresh() {
    const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["story", "clocks"]) {
      const now = page.getElementById(id);
      if (now) document.getElementById(id)?.replaceWith(now);
    }
    const facts = page.querySelector(".facts");
    if (facts) document.querySelector(".facts")?.replaceWith(facts);
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.setAttribute("role", "status");
    notice.append(this.dataset.text ?? "", Object.assign(document.createElement("a"), { href: location.pathname, textContent: this.dataset.show ?? "" }));
    this.replaceChildren(notice);
  }
}
customElements.define("live-ticket", LiveTicket);

let present = "";

/** Who else is here, as the server says it. @param {string} html */
function showPresent(html) {
  present = html;
  const parts = document.createRange().createContextualFragment(html).querySelector("template")?.content;
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-present]"))) {
    const now = parts?.querySelector(`[data-for="${place.dataset.present}"]`);
    // What is the same is not said twice to those who listen.
    if (place.textContent?.trim() !== (now?.textContent ?? "").trim()) place.replaceChildren(...(now?.textContent?.trim() ? now.childNodes : []));
  }
}

/** Says that somebody is here, for others to see, and whether an answer is being written: while the page is looked at, and a minute longer. */
class TicketPresence extends HTMLElement {
  static every = 3_000;
  static unseen = 60_000;

  connectedCallback() {
    this.hiddenSince = document.hidden ? Date.now() : Infinity;
    this.said = this.writing;
    this.timer = setInterval(() => this.say(), TicketPresence.every);
    if (this.said) this.say();
    document.addEventListener("input", () => { if (this.writing !== this.said) this.say(); });
    document.addEventListener("visibilitychange", () => {
      this.hiddenSince = document.hidden ? Date.now() : Infinity;
      if (!document.hidden) this.say();
    });
  }

  disconnectedCallback() { clearInterval(this.timer); }

  get writing() { return !!(/** @type {HTMLTextAreaElement | null} */ (document.querySelector("#reply-body"))?.value.trim()); }

  async say() {
    if (Date.now() - (this.hiddenSince ?? Infinity) > TicketPresence.unseen) return;
    this.said = this.writing;
    await fetch(this.getAttribute("src") ?? "", {
      method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ writing: this.said, screen: screenName }),
    }).catch(() => {}); // it is said again soon
  }
}
customElements.define("ticket-presence", TicketPresence);

const ticket = /** @type {HTMLElement | null} */ (document.getElementById("ticket"));
let button = /** @type {HTMLButtonElement | null} */ (null);

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
  // Counted in code points, as the API does.
  const passage = { version: Number(text.dataset.version), field: text.dataset.field, start: [...before.toString()].length, length: [...range.toString()].length };
  if (passage.length === 0) return;
  const box = range.getBoundingClientRect();
  button = Object.assign(document.createElement("button"), { type: "button", className: "hide-passage", textContent: ticket.dataset.hide ?? "" });
  button.style.setProperty("top", `${box.bottom + scrollY + 6}px`);
  button.style.setProperty("left", `${Math.max(8, box.left + scrollX)}px`);
  button.addEventListener("mousedown", e => e.preventDefault());
  const words = range.toString();
  button.addEventListener("click", () => ask(passage, words));
  document.body.append(button);
});

const asking = /** @type {HTMLDialogElement | null} */ (document.getElementById("hide"));
let marked = /** @type {Passage | null} */ (null);
let sent = { body: "", key: "" };

/** @typedef {{ version: number, field: string | undefined, start: number, length: number }} Passage */

/** Asks why. @param {Passage} passage @param {string} text */
function ask(passage, text) {
  const said = asking?.querySelector("[role=alert]"), quoted = asking?.querySelector("blockquote");
  if (!asking || !said || !quoted) return;
  marked = passage;
  said.toggleAttribute("hidden", true);
  quoted.textContent = text;
  asking.querySelector("form")?.reset();
  asking.showModal();
  asking.querySelector("input")?.focus();
}

asking?.querySelector("[value=cancel]")?.addEventListener("click", () => asking.close());
asking?.addEventListener("submit", async e => {
  e.preventDefault();
  const reason = asking.querySelector("input")?.value.trim(), said = asking.querySelector("[role=alert]");
  if (!reason || !ticket || !marked || !said) return;
  const body = JSON.stringify({ passages: [marked], reason, everywhere: true });
  // The same once more has the same key: what was done without an answer is not done twice.
  if (sent.body !== body) sent = { body, key: crypto.randomUUID() };
  said.toggleAttribute("hidden", true);
  const answer = await fetch(`/api/tickets/${ticket.dataset.ticket}/redactions`, {
    method: "POST", headers: { "content-type": "application/json", "if-match": `"${ticket.dataset.version}"`, "idempotency-key": sent.key }, body,
  }).catch(() => null);
  if (answer?.ok) { location.reload(); return; }
  said.textContent = (await answer?.json().catch(() => null))?.title ?? asking.dataset.failed ?? "";
  said.toggleAttribute("hidden", false);
});

// After a form that was not taken the address is the form's; reloading and coming back are meant for the ticket.
if (ticket?.dataset.address && location.pathname !== ticket.dataset.address) history.replaceState(null, "", ticket.dataset.address);

// What was typed already stays before the canned reply; without a script, choosing one begins anew.
document.addEventListener("submit", async e => {
  const form = /** @type {HTMLFormElement} */ (e.target);
  const now = document.querySelector("#f-reply, #f-macro"), box = now?.querySelector("textarea");
  const typed = box && box.value !== box.defaultValue ? box.value.trim() : "";
  if (!form.matches("form.macros") || !now || !typed) return;
  e.preventDefault();
  const address = new URL(form.action);
  address.search = new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)])).toString();
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  const next = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#f-macro") : null;
  const text = next?.querySelector("textarea");
  if (!next || !text) return;
  text.value = `${typed}\n\n${text.value}`;
  now.replaceWith(next);
  showPresent(present);
  text.focus();
  history.replaceState(null, "", address);
});
