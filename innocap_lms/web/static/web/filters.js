// Filters take effect as they are chosen: what stands below the form is fetched anew, and the
// address follows, so that it can be sent. Without this file the button does the same.

const TYPING = 400; // milliseconds without a key

const below = (form) => {
  const found = [];
  for (let next = form.nextSibling; next; next = next.nextSibling) found.push(next);
  return found;
};

const wanted = (form) => {
  const address = new URL(form.action, location.href);
  const chosen = [...new FormData(form)].filter(([, value]) => value !== "");
  address.search = new URLSearchParams(chosen).toString();
  return address;
};

const show = (form, page) => {
  const found = page.querySelector("form.filters");
  if (!found) return false;
  document.title = page.title;
  document.querySelector("h1").textContent = page.querySelector("h1").textContent;
  for (const old of below(form)) old.remove();
  const parts = below(found);
  form.after(...parts);
  form.querySelector("a.quiet")?.remove();
  const clear = found.querySelector("a.quiet");
  if (clear) form.querySelector("button").after(" ", clear);
  const told = parts.flatMap((part) => (part.querySelector ? [part, ...part.querySelectorAll("*")] : []));
  const sum = told.find((part) => part.matches(".headline, .empty, .row > span"));
  form.querySelector("[role=status]").textContent = sum?.textContent.trim() ?? "";
  return true;
};

const atOnce = (form) => {
  let asked = new AbortController();
  let timer = 0;
  const look = async () => {
    clearTimeout(timer);
    asked.abort();
    asked = new AbortController();
    const address = wanted(form);
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: asked.signal });
      const led = new URL(answer.url); // a unit that is named leads to its id
      // What cannot be used, and a session that is over, are told by the button.
      if (!answer.ok || led.pathname !== address.pathname) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (show(form, page)) history.replaceState(null, "", led);
    } catch {
      // the network is away, or something else has been chosen meanwhile
    } finally {
      form.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", (event) => {
    if (!event.target.matches("input:not([type=date], [type=month])")) return;
    clearTimeout(timer);
    timer = setTimeout(look, TYPING);
  });
  form.addEventListener("change", (event) => {
    // A day is whole once it is left: its year is typed figure by figure.
    if (event.target.matches("[type=date], [type=month]")) event.target.addEventListener("blur", look, { once: true });
    else if (event.target.matches("select")) look();
  });
};

document.querySelectorAll("form.filters[data-at-once]").forEach(atOnce);
