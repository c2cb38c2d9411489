// A dialog that offers everything one can link to, by title.
import { insert, selected } from "./toolbar.js";
import { piece, word } from "./words.js";

const PAUSE = 200;

export function offerLinks(text, toolbar) {
  const dialog = piece("links");
  document.body.append(dialog);
  const words = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const said = dialog.querySelector("[role=status]");
  let timer = 0;
  let asked = 0;
  let place = [0, 0];

  async function find() {
    const turn = ++asked;
    try {
      const answer = await fetch(`${text.dataset.links}?${new URLSearchParams({ q: words.value, format: "json" })}`, { redirect: "manual" });
      const { links, more } = await answer.json();
      if (turn !== asked) return;
      list.replaceChildren(...links.map(choice));
      said.textContent = links.length ? (more ? word("morelinks", { count: more }) : "") : word("nolinks");
    } catch {
      said.textContent = word("nopreview");
    }
  }

  function choice({ title, address, kind, state }) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const small = document.createElement("small");
    button.type = "button";
    small.textContent = [kind, address, state].filter(Boolean).join(" · ");
    button.append(title, small);
    button.addEventListener("click", () => {
      dialog.close();
      text.focus();
      text.setSelectionRange(...place);
      const label = (selected(text) || title).replace(/[\\[\]]/g, "\\$&");
      insert(text, `[${label}](${address})`);
    });
    item.append(button);
    return item;
  }

  function open() {
    place = [text.selectionStart, text.selectionEnd];
    words.value = selected(text).slice(0, 80);
    dialog.showModal();
    words.select();
    find();
  }

  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      list.querySelector("button")?.click();
    }
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  toolbar.querySelector("[data-link]").addEventListener("click", open);
  text.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
}
