// What the checker found, marked where it is: beside the line and below the word.

import { forEachDiagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";

const lineAt = (doc, number) => doc.line(Math.min(Math.max(number || 1, 1), doc.lines));

// Message and advice, as nodes. The checker speaks English, whatever the page does.
export const wordsOf = ({ message, advice }) =>
  [message, advice].filter(Boolean).map((text, index) => {
    const part = document.createElement("span");
    part.lang = "en";
    part.className = index ? "editor-advice" : "";
    part.textContent = `${text} `;
    return part;
  });

const tooltip = (problem) => {
  const dom = document.createElement("div");
  dom.append(...wordsOf(problem));
  return dom;
};

// Lines and columns count from 1, columns in code points. The word that begins there is marked.
const diagnostic = (doc, problem) => {
  const line = lineAt(doc, problem.line);
  const before = [...line.text].slice(0, (problem.column || 1) - 1).join("").length;
  const [, space, word] = /^(\s*)(\S*)/.exec(line.text.slice(before));
  const from = line.from + before + space.length;
  const { severity, message } = problem;
  return { from, to: from + word.length, severity, message, problem, renderMessage: () => tooltip(problem) };
};

export const showProblems = (view, problems) =>
  view.dispatch(setDiagnostics(view.state, problems.map((one) => diagnostic(view.state.doc, one))));

// The problems and where they are now, in the order of the text: they move with it.
export const problemsOf = (state) => {
  const found = [];
  forEachDiagnostic(state, ({ problem }, from) => found.push({ problem, from }));
  return found.sort((one, other) => one.from - other.from);
};

const goTo = (view, position) => {
  view.dispatch({ selection: { anchor: position }, effects: EditorView.scrollIntoView(position, { y: "center" }) });
  view.focus();
  return true;
};

export const goToLine = (view, number) => goTo(view, lineAt(view.state.doc, number).from);

// Around at the end. The commands of CodeMirror select the word, which the next letter replaces.
const goToProblem = (find) => (view) => {
  const places = problemsOf(view.state).map(({ from }) => from);
  return places.length > 0 && goTo(view, find(places, view.state.selection.main.head));
};

export const nextProblem = goToProblem((places, here) => places.find((one) => one > here) ?? places[0]);
export const previousProblem = goToProblem((places, here) => places.findLast((one) => one < here) ?? places.at(-1));

export const problemMarks = lintGutter();
