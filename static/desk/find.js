// Ctrl+/ goes to the field that finds things at the desk, and Escape back to where one was.
const field = document.querySelector("#desk-find");
let before = null;

document.addEventListener("keydown", (event) => {
  if (!field || !(event.ctrlKey || event.metaKey) || event.altKey || event.key !== "/" || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  before = document.activeElement;
  field.focus();
  field.select();
});

field?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  (before ?? field).focus();
  if (!before || before === document.body) field.blur();
});
