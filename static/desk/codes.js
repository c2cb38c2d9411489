// Recovery codes: buttons that print and copy them.
const codes = [...document.querySelectorAll(".recovery-codes code")].map((one) => one.textContent).join("\n");
for (const button of document.querySelectorAll("[data-do]")) {
  if (button.dataset.do === "copy" && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (button.dataset.do === "print") return window.print();
    await navigator.clipboard.writeText(codes);
    button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
  });
}
