// Keeps the page of a preview as the files are. Without this file one reloads by hand.

const page = document.querySelector("[data-page]");
const notes = document.querySelector("[data-notes]");
const said = document.querySelector("[data-said]");
const at = document.querySelector("[data-at]");

const inside = () => page.contentWindow.location;

// The part that the page shows is marked in the list, and choices beside it lead back to it.
const follow = () => {
  const path = inside().pathname;
  if (path === "blank") return;
  at.value = path + inside().search;
  for (const link of document.querySelectorAll("[data-language]")) {
    const target = new URL(link.href);
    const back = new URL(target.searchParams.get("next"), location.origin);
    back.searchParams.set("at", at.value);
    target.searchParams.set("next", back.pathname + back.search);
    link.href = target.href;
  }
  const parts = [...document.querySelectorAll("[data-part]")].filter((part) => `${path}/`.startsWith(`${part.dataset.part}/`));
  const shown = parts.sort((a, b) => b.dataset.part.length - a.dataset.part.length)[0];
  for (const part of document.querySelectorAll("[data-part]")) {
    if (part === shown) part.setAttribute("aria-current", "page");
    else part.removeAttribute("aria-current");
  }
};

// An attempt whose quiz has changed is gone: its quiz is where to begin another.
const leaveWhatIsGone = () => {
  const [gone] = inside().pathname.split("/attempts/");
  const [entry] = page.contentWindow.performance.getEntriesByType("navigation");
  if (entry?.responseStatus === 404 && gone !== inside().pathname) inside().replace(gone);
};

const refresh = async () => {
  inside().reload();
  const answer = await fetch(notes.dataset.notes);
  if (!answer.ok) return;
  notes.innerHTML = await answer.text();
  follow();
  said.textContent = said.dataset.said;
};

page.addEventListener("load", () => {
  leaveWhatIsGone();
  follow();
});

const source = new EventSource(notes.dataset.changes);
source.addEventListener("message", refresh);
source.addEventListener("error", () => (said.textContent = said.dataset.lost));

const widths = document.querySelector("[data-widths]");
widths.hidden = false;
widths.addEventListener("click", ({ target }) => {
  if (!("width" in target.dataset)) return;
  page.style.maxInlineSize = target.dataset.width ? `${target.dataset.width}px` : "";
  for (const button of widths.querySelectorAll("button")) button.toggleAttribute("aria-current", button === target);
  target.setAttribute("aria-current", "true");
});
