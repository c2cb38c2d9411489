// The Quickfinder as an editable combobox with a list (W3C ARIA Authoring Practices). Without it the form works as it stands.
const form = document.querySelector("form[data-suggestions]");
const input = form && form.elements.q;

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

if (input) {
  const list = element("ul", { id: "quickfinder-list", role: "listbox", class: "suggestions", "aria-label": form.dataset.label, hidden: "" });
  const status = element("p", { role: "status", class: "visually-hidden" });
  let active = -1;
  let asked = 0;
  let timer;

  input.after(list, status);
  for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" }))
    input.setAttribute(key, value);

  const isOpen = () => !list.hidden;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  };
  const activate = (position) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = position;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const go = (option) => location.assign(option.dataset.url);

  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map((s, position) => {
        const notes = [s.kind, s.why].filter(Boolean).join(", ");
        const option = element("li", { role: "option", id: `quickfinder-${position}`, "aria-selected": "false" });
        option.append(element("span", s.language ? { lang: s.language, dir: "auto" } : {}, s.title), " ", element("small", {}, notes));
        option.dataset.url = s.url;
        return option;
      }),
    );
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(isOpen()));
    status.textContent = suggestions.length ? `${suggestions.length} ${form.dataset.some}` : form.dataset.none;
  };

  const ask = async () => {
    const typed = input.value.trim();
    const number = ++asked;
    if (!typed) {
      status.textContent = "";
      return close();
    }
    try {
      const answer = await fetch(`${form.dataset.suggestions}?q=${encodeURIComponent(typed)}`);
      const { suggestions } = await answer.json();
      if (number === asked && document.activeElement === input) show(suggestions);
    } catch {
      close(); // no connection: the form still leads to the results
    }
  };

  const keys = {
    ArrowDown: () => (isOpen() ? activate((active + 1) % list.children.length) : ask()),
    ArrowUp: () => isOpen() && activate((active < 1 ? list.children.length : active) - 1),
    Home: () => active >= 0 && activate(0),
    End: () => active >= 0 && activate(list.children.length - 1),
    Enter: () => active >= 0 && go(list.children[active]),
    Escape: () => {
      if (isOpen()) return close();
      if (!input.value) return false;
      input.value = "";
    },
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 100);
  });
  input.addEventListener("keydown", (event) => {
    const key = keys[event.key];
    if (!key || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    if (key() !== false) event.preventDefault();
  });
  input.addEventListener("blur", () => {
    asked++;
    close();
  });
  // Pressing on the list must not take the focus away from the field; a touch that scrolls is no choice.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
  list.addEventListener("mousemove", (event) => {
    const position = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (position >= 0 && position !== active) activate(position);
  });
}
