// The form of a draft, made easier. Without this script everything still works.
import { keepTyped } from "./autosave.js";
import { offerLinks } from "./links.js";
import { showBeside } from "./preview.js";
import { sendFresh } from "./sending.js";
import { addToolbar } from "./toolbar.js";

const status = document.querySelector("output.autosave");
if (status) {
  const form = status.closest("form");
  keepTyped(form, status);
  sendFresh(form, status.dataset.token);
}

for (const text of document.querySelectorAll("textarea[data-markdown]")) {
  const toolbar = addToolbar(text);
  offerLinks(text, toolbar);
  showBeside(text, toolbar);
}
