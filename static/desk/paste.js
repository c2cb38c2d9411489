// Formats that are pasted become Markdown: the server reads the clipboard's HTML, and its answer goes in as one step that can be undone.
import { insert } from "./toolbar.js";
import { piece, token, word } from "./words.js";
import { fromLines, toMarkdown } from "./table.js";

const PATIENCE = 3000; // milliseconds, then the words alone go in
const MOST_SENT = 2_000_000; // characters
const DATA = /data:[\w/+.;=-]{0,100},[^"'\s)>]{64,}/g;
const FORMAT = /<(?:h[1-6]|ul|ol|li|dl|table|b|strong|i|em|a|s|del|sub|sup|blockquote|pre|code|img|hr)[\s>]|font-(?:weight|style)|vertical-align|line-through|\bMso|role="?heading/i;
const ITEM = /^(\s*)(?:[-*+]|\d{1,9}\.)\s+/;

// Where the cursor stands: in code, in a row of a table, in an item, and what surrounds it.
function placeOf(text) {
  const { value, selectionStart, selectionEnd } = text;
  const lines = value.slice(0, selectionStart).split("\n");
  const before = lines.pop();
  const after = value.slice(selectionEnd).split("\n")[0];
  const isCode = lines.filter((line) => /^\s*(```|~~~)/.test(line)).length % 2 === 1 || /^(?: {4}|\t)(?!\s*(?:[-*+]|\d+\.)\s)/.test(before);
  const item = before.match(ITEM);
  return { before, after, isCode, item, isCell: /^\s*\|/.test(before), isLink: /\[[^\]]*$|\]\([^)]*$/.test(before) };
}

function nextNote(value) {
  return Math.max(0, ...[...value.matchAll(/\[\^(\d{1,4})\]/g)].map((found) => Number(found[1]))) + 1;
}

// The Markdown fitted to its place: indented within an item, with empty lines around blocks.
function fitted(markdown, { before, after, item }) {
  const isBlock = /\n/.test(markdown.trim()) || /^(?:#|[-*+] |\d+\. |\||>|```|---)/.test(markdown);
  if (!isBlock) return markdown;
  let words = markdown;
  if (item) {
    const isList = ITEM.test(words) && before === item[0];
    const indent = " ".repeat(Math.floor(item[1].length / 4) * 4 + (isList ? 0 : 4));
    words = words.replace(/\n(?=[^\n])/g, `\n${indent}`);
    if (isList) return words.replace(ITEM, "");
    return before === item[0] ? words : `\n\n${indent}${words}`;
  }
  return (before.trim() ? "\n\n" : "") + words + (after.trim() ? "\n\n" : "");
}

async function converted(text, html, isCell) {
  const body = new FormData();
  body.set("html", html);
  body.set("note", nextNote(text.value));
  if (isCell) body.set("line", "1");
  body.set("csrfmiddlewaretoken", token(text.form));
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(text.dataset.paste, { method: "POST", body, headers, signal: stop.signal, redirect: "manual" });
    if (answer.status === 403 || answer.type === "opaqueredirect") return { error: word("pasteloggedout") };
    if (!answer.ok) return { error: word("pasterefused") };
    return await answer.json();
  } catch (problem) {
    return { error: word(problem.name === "AbortError" ? "pasteslow" : "pasteoffline") };
  } finally {
    clearTimeout(timer);
  }
}

// The lines that people copy from a spreadsheet: two or more, with as many tabs in each.
function isRows(words) {
  const lines = words.replace(/\n$/, "").split("\n");
  const tabs = lines.map((line) => line.split("\t").length);
  return lines.length > 1 && tabs[0] > 1 && tabs.every((count) => count === tabs[0]);
}

export function pasteFormats(text, status) {
  let isBare = false; // Ctrl+Shift+V asks for the words alone

  const say = (words) => {
    status.textContent = words;
  };

  function offerTable(words) {
    const button = piece("maketable");
    status.replaceChildren(word("rows"), " ", button);
    button.addEventListener("click", () => {
      const start = text.value.indexOf(words);
      if (start < 0) return say("");
      text.focus();
      text.setSelectionRange(start, start + words.length);
      const place = placeOf(text);
      insert(text, fitted(toMarkdown(fromLines(words, "\t")), place));
      say("");
    });
  }

  async function take(html, words) {
    const place = placeOf(text);
    const { value, selectionStart, selectionEnd } = text;
    say(word("pasting"));
    const cut = html.replace(DATA, "data:,");
    const told = cut.length > MOST_SENT ? { error: word("pastelong") } : await converted(text, cut, place.isCell);
    // Whoever typed on meanwhile goes on where they are.
    if (text.value === value) text.setSelectionRange(selectionStart, selectionEnd);
    insert(text, told.markdown === undefined ? words : fitted(told.markdown, placeOf(text)));
    say(told.error ?? told.said ?? "");
  }

  text.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "v") isBare = event.shiftKey;
  });
  text.addEventListener("keyup", () => {
    isBare = false;
  });
  text.addEventListener("paste", (event) => {
    if (event.defaultPrevented || !event.clipboardData || isBare) return;
    const words = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    const html = event.clipboardData.getData("text/html");
    const place = placeOf(text);
    if (place.isCode || place.isLink) return;
    if (!html && isRows(words)) setTimeout(() => offerTable(words.replace(/\n$/, "")));
    if (!html || !FORMAT.test(html)) return;
    event.preventDefault();
    take(html, words);
  });
}
