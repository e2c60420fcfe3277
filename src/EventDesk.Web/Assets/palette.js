// The palette: one types what one wants to do or where to go. It offers what can be done on the page it is opened on, then the places.
// @ts-check
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("palette"));
const input = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
const list = /** @type {HTMLElement} */ (dialog.querySelector("[role=listbox]"));
const status = /** @type {HTMLElement} */ (dialog.querySelector("[role=status]"));
const { go = "", search = "", action = "", place = "", count = "" } = dialog.dataset;

/** @typedef {{ name: string, kind: string, run: () => void }} Choice */
let choices = /** @type {Choice[]} */ ([]);
let at = 0;

/** What can be done here: every form, link and button of the page that says how it is called, and the options of such a list. @returns {Choice[]} */
function commands() {
  return [...document.querySelectorAll("[data-command]:not([hidden] *)")].flatMap(e => {
    const name = /** @type {HTMLElement} */ (e).dataset.command ?? "";
    if (!(e instanceof HTMLSelectElement)) return [{ name, kind: action, run: () => begin(/** @type {HTMLElement} */ (e)) }];
    return [...e.options].map(o => ({ name: name.replace("{0}", o.text), kind: action, run: () => { e.value = o.value; e.form?.requestSubmit(); } }));
  });
}

/** A form where something has to be said is opened, and waits; one without a question is sent. @param {HTMLElement} e */
function begin(e) {
  for (let d = e.closest("details"); d; d = d.parentElement?.closest("details") ?? null) d.open = true;
  const field = /** @type {HTMLElement | null} */ (e.querySelector("textarea, select, input:not([type=hidden])"));
  if (!(e instanceof HTMLFormElement)) e.click();
  else if (!field) e.requestSubmit();
  else {
    field.scrollIntoView({ block: "center" });
    field.focus();
  }
}

/** @param {string} address @param {string} name @param {string} kind @returns {Choice} */
const to = (address, name, kind) => ({ name, kind, run: () => location.assign(address) });

/** Without case and accents. @param {string} text */
const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** How far a name is from what was typed: it begins with it, has it as its words, has words that begin so, or only letters. @param {string} name @param {string[]} words */
function far(name, words) {
  const [text, phrase] = [plain(name), words.join(" ")];
  return text.startsWith(phrase) ? 0 : ` ${text}`.includes(` ${phrase}`) ? 1 : words.every(w => ` ${text}`.includes(` ${w}`)) ? 2 : 3;
}

function look() {
  const typed = input.value.trim(), words = plain(typed).split(/\s+/).filter(Boolean), number = typed.replace(/^#/, "");
  const places = (dialog.dataset.places ?? "").split("|").filter(Boolean).map(p => p.split("=")).map(([address, name]) => to(address, name, place));
  choices = [...commands(), ...places].filter(c => words.every(w => plain(c.name).includes(w))).sort((a, b) => far(a.name, words) - far(b.name, words));
  if (/^\d+$/.test(number)) choices.unshift(to(`/tickets/${number}`, `${go} #${number}`, place));
  if (typed && search) choices.push(to(`/search?q=${encodeURIComponent(typed)}`, `${search} “${typed}”`, ""));
  list.replaceChildren(...choices.map((c, i) => {
    const option = document.createElement("li"), kind = document.createElement("small");
    option.id = `choice-${i}`;
    option.setAttribute("role", "option");
    kind.textContent = c.kind;
    option.append(c.name, " ", kind);
    option.addEventListener("click", () => take(i));
    return option;
  }));
  status.textContent = count.replace("{0}", String(choices.length));
  mark(0);
}

/** @param {number} i */
function mark(i) {
  at = i;
  [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === i)));
  const option = list.children[i];
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

/** @param {number} i */
function take(i) {
  const choice = choices[i];
  if (!choice) return;
  dialog.close();
  choice.run();
}

input.addEventListener("input", look);
input.addEventListener("keydown", e => {
  if (e.isComposing) return;
  if ((e.key === "ArrowDown" || e.key === "ArrowUp") && choices.length > 0) {
    e.preventDefault();
    mark((at + (e.key === "ArrowDown" ? 1 : -1) + choices.length) % choices.length);
  } else if (e.key === "Enter") {
    e.preventDefault();
    take(at);
  }
});
dialog.addEventListener("click", e => { if (e.target === dialog) dialog.close(); });
document.querySelector("[data-palette]")?.addEventListener("click", () => {
  input.value = "";
  look();
  dialog.showModal();
});
