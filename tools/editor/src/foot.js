// The line at the foot of the editor: the problem where the cursor is, and what a mouse or a
// finger needs that the keyboard has by itself. It speaks politely to screen readers.

import { openSearchPanel } from "@codemirror/search";
import { showPanel } from "@codemirror/view";
import { tabHint } from "./keys.js";
import { nextProblem, problemsOf, wordsOf } from "./problems.js";

const element = (name, properties) => Object.assign(document.createElement(name), properties);

// The first problem on the line of the cursor, or how many there are.
const said = (state, problems) => {
  const line = state.doc.lineAt(state.selection.main.head);
  const here = problems.find(({ from }) => from >= line.from && from <= line.to)?.problem;
  if (!here) return problems.length ? [state.phrase("Problems: $", problems.length)] : [];
  const kind = here.severity === "error" ? "Error on line $:" : "Warning on line $:";
  return [element("strong", { textContent: `${state.phrase(kind, line.number)} ` }), ...wordsOf(here)];
};

// Screen readers repeat whatever is written anew, so only what differs is.
const write = (place, nodes) => {
  const now = element("p");
  now.append(...nodes);
  if (now.textContent !== place.textContent) place.replaceChildren(...now.childNodes);
};

const button = (view, phrase, onclick) =>
  element("button", { type: "button", className: "cm-button", textContent: view.state.phrase(phrase), onclick });

// `id` is that of the hint about the Tab key, which describes the editor.
export const foot = (id) =>
  showPanel.of((view) => {
    const dom = element("div", { className: "editor-foot" });
    const status = element("p", { className: "editor-said" });
    status.setAttribute("role", "status");
    const hint = element("p", { className: "editor-hint", id });
    const next = button(view, "Next problem", () => nextProblem(view));
    const tools = element("div", { className: "editor-tools" });
    tools.append(hint, next, button(view, "Search", () => openSearchPanel(view)));
    dom.append(status, tools);
    const show = () => {
      const problems = problemsOf(view.state);
      write(status, said(view.state, problems));
      write(hint, [tabHint(view.state)]);
      next.hidden = !problems.length;
    };
    show();
    return { dom, update: ({ transactions }) => transactions.length && show() };
  });
