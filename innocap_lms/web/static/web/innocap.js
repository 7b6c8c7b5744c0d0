// Makes pages quicker, never possible: each page works without this file.

const maySendAgain = (form) => {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
};

const once = (form) => {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    setTimeout(maySendAgain, 10000, form); // the page may have been stopped on its way
  });
};

const askFirst = (form) => {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
};

// Ticks in a lesson are the reader's own: kept on this device, gone when they sign out.
const keepTicks = (box, index) => {
  const place = `tick:${location.pathname}:${index}`;
  box.checked = (localStorage.getItem(place) ?? String(box.checked)) === "true";
  box.addEventListener("change", () => localStorage.setItem(place, String(box.checked)));
};

const leave = (form) => {
  form.addEventListener("submit", () => {
    localStorage.clear();
    sessionStorage.clear();
  });
};

const forgetAnswers = (element) => sessionStorage.removeItem(`answers:${element.dataset.forget}`);

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
};

// In a list to put in order, a place that is taken changes hands: no two lines have the same.
const keepPlaces = (list) => {
  const fields = [...list.querySelectorAll("select")];
  const place = (field) => field.value.split(".")[1] || "";
  const before = new Map();
  const note = () => fields.forEach((field) => before.set(field, place(field)));
  list.addEventListener("change", (event) => {
    const other = fields.find((field) => field !== event.target && place(field) && place(field) === place(event.target));
    const left = before.get(event.target);
    if (other) other.selectedIndex = left ? Number(left) : 0;
    note();
  });
  note();
};

// Long work: how far it is, looked up now and then; the whole page once it is done.
const watch = (part) => {
  const look = async () => {
    try {
      const text = await (await fetch(location.href)).text();
      const found = new DOMParser().parseFromString(text, "text/html").getElementById(part.id);
      if (!found?.hasAttribute("data-watch")) return location.reload();
      part.innerHTML = found.innerHTML;
    } catch {} // the network is away: the next time tells
    setTimeout(look, 2000);
  };
  setTimeout(look, 1000);
};

for (const form of document.querySelectorAll("form[data-confirm]")) askFirst(form);
for (const form of document.querySelectorAll("form[method=post]")) once(form);
document.querySelectorAll(".task-list-item input").forEach(keepTicks);
document.querySelectorAll("[data-places]").forEach(keepPlaces);
document.querySelectorAll("[data-watch]").forEach(watch);
document.querySelectorAll("form[data-leave]").forEach(leave);
for (const element of document.querySelectorAll("[data-forget]")) forgetAnswers(element);

document.querySelector(".error-summary")?.focus();

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach(maySendAgain);
});
