// What is waited for is seen to be: a bar at the top after a moment, words and a way to try again where no answer comes. Nothing on the page moves for it.
// @ts-check
const moment = 300, tooLong = 20_000;
const main = document.getElementById("main");
/** What is waited for, and of it what has taken longer than a moment. */
const begun = /** @type {Set<() => void>} */ (new Set()), waits = /** @type {Set<() => void>} */ (new Set());
let notice = /** @type {HTMLElement | null} */ (null);

function show() {
  document.documentElement.classList.toggle("waiting", waits.size > 0);
  if (waits.size > 0) main?.setAttribute("aria-busy", "true");
  else main?.removeAttribute("aria-busy");
}

/** Says that no answer came. @param {() => void} again */
function fail(again) {
  notice?.remove();
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: main?.dataset.again ?? "" });
  notice = Object.assign(document.createElement("p"), { className: "notice bad unanswered" });
  notice.setAttribute("role", "alert");
  notice.append(main?.dataset.unanswered ?? "", " ", button);
  button.addEventListener("click", () => {
    notice?.remove();
    main?.focus({ preventScroll: true }); // the button that had it is gone
    again();
  });
  document.body.append(notice);
}

/**
 * @param {(() => void) | null} again Null: it may take as long as it does, for nobody knows whether asking once more would do it twice.
 * @returns {(answered: boolean) => void} To be called when it is over; a late answer is one too.
 */
function begin(again) {
  const end = () => { clearTimeout(soon); clearTimeout(late); begun.delete(end); waits.delete(end); show(); };
  const soon = setTimeout(() => { waits.add(end); show(); }, moment), late = again ? setTimeout(() => { end(); fail(again); }, tooLong) : undefined;
  begun.add(end);
  return answered => {
    end();
    if (answered) notice?.remove();
    else if (again) fail(again);
  };
}

// A script that asks for something says so: { answer: a promise of a response, again: what asks once more }.
document.addEventListener("asked", e => {
  const { answer, again } = /** @type {CustomEvent<{ answer: Promise<Response>, again: () => void }>} */ (e).detail, end = begin(again);
  answer.then(response => end(response.ok), () => end(false));
});

// On the window, behind everything that may have taken it in hand. What becomes a file leaves the page as it is, and is not waited for.
addEventListener("click", e => {
  const link = e.target instanceof Element ? /** @type {HTMLAnchorElement | null} */ (e.target.closest("a[href]")) : null;
  if (!link || e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || link.target || link.type || link.hasAttribute("download")) return;
  const [to, here] = [new URL(link.href), new URL(location.href)];
  if (to.origin !== here.origin || (to.hash && to.pathname + to.search === here.pathname + here.search)) return;
  begin(() => location.assign(to));
});
addEventListener("submit", e => {
  const form = /** @type {HTMLFormElement} */ (e.target), button = e.submitter;
  if (!e.defaultPrevented && form.method !== "dialog") begin(form.method === "get" ? () => form.requestSubmit(button) : null);
});

// Whoever comes back finds the page as it was left, and waits for nothing.
addEventListener("pageshow", () => { begun.forEach(end => end()); });
