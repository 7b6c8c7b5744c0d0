// Saves a text as it is written. Without this file it is saved when its form is sent.

const form = document.querySelector("form[data-draft]");
const line = form.querySelector("[data-saving]");
const { text, revision, base, csrf_token: token } = form.elements;

const QUIET = form.dataset.quiet || 2000; // milliseconds without a key: then it is saved
const WAIT = 20000;
const MOST_FROM_THE_GRAVE = 20000; // of the 64 KB that a browser sends for pages that are gone

class SignedOut extends Error {}
class Elsewhere extends Error {}
class Gone extends Error {} // or no longer this person's to write

// What the server does not have yet stays in this tab, so that a lost connection costs nothing.
const place = `answers:${form.dataset.draft}`;
// On a page that shows two texts to be put together, only the person saves.
const refused = form.dataset.refused !== undefined;
let saved = refused ? undefined : text.value;
const isSaved = () => text.value === saved;
const keep = () =>
  isSaved() ? sessionStorage.removeItem(place) : sessionStorage.setItem(place, JSON.stringify([text.value, revision.value, base?.value]));

const ask = async (url, more) => {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(WAIT), ...more });
  if (response.type === "opaqueredirect") throw new SignedOut();
  if (response.status === 403 || response.status === 404) throw new Gone();
  return response;
};

// The form as it stands on the server, with a token of the session of now.
const renewed = async () => {
  const page = await ask(location.href);
  if (!page.ok) throw new Error(page.status);
  const now = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-draft]");
  if (!now) return location.reload();
  token.value = now.elements.csrf_token.value;
  return now;
};

const unsure = new Set(); // sent without an answer: the server may have them or not
const send = async (written) => {
  unsure.add(written);
  const body = new URLSearchParams({ csrf_token: token.value, revision: revision.value, text: written });
  if (base) body.set("base", base.value);
  const keepalive = body.toString().length < MOST_FROM_THE_GRAVE;
  const headers = { Accept: "application/json" };
  const response = await ask(form.dataset.draft, { method: "POST", body, headers, keepalive });
  if (response.status === 410) return location.reload();
  if (response.status === 400) {
    await renewed();
    throw new Error("a new token");
  }
  if (response.status === 409) {
    const now = await renewed();
    const there = now.elements;
    if (there.text.value !== saved && !unsure.has(there.text.value)) throw new Elsewhere();
    revision.value = there.revision.value; // what is there is ours
    if (base) base.value = there.base.value;
    throw new Error("once more, from there");
  }
  if (response.status === 413) return say("refused");
  if (!response.ok) throw new Error(response.status);
  unsure.clear();
  const answer = await response.json();
  revision.value = answer.revision;
  if (base) base.value = answer.base;
  form.dispatchEvent(new CustomEvent("draft:saved", { detail: answer }));
  saved = written;
  keep();
  say("saved");
};

const say = (key) => (line.textContent = line.dataset[key]);

let again;
let pause = 1000;
let underWay;
const save = async () => {
  clearTimeout(again);
  try {
    while (!isSaved()) {
      const written = text.value;
      await send(written);
      if (saved !== written) break; // refused: it waits for other words
    }
    pause = 1000;
  } catch (error) {
    if (error instanceof Elsewhere) return say("elsewhere");
    if (error instanceof Gone) return say("gone");
    say(error instanceof SignedOut ? "out" : "waiting");
    again = setTimeout(flush, pause);
    pause = Math.min(pause * 2, 60000);
  }
};
const flush = () => refused || (underWay ||= save().finally(() => (underWay = undefined)));

text.addEventListener("input", () => {
  if (text.value.includes("\0")) text.value = text.value.replaceAll("\0", ""); // which no form may send
  keep();
  clearTimeout(again);
  again = setTimeout(flush, QUIET);
});

// The form waits a moment for the text that is on its way, so that the two do not cross.
form.addEventListener("submit", (event) => {
  clearTimeout(again);
  if (!underWay) return;
  event.preventDefault();
  const { submitter } = event;
  Promise.race([underWay, new Promise((go) => setTimeout(go, 3000))]).then(() => {
    clearTimeout(again);
    underWay = undefined;
    form.requestSubmit(submitter);
  });
});

const [kept, seen, from] = JSON.parse(sessionStorage.getItem(place) || "[]");
if (kept !== undefined && kept !== text.value) {
  text.value = kept;
  text.dispatchEvent(new Event("input", { bubbles: true })); // an editor in its place follows
  revision.value = seen;
  if (base && from !== undefined) base.value = from;
}
keep();
document.addEventListener("visibilitychange", () => document.hidden && flush());
addEventListener("online", flush);
addEventListener("focus", flush); // perhaps from signing in again, in another window
flush();
