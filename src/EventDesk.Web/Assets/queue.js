// An open queue: rows come and go as they change, and one walks through them by keys.
// @ts-check

/** Keeps the list as the server says it is. */
class LiveList extends HTMLElement {
  connectedCallback() {
    // On a later page one reads on; what is pushed is the first page.
    if (new URLSearchParams(location.search).has("after")) return;
    this.source = new EventSource(this.getAttribute("src") ?? "");
    this.source.addEventListener("rows", e => this.show(/** @type {MessageEvent} */ (e).data));
    this.source.addEventListener("open", () => this.toggleAttribute("data-lost", false));
    this.source.addEventListener("error", () => this.toggleAttribute("data-lost", true));
  }

  disconnectedCallback() { this.source?.close(); }

  /** @param {string} html */
  show(html) {
    const part = document.createRange().createContextualFragment(html);
    const template = part.querySelector("template"), list = this.querySelector("#list"), side = part.querySelector("#queues");
    if (!template || !list) return;
    if (side) document.getElementById("queues")?.replaceWith(side);
    const rows = new Map([...list.children].map(row => [row.id, row]));
    for (const row of [...template.content.children]) {
      const old = rows.get(row.id);
      if (old?.getAttribute("data-version") === row.getAttribute("data-version") && this.filled) continue;
      if (this.filled) row.classList.add("fresh");
      row.classList.toggle("at", old?.classList.contains("at") ?? false);
      const mark = markOf(row);
      if (mark) mark.checked = (old && markOf(old)?.checked) ?? false;
      rows.set(row.id, row);
    }
    this.filled = true;
    const order = (template.dataset.order ?? "").split(" ").filter(Boolean).map(id => rows.get(`t-${id}`)).filter(r => r !== undefined);
    const focused = document.activeElement?.closest(".ticket")?.id;
    list.replaceChildren(...order);
    if (focused) /** @type {HTMLElement | null} */ (document.querySelector(`#${CSS.escape(focused)} .subject`))?.focus();
    this.dispatchEvent(new CustomEvent("shown"));
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
