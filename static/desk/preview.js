// The text as readers will see it, beside the text, a moment after each pause.
import { piece, token, word } from "./words.js";

const PAUSE = 500;
const REMEMBER = "desk:preview-beside";
// Where there is no room beside the text, the preview waits until it is asked for.
const ROOM = "(min-width: 64em)";

export function showBeside(text, toolbar) {
  const pane = piece("preview");
  const panes = document.createElement("div");
  panes.className = "md-panes";
  // Whoever has begun to write before this script came goes on where they are.
  const place = document.activeElement === text && [text.selectionStart, text.selectionEnd];
  text.replaceWith(panes);
  panes.append(text, pane);
  if (place) {
    text.focus({ preventScroll: true });
    text.setSelectionRange(...place);
  }
  const toggle = piece("toggle");
  toolbar.append(toggle);

  let timer = 0;
  let running = null;
  let shown = null;

  function open(isOpen) {
    pane.hidden = !isOpen;
    panes.classList.toggle("both", isOpen);
    toggle.setAttribute("aria-pressed", String(isOpen));
    if (isOpen) refresh();
  }

  async function refresh() {
    const source = text.value;
    if (pane.hidden || source === shown) return;
    running?.abort();
    running = new AbortController();
    pane.classList.add("stale");
    const body = new URLSearchParams({ source, csrfmiddlewaretoken: token(text.form) });
    try {
      const answer = await fetch(text.dataset.markdown, { method: "POST", body, signal: running.signal, redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
      shown = source;
    } catch (problem) {
      if (problem.name !== "AbortError") show({ error: word("nopreview") });
    }
  }

  function show({ html, error }) {
    pane.classList.remove("stale");
    if (error === undefined) {
      pane.innerHTML = html; // made safe by the server
      for (const link of pane.querySelectorAll("a[href]:not([href^='#'])")) {
        link.target = "_blank";
        link.rel = "noopener";
      }
      // Who writes gets past it with one step; the preview in a window of its own has them all.
      for (const stop of pane.querySelectorAll("a, summary, audio, video, [tabindex]")) stop.tabIndex = -1;
      return;
    }
    const line = document.createElement("p");
    line.className = "error";
    line.textContent = error;
    pane.replaceChildren(line);
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  text.addEventListener("change", refresh);
  toggle.addEventListener("click", () => {
    localStorage.setItem(REMEMBER, pane.hidden ? "yes" : "no");
    open(pane.hidden);
  });
  const chosen = localStorage.getItem(REMEMBER);
  open(chosen ? chosen === "yes" : matchMedia(ROOM).matches);
}
