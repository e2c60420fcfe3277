// What is being typed on a ticket's page survives a session that ends: it is kept in this tab alone, for the person who typed it, until it was sent or they sign out.
// What somebody wants hidden is not kept: its box says so (autocomplete="off").
// @ts-check
const page = /** @type {HTMLElement | null} */ (document.getElementById("ticket"));
const who = document.querySelector(".who")?.textContent ?? "";
const prefix = `draft ${page?.dataset.ticket} `;

/** @typedef {{ who: string, text: string, version: number }} Draft */

/** @param {HTMLTextAreaElement} area */
const keyOf = area => prefix + (area.form?.id ?? "") + (/** @type {HTMLInputElement | null} */ (area.form?.elements.namedItem("macro"))?.value ?? "");

/** @param {string} key @returns {Draft | null} */
function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

// The address a form that was taken leads to names the version it made: what was thought out on an earlier one has been sent.
const made = Number(/^#v(\d+)$/.exec(location.hash)?.[1] ?? 0);
for (const key of Object.keys(sessionStorage).filter(k => k.startsWith("draft "))) {
  const draft = read(key);
  if (draft?.who !== who || (key.startsWith(prefix) && draft.text === "")) sessionStorage.removeItem(key);
}
for (const area of page?.querySelectorAll("textarea:not([autocomplete=off])") ?? []) {
  const draft = read(keyOf(area));
  if (!draft) continue;
  const sent = read(`${keyOf(area)} sent`);
  if (sent && made > sent.version) {
    sessionStorage.removeItem(keyOf(area));
    sessionStorage.removeItem(`${keyOf(area)} sent`);
  } else if (area.value === area.defaultValue && draft.text !== area.value && !document.querySelector("#ticket [role=alert]")) {
    area.value = draft.text;
    for (let d = area.closest("details"); d; d = d.parentElement?.closest("details") ?? null) d.open = true;
    const said = Object.assign(document.createElement("p"), { className: "notice", textContent: page?.dataset.restored ?? "" });
    said.setAttribute("role", "status");
    area.form?.prepend(said);
  }
}

document.addEventListener("input", e => {
  const area = e.target;
  if (!(area instanceof HTMLTextAreaElement) || area.autocomplete === "off" || !page?.contains(area)) return;
  sessionStorage.removeItem(`${keyOf(area)} sent`);
  if (area.value === area.defaultValue) sessionStorage.removeItem(keyOf(area));
  else sessionStorage.setItem(keyOf(area), JSON.stringify({ who, text: area.value, version: Number(page.dataset.version) }));
});
document.addEventListener("submit", e => {
  const form = /** @type {HTMLFormElement} */ (e.target), area = form.querySelector("textarea:not([autocomplete=off])");
  if (area && page?.contains(area) && sessionStorage.getItem(keyOf(area)))
    sessionStorage.setItem(`${keyOf(area)} sent`, JSON.stringify({ who, text: "sent", version: Number(page.dataset.version) }));
});
