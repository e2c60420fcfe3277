// Warns while one types what should not be sent. What is asked about is neither stored nor logged.
// @ts-check

/** Asks while one types whether something in it should not be sent. */
class FormHints extends HTMLElement {
  connectedCallback() {
    const area = /** @type {HTMLTextAreaElement | HTMLInputElement | null} */ (this.querySelector("textarea, input"));
    if (!area) return;
    let timer = 0;
    const said = document.createElement("p");
    said.className = "hints";
    said.setAttribute("role", "status");
    this.append(said);
    area.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (!area.value.trim()) { said.textContent = ""; return; }
        const answer = await fetch(this.getAttribute("src") ?? "", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text: area.value }) });
        if (!answer.ok) return;
        const { findings } = await answer.json();
        const names = new Map((this.dataset.kinds ?? "").split("|").map(k => /** @type {[string, string]} */ (k.split("="))));
        const kinds = [...new Set((findings ?? []).map((/** @type {{ kind: string }} */ f) => names.get(f.kind) ?? f.kind))];
        said.textContent = kinds.length ? (this.dataset.text ?? "").replace("{0}", kinds.join(", ")) : "";
      }, 400);
    });
  }
}
customElements.define("form-hints", FormHints);
