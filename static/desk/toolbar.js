// Buttons that put Markdown around what is selected or take it away again, with the keys that people know; Enter goes on with a list.
import { piece } from "./words.js";

const AROUND = { strong: "**", em: "*", sub: "~", sup: "^" };
const BEFORE_LINE = { heading: ["## ", /^#{1,6} /], list: ["- ", /^[-*+] /], numbers: ["1. ", /^\d+[.)] /], quote: ["> ", /^> ?/] };
const STEP = "    ";
const KEYS = { b: "strong", i: "em" };
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})([.)])|(>))(\s+)/;

export function insert(text, words) {
  text.focus();
  // Keeps the browser's own undo; the second way is for browsers that do without it.
  if (!document.execCommand(words ? "insertText" : "delete", false, words)) {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function selected(text) {
  return text.value.slice(text.selectionStart, text.selectionEnd);
}

function mark(text, name) {
  if (name in AROUND) around(text, AROUND[name]);
  else if (name in BEFORE_LINE) beforeLines(text, ...BEFORE_LINE[name]);
}

// How many of a letter end the one text and begin the other.
function run(letter, before, after) {
  const [end, start] = [before.match(/(.)\1*$/)?.[0] ?? "", after.match(/^(.)\1*/)?.[0] ?? ""];
  return end[0] === letter && start[0] === letter ? Math.min(end.length, start.length) : 0;
}

// Of two or three stars on either side two are strong; one, or the third, is stressed.
function bears(marks, count) {
  return marks.length === 2 ? count >= 2 : count % 2 === 1;
}

function around(text, marks) {
  const words = selected(text);
  const blanks = words.trim() ? [words.match(/^\s*/)[0].length, words.match(/\s*$/)[0].length] : [0, 0];
  let [start, end] = [text.selectionStart + blanks[0], text.selectionEnd - blanks[1]];
  const { value } = text;
  const size = marks.length;
  const held = value.slice(start, end);
  if (bears(marks, run(marks[0], value.slice(0, start), value.slice(end)))) {
    text.setSelectionRange(start - size, end + size);
    insert(text, held);
    start -= size;
    end -= size;
  } else if (held.length > 2 * size && bears(marks, run(marks[0], held.match(/^\W*/)[0], held.match(/\W*$/)[0]))) {
    text.setSelectionRange(start, end);
    insert(text, held.slice(size, -size));
    end -= 2 * size;
  } else {
    text.setSelectionRange(start, end);
    insert(text, marks + held + marks);
    start += size;
    end += size;
  }
  text.setSelectionRange(start, end);
}

function beforeLines(text, put, there) {
  const start = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  const lines = text.value.slice(start, text.selectionEnd).split("\n");
  text.setSelectionRange(start, text.selectionEnd);
  const bare = lines.map((line) => line.replace(there, ""));
  insert(text, (lines.every((line) => there.test(line)) ? bare : lines.map((line) => put + line)).join("\n"));
}

// A new item below an item, numbered on; an item without words ends the list.
function goOn(text, event) {
  const { value, selectionStart: place } = text;
  const before = value.slice(0, place);
  const start = before.lastIndexOf("\n") + 1;
  const found = before.slice(start).match(ITEM);
  const isCode = before.split("\n").filter((line) => /^\s*(```|~~~)/.test(line)).length % 2;
  if (!found || isCode || place !== text.selectionEnd) return;
  event.preventDefault();
  const [all, indent, bullet, number, point, quote, blank] = found;
  const rest = value.slice(place).split("\n")[0];
  if (before.slice(start) === all && !rest.trim()) {
    text.setSelectionRange(start, place);
    insert(text, "");
  } else insert(text, `\n${indent}${bullet ?? quote ?? `${Number(number) + 1}${point}`}${blank}`);
}

// Tab and Shift+Tab move an item by a level where its words begin, if there is one to move it to. Anywhere else, and after Esc, they
// leave the text as they leave every field.
function moveItem(text, event) {
  const { value, selectionStart: place } = text;
  const start = value.lastIndexOf("\n", place - 1) + 1;
  const found = value.slice(start).match(/^( *)(?:[-*+]|\d{1,9}\.)\s/);
  if (!found || place !== text.selectionEnd || place - start > found[0].length) return;
  const above = value.slice(0, start).split("\n").filter((line) => line.trim()).pop() ?? "";
  const limit = ITEM.test(above) ? above.match(/^ */)[0].length : -1;
  if (event.shiftKey ? found[1].length < STEP.length : found[1].length > limit) return;
  event.preventDefault();
  text.setSelectionRange(start, event.shiftKey ? start + STEP.length : start);
  insert(text, event.shiftKey ? "" : STEP);
  const moved = Math.max(start, place + (event.shiftKey ? -1 : 1) * STEP.length);
  text.setSelectionRange(moved, moved);
}

// The buttons of a toolbar are one stop of the Tab key; arrows, Home and End go from one to another.
export function makeOneStop(toolbar) {
  const buttons = [...toolbar.querySelectorAll("button")];
  const choose = (chosen) => buttons.forEach((button) => (button.tabIndex = button === chosen ? 0 : -1));
  choose(buttons[0]);
  toolbar.addEventListener("focusin", (event) => choose(event.target.closest("button")));
  toolbar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target.closest("button"));
    const on = getComputedStyle(toolbar).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + on, ArrowLeft: at - on, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
}

export function addToolbar(text) {
  const toolbar = piece("toolbar");
  let hasEscaped = false;
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) mark(text, button.dataset.mark);
  });
  text.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.isComposing;
    if (event.key === "Enter" && isPlain) return goOn(text, event);
    if (event.key === "Tab" && !hasEscaped && !event.ctrlKey && !event.metaKey && !event.altKey) return moveItem(text, event);
    hasEscaped = event.key === "Escape" || (hasEscaped && ["Tab", "Shift"].includes(event.key));
    const name = (event.ctrlKey || event.metaKey) && !event.altKey && KEYS[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    mark(text, name);
  });
  text.before(toolbar);
  return toolbar;
}
