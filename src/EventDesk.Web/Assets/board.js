// The board: a ticket is dragged to an agent, to nobody or to a desk, or given by keys; both press the button that stands on it.
// @ts-check
/** What a pointer has hold of; it is carried since there is a ghost. @typedef {{ card: HTMLElement, id: number, x: number, y: number, lifts?: number, ghost?: HTMLElement }} Held */
let held = /** @type {Held | null} */ (null);
let carried = false;
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

// One drag for mouse, pen and finger; the browser's own knows the mouse alone, or differs from device to device. A mouse carries what it moves. A finger has to
// rest first, since one that moves at once scrolls.
const rests = 350, slack = 8, edge = 64;

document.addEventListener("pointerdown", e => {
  const card = near(e, ".slip");
  carried = false;
  if (held || !card || e.button !== 0 || near(e, "button")) return;
  held = { card, id: e.pointerId, x: e.clientX, y: e.clientY };
  if (e.pointerType !== "mouse") held.lifts = setTimeout(lift, rests);
  // A finger's events end with the element they began on.
  document.querySelectorAll("live-part").forEach(p => /** @type {any} */ (p).hold(true));
});
document.addEventListener("pointermove", e => {
  if (!held || e.pointerId !== held.id) return;
  if (!held.ghost) {
    if (Math.hypot(e.clientX - held.x, e.clientY - held.y) < slack) return;
    if (held.lifts) { letGo(); return; }
    lift();
  }
  [held.x, held.y] = [e.clientX, e.clientY];
});
document.addEventListener("pointerup", e => {
  if (!held || e.pointerId !== held.id) return;
  if (held.ghost) {
    [held.x, held.y] = [e.clientX, e.clientY];
    const over = aim();
    if (over && !over.contains(held.card)) give(held.card, over.dataset.to ?? "");
  }
  letGo();
});
document.addEventListener("pointercancel", e => { if (e.pointerId === held?.id) letGo(); });
// Only this keeps the page where it is under a finger, and only if it is listened to from the beginning.
document.addEventListener("touchmove", e => { if (held?.ghost && e.cancelable) e.preventDefault(); }, { passive: false });
// A finger that rests would be asked what to do with the link.
document.addEventListener("contextmenu", e => { if (held?.lifts) e.preventDefault(); });
// Letting go is no click on what is there.
document.addEventListener("click", e => { if (carried) e.preventDefault(); }, { capture: true });

function lift() {
  if (!held) return;
  carried = true;
  held.ghost = Object.assign(document.createElement("p"), { className: "ghost", ariaHidden: "true" });
  held.ghost.append(Object.assign(document.createElement("b"), { textContent: `#${held.card.id.slice(2)}` }), ` ${held.card.querySelector(".subject")?.textContent} `, document.createElement("span"));
  held.card.classList.add("lifted");
  document.body.classList.add("dragging");
  document.body.append(held.ghost);
  carry();
}

/** Frame by frame, for the page goes on under a pointer that rests near its edge. */
function carry() {
  if (!held?.ghost) return;
  const low = find(".drop-desks")?.getBoundingClientRect().top ?? innerHeight;
  scrollBy(0, held.y < edge ? (held.y - edge) / 4 : held.y < low ? Math.max(0, held.y - low + edge) / 4 : 0);
  aim();
  requestAnimationFrame(carry);
}

/** Shows where it would be given, and says so beside the pointer: the lane's name may be out of sight. */
function aim() {
  if (!held?.ghost) return null;
  held.ghost.style.setProperty("translate", `${Math.max(0, Math.min(held.x, innerWidth - held.ghost.offsetWidth))}px ${held.y}px`);
  const over = /** @type {HTMLElement | null | undefined} */ (document.elementFromPoint(held.x, held.y)?.closest("[data-to]"));
  document.querySelectorAll("[data-to].over").forEach(o => o.classList.toggle("over", o === over));
  over?.classList.add("over");
  /** @type {Element} */ (held.ghost.lastElementChild).textContent = over && !over.contains(held.card) ? `→ ${over.ariaLabel ?? over.textContent}` : "";
  return over ?? null;
}

function letGo() {
  clearTimeout(held?.lifts);
  held?.ghost?.remove();
  held?.card.classList.remove("lifted");
  const given = held?.card.classList.contains("going");
  held = null;
  document.body.classList.remove("dragging");
  document.querySelectorAll("[data-to].over").forEach(o => o.classList.remove("over"));
  if (!given) document.querySelectorAll("live-part").forEach(p => /** @type {any} */ (p).hold(false));
}

document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog:modal")) return;
  if (held && e.key === "Escape") { letGo(); return; }
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
