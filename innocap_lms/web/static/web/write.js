// Beside a text that is being written: how it will look and what is wrong with it, at each saving.

const form = document.querySelector("form[data-draft]");
const { text } = form.elements;

form.addEventListener("draft:saved", ({ detail }) => {
  document.querySelector("[data-shown]").innerHTML = detail.shown;
  document.querySelector("[data-notes]").innerHTML = detail.notes;
  text.dispatchEvent(new CustomEvent("editor:problems", { detail: detail.problems }));
});
