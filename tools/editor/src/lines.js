// Each line says by its first strong letter in which direction it runs.

import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";

const itself = Decoration.line({ attributes: { dir: "auto" } });

const inView = ({ state, visibleRanges }) => {
  const starts = [];
  for (const { from, to } of visibleRanges)
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      starts.push(itself.range(line.from));
      at = line.to + 1;
    }
  return Decoration.set(starts);
};

class Directions {
  constructor(view) {
    this.decorations = inView(view);
  }

  update({ docChanged, viewportChanged, view }) {
    if (docChanged || viewportChanged) this.decorations = inView(view);
  }
}

export const directions = [
  EditorView.perLineTextDirection.of(true),
  ViewPlugin.fromClass(Directions, { decorations: (plugin) => plugin.decorations }),
];
