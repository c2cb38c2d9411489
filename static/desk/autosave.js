// Keeps what is typed: at once in this browser, and every few seconds on the server, which has the last word.
// What this browser holds goes only when the server has it or the person discards it.
import { piece, token, word } from "./words.js";

const PAUSE = 2000;
const RETRY = 15000;
const MOST_KEPT_ALIVE = 60000; // bytes a browser sends after the page is gone

function typed(form) {
  const isTyped = ([name, value]) =>
    typeof value === "string" && !name.startsWith("_") && !["csrfmiddlewaretoken", "version", "working_copy"].includes(name);
  return new URLSearchParams([...new FormData(form)].filter(isTyped)).toString();
}

// The same without the names under which the server keeps uploaded files: nobody typed them.
function text(form, fields) {
  const values = new URLSearchParams(fields);
  for (const chooser of form.querySelectorAll("input[type=file]")) values.delete(chooser.name);
  return values.toString();
}

class Browser {
  constructor(key) {
    this.key = `desk:${key}`;
  }
  read(slot = "") {
    try {
      return JSON.parse(localStorage.getItem(this.key + slot));
    } catch {
      return null;
    }
  }
  write(entry, slot = "") {
    try {
      localStorage.setItem(this.key + slot, JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  }
  forget(slot = "") {
    localStorage.removeItem(this.key + slot);
  }
}

export function keepTyped(form, status) {
  const browser = new Browser(status.dataset.key);
  const ahead = Date.now() - Number(status.dataset.now);
  const now = () => Date.now() - ahead;
  const stamp = form.elements.namedItem("working_copy");
  let held = typed(form);
  let timer = 0;
  let sending = false;
  let closed = "paused" in status.dataset;
  let submitted = false; // the server has the text then, or this browser keeps it

  const say = (text, bad = false) => {
    status.textContent = text;
    status.classList.toggle("bad", bad);
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };

  offerEarlier(form, browser, Number(status.dataset.saved));

  form.addEventListener("input", () => {
    browser.write({ fields: typed(form), time: now() });
    if (closed) say(word("paused"), true);
    else later(PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    submitted = event.submitter?.formTarget !== "_blank";
    if (typed(form) !== held) browser.write({ fields: typed(form), time: now() });
  });
  addEventListener("pagehide", () => {
    const body = request();
    if (!closed && !submitted && typed(form) !== held && body.length < MOST_KEPT_ALIVE) {
      fetch(status.dataset.copy, { method: "POST", body: new URLSearchParams(body), keepalive: true, redirect: "manual" });
    }
  });

  addEventListener("pageshow", () => {
    submitted = false;
  });

  function request() {
    const body = new URLSearchParams(typed(form));
    for (const name of ["version", "working_copy"]) body.set(name, form.elements.namedItem(name).value);
    body.set("csrfmiddlewaretoken", token(form));
    return body.toString();
  }

  async function send() {
    const fields = typed(form);
    if (fields === held || sending) return;
    sending = true;
    try {
      const answer = await fetch(status.dataset.copy, { method: "POST", body: new URLSearchParams(request()), redirect: "manual" });
      await read(answer, fields);
    } catch {
      say(word("offline"), true);
      later(RETRY);
    } finally {
      sending = false;
    }
  }

  async function read(answer, fields) {
    const isJSON = answer.headers.get("content-type")?.startsWith("application/json");
    if (answer.ok && isJSON) {
      const kept = await answer.json();
      stamp.value = kept.stamp;
      held = fields;
      say(word("kept", { time: kept.time }));
      if (typed(form) === fields) browser.forget();
      else later(PAUSE);
    } else if (isJSON) {
      closed = answer.status === 409;
      say((await answer.json()).error, true);
    } else {
      say(word(answer.status === 403 || answer.type === "opaqueredirect" ? "loggedout" : "refused"), true);
      later(RETRY);
    }
  }
}

// Text that this browser holds and the server never got, from before a crash or a lost connection.
function offerEarlier(form, browser, lastSave) {
  for (const slot of ["", ":offered"]) {
    const entry = browser.read(slot);
    if (entry && (text(form, entry.fields) === text(form, typed(form)) || entry.time < lastSave)) browser.forget(slot);
  }
  const earlier = browser.read() ?? browser.read(":offered");
  if (!earlier) return;
  browser.write(earlier, ":offered");
  browser.forget();
  const offer = piece("offer");
  offer.querySelector("[data-when]").textContent = new Date(earlier.time).toISOString().slice(0, 16).replace("T", " ");
  offer.querySelector("[data-use]").addEventListener("click", () => {
    fill(form, new URLSearchParams(earlier.fields));
    done();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  offer.querySelector("[data-discard]").addEventListener("click", done);
  form.before(offer);

  function done() {
    browser.forget(":offered");
    offer.remove();
    form.querySelector("input:not([type=hidden]), textarea").focus();
  }
}

function fill(form, values) {
  for (const field of form.elements) {
    if (!field.name || field.name.startsWith("_") || ["csrfmiddlewaretoken", "version", "working_copy"].includes(field.name)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.getAll(field.name).includes(field.value);
    else if (field.tagName !== "BUTTON") field.value = values.get(field.name) ?? "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
