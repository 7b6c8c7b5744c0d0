// How the editor looks: the site's own colours, light and dark and in contrast, by its variables.

import { EditorView } from "@codemirror/view";
import { StyleModule } from "style-mod";

const control = {
  minBlockSize: "2rem",
  margin: "0",
  padding: "0 var(--s2)",
  border: "1.5px solid var(--line)",
  borderRadius: "var(--radius)",
  background: "var(--surface)",
  color: "var(--text)",
  font: "inherit",
};
const underline = (style, colour) => ({
  paddingBottom: "0",
  background: "none",
  textDecoration: `underline ${style} ${colour}`,
  textUnderlineOffset: "0.2em",
  textDecorationSkipInk: "none",
});
const mark = { content: "normal", flex: "none", inlineSize: "0.65em", blockSize: "0.65em", forcedColorAdjust: "none" };

// The field goes on living behind the editor: labels, links and the browser's own checks still
// lead to it. What it holds is never laid out, which a long text would pay for at every letter.
const behind = new StyleModule({
  "textarea.behind-editor[data-editor]": {
    position: "absolute",
    inlineSize: "1px",
    blockSize: "1px",
    minBlockSize: "0",
    padding: "0",
    border: "0",
    opacity: "0",
    pointerEvents: "none",
    contain: "strict",
    contentVisibility: "hidden",
  },
});

const within = EditorView.theme({
  "&": {
    border: "1.5px solid var(--line)",
    borderRadius: "var(--radius)",
    background: "var(--surface)",
    color: "var(--text)",
    fontSize: "1rem", // phones enlarge the page at a field with smaller letters
  },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-scroller": { flex: "1 0 9rem", fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)", paddingBlock: "var(--s2)" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "var(--sunken)" },
  ".cm-gutters": { border: "0", background: "none", color: "var(--muted)" },
  ".cm-specialChar": { color: "var(--late)" },

  ".cm-gutter-lint": { inlineSize: "1.1rem" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0", display: "flex", justifyContent: "center", paddingBlockStart: "0.42em" },
  ".cm-lint-marker": mark,
  ".cm-lint-marker-error": { background: "var(--late)", transform: "rotate(45deg)" },
  ".cm-lint-marker-warning": {
    border: "2px solid var(--to-do)",
    borderRadius: "50%",
    background: "linear-gradient(to right, var(--to-do) 50%, transparent 50%)",
  },
  ".cm-lintRange-error": underline("wavy", "var(--late)"),
  ".cm-lintRange-warning": underline("dashed", "var(--to-do)"),
  ".cm-lintPoint::after": { borderBottomColor: "var(--late)" },
  ".cm-lintPoint-warning::after": { borderBottomColor: "var(--to-do)" },

  ".cm-tooltip": {
    maxInlineSize: "min(30rem, 80vw)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius)",
    background: "var(--surface)",
    color: "var(--text)",
    fontFamily: "var(--sans)",
  },
  ".cm-diagnostic": { margin: "0", padding: "var(--s2) var(--s3)" },
  ".cm-diagnostic-error": { borderInlineStart: "4px solid var(--late)" },
  ".cm-diagnostic-warning": { borderInlineStart: "4px solid var(--to-do)" },

  ".cm-panels": { background: "var(--ground)", color: "var(--text)", fontFamily: "var(--sans)", zIndex: "3" },
  ".cm-panels-top": { borderBlockEnd: "1px solid var(--hairline)" },
  ".cm-panels-bottom": { borderBlockStart: "1px solid var(--hairline)" },
  ".cm-panel.cm-search, .cm-panel.cm-dialog": {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "var(--s2)",
    padding: "var(--s2) var(--s7) var(--s2) var(--s2)",
    fontSize: "inherit",
  },
  ".cm-panel.cm-search br": { display: "none" }, // it wraps where there is no room
  ".cm-panel.cm-search label": { display: "flex", alignItems: "center", gap: "var(--s1)", minBlockSize: "1.75rem" },
  ".cm-panel.cm-search :is(label, input, button)": { margin: "0", fontSize: "inherit" },
  ".cm-panel.cm-dialog label": { fontSize: "inherit" },
  ".cm-panel.cm-search [name=select]": { display: "none" }, // for several cursors, which there are not
  ".cm-panel ::placeholder": { color: "var(--muted)", opacity: "1" },
  ".cm-panel .cm-textfield": { ...control, flex: "1 1 10rem", minInlineSize: "0", maxInlineSize: "20rem" },
  ".cm-panel .cm-button, .cm-panel.cm-search button": { ...control, cursor: "pointer" },
  ".cm-panel.cm-search button[name=close], .cm-panel .cm-dialog-close": {
    ...control,
    position: "absolute",
    insetBlockStart: "var(--s2)",
    insetInlineEnd: "var(--s2)",
    inlineSize: "2rem",
    padding: "0",
  },
  ".cm-searchMatch": { background: "var(--wash)", outline: "1px solid var(--primary)" },
  ".cm-searchMatch-selected": { outline: "2px solid var(--focus)" },

  ".editor-foot, .editor-tools": { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "var(--s1) var(--s2)" },
  ".editor-foot": { padding: "var(--s1) var(--s2)" },
  ".editor-foot p": { margin: "0" },
  ".editor-advice": { display: "block", color: "var(--muted)" },
  ".editor-said": { flex: "1 1 20rem", maxBlockSize: "6em", overflow: "auto" },
  ".editor-hint": { color: "var(--muted)", fontSize: "0.85rem" },

  "@media (max-width: 30rem)": { ".editor-hint": { display: "none" } }, // phones; it is still spoken
  "@media (forced-colors: active)": { ".cm-lint-marker": { borderColor: "CanvasText", background: "CanvasText" } },
});

export const theme = [within, EditorView.styleModule.of(behind)];
