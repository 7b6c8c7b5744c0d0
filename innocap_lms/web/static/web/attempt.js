// Saves each answer as it is given. The pages work without this file: they then save what is sent.

const form = document.querySelector("form[data-attempt]");
const line = document.querySelector("[data-saving]");
const questions = form ? [...form.querySelectorAll("[data-question]")] : [];
const place = form && `answers:${form.dataset.attempt}`;

// What the server does not have yet stays in this tab, with what its page had seen, so that a lost
// connection costs nothing and an answer that was given elsewhere since is not undone.
const waiting = new Map(Object.entries(JSON.parse((form && sessionStorage.getItem(place)) || "{}")));
const keep = () => {
  if (!waiting.size) return sessionStorage.removeItem(place);
  try {
    sessionStorage.setItem(place, JSON.stringify(Object.fromEntries(waiting)));
  } catch {
    sessionStorage.removeItem(place); // no room: it is sent all the same, and waits in the page alone
  }
};

const name = (question) => question.dataset.question;
const seen = (question) => question.querySelector("[name^='s-']");
const fields = (question) => [...question.querySelectorAll("[name]")].filter((field) => field.name === name(question));
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
const values = (question) => fields(question).filter((field) => !isChoice(field) || field.checked).map((field) => field.value.replaceAll("\0", "")); // which no form may send

const restore = (question, kept) => {
  fields(question).forEach((field, index) => {
    if (isChoice(field)) field.checked = kept.includes(field.value);
    else if (index in kept) field.value = kept[index];
  });
};

const say = (key) => {
  const done = questions.filter((question) => values(question).some((value) => value.trim())).length;
  const answered = questions.length > 1 ? line.dataset.answered.replace("{n}", done) : "";
  line.textContent = [answered, key && line.dataset[key]].filter(Boolean).join(" · ");
};

// A browser takes no more than 64 KB on its way from pages that are gone, all of them together.
const MOST_FROM_THE_GRAVE = 20000;
const WAIT = 20000;
const SETTLED = [200, 409, 413, 422]; // whatever else comes back, the answer waits

class SignedOut extends Error {}
class NoRoom extends Error {} // on the site's disk

// A form's token ends with its session. The page as it is now has one of the session of now.
const renew = async () => {
  const page = await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(WAIT) });
  if (page.type === "opaqueredirect" || page.status === 404) throw new SignedOut();
  if (!page.ok) throw new Error(page.status);
  const text = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = text.querySelector("form[data-attempt] [name=csrf_token]");
  if (!token) return location.reload();
  form.elements.csrf_token.value = token.value;
};

const post = (key, entry) => {
  const body = new URLSearchParams([
    ["csrf_token", form.elements.csrf_token.value],
    ["page", entry.page],
    ["turn", entry.turn],
    [`s-${key.slice(2)}`, entry.seen],
    ...entry.values.map((value) => [key, value]),
  ]);
  const keepalive = body.toString().length < MOST_FROM_THE_GRAVE;
  const headers = { Accept: "application/json" };
  return fetch(entry.url, { method: "POST", body, headers, keepalive, redirect: "manual", signal: AbortSignal.timeout(WAIT) });
};

const send = async (key, entry) => {
  let response = await post(key, entry);
  if (response.status === 400 || response.type === "opaqueredirect") {
    await renew();
    response = await post(key, entry);
  }
  if (response.status === 410) return location.reload();
  if (response.status === 404) throw new SignedOut();
  if (response.status === 507) throw new NoRoom();
  if (!SETTLED.includes(response.status)) throw new Error(response.status);
  const question = questions.find((each) => name(each) === key);
  if (response.ok && question) seen(question).value = (await response.json()).revision;
  if (waiting.get(key) !== entry) return; // changed meanwhile: its turn comes again
  waiting.delete(key);
  keep();
  // Kept from an earlier showing, and answered elsewhere since: that answer is the one to see.
  if (response.status === 409 && entry.page !== form.elements.page?.value) return location.reload();
  say(response.ok ? "saved" : response.status === 409 ? "elsewhere" : "refused");
};

let underWay;
let leaving = false;
let pause = 1000;
let again;
const flushAll = async () => {
  clearTimeout(again);
  let key;
  try {
    while (waiting.size && !leaving) {
      key = waiting.keys().next().value;
      await send(key, waiting.get(key));
    }
    pause = 1000;
  } catch (error) {
    const entry = waiting.get(key);
    if (waiting.delete(key)) waiting.set(key, entry); // last, so that it keeps no other from being sent
    say(error instanceof SignedOut ? "out" : error instanceof NoRoom ? "full" : "waiting");
    again = setTimeout(flush, pause);
    pause = Math.min(pause * 2, 60000);
  }
};
const flush = () => (underWay ||= flushAll().finally(() => (underWay = undefined)));

const note = (question, delay) => {
  leaving = false; // whoever answers is still here
  const { page, turn } = form.elements;
  const url = question.dataset.save || form.action;
  waiting.set(name(question), { values: values(question), seen: seen(question).value, page: page.value, turn: turn.value++, url });
  keep();
  say("");
  clearTimeout(again);
  again = setTimeout(flush, delay);
};

const keepTime = (element) => {
  const ends = performance.now() + element.dataset.left * 1000;
  const status = element.querySelector("[role=status]");
  const warn = [15, 5, 1];
  const look = () => {
    const left = (ends - performance.now()) / 60000;
    const due = warn.filter((minutes) => left <= minutes);
    if (left <= 0) status.textContent = element.dataset.over;
    else if (left < 1) status.textContent = element.dataset.last;
    else if (due.length) status.textContent = element.dataset.said.replace("{n}", Math.ceil(left));
    if (left <= -0.2) return location.reload();
    setTimeout(look, left <= 0 ? 2000 : Math.min(20000, Math.max(1000, left * 15000)));
  };
  look();
};

// The form waits a moment for the answer that is on its way, so that the two do not cross. Where no
// question is on the page, it waits until every answer has arrived.
const leave = (event) => {
  if (event.target !== form || leaving) return;
  clearTimeout(again);
  const here = questions.length > 0;
  leaving = here;
  const arriving = here ? underWay : waiting.size && flush();
  if (!arriving) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  Promise.race([arriving, here && new Promise((go) => setTimeout(go, 3000))].filter(Boolean)).then(() => {
    if (!here && waiting.size) return;
    leaving = true;
    form.requestSubmit(event.submitter);
  });
};

if (form) {
  for (const question of questions) {
    const kept = waiting.get(name(question));
    if (kept) restore(question, kept.values);
    question.addEventListener("input", (event) => note(question, isChoice(event.target) ? 0 : 800));
    question.addEventListener("change", () => note(question, 0));
  }
  document.addEventListener("submit", leave, true);
  document.addEventListener("visibilitychange", () => document.hidden && flush());
  addEventListener("online", flush);
  addEventListener("focus", flush); // perhaps from signing in again, in another window
  flush();
}
document.querySelectorAll("[data-left]").forEach(keepTime);
