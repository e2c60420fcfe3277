// The board: a ticket is dragged to an agent, to nobody or to a desk, or given by keys; both press the button that stands on it.
// @ts-check
let dragged = /** @type {HTMLElement | null} */ (null);
let chosen = /** @type {string | undefined} */ (undefined);

/** @param {string} selector @returns {HTMLElement | null} */
const find = selector => document.querySelector(selector);
const form = () => /** @type {HTMLFormElement | null} */ (find("#give"));
const target = () => /** @type {HTMLSelectElement | null} */ (find("#give-to"));
/** @param {Event} e @param {string} selector @returns {HTMLElement | null} */
const near = (e, selector) => e.target instanceof Element ? e.target.closest(selector) : null;

/** @param {Element | null} card @param {string} to */
function give(card, to) {
  const select = target(), button = /** @type {HTMLButtonElement | null | undefined} */ (card?.querySelector("button[name=item]"));
  if (!select || !button) return;
  select.value = to;
  form()?.requestSubmit(button);
}

// The page that answers is put in place of the board: nothing jumps, and what it says is what holds.
document.addEventListener("submit", async e => {
  const button = e.submitter;
  if (e.target !== form() || !(button instanceof HTMLButtonElement)) return;
  e.preventDefault();
  const card = button.closest(".slip"), lane = find(`.lane[data-to="${CSS.escape(target()?.value ?? "")}"] ol`), number = button.value.split(":")[0];
  const [back, next] = [card?.parentElement, card?.nextElementSibling ?? null];
  const body = new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form() ?? undefined, button)]));
  document.querySelectorAll("live-part").forEach(p => /** @type {any} */ (p).hold(true));
  card?.classList.add("going");
  if (card) lane?.prepend(card);
  try {
    const answer = await fetch(form()?.action ?? "", { method: "POST", body, headers: { accept: "text/html" } });
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
    if (!now) { location.reload(); return; }
    find("#board")?.replaceWith(now);
    if (answer.redirected) history.replaceState(null, "", answer.url);
    say(now.querySelector("[role=alert], #given")?.textContent ?? "");
    (find(`#t-${CSS.escape(number)} .subject`) ?? target())?.focus();
  } catch {
    card?.classList.remove("going");
    if (card) back?.insertBefore(card, next);
    say(find("#board")?.dataset.failed ?? "", true);
    document.querySelectorAll("live-part").forEach(p => /** @type {any} */ (p).hold(false));
  }
});

/** @param {string} text @param {boolean} [seen] It stands nowhere else on the page. */
function say(text, seen = false) {
  const said = find("#said");
  if (!said) return;
  said.textContent = text.trim().replace(/\s+/g, " ");
  said.className = seen ? "notice bad" : "sr";
}

document.addEventListener("dragstart", e => {
  dragged = near(e, ".slip");
  if (!dragged || !e.dataTransfer) return;
  e.dataTransfer.effectAllowed = "move";
  e.dataTransfer.setData("text/plain", `#${dragged.id.slice(2)}`);
  document.querySelectorAll("live-part").forEach(p => /** @type {any} */ (p).hold(true));
  // A browser gives up a drag whose surroundings change at once.
  setTimeout(() => document.body.classList.add("dragging"));
});
document.addEventListener("dragover", e => {
  const over = dragged && near(e, "[data-to]");
  document.querySelectorAll(".over").forEach(o => o.classList.toggle("over", o === over));
  if (!over) return;
  e.preventDefault();
  over.classList.add("over");
});
document.addEventListener("drop", e => {
  const over = dragged && near(e, "[data-to]");
  if (!over) return;
  e.preventDefault();
  if (!over.contains(dragged)) give(dragged, over.dataset.to ?? "");
});
document.addEventListener("dragend", () => {
  const given = dragged?.classList.contains("going");
  dragged = null;
  document.body.classList.remove("dragging");
  document.querySelectorAll(".over").forEach(o => o.classList.remove("over"));
  if (!given) document.querySelectorAll("live-part").forEach(p => /** @type {any} */ (p).hold(false));
});

document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.target === target()) {
    if (e.key === "Enter" && chosen) {
      e.preventDefault();
      give(find(`#${CSS.escape(chosen)}`), target()?.value ?? "");
    } else if (e.key === "Escape" && chosen) {
      find(`#${CSS.escape(chosen)} .subject`)?.focus();
    }
    return;
  }
  if (e.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
  const cards = [...document.querySelectorAll(".slip")], at = cards.findIndex(c => c.contains(document.activeElement));
  if (e.key === "j" || e.key === "k") {
    const to = Math.max(0, Math.min(cards.length - 1, at + (e.key === "j" ? 1 : at < 0 ? 1 : -1)));
    /** @type {HTMLElement | null} */ (cards[to]?.querySelector(".subject"))?.focus();
    chosen = cards[to]?.id;
  } else if (e.key === "a" && at >= 0) {
    chosen = cards[at].id;
  } else if (e.key === "o" && at >= 0) {
    /** @type {HTMLElement | null} */ (cards[at].querySelector(".subject"))?.click();
  }
});
