// Course files: Markdown below front matter in YAML, with the marks of our own format.

import { yamlFrontmatter } from "@codemirror/lang-yaml";
import { HighlightStyle, Language, defineLanguageFacet, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { Strikethrough, Table, TaskList, parser } from "@lezer/markdown";

// Settings of a question or option, {#id points=2}, and gaps to fill in, [[answer|variant]].
const CLOSED = { 123: /^\{[#.\w][^{}\n]*\}/, 91: /^\[\[[^\]\n]*\]\]/ };

const ours = {
  defineNodes: [
    { name: "Settings", style: tags.meta },
    { name: "Gap", style: tags.special(tags.content) },
  ],
  parseInline: [
    {
      name: "Settings",
      before: "Link",
      parse(context, next, position) {
        const found = CLOSED[next]?.exec(context.slice(position, context.end));
        if (!found) return -1;
        return context.addElement(context.elt(next === 123 ? "Settings" : "Gap", position, position + found[0].length));
      },
    },
  ],
};

// The parser of Markdown alone: lang-markdown brings those of HTML, CSS and JavaScript along,
// which courses may not contain, at twice the weight.
const markdown = new Language(
  defineLanguageFacet(),
  parser.configure([Table, TaskList, Strikethrough, ours]),
  [],
  "markdown",
);

const look = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "650" },
  { tag: tags.strong, fontWeight: "650" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.link, tags.special(tags.content)], color: "var(--primary)" },
  { tag: [tags.meta, tags.processingInstruction, tags.contentSeparator, tags.url, tags.comment], color: "var(--muted)" },
  { tag: [tags.monospace, tags.string], color: "var(--in-order)" },
  { tag: [tags.definition(tags.propertyName), tags.propertyName, tags.labelName], color: "var(--blue)" },
  { tag: [tags.quote, tags.atom, tags.keyword], color: "var(--plum)" },
  { tag: tags.invalid, color: "var(--late)" },
]);

const languages = { markdown: () => yamlFrontmatter({ content: markdown }) };

// What shows a text of that kind; a kind that has no parser is shown as it is.
export const highlighting = (kind) => [languages[kind]?.() ?? [], syntaxHighlighting(look)];
