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
    const held = document.activeElement, href = held && this.contains(held) ? held.getAttribute("href") : null;
    const scrolled = this.querySelector(".scroll")?.scrollLeft ?? 0;
    this.replaceChildren(document.createRange().createContextualFragment(html));
    const scroll = this.querySelector(".scroll");
    if (scroll) scroll.scrollLeft = scrolled;
    if (href) /** @type {HTMLElement | null} */ (this.querySelector(`a[href="${CSS.escape(href)}"]`))?.focus({ preventScroll: true });
  }
}
customElements.define("live-part", LivePart);
