// An open queue: rows come and go as they change, and one walks through them by keys.
// @ts-check

/** Keeps the list as the server says it is, and lets it grow while one reads on: all of it is kept, however far it has grown. */
class LiveList extends HTMLElement {
  connectedCallback() {
    this.from = new URL(this.getAttribute("src") ?? "", location.href);
    // Begun before the end is in view, so that who scrolls does not run into it.
    this.reader = new IntersectionObserver(seen => { if (seen.at(-1)?.isIntersecting) this.grow(); }, { rootMargin: "0px 0px 600px" });
    document.addEventListener("click", this.asked);
    this.listen();
    this.lookOut();
  }

  disconnectedCallback() {
    this.source?.close();
    this.reader?.disconnect();
    document.removeEventListener("click", this.asked);
  }

  listen() {
    this.source?.close();
    this.source = new EventSource(/** @type {URL} */ (this.from).href);
    this.source.addEventListener("rows", e => this.show(/** @type {MessageEvent} */ (e).data));
    this.source.addEventListener("open", () => this.toggleAttribute("data-lost", false));
    this.source.addEventListener("error", () => this.toggleAttribute("data-lost", true));
  }

  /** Told anew each time: whoever is at the end already is not seen to come there. */
  lookOut() {
    const more = document.getElementById("more");
    this.reader?.disconnect();
    if (more) this.reader?.observe(more);
  }

  /** The link to the next page is followed where the list cannot grow. */
  asked = /** @param {MouseEvent} e */ e => {
    if (e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || !(e.target instanceof Element) || !e.target.closest("#more a")) return;
    if (this.grow() || this.growing) e.preventDefault();
  };

  /** Asks for as many rows again as a page has, behind those that are here; false where there are none, or it has grown as far as it may. */
  grow() {
    const rows = Number(this.from?.searchParams.get("rows")), most = Number(this.dataset.most);
    if (this.growing || this.hasAttribute("data-lost") || rows >= most || !document.querySelector("#more a")) return false;
    this.growing = true;
    this.from?.searchParams.set("rows", String(Math.min(most, rows + Number(this.dataset.step))));
    this.listen();
    return true;
  }

  /** As far as it has grown stands in the address: who comes back finds the place again. */
  keepPlace() {
    const here = new URL(location.href);
    here.searchParams.set("rows", this.from?.searchParams.get("rows") ?? "");
    if (`${here.pathname}/live` === this.from?.pathname) history.replaceState(history.state, "", here);
  }

  /** @param {string} html */
  show(html) {
    const part = document.createRange().createContextualFragment(html);
    const template = part.querySelector("template"), list = this.querySelector("#list"), side = part.querySelector("#queues"), more = part.querySelector("#more");
    if (!template || !list) return;
    if (side) document.getElementById("queues")?.replaceWith(side);
    const rows = new Map([...list.children].map(row => [row.id, row]));
    for (const row of [...template.content.children]) {
      const old = rows.get(row.id);
      if (old?.getAttribute("data-version") === row.getAttribute("data-version") && this.filled) continue;
      if (this.filled && !this.growing) row.classList.add("fresh");
      row.classList.toggle("at", old?.classList.contains("at") ?? false);
      const mark = markOf(row);
      if (mark) mark.checked = (old && markOf(old)?.checked) ?? false;
      rows.set(row.id, row);
    }
    this.filled = true;
    const order = (template.dataset.order ?? "").split(" ").filter(Boolean).map(id => rows.get(`t-${id}`)).filter(r => r !== undefined);
    const had = document.activeElement, on = had?.closest(".ticket, #more")?.id, known = new Set([...list.children].map(row => row.id));
    arrange(list, order);
    if (more) document.getElementById("more")?.replaceWith(more);
    if (on && document.activeElement !== had) {
      // Who asked for more goes on with the first of it.
      const at = on === "more" && this.growing ? order.find(row => !known.has(row.id))?.id : on;
      /** @type {HTMLElement | null} */ (document.querySelector(`#${CSS.escape(at ?? "more")} :is(.subject, .button)`))?.focus({ preventScroll: true });
    }
    if (this.growing) this.keepPlace();
    this.growing = false;
    this.lookOut();
    // Marks belong to it also where the queue was empty at first.
    document.getElementById("bulk")?.toggleAttribute("hidden", order.length === 0);
    this.dispatchEvent(new CustomEvent("shown"));
  }
}

/** Only what is not in its place is moved: what is looked at stays where it is, and keeps the focus. @param {Element} list @param {Element[]} order */
function arrange(list, order) {
  const kept = new Set(order);
  for (const row of [...list.children]) if (!kept.has(row)) row.remove();
  let next = list.firstElementChild;
  for (const row of order) {
    if (row === next) next = next.nextElementSibling;
    else list.insertBefore(row, next);
  }
}
customElements.define("live-list", LiveList);

/** @param {Element} row @returns {HTMLInputElement | null} */
function markOf(row) { return row.querySelector(".mark input"); }

document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog:modal") || (e.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && !e.target.closest(".mark"))) return;
  const rows = [...document.querySelectorAll(".ticket")], at = rows.findIndex(r => r.classList.contains("at"));
  if (e.key === "j" || e.key === "k") {
    const to = Math.max(0, Math.min(rows.length - 1, at + (e.key === "j" ? 1 : at < 0 ? 1 : -1)));
    rows.forEach((r, i) => r.classList.toggle("at", i === to));
    /** @type {HTMLElement | null} */ (rows[to]?.querySelector(".subject"))?.focus();
    rows[to]?.scrollIntoView({ block: "nearest" });
  } else if (e.key === "x" && at >= 0) {
    const mark = markOf(rows[at]);
    if (mark) mark.checked = !mark.checked;
  } else if (e.key === "o" && at >= 0) {
    /** @type {HTMLElement | null} */ (rows[at].querySelector(".subject"))?.click();
  }
});
