// Saves a text as it is written. Without this file it is saved when its form is sent.

const form = document.querySelector("form[data-draft]");
const line = form.querySelector("[data-saving]");
const { text, revision, base, owner, csrf_token: token } = form.elements;

const QUIET = form.dataset.quiet || 2000; // milliseconds without a key: then it is saved
const WAIT = 20000;
const LEAVE_WITHIN = 3000;
const MOST_FROM_THE_GRAVE = 20000; // of the 64 KB that a browser sends for pages that are gone
const MOST_SENT = 3;

class SignedOut extends Error {} // or somebody else has signed in
class Elsewhere extends Error {} // another text has come in between
class NoRoom extends Error {} // on the site's disk
class Gone extends Error {} // or no longer this person's to write

// A text of the server's: which revision it is, and of a file which version it was made from.
const versionIn = (elements) => ({ revision: elements.revision.value, base: elements.base?.value, text: elements.text.value });
const shown = versionIn(form.elements);
const refused = form.dataset.refused !== undefined;

// What the text here was written from. A refused page shows the text that was sent, not the
// server's; it names the revision which that was written from.
let known = refused ? { revision: form.dataset.refused, base: shown.base } : shown;
let sent = []; // since then: what the server has may be one of them, and its answer was lost
let unsure = false; // whether the last of them arrived
// Where two texts are to be put together, only the person saves. Then the page stands at another
// revision than the text was written from.
let byHand = refused && form.dataset.refused !== shown.revision;

const isSaved = () => !unsure && text.value === known.text;
const stand = (version) => {
  known = version;
  revision.value = version.revision;
  if (base) base.value = version.base;
};

// Stand where the server stands, unless it has another text: then nothing is written over it.
const follow = (there) => {
  if (there.revision === known.revision) return; // a newer base is the server's to merge
  if (there.text !== known.text && !sent.includes(there.text)) throw new Elsewhere();
  stand(there);
};

// What the server does not have yet stays in this tab, so that a lost connection costs nothing:
// for its owner alone, since another person may sign in here.
const place = `answers:${form.dataset.draft}:${owner.value}`;
const keep = () => {
  if (isSaved()) return sessionStorage.removeItem(place);
  try {
    sessionStorage.setItem(place, JSON.stringify({ text: text.value, known, sent }));
  } catch {
    sessionStorage.removeItem(place); // no room: rather nothing than what was written before
  }
};

const restore = (kept) => {
  if (refused) known = kept.known;
  else if (kept.text === shown.text) return;
  else {
    stand(kept.known);
    sent = kept.sent;
    try {
      follow(shown);
    } catch {
      byHand = true;
      say("elsewhere");
    }
  }
  if (text.value === kept.text) return;
  text.value = kept.text;
  text.dispatchEvent(new Event("input", { bubbles: true })); // an editor in its place follows
};

const ask = async (url, more) => {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(WAIT), ...more });
  if (response.type === "opaqueredirect") throw new SignedOut();
  if ([403, 404, 410].includes(response.status)) throw new Gone();
  return response;
};

// See what the server has now, and take a token of the session of now.
const look = async () => {
  const page = await ask(location.href);
  if (!page.ok) throw new Error(page.status);
  const now = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-draft]")?.elements;
  if (!now) throw new Gone();
  if (now.owner.value !== owner.value) throw new SignedOut();
  token.value = now.csrf_token.value;
  follow(versionIn(now));
  unsure = false;
};

const post = async (written) => {
  sent = [...sent.filter((each) => each !== written), written].slice(-MOST_SENT);
  unsure = true;
  keep();
  const body = new URLSearchParams({ csrf_token: token.value, owner: owner.value, revision: revision.value, text: written });
  if (base) body.set("base", base.value);
  const keepalive = body.toString().length < MOST_FROM_THE_GRAVE;
  const response = await ask(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, keepalive });
  unsure = response.status >= 500;
  return response;
};

const send = async (written) => {
  if (unsure) await look();
  if (written === known.text) return arrived(); // it had come, and only the answer was lost
  let response = await post(written);
  if (response.status === 400 || response.status === 409) {
    await look();
    response = await post(written);
  }
  if (response.status === 413) return say("refused");
  if (response.status === 507) throw new NoRoom();
  if (!response.ok) throw new Error(response.status);
  const answer = await response.json();
  stand({ revision: String(answer.revision), base: answer.base, text: written });
  form.dispatchEvent(new CustomEvent("draft:saved", { detail: answer }));
  arrived();
};

const arrived = () => {
  sent = [];
  unsure = false;
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
      if (known.text !== written) break; // refused: it waits for other words
    }
    pause = 1000;
  } catch (error) {
    byHand = error instanceof Elsewhere;
    if (byHand) return say("elsewhere");
    if (error instanceof Gone) return say("gone");
    say(error instanceof SignedOut ? "out" : error instanceof NoRoom ? "full" : "waiting");
    again = setTimeout(flush, pause);
    pause = Math.min(pause * 2, 60000);
  }
};
const flush = () => (byHand ? undefined : (underWay ||= save().finally(() => (underWay = undefined))));

text.addEventListener("input", () => {
  if (text.value.includes("\0")) text.value = text.value.replaceAll("\0", ""); // which no form may send
  keep();
  going = false; // whoever writes is still here
  clearTimeout(again);
  again = setTimeout(flush, QUIET);
});

// The form lets what is written arrive first, for a moment, so that the two do not cross.
let going = false;
const leave = (event) => {
  if (event.target !== form) return;
  clearTimeout(again);
  const arriving = going ? undefined : (underWay ?? (isSaved() ? undefined : flush()));
  if (!arriving) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // it has not been sent yet, whoever counts
  const { submitter } = event;
  Promise.race([arriving, new Promise((go) => setTimeout(go, LEAVE_WITHIN))]).then(() => {
    clearTimeout(again);
    going = true;
    form.requestSubmit(submitter);
  });
};
document.addEventListener("submit", leave, true);

const kept = JSON.parse(sessionStorage.getItem(place) || "null");
if (kept) restore(kept);
keep();
document.addEventListener("visibilitychange", () => document.hidden && flush());
addEventListener("online", flush);
addEventListener("focus", flush); // perhaps from signing in again, in another window
flush();
