// The form of a draft, made easier. Without this script everything still works.
import { keepTyped } from "./autosave.js";
import { offerGrid } from "./grid.js";
import { offerLinks, offerThings } from "./links.js";
import { pasteFormats } from "./paste.js";
import { offerPictures } from "./pictures.js";
import { showBeside } from "./preview.js";
import { sendFresh } from "./sending.js";
import { addToolbar, makeOneStop } from "./toolbar.js";
import { piece } from "./words.js";

const status = document.querySelector("output.autosave");
if (status) {
  const form = status.closest("form");
  keepTyped(form, status);
  sendFresh(form, status.dataset.token);
  const save = form.querySelector("button.default[name=_save]");
  save.setAttribute("aria-keyshortcuts", "Control+S");
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    if (!event.repeat) form.requestSubmit(save);
  });
}

for (const text of document.querySelectorAll("textarea[data-markdown]")) {
  const toolbar = addToolbar(text);
  offerLinks(text, toolbar);
  const told = piece("told");
  toolbar.after(told);
  pasteFormats(text, told);
  offerGrid(text, toolbar, told);
  offerPictures(text, toolbar);
  showBeside(text, toolbar);
  makeOneStop(toolbar);
}

for (const field of document.querySelectorAll("[data-things]")) offerThings(field);
