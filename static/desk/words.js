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

// Fetches the token of the present session and puts it into every form of the page; tells whether there is a session.
export async function fresh(form, address) {
  try {
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok) return false;
    const found = await answer.json();
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = found.token;
    return true;
  } catch {
    return false;
  }
}
