// Saves each answer as it is given. The page works without this file: it then saves what is sent.

const form = document.querySelector("form[data-attempt]");
const place = form && `answers:${form.dataset.attempt}`;
const line = form?.querySelector("[data-saving]");
const questions = form ? [...form.querySelectorAll("[data-question]")] : [];

// What the server does not have yet stays in this tab, so that a lost connection costs nothing.
const waiting = new Map(Object.entries(JSON.parse((form && sessionStorage.getItem(place)) || "{}")));
const keep = () =>
  waiting.size ? sessionStorage.setItem(place, JSON.stringify(Object.fromEntries(waiting))) : sessionStorage.removeItem(place);

const name = (question) => question.dataset.question;
const fields = (question) => [...question.querySelectorAll("[name]")].filter((field) => field.name === name(question));
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
const values = (question) => fields(question).filter((field) => !isChoice(field) || field.checked).map((field) => field.value);

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

const body = (question) => {
  const sent = new FormData();
  sent.append("csrf_token", form.elements.csrf_token.value);
  sent.append("page", form.elements.page.value);
  sent.append("turn", form.elements.turn.value++);
  const seen = question.querySelector("[name^='s-']");
  sent.append(seen.name, seen.value);
  for (const value of values(question)) sent.append(name(question), value);
  return new URLSearchParams(sent);
};

const send = async (question) => {
  const given = JSON.stringify(values(question));
  const response = await fetch(question.dataset.save || form.action, {
    method: "POST",
    body: body(question),
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(20000),
  });
  if (response.status === 410) return location.reload();
  if (response.status >= 500 || response.status === 429) throw new Error(response.status);
  if (response.ok) question.querySelector("[name^='s-']").value = (await response.json()).revision;
  if (given !== JSON.stringify(values(question))) return; // changed meanwhile: its turn comes again
  waiting.delete(name(question));
  keep();
  say(response.ok ? "saved" : response.status === 409 ? "elsewhere" : "refused");
};

let busy = false;
let pause = 1000;
let again;
const flush = async () => {
  if (busy || form.dataset.sent) return;
  busy = true;
  clearTimeout(again);
  try {
    while (waiting.size && !form.dataset.sent) {
      const next = questions.find((question) => waiting.has(name(question)));
      if (!next) break;
      await send(next);
    }
    pause = 1000;
  } catch {
    say("waiting");
    again = setTimeout(flush, pause);
    pause = Math.min(pause * 2, 60000);
  }
  busy = false;
};

const note = (question, delay) => {
  waiting.set(name(question), values(question));
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

if (form) {
  for (const question of questions) {
    const kept = waiting.get(name(question));
    if (kept) restore(question, kept);
    question.addEventListener("input", (event) => note(question, isChoice(event.target) ? 0 : 800));
    question.addEventListener("change", () => note(question, 0));
  }
  addEventListener("online", flush);
  flush();
}
document.querySelectorAll("[data-left]").forEach(keepTime);
