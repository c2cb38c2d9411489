// A table in a grid: the one at the cursor, or a new one. "Done" writes its Markdown back, as one step that can be undone.
import { fromLines, fromMarkdown, tableAt, toMarkdown } from "./table.js";
import { insert } from "./toolbar.js";
import { piece, word } from "./words.js";

const MOST_CELLS = 2000;
const NEW = { rows: [["", "", ""], ["", "", ""], ["", "", ""]], aligns: [] };

class Grid {
  constructor(dialog, { rows, aligns }) {
    this.dialog = dialog;
    this.rows = rows.map((row) => [...row]);
    this.aligns = Array.from(rows[0], (_, column) => aligns[column] ?? "");
    [this.row, this.column] = [0, 0];
    this.draw();
  }

  draw() {
    const body = this.dialog.querySelector("tbody");
    body.replaceChildren(...this.rows.map((cells, row) => {
      const line = document.createElement("tr");
      line.append(...cells.map((cell, column) => this.cell(cell, row, column)));
      return line;
    }));
    this.focus(this.row, this.column);
  }

  cell(value, row, column) {
    const holder = document.createElement(row ? "td" : "th");
    const field = document.createElement("input");
    field.value = value;
    field.dir = "auto";
    field.setAttribute("aria-label", word("cell", { row: row + 1, column: column + 1 }));
    field.addEventListener("input", () => {
      this.rows[row][column] = field.value;
    });
    field.addEventListener("focus", () => {
      [this.row, this.column] = [row, column];
      this.dialog.querySelector("[data-align]").value = this.aligns[column];
    });
    field.addEventListener("keydown", (event) => this.key(event, field));
    field.addEventListener("paste", (event) => this.paste(event));
    holder.append(field);
    return holder;
  }

  focus(row, column) {
    this.dialog.querySelectorAll("tr")[row]?.querySelectorAll("input")[column]?.focus();
  }

  key(event, field) {
    const isStart = field.selectionEnd === 0;
    const isEnd = field.selectionStart === field.value.length;
    const back = getComputedStyle(field).direction === "rtl" ? 1 : -1;
    const { row, column } = this;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };
    if (isStart || isEnd) {
      if (back === -1 ? isStart : isEnd) steps.ArrowLeft = [0, back];
      if (back === -1 ? isEnd : isStart) steps.ArrowRight = [0, -back];
    }
    if (!(event.key in steps)) return;
    event.preventDefault();
    const [down, along] = steps[event.key];
    this.focus(row + down, column + along);
  }

  // Rows of a spreadsheet fill the cells from here on, and make new ones where there are none.
  paste(event) {
    const words = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "") ?? "";
    if (!/[\t\n]/.test(words)) return;
    event.preventDefault();
    const { rows } = fromLines(words, "\t");
    const width = Math.max(this.aligns.length, this.column + Math.max(...rows.map((row) => row.length)));
    const height = Math.max(this.rows.length, this.row + rows.length);
    if (width * height > MOST_CELLS) return this.say(word("toomanycells"));
    this.aligns = Array.from({ length: width }, (_, column) => this.aligns[column] ?? "");
    this.rows = Array.from({ length: height }, (_, row) =>
      Array.from({ length: width }, (_, column) => rows[row - this.row]?.[column - this.column] ?? this.rows[row]?.[column] ?? ""),
    );
    return this.draw();
  }

  say(words) {
    this.dialog.querySelector("output").textContent = words;
  }

  // Adds, moves or removes the row or the column in which the cursor is.
  change(name) {
    const { rows, aligns, row, column } = this;
    const swap = (list, from, to) => {
      if (to >= 0 && to < list.length) [list[from], list[to]] = [list[to], list[from]];
    };
    if (name.startsWith("add") && (rows.length + 1) * (aligns.length + 1) > MOST_CELLS) return this.say(word("toomanycells"));
    if (name === "addrow") rows.splice((this.row = row + 1), 0, aligns.map(() => ""));
    if (name === "removerow" && rows.length > 1) rows.splice(row, 1);
    if (name === "up" || name === "down") {
      const to = row + (name === "up" ? -1 : 1);
      swap(rows, row, to);
      this.row = to;
    }
    const to = { addcolumn: column + 1, left: column - 1, right: column + 1 }[name] ?? column;
    for (const list of [...rows, aligns]) {
      if (name === "addcolumn") list.splice(to, 0, "");
      if (name === "removecolumn" && list.length > 1) list.splice(column, 1);
      if (name === "left" || name === "right") swap(list, column, to);
    }
    this.column = Math.min(Math.max(to, 0), aligns.length - 1);
    this.row = Math.min(Math.max(this.row, 0), rows.length - 1);
    return this.draw();
  }
}

export function offerGrid(text, toolbar, status) {
  const dialog = piece("grid");
  let grid = null;
  let range = null;
  document.body.append(dialog);

  toolbar.querySelector("[data-table]").addEventListener("click", () => {
    const place = text.selectionStart;
    const found = tableAt(text.value, place);
    const table = found ? fromMarkdown(found.lines) : NEW;
    if (table.rows.length * table.rows[0].length > MOST_CELLS) {
      status.textContent = word("toomanycells");
      return;
    }
    range = found ?? { start: place, end: text.selectionEnd };
    dialog.querySelector("output").textContent = "";
    dialog.showModal();
    grid = new Grid(dialog, table);
  });
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.change) grid.change(button.dataset.change);
    if (button && "close" in button.dataset) dialog.close();
    if (button && "done" in button.dataset) done();
  });
  dialog.querySelector("[data-align]").addEventListener("change", (event) => {
    grid.aligns[grid.column] = event.target.value;
  });
  dialog.addEventListener("close", () => text.focus());

  function done() {
    dialog.close();
    text.focus();
    text.setSelectionRange(range.start, range.end);
    const isWhole = "lines" in range;
    const before = isWhole || /(^|\n\n)$/.test(text.value.slice(0, range.start)) ? "" : "\n\n";
    const after = isWhole || /^(\n\n|\n?$)/.test(text.value.slice(range.end)) ? "" : "\n\n";
    insert(text, before + toMarkdown(grid) + after);
  }
}
