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
  if (e.key === "?" && keys?.open) { keys.close(); return; }
  // What is behind an open dialog is out of reach, for keys too.
  if (document.querySelector("dialog:modal")) return;
  if (e.key === "/") { e.preventDefault(); palette?.click(); return; }
  if (e.key === "?") { e.preventDefault(); showKeys(); return; }
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

// Where letters are typed, it takes more than one key to send them.
document.addEventListener("keydown", e => {
  if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || e.altKey || e.repeat || !(e.target instanceof HTMLElement)) return;
  const button = /** @type {HTMLElement | null | undefined} */ (e.target.closest("form")?.querySelector(`[data-key="Ctrl+${e.shiftKey ? "Shift+" : ""}Enter"]`));
  if (!button) return;
  e.preventDefault();
  button.click();
});

// What was typed and not sent is nobody's business once its writer has left.
document.querySelector("form[action='/sign-out']")?.addEventListener("submit", () => sessionStorage.clear());

const keys = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"));

/** Every key that does something here: those its line at the end of the page names, and those of forms and buttons. */
function keysHere() {
  const rows = /** @type {Map<string, string>} */ (new Map());
  let named = /** @type {string[]} */ ([]);
  for (const part of document.querySelector("main .keys")?.childNodes ?? []) {
    const text = (part.textContent ?? "").replace("·", "").trim();
    if (part.nodeName === "KBD") named.push(text);
    else if (text) { rows.set(named.join(" / "), text); named = []; }
  }
  for (const e of document.querySelectorAll("[data-key]:not([hidden] *)")) {
    const words = /** @type {Element} */ ((e.querySelector("label, button") ?? e).cloneNode(true)), key = e.getAttribute("data-key") ?? "";
    words.querySelectorAll("kbd").forEach(k => k.remove());
    if (!rows.has(key)) rows.set(key, words.textContent?.trim() ?? "");
  }
  return rows.set("/", palette?.title ?? "").set("?", keys?.dataset.all ?? "");
}

function showKeys() {
  keys?.querySelector("dl")?.replaceChildren(...[...keysHere()].flatMap(([key, text]) => {
    const [dt, dd, kbd] = ["dt", "dd", "kbd"].map(n => document.createElement(n));
    kbd.textContent = key;
    dt.append(kbd);
    dd.textContent = text;
    return [dt, dd];
  }));
  keys?.showModal();
}
keys?.addEventListener("click", e => { if (e.target === keys) keys.close(); });
