// Tables of Markdown as rows of cells, and back. A cell holds Markdown of one line.
const DELIMITER = /^\s*:?-+:?\s*$/;
const MARKS = { "": "---", left: ":--", right: "--:", center: ":-:" };

// What a pipe is no end of a cell in: an escaped letter, code. A backtick that opens no code is told apart.
const TOKEN = /\\.|(`+)(?!`).*?(?<!`)\1(?!`)|`|\|/gs;

// The cells of a line.
export function cellsOf(line) {
  const text = line.trim().replace(/^\|/, "");
  const cells = [];
  let start = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token !== "|") continue;
    cells.push(text.slice(start, index));
    start = index + 1;
  }
  const last = text.slice(start);
  if (last.trim() || !cells.length) cells.push(last);
  return cells.map((cell) => cell.trim().replace(TOKEN, (token) => (token === "\\|" ? "|" : token)));
}

export function isDelimiter(line) {
  return line !== undefined && line.includes("-") && (line.includes("|") || /^\s*:?-+:?\s*$/.test(line)) && cellsOf(line).every((cell) => DELIMITER.test(cell));
}

function alignment(mark) {
  if (mark.startsWith(":") && mark.endsWith(":") && mark.length > 1) return "center";
  if (mark.endsWith(":")) return "right";
  return mark.startsWith(":") ? "left" : "";
}

// {rows, aligns} of the lines of a table; every row has as many cells as the longest.
export function fromMarkdown(lines) {
  const [head, delimiter, ...rest] = lines;
  const rows = [head, ...rest].map(cellsOf);
  const width = Math.max(...rows.map((cells) => cells.length));
  const fit = (cells) => Array.from({ length: width }, (_, column) => cells[column] ?? "");
  return { rows: rows.map(fit), aligns: fit(cellsOf(delimiter)).map(alignment) };
}

// A cell in one line, in which nothing ends it.
function cellText(cell) {
  return cell.replace(/\s*\n\s*/g, "<br>").trim().replace(TOKEN, (token) => (token === "|" || token === "`" ? `\\${token}` : token));
}

export function toMarkdown({ rows, aligns = [] }) {
  const width = Math.max(...rows.map((row) => row.length));
  const line = (cells) => `| ${Array.from({ length: width }, (_, column) => cellText(cells[column] ?? "")).join(" | ")} |`;
  const marks = Array.from({ length: width }, (_, column) => MARKS[aligns[column] ?? ""]);
  return [line(rows[0]), `|${marks.join("|")}|`, ...rows.slice(1).map(line)].join("\n");
}

const SPECIAL = /[\\`*_~^[\]<|]/g;

// Rows of plain text with a mark between the cells; the marks of Markdown in them are escaped.
export function fromLines(text, mark) {
  const rows = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((line) => line.split(mark));
  return { rows: rows.map((cells) => cells.map((cell) => cell.trim().replace(SPECIAL, (letter) => (letter === "|" ? "|" : letter === "<" ? "&lt;" : `\\${letter}`)))), aligns: [] };
}

// The table at a place of a text: {start, end, lines}, or null.
export function tableAt(value, place) {
  const lines = value.split("\n");
  let offset = 0;
  let at = 0;
  while (at < lines.length - 1 && offset + lines[at].length < place) offset += lines[at++].length + 1;
  const isRow = (line) => line !== undefined && line.includes("|") && line.trim() !== "";
  if (!isRow(lines[at])) return null;
  let [first, last] = [at, at];
  while (isRow(lines[first - 1])) first -= 1;
  while (isRow(lines[last + 1])) last += 1;
  if (!isDelimiter(lines[first + 1])) return null;
  const start = lines.slice(0, first).reduce((sum, line) => sum + line.length + 1, 0);
  const found = lines.slice(first, last + 1);
  return { start, end: start + found.join("\n").length, lines: found };
}
