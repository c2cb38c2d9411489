// A dialog that offers everything one can link to, by title, or takes an address; for texts, and for fields that name other things.
import { insert, selected } from "./toolbar.js";
import { piece, word } from "./words.js";

const PAUSE = 200;
const OUTSIDE = /^(https?:\/\/|mailto:)\S+$/i;
const ADDRESS = /^(https?:\/\/|mailto:|\/)\S*$/i;

// An address as Markdown takes it; one of this portal without its host, so that it follows when the thing moves.
function cleaned(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  const short = url?.origin === location.origin ? url.pathname + url.search + url.hash : address;
  return short.replace(/[()<>\\\s]/g, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function markdown(label, address) {
  return `[${label.replace(/[\\[\]]/g, "\\$&")}](${address})`;
}

function dialogOf(source, values = {}) {
  const dialog = piece("links");
  document.body.append(dialog);
  const heading = dialog.querySelector("h2");
  const words = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const said = dialog.querySelector("[role=status]");
  let timer = 0;
  let asked = 0;
  let take = null;
  // Several fields may have a dialog each.
  for (const [one, attribute] of [[heading, "id"], [words, "id"], [dialog, "aria-labelledby"], [dialog.querySelector("label"), "for"]]) {
    one.setAttribute(attribute, `${one.getAttribute(attribute)}-${document.querySelectorAll(".link-dialog").length}`);
  }

  async function find() {
    const turn = ++asked;
    const typed = words.value.trim();
    const own = !Object.keys(values).length && ADDRESS.test(typed) ? [choice({ title: typed, address: cleaned(typed), kind: word("thisaddress") })] : [];
    try {
      const answer = await fetch(`${source}?${new URLSearchParams({ q: words.value, format: "json", ...values })}`, { redirect: "manual" });
      const { links, more } = await answer.json();
      if (turn !== asked) return;
      list.replaceChildren(...own, ...links.map(choice));
      said.textContent = links.length || own.length ? (more ? word("morelinks", { count: more }) : "") : word("nolinks");
    } catch {
      said.textContent = word("nopreview");
    }
  }

  function choice(link) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const small = document.createElement("small");
    button.type = "button";
    small.textContent = [link.kind, link.title === link.address ? "" : link.address, link.state].filter(Boolean).join(" · ");
    button.append(link.title, small);
    button.addEventListener("click", () => {
      dialog.close();
      take(link);
    });
    item.append(button);
    return item;
  }

  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });
  words.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    clearTimeout(timer);
    await find();
    list.querySelector("button")?.click();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  return function open(first, taken) {
    take = taken;
    words.value = first;
    dialog.showModal();
    words.select();
    find();
  };
}

export function offerLinks(text, toolbar) {
  const open = dialogOf(text.dataset.links);

  function ask() {
    const place = [text.selectionStart, text.selectionEnd];
    open(selected(text).slice(0, 80), ({ title, address }) => {
      text.focus();
      text.setSelectionRange(...place);
      insert(text, markdown(selected(text) || title, address));
    });
  }

  toolbar.querySelector("[data-link]").addEventListener("click", ask);
  text.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      ask();
    }
  });
  // An address over words makes a link of them; over another address, or within the brackets of one, it takes its place.
  text.addEventListener("paste", (event) => {
    const address = event.clipboardData?.getData("text/plain").trim() ?? "";
    const words = selected(text);
    const isAddress = ADDRESS.test(words) || text.value.slice(0, text.selectionStart).endsWith("](");
    if (!OUTSIDE.test(address) || !words.trim() || words.includes("\n") || isAddress) return;
    event.preventDefault();
    insert(text, markdown(words, cleaned(address)));
  });
}

// A button beside a field that names things by their addresses: a line for each, or one alone.
export function offerThings(field) {
  const { things, kind } = field.dataset;
  const open = dialogOf(things, kind ? { kind } : { published: "1" });
  const chooser = field.closest(".chooser");
  // Without scripts the button of a chooser opens a page.
  const button = chooser?.querySelector("button") ?? piece("choose");
  const title = chooser?.querySelector("[data-title]");
  button.type = "button";
  button.setAttribute("aria-describedby", field.id);
  if (!button.isConnected) field.after(button);
  if (title) field.addEventListener("input", () => title.replaceChildren());
  button.addEventListener("click", () => {
    open("", ({ address, title: named }) => {
      const isList = field.tagName === "TEXTAREA";
      const lines = isList ? field.value.split("\n").filter((line) => line.trim()) : [];
      field.value = lines.includes(address) ? lines.join("\n") : [...lines, address].join("\n");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      if (title) title.textContent = named;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    });
  });
}
