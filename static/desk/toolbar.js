// Buttons that put Markdown around what is selected, with the keys that people know.
import { piece } from "./words.js";

const AROUND = { strong: ["**", "**"], em: ["*", "*"], sub: ["~", "~"], sup: ["^", "^"] };
const BEFORE_LINE = { heading: "## ", list: "- ", numbers: "1. ", quote: "> " };
const KEYS = { b: "strong", i: "em" };

export function insert(text, words) {
  text.focus();
  // Keeps the browser's own undo; the second way is for browsers that do without it.
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function selected(text) {
  return text.value.slice(text.selectionStart, text.selectionEnd);
}

function mark(text, name) {
  if (name in AROUND) {
    const [open, close] = AROUND[name];
    const start = text.selectionStart + open.length;
    const words = selected(text);
    insert(text, open + words + close);
    text.setSelectionRange(start, start + words.length);
  } else if (name in BEFORE_LINE) {
    const start = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
    const words = text.value.slice(start, text.selectionEnd);
    text.setSelectionRange(start, text.selectionEnd);
    insert(text, words.split("\n").map((line) => BEFORE_LINE[name] + line).join("\n"));
  }
}

export function addToolbar(text) {
  const toolbar = piece("toolbar");
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) mark(text, button.dataset.mark);
  });
  text.addEventListener("keydown", (event) => {
    const name = (event.ctrlKey || event.metaKey) && !event.altKey && KEYS[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    mark(text, name);
  });
  text.before(toolbar);
  return toolbar;
}
