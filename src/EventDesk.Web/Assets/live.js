// A part of a page that the server sends anew whenever it changes.
// @ts-check

/** Shows what it was sent last; what has the focus keeps it. */
class LivePart extends HTMLElement {
  connectedCallback() {
    this.source = new EventSource(this.getAttribute("src") ?? "");
    this.source.addEventListener("part", e => this.show(/** @type {MessageEvent} */ (e).data));
    this.source.addEventListener("open", () => this.toggleAttribute("data-lost", false));
    this.source.addEventListener("error", () => this.toggleAttribute("data-lost", true));
  }

  disconnectedCallback() { this.source?.close(); }

  /** @param {string} html */
  show(html) {
    this.waiting = this.hasAttribute("data-held") ? html : null;
    if (this.waiting !== null) return;
    const held = document.activeElement, inside = held && this.contains(held);
    const href = inside ? held.getAttribute("href") : null, on = inside ? held.closest("[id]")?.id : null;
    const scrolled = this.querySelector(".scroll")?.scrollLeft ?? 0;
    this.replaceChildren(document.createRange().createContextualFragment(html));
    const scroll = this.querySelector(".scroll");
    if (scroll) scroll.scrollLeft = scrolled;
    const again = href ? `a[href="${CSS.escape(href)}"]` : on && held?.tagName === "BUTTON" ? `#${CSS.escape(on)} button` : null;
    if (again) /** @type {HTMLElement | null} */ (this.querySelector(again))?.focus({ preventScroll: true });
  }

  /** While something in it is held by the pointer nothing is taken from under it. @param {boolean} held */
  hold(held) {
    this.toggleAttribute("data-held", held);
    if (!held && typeof this.waiting === "string") this.show(this.waiting);
  }
}
customElements.define("live-part", LivePart);
