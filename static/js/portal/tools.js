// What only a script can do: print, and put the permanent address on the clipboard. The buttons stay hidden without it.
const actions = {
  print: () => window.print(),
  copy: async (button) => {
    await navigator.clipboard.writeText(new URL(button.dataset.address, location.href).href);
    button.nextElementSibling.textContent = button.dataset.done;
  },
};

// Where a script runs, the Tab key stops at a table only while it scrolls.
const frames = new ResizeObserver((entries) => {
  for (const frame of new Set(entries.map(({ target }) => target.closest(".table-scroll")))) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute("tabindex");
  }
});
for (const part of document.querySelectorAll(".table-scroll, .table-scroll > table")) frames.observe(part);

for (const button of document.querySelectorAll("button[data-action]")) {
  if (button.dataset.action === "copy" && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => actions[button.dataset.action](button));
}
