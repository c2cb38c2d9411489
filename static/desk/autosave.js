// Keeps what is typed: at once in this browser, and every few seconds on the server, which has the last word.
// Each form has a slot of its own, in the browser as on the server; what is in a slot goes only when the form's text is saved or discarded.
import { fresh, piece, token, word } from "./words.js";

const PAUSE = 2000;
const RETRY = 15000;
const MOST_KEPT_ALIVE = 60000; // bytes a browser sends after the page is gone
const MOST_SENT = 9500000; // characters as they are sent; the server reads no form beyond ten million bytes
const MOST_OF_A_FILE = 50000000; // bytes; a proxy may end what is longer without a word of ours
const OF_THE_FORM = ["csrfmiddlewaretoken", "version", "working_copy", "slot"];

function typed(form) {
  const isTyped = ([name, value]) => typeof value === "string" && !name.startsWith("_") && !OF_THE_FORM.includes(name);
  return new URLSearchParams([...new FormData(form)].filter(isTyped)).toString();
}

// The same without the names under which the server keeps uploaded files: nobody typed them.
function text(form, fields) {
  const values = new URLSearchParams(fields);
  for (const chooser of form.querySelectorAll("input[type=file]")) values.delete(chooser.name);
  return values.toString();
}

// Why the form would not reach the server at all, as the name of a word.
function tooMuch(form) {
  if (typed(form).length > MOST_SENT) return "toolong";
  const files = [...form.querySelectorAll("input[type=file]")].flatMap((chooser) => [...chooser.files]);
  return files.some((file) => file.size > MOST_OF_A_FILE) ? "toolarge" : "";
}

// What this browser holds of the forms of one thing, an entry a slot.
class Browser {
  constructor(key) {
    this.prefix = `desk:${key}:`;
  }
  read(slot) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + slot));
    } catch {
      return null;
    }
  }
  write(slot, entry) {
    try {
      localStorage.setItem(this.prefix + slot, JSON.stringify(entry));
    } catch {
      // a browser that keeps nothing; the server does
    }
  }
  forget(slot) {
    localStorage.removeItem(this.prefix + slot);
  }
  slots() {
    return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length));
  }
}

function newSlot() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What is sent of a form, or of an entry that this browser holds.
function body(form, entry, isLeftOver = false) {
  const sent = new URLSearchParams(entry.fields);
  for (const [name, value] of Object.entries({ version: entry.version, working_copy: entry.stamp, slot: entry.slot })) sent.set(name, value);
  sent.set("csrfmiddlewaretoken", token(form));
  if (isLeftOver) sent.set("leftover", "1");
  return sent;
}

// Posts it; a form that was open while its owner logged in elsewhere gets a fresh token first.
async function post(form, status, address, values) {
  const send = () => fetch(address, { method: "POST", body: values, headers: { Accept: "application/json" }, redirect: "manual" });
  const answer = await send();
  if (answer.status !== 403 || isJSON(answer) || !(await fresh(form, status.dataset.token))) return answer;
  values.set("csrfmiddlewaretoken", token(form));
  return send();
}

function isJSON(answer) {
  return answer.headers.get("content-type")?.startsWith("application/json");
}

export function keepTyped(form, status) {
  const browser = new Browser(status.dataset.key);
  const ahead = Date.now() - Number(status.dataset.now);
  const field = (name) => form.elements.namedItem(name);
  const now = () => ({
    fields: typed(form),
    version: field("version").value,
    stamp: field("working_copy").value,
    slot: field("slot").value,
    time: Date.now() - ahead,
  });
  let held = "unsaved" in status.dataset ? null : typed(form); // what the server has or needs not have
  let timer = 0;
  let sending = null;
  let isTold = false; // that the server has not got it, by a link to a page that would not tell of it
  let submitted = false; // the server has the text then, or this browser keeps it

  const say = (words, bad = false) => {
    status.textContent = words;
    status.classList.toggle("bad", bad);
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };
  const take = (entry) => {
    for (const [name, value] of [["version", entry.version], ["working_copy", entry.stamp], ["slot", entry.slot]]) field(name).value = value ?? "";
  };

  offerEarlier(form, status, browser, take);
  if (held === null) {
    browser.write(field("slot").value, now());
    later(0);
  }

  form.addEventListener("input", () => {
    // After a save, going back and typing on is another text.
    if (submitted) take({ version: field("version").value, stamp: "", slot: newSlot() });
    submitted = isTold = false;
    browser.write(field("slot").value, now());
    later(PAUSE);
  });
  form.addEventListener("submit", (event) => {
    const refusal = tooMuch(form);
    if (refusal) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return say(word(refusal), true);
    }
    if (event.submitter?.formTarget === "_blank") return;
    clearTimeout(timer);
    submitted = true;
    if (typed(form) !== held) browser.write(field("slot").value, now());
  });
  addEventListener("pagehide", () => {
    const sent = body(form, now());
    if (!submitted && typed(form) !== held && sent.toString().length < MOST_KEPT_ALIVE) {
      fetch(status.dataset.copy, { method: "POST", body: sent, keepalive: true, redirect: "manual" });
    }
  });
  for (const link of document.querySelectorAll(".tools a:not([target])")) link.addEventListener("click", follow);

  // What is typed is on the server before a page of the desk opens that tells of it; where it cannot be, one is told and asked again.
  async function follow(event) {
    if (typed(form) === held || isTold || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { href } = event.currentTarget;
    await Promise.race([send(), new Promise((done) => setTimeout(done, PAUSE))]);
    if (typed(form) === held) location.href = href;
    else {
      isTold = true;
      say([status.textContent, word("unkept")].filter(Boolean).join(". "), true);
      status.scrollIntoView({ block: "center" });
    }
  }

  async function send() {
    await sending;
    const entry = now();
    if (entry.fields === held) return;
    if (entry.fields.length > MOST_SENT) return say(word("toolong"), true);
    sending = post(form, status, status.dataset.copy, body(form, entry))
      .then((answer) => read(answer, entry))
      .catch(() => {
        say(word("offline"), true);
        later(RETRY);
      });
    await sending;
    sending = null;
  }

  async function read(answer, entry) {
    const told = isJSON(answer) ? await answer.json() : {};
    if (answer.ok && told.stamp) {
      if (field("slot").value === entry.slot) field("working_copy").value = told.stamp;
      held = entry.fields;
      say([word("kept", { time: told.time }), told.told].filter(Boolean).join(". "));
      if (typed(form) === held) browser.forget(entry.slot);
      else later(PAUSE);
    } else if (told.taken) {
      // Another window, doubled from this one, writes there.
      browser.forget(entry.slot);
      take({ version: entry.version, stamp: "", slot: newSlot() });
      browser.write(field("slot").value, now());
      later(0);
    } else if (told.error) {
      say(told.error, true);
      later(RETRY);
    } else {
      say(word(answer.status === 403 || answer.type === "opaqueredirect" ? "loggedout" : "refused"), true);
      later(RETRY);
    }
  }
}

// Text that this browser holds and the server never got, from before a crash or a lost connection. It is sent, then offered.
async function offerEarlier(form, status, browser, take) {
  for (const entry of leftOver(form, status, browser)) {
    const { slot } = entry;
    let told = {};
    try {
      const answer = await post(form, status, status.dataset.copy, body(form, entry, true));
      told = isJSON(answer) ? await answer.json() : {};
    } catch {
      // offered from the browser until the server has it
    }
    if (told.stamp || told.saved) browser.forget(slot);
    if (told.saved) continue;
    document.querySelector(`.offer[data-slot="${CSS.escape(slot)}"]`)?.remove();
    offer(form, status, browser, { ...entry, stamp: told.stamp ?? entry.stamp }, take);
  }
}

// What this browser holds besides the text in the form. What it held in the form's own slot gets another: the form writes there now.
function leftOver(form, status, browser) {
  const own = form.elements.namedItem("slot").value;
  const found = [];
  for (const slot of browser.slots()) {
    const entry = { stamp: "", version: "0", ...browser.read(slot), slot };
    if (!entry.fields || text(form, entry.fields) === text(form, typed(form))) {
      if (!("unsaved" in status.dataset)) browser.forget(slot);
    } else if (slot === own) {
      const moved = { ...entry, stamp: "", slot: newSlot() };
      browser.write(moved.slot, moved);
      browser.forget(slot);
      found.push(moved);
    } else found.push(entry);
  }
  return found;
}

function offer(form, status, browser, entry, take) {
  const shown = piece("offer");
  shown.querySelector("[data-when]").textContent = new Date(entry.time).toISOString().slice(0, 16).replace("T", " ");
  shown.querySelector("[data-use]").addEventListener("click", () => {
    fill(form, new URLSearchParams(entry.fields));
    take(entry);
    done();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  shown.querySelector("[data-discard]").addEventListener("click", () => {
    post(form, status, status.dataset.discard, body(form, entry)).catch(() => {});
    done();
  });
  form.before(shown);

  function done() {
    browser.forget(entry.slot);
    shown.remove();
    form.querySelector("input:not([type=hidden]), textarea").focus();
  }
}

function fill(form, values) {
  for (const field of form.elements) {
    if (!field.name || field.name.startsWith("_") || OF_THE_FORM.includes(field.name)) continue;
    if (field.type === "file") continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.getAll(field.name).includes(field.value);
    else if (field.tagName !== "BUTTON") field.value = values.get(field.name) ?? "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
