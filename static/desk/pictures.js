// A dialog that offers pictures for a text, and takes new ones that are chosen, dropped or pasted.
import { insert } from "./toolbar.js";
import { piece, token, word } from "./words.js";

const PAUSE = 200;
const FORMS = /^image\/(jpeg|png|webp)$/;

function dialogOf(text) {
  const source = text.dataset.pictures;
  const dialog = piece("pictures");
  document.body.append(dialog);
  const words = dialog.querySelector("input[type=search]");
  const list = dialog.querySelector(".picture-grid");
  const said = dialog.querySelector("[role=status]");
  const errors = dialog.querySelector(".errorlist");
  const details = dialog.querySelector("details");
  const send = dialog.querySelector("[data-upload]");
  const field = (name) => details.querySelector(`[name=${name}]`);
  let timer = 0;
  let asked = 0;
  let place = [0, 0];
  let dropped = null;

  async function find() {
    const turn = ++asked;
    try {
      const answer = await fetch(`${source}?${new URLSearchParams({ q: words.value, format: "json" })}`, { redirect: "manual" });
      const { pictures, more, licences } = await answer.json();
      if (turn !== asked) return;
      list.replaceChildren(...pictures.map(choice));
      if (!field("licence").length) field("licence").append(...licences.map(([value, label]) => new Option(label, value)));
      said.textContent = pictures.length ? (more ? word("morepictures", { count: more }) : "") : word("nopictures");
    } catch {
      said.textContent = word("nopreview");
    }
  }

  function choice(picture) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const image = new Image(240, 160);
    const small = document.createElement("small");
    button.type = "button";
    image.src = picture.src;
    image.alt = "";
    image.loading = "lazy";
    small.textContent = [picture.words || word("decorativepicture"), picture.state].filter(Boolean).join(" · ");
    button.append(image, picture.title, small);
    button.addEventListener("click", () => put(picture));
    item.append(button);
    return item;
  }

  // The place between the brackets is selected, for words that are to stand here.
  function put({ address }) {
    dialog.close();
    text.focus();
    text.setSelectionRange(...place);
    insert(text, `![](${address})`);
    text.setSelectionRange(place[0] + 2, place[0] + 2);
  }

  async function upload() {
    const body = new FormData();
    const file = field("file").files[0] ?? dropped;
    if (file) body.append("file", file, file.name);
    for (const name of ["title", "alternative", "summary", "credit", "licence"]) body.append(name, field(name).value);
    if (field("is_decorative").checked) body.append("is_decorative", "on");
    body.append("csrfmiddlewaretoken", token(text.form));
    send.disabled = true;
    said.textContent = word("uploading");
    errors.replaceChildren();
    try {
      const answer = await fetch(new URL("../upload/", new URL(source, location)), { method: "POST", body, redirect: "manual" });
      const found = await answer.json();
      said.textContent = found.told ?? "";
      if (answer.ok) {
        for (const name of ["file", "title", "alternative", "summary"]) field(name).value = "";
        dropped = null;
        put(found);
      } else tell(found.errors);
    } catch {
      said.textContent = "";
      tell([word("notuploaded")]);
    }
    send.disabled = false;
  }

  function tell(sentences) {
    errors.replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
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
  send.addEventListener("click", upload);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  return function open(file = null) {
    place = [text.selectionStart, text.selectionEnd];
    dropped = file;
    details.open = file !== null;
    dialog.showModal();
    (file ? field("title") : words).focus();
    find();
  };
}

function pictureIn(transfer) {
  return [...(transfer?.files ?? [])].find((file) => FORMS.test(file.type));
}

export function offerPictures(text, toolbar) {
  if (!text.dataset.pictures) return;
  const open = dialogOf(text);
  toolbar.querySelector("[data-picture]").addEventListener("click", () => open());
  // Office programs put a picture of what was copied beside its words: then the words are meant.
  text.addEventListener("paste", (event) => {
    const file = pictureIn(event.clipboardData);
    if (!file || event.clipboardData.types.some((type) => type.startsWith("text/"))) return;
    event.preventDefault();
    open(file);
  });
  text.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  text.addEventListener("drop", (event) => {
    const file = pictureIn(event.dataTransfer);
    if (!file) return;
    event.preventDefault();
    open(file);
  });
}
