// What every page does: counting clocks, keys, and telling the server the zone. Pages work without any of it.
// @ts-check
document.documentElement.classList.add("scripted");

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split("; ").includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

/** Counts a due time down, in the page's own words: each text keeps the shape the server gave it. */
class TimeLeft extends HTMLElement {
  static all = /** @type {Set<TimeLeft>} */ (new Set());

  connectedCallback() { TimeLeft.all.add(this); this.tick(); }
  disconnectedCallback() { TimeLeft.all.delete(this); }

  tick() {
    const time = this.querySelector("time");
    if (!time) return;
    const left = (Date.parse(time.dateTime) - Date.now()) / 1000;
    const late = left < 0;
    time.classList.toggle("over", late);
    time.classList.toggle("soon", !late && left < 1800);
    const s = Math.abs(left), units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
    const [unit, seconds] = /** @type {[Intl.RelativeTimeFormatUnit, number]} */ (units.find(([, n]) => s >= /** @type {number} */ (n)) ?? ["second", 1]);
    const n = Math.trunc(s / seconds) * (late ? -1 : 1);
    time.textContent = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" }).format(n, unit);
  }
}
customElements.define("time-left", TimeLeft);
setInterval(() => { if (!document.hidden) TimeLeft.all.forEach(t => t.tick()); }, 1000);

const palette = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-palette]"));

/** Where a key means a letter, not a command. @param {EventTarget | null} target */
const isTyping = target => target instanceof HTMLElement && (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.getAttribute("type") !== "checkbox"));

document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey || isTyping(e.target)) return;
  if (e.key === "/") { e.preventDefault(); palette?.click(); return; }
  if (e.key === "?") { showKeys(); return; }
  const found = /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(e.key)}"]:not([hidden] *)`));
  if (!found) return;
  e.preventDefault();
  if (found instanceof HTMLFormElement) {
    /** @type {HTMLElement | null} */ (found.querySelector("textarea, select, input:not([type=hidden]), button"))?.focus();
    found.scrollIntoView({ block: "nearest" });
  } else if (found.tagName === "SUMMARY") {
    const details = /** @type {HTMLDetailsElement} */ (found.parentElement);
    details.open = true;
    /** @type {HTMLElement | null} */ (details.querySelector("textarea, select, input:not([type=hidden]), button"))?.focus();
  } else {
    found.click();
  }
});

// What was typed and not sent is nobody's business once its writer has left.
document.querySelector("form[action='/sign-out']")?.addEventListener("submit", () => sessionStorage.clear());

function showKeys() {
  const dialog = document.createElement("dialog"), list = document.createElement("dl");
  list.className = "keys-list";
  const keys = [...document.querySelectorAll("[data-key]:not([hidden] *)")].map(e => [e.getAttribute("data-key") ?? "", (e.querySelector("button, label")?.textContent ?? e.textContent ?? "").replace(/\s+\S$/, "").trim()]);
  for (const [key, text] of [["j / k", "↓ ↑"], ["/", palette?.title ?? ""], ...keys]) {
    const [dt, dd, kbd] = ["dt", "dd", "kbd"].map(n => document.createElement(n));
    kbd.textContent = key;
    dt.append(kbd);
    dd.textContent = text;
    list.append(dt, dd);
  }
  dialog.append(list);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}
