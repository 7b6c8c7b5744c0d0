"""Texts beside the lessons: templates to fill in, a pocket guide, a facilitator's guide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from markdown_it.token import Token

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.fields import Fields
from innocap_lms.content.fingerprints import of_companion
from innocap_lms.content.frontmatter import Document
from innocap_lms.content.model import Companion, CompanionKind, Layout
from innocap_lms.content.problems import Problem

LAYOUTS = ("card", "canvas", "checklist")
LINKED = ("template", "pocket-guide")  # what learners may read, so that lessons may link to it


@dataclass(frozen=True)
class CompanionFile:
    """One language of such a text as its file says it; `layout` is None where it is left out.

    `spaces` counts what a reader of a template writes into: headings of a card or a canvas, boxes
    of a checklist.
    """

    document: Document
    id: str
    title: str
    layout: str | None
    spaces: Mapping[str, int]
    places: Mapping[str, Place]


def read(
    document: Document, kind: CompanionKind, *, is_lead: bool, problems: list[Problem]
) -> CompanionFile:
    """Read one language. A template has an id and, in the lead language, a layout."""
    fields = Fields(document.node, document.file, problems)
    fields.text("compared", required=False)
    is_template = kind == "template"
    companion_id = fields.identifier("id") if is_template else kind
    title = fields.text("title")
    layout = fields.word("layout", LAYOUTS, required=is_lead) if is_template else None
    places = {name: fields.place(name) for name in ("id", "layout")}
    fields.finish()
    if document.node is not None and not document.body:
        here = Place(document.file, document.body_line)
        said, advice = "there is no text", "write it under the front matter"
        problems.append(problem("C140", here, said, advice))
    return CompanionFile(document, companion_id or "", title or "", layout, {}, places)


def spaces_in(tokens: Sequence[Token]) -> dict[str, int]:
    """How much there is to fill in, by layout."""
    headings = sum(token.type == "heading_open" and token.tag == "h2" for token in tokens)
    boxes = sum("ticked" in token.meta for token in tokens)
    return {"card": headings, "canvas": headings, "checklist": boxes}


def put_together(
    files: Mapping[str, CompanionFile], kind: CompanionKind, lead: str, problems: list[Problem]
) -> Companion:
    """One text of all its languages: id and layout of the lead language, words of each."""
    first = files.get(lead) or next(iter(files.values()))
    if first.layout and first.document.body and not first.spaces[first.layout]:
        here = Place(first.document.file, first.document.body_line)
        advice = "write - [ ] and what to check" if first.layout == "checklist" else "write ## …"
        said = "the template has nothing to fill in"
        problems.append(problem("C140", here, said, advice))
    for file in files.values():
        if file is not first:
            problems += _same_rules(first, file)
    companion = Companion(
        id=first.id,
        kind=kind,
        titles={language: file.title for language, file in files.items()},
        bodies={language: file.document.body for language, file in files.items()},
        layout=cast(Layout, first.layout or ""),
        fingerprint="",
    )
    return replace(companion, fingerprint=of_companion(companion))


def _same_rules(first: CompanionFile, file: CompanionFile) -> list[Problem]:
    problems = []
    if file.id and first.id and file.id != first.id:
        said = f"the template's id is “{first.id}” in the lead language"
        problems.append(problem("C032", file.places["id"], said, f"write id: {first.id}"))
    if file.layout and file.layout != first.layout:
        said = "“layout” differs from the lead language"
        advice = "leave it out: the rule of the lead language counts"
        problems.append(problem("C035", file.places["layout"], said, advice))
    there, wanted = (each.spaces.get(first.layout or "", 0) for each in (file, first))
    if there != wanted:
        here = Place(file.document.file, file.document.body_line)
        said = f"there are {there} things to fill in, and {wanted} in the lead language"
        problems.append(problem("C141", here, said, "give every language the same ones"))
    return problems
