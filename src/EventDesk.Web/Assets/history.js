// Walking through a ticket's history: the slider and the arrow keys show each step without loading the whole page anew.
// @ts-check
let asked = 0;

/** @param {string} address */
async function show(address) {
  const mine = ++asked;
  const asking = fetch(address, { headers: { accept: "text/html" } });
  document.dispatchEvent(new CustomEvent("asked", { detail: { answer: asking, again: () => show(address) } }));
  const answer = await asking.catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("history"), old = document.getElementById("history");
  if (!now || !old || mine !== asked) return;
  // The slider that is being dragged stays; everything else is replaced.
  const [slider, fresh] = [old, now].map(h => /** @type {HTMLInputElement | null} */ (h.querySelector("input[type=range]")));
  const dragging = document.activeElement === slider, link = old.contains(document.activeElement) ? /** @type {Element} */ (document.activeElement) : null;
  if (slider && fresh && dragging) { slider.value = fresh.value; fresh.replaceWith(slider.cloneNode()); }
  old.replaceWith(now);
  const again = /** @type {HTMLInputElement | null} */ (now.querySelector("input[type=range]"));
  if (again && fresh) again.value = fresh.value;
  if (dragging) again?.focus();
  // The same link of the new step: whoever goes by keys goes on from there.
  else if (link) /** @type {HTMLElement | null} */ (now.querySelector(link.id ? `#${CSS.escape(link.id)}` : link.getAttribute("rel") ? `[rel=${link.getAttribute("rel")}]` : `a[href="${CSS.escape(link.getAttribute("href") ?? "")}"]`))?.focus({ preventScroll: true });
  history.replaceState(null, "", address);
  document.querySelector(".timeline .now")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("input", e => {
  if (e.target instanceof HTMLInputElement && e.target.type === "range") show(`?version=${e.target.value}`);
});
document.addEventListener("click", e => {
  const link = e.target instanceof Element ? e.target.closest(".history a[href^='?version=']") : null;
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  show(link.getAttribute("href") ?? "");
});
document.addEventListener("keydown", e => {
  if (e.target instanceof HTMLInputElement || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog:modal")) return;
  const rel = e.key === "j" || e.key === "ArrowRight" ? "next" : e.key === "k" || e.key === "ArrowLeft" ? "prev" : null;
  if (rel) /** @type {HTMLElement | null} */ (document.querySelector(`.slider [rel=${rel}]`))?.click();
});
