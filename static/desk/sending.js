// Sends a form with the token of the present session: its owner may have logged in again in another window since it was opened.
import { fresh } from "./words.js";

const PATIENCE = 3000;

export function sendFresh(form, address) {
  let isFresh = false;
  form.addEventListener("submit", async (event) => {
    // A new window opens only in answer to the click itself.
    if (isFresh || event.submitter?.formTarget === "_blank") return;
    event.preventDefault();
    const { submitter } = event;
    await Promise.race([fresh(form, address), new Promise((done) => setTimeout(done, PATIENCE))]);
    isFresh = true;
    form.requestSubmit(submitter);
    isFresh = false;
  });
}
