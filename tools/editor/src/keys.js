// The keyboard. Tab leaves the editor as it leaves any field; who wants it to indent says so with
// Ctrl-M, and then leaves by Esc and Tab (CodeMirror's advice on Tab: no keyboard trap, WCAG 2.1.2).

import { history, historyKeymap, indentWithTab, insertNewlineKeepIndent, standardKeymap } from "@codemirror/commands";
import { search, searchKeymap } from "@codemirror/search";
import { StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { nextProblem, previousProblem } from "./problems.js";

const setIndents = StateEffect.define();

export const tabIndents = StateField.define({
  create: () => false,
  update: (value, transaction) => transaction.effects.reduce((now, one) => (one.is(setIndents) ? one.value : now), value),
});

export const tabHint = (state) =>
  state.phrase(state.field(tabIndents) ? "Tab indents. Esc, then Tab moves on." : "Tab moves on. Ctrl-M lets it indent.");

const toggleTab = (view) => {
  view.dispatch({ effects: setIndents.of(!view.state.field(tabIndents)) });
  view.setTabFocusMode(!view.state.field(tabIndents));
  view.dispatch({ effects: EditorView.announce.of(tabHint(view.state)) });
  return true;
};

// The usual Enter drops spaces at the end of a line; here nothing goes that nobody has deleted.
const enter = (view) => !view.state.readOnly && insertNewlineKeepIndent(view);

export const keys = [
  history(),
  search({ top: true }),
  tabIndents,
  keymap.of([
    { key: "Enter", run: enter, shift: enter },
    { key: "Ctrl-m", run: toggleTab },
    { key: "F8", run: nextProblem, shift: previousProblem, preventDefault: true },
    indentWithTab,
    ...searchKeymap,
    ...historyKeymap,
    ...standardKeymap,
  ]),
];
