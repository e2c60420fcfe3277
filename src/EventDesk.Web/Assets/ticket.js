// A ticket's page: it says when somebody else changed it and who else has it open, and forms act on what is new once it was in view.
// @ts-check

/** Tells this screen from others of the same person's. */
const screenName = crypto.randomUUID();
const ticket = /** @type {HTMLElement | null} */ (document.getElementById("ticket"));

/** What each part of the page said when the server had made it. */
const said = /** @type {WeakMap<Element, string>} */ (new WeakMap());

/** What a part says, without what every form has of its own and what its reader has opened. @param {Element} part */
function says(part) {
  const plain = /** @type {Element} */ (part.cloneNode(true));
  for (const own of plain.querySelectorAll("[name=version], [name=once], [name=csrf]")) own.remove();
  for (const e of [plain, ...plain.querySelectorAll("details")]) e.removeAttribute("open");
  return plain.outerHTML;
}

/** By which a part is known again; the answer to the customer is one, whether a canned reply began it or not. @param {Element} part */
const nameOf = part => part.id.replace("f-macro", "f-reply") || part.querySelector("summary")?.textContent?.trim() || part.className || said.get(part) || says(part);

/** @param {Element} field */
const isChanged = field => field instanceof HTMLSelectElement ? field.selectedIndex !== Math.max(0, [...field.options].findIndex(o => o.defaultSelected))
  : field instanceof HTMLInputElement && /^(radio|checkbox)$/.test(field.type) ? field.checked !== field.defaultChecked
  : (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== field.defaultValue;

/** Somebody is at it: it has the focus, something in it is typed or chosen, or it came back and says why. @param {Element} part */
const isTouched = part => part.contains(document.activeElement) || part.querySelector("[role=alert]") !== null || [...part.querySelectorAll("input, textarea, select")].some(isChanged);

/**
 * Brings the parts of the page up to date. One that says the same only takes the version along, and is not moved: it keeps the focus, what is typed, what is
 * marked. One that stays although the new one says something else keeps its version too: what it was thought out on is not so any more, and sending it says that.
 * @param {Element} old @param {Element} now @param {(part: Element) => boolean} stays
 */
function renew(old, now, stays) {
  const news = new Map([...now.children].map(part => [nameOf(part), part])), kept = /** @type {Map<string, Element>} */ (new Map());
  for (const part of [...old.children]) {
    const name = nameOf(part), next = news.get(name);
    if (next && said.get(part) === says(next)) {
      const versions = [...next.querySelectorAll("[name=version]")];
      part.querySelectorAll("[name=version]").forEach((field, i) => field.setAttribute("value", versions[i]?.getAttribute("value") ?? ""));
      kept.set(name, part);
    } else if (stays(part)) {
      kept.set(name, part);
    } else {
      if (part instanceof HTMLDetailsElement && next instanceof HTMLDetailsElement) next.open ||= part.open;
      part.remove();
    }
  }
  let last = /** @type {Element | null} */ (null);
  for (const [name, part] of news) {
    const same = kept.get(name);
    if (!same) {
      said.set(part, says(part));
      if (last) last.after(part);
      else old.prepend(part);
    }
    last = same ?? part;
  }
}

/** The version an entry of the conversation made; 0: it is another ticket's. @param {Element} entry */
const versionOf = entry => Number(/^v(\d+)$/.exec(entry.id)?.[1] ?? 0);

/** Says that the ticket has changed, and puts what is new beside what is being typed. */
class LiveTicket extends HTMLElement {
  /** Of what stands on the page; what forms act on is the ticket's own. */
  shown = Number(ticket?.dataset.version);
  seen = new Set();
  eye = new IntersectionObserver(entries => this.look(entries), { threshold: [0, 0.25, 0.5, 0.75, 1] });
  next = /** @type {Document | null} */ (null);

  connectedCallback() {
    for (const part of document.querySelectorAll("#story > *, #found > *, #found li, #write > *, #panel > *")) said.set(part, says(part));
    this.source = new EventSource(`${this.getAttribute("src")}&screen=${screenName}`);
    this.source.addEventListener("version", () => this.refresh());
    this.source.addEventListener("presence", e => showPresent(/** @type {MessageEvent} */ (e).data));
    // The first message of a stream that begins anew is sent only if somebody is there.
    this.source.addEventListener("error", () => showPresent(""));
  }

  disconnectedCallback() {
    this.source?.close();
    this.eye.disconnect();
  }

  async refresh() {
    const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } }).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null, version = Number(page?.getElementById("ticket")?.dataset.version);
    if (!page || !(version > this.shown)) return;
    this.shown = version;
    this.next = page;
    const [story, news] = [document, page].map(d => d.getElementById("story"));
    if (story && news) renew(story, news, () => false);
    for (const part of ["#clocks", ".facts", ".head h1"]) {
      const [old, now] = [document, page].map(d => d.querySelector(`#ticket ${part}`));
      if (old && now && says(old) !== says(now)) old.replaceWith(now.cloneNode(true));
    }
    renewFound(page);
    const unseen = this.watch();
    const notice = Object.assign(document.createElement("p"), { className: "notice" });
    notice.setAttribute("role", "status");
    notice.append(this.dataset.text ?? "", Object.assign(document.createElement("a"), { href: unseen ? `#${unseen.id}` : location.pathname, textContent: this.dataset.show ?? "" }));
    this.replaceChildren(notice);
  }

  /** Waits until all that is new was in view, and answers the first that was not. */
  watch() {
    const unseen = [...document.querySelectorAll("#story > li")].filter(e => versionOf(e) > Number(ticket?.dataset.version) && !this.seen.has(e.id));
    this.eye.disconnect();
    for (const entry of unseen) this.eye.observe(entry);
    if (unseen.length === 0) this.settle();
    return unseen[0];
  }

  /** @param {IntersectionObserverEntry[]} entries */
  look(entries) {
    const inView = entries.filter(e => e.isIntersecting && (e.intersectionRatio >= 0.5 || e.intersectionRect.height >= innerHeight / 3));
    for (const { target } of inView) this.seen.add(target.id);
    if (inView.length > 0) this.watch();
  }

  /** From now on forms act on what is shown, each if what it says itself is still so. */
  settle() {
    const page = this.next, version = page?.getElementById("ticket")?.dataset.version;
    if (!page || !version || !ticket) return;
    this.next = null;
    for (const id of ["write", "panel"]) {
      const [old, now] = [document, page].map(d => d.getElementById(id));
      if (old && now) renew(old, now, isTouched);
      else if (now) document.getElementById("story")?.after(now);
      else if (old && ![...old.children].some(isTouched)) old.remove();
    }
    ticket.dataset.version = version;
    showPresent(present);
  }
}

/** What should be hidden, as it is now; what stays in the list stays in its place. @param {Document} page */
function renewFound(page) {
  const found = document.getElementById("found"), now = /** @type {Element | undefined} */ (page.getElementById("found")?.cloneNode(true));
  if (!found || !now) return;
  said.set(found, says(now));
  const [list, news] = [found, now].map(f => f.querySelector("ul"));
  renew(found, now, part => part === list && news !== null);
  if (list && news && !news.isConnected) renew(list, news, () => false);
}

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

customElements.define("live-ticket", LiveTicket);

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
  const asking = fetch(address, { headers: { accept: "text/html" } });
  document.dispatchEvent(new CustomEvent("asked", { detail: { answer: asking, again: () => form.requestSubmit() } }));
  const answer = await asking.catch(() => null);
  const next = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#f-macro") : null;
  const text = next?.querySelector("textarea");
  if (!next || !text) return;
  text.value = `${typed}\n\n${text.value}`;
  // It is thought out on what was seen, not on how the ticket stands by now.
  next.querySelector("[name=version]")?.setAttribute("value", now.querySelector("[name=version]")?.getAttribute("value") ?? "");
  said.set(next, says(next));
  now.replaceWith(next);
  showPresent(present);
  text.focus();
  history.replaceState(null, "", address);
});
