// The words and pieces of the page that scripts put in; they stand, translated, in a template element.
const store = document.querySelector("template#desk-words");

export function word(name, values = {}) {
  const found = store?.content.querySelector(`[data-word="${name}"]`);
  return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), found?.textContent ?? "");
}

export function piece(name) {
  return store.content.querySelector(`[data-piece="${name}"]`).cloneNode(true);
}

export function token(form) {
  return form.elements.namedItem("csrfmiddlewaretoken").value;
}
