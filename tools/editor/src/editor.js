// A text editor over each <textarea data-editor="markdown">. The textarea stays the field of its
// form and holds the same text at every moment; without this script it is the editor.
//
//   data-problems     a list of {line, column, severity, message, advice}, as JSON
//   editor:problems   an event to it, `detail` is such a list: what is wrong now
//   editor:goto       an event to it, `detail` is {line}: go there
//   input             an event from it whenever the text has changed, and to it from a page that
//                     has written its value

import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, lineNumbers } from "@codemirror/view";
import { foot } from "./foot.js";
import { keys } from "./keys.js";
import { highlighting } from "./language.js";
import { directions } from "./lines.js";
import { phrases } from "./phrases.js";
import { goToLine, problemMarks, showProblems } from "./problems.js";
import { adoptStyles } from "./styles.js";
import { theme } from "./theme.js";

let made = 0;

// What is said of the field is said of the editor.
const described = (field, hint) => {
  for (const label of field.labels) label.id ||= `editor-label-${(made += 1)}`;
  const attributes = {
    "aria-labelledby": [...field.labels].map((label) => label.id).join(" "),
    "aria-describedby": [field.getAttribute("aria-describedby"), hint].filter(Boolean).join(" "),
    "aria-invalid": field.getAttribute("aria-invalid"),
    "aria-required": field.required && "true",
    lang: field.lang,
    spellcheck: String(field.spellcheck),
    tabindex: "0", // so that every browser reaches what scrolls
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value));
};

// The part in which two texts differ, as a change of the first. What is alike keeps its place.
const difference = (before, after) => {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < most - from && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
};

const connect = (field, view) => {
  const follow = () => {
    const text = view.state.doc.toString();
    if (text !== field.value) view.dispatch({ changes: difference(text, field.value) });
  };
  field.addEventListener("input", follow);
  field.form?.addEventListener("reset", () => setTimeout(follow)); // which comes before the reset
  field.addEventListener("focus", () => view.focus());
  field.addEventListener("editor:problems", ({ detail }) => showProblems(view, detail));
  field.addEventListener("editor:goto", ({ detail }) => goToLine(view, detail.line));
};

// The text of the editor in its field, letter by letter, told to the page as if it was typed there.
const written = (field) =>
  EditorView.updateListener.of(({ docChanged, state }) => {
    if (!docChanged) return;
    const text = state.doc.toString();
    if (text === field.value) return; // it came from there
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

const editorOf = (field) => {
  const hint = `editor-hint-${(made += 1)}`;
  const extensions = [
    phrases,
    keys,
    problemMarks,
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    highlighting(field.dataset.editor),
    directions,
    EditorView.lineWrapping,
    EditorState.readOnly.of(field.readOnly || field.disabled),
    EditorView.contentAttributes.of(described(field, hint)),
    written(field),
    foot(hint),
    theme,
  ];
  return new EditorView({ doc: field.value, extensions });
};

const enhance = (field) => {
  const view = editorOf(field);
  view.setTabFocusMode(true);
  // As high as the field was, so that nothing below moves; in a low window it may be higher.
  view.dom.style.minBlockSize = `min(${field.offsetHeight}px, 85vh)`;
  // The page hears of the field alone, not of the editor's own boxes.
  for (const name of ["input", "change"]) view.dom.addEventListener(name, (event) => event.stopPropagation());
  field.after(view.dom);
  field.classList.add("behind-editor");
  field.tabIndex = -1;
  field.ariaHidden = "true";
  connect(field, view);
  showProblems(view, JSON.parse(field.dataset.problems ?? "[]"));
};

adoptStyles();
document.querySelectorAll("textarea[data-editor]").forEach(enhance);
