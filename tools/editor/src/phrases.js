// The words on screen. They come translated with the script's own element, from the site's
// catalogue; what is not there stays English.

import { EditorState } from "@codemirror/state";

const given = document.querySelector("script[data-editor-phrases]");

export const phrases = EditorState.phrases.of(JSON.parse(given?.dataset.editorPhrases ?? "{}"));
