"""Question blocks made by chance, and printed as their author would have written them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from innocap_lms.content.kinds import AnswerBlock, OptionBlock, PairBlock, QuestionBlock

LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=4).map(" ".join)
IDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
FEEDBACK = st.just("") | WORDS


def names(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(IDS, min_size=least, max_size=most, unique=True)


@st.composite
def entries(draw: st.DrawFn, marks: str) -> tuple[OptionBlock, ...]:
    """Options with at least one right and one wrong, or ("none") items without marks."""
    ids = draw(names(2, 6))
    right = draw(st.sets(st.sampled_from(ids), min_size=1, max_size=len(ids) - 1))
    if marks == "one":
        right = {ids[0]}
    return tuple(
        OptionBlock(
            name, f"{draw(WORDS)} {name}", marks != "none" and name in right, draw(FEEDBACK), 0
        )
        for name in ids
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[PairBlock, ...]:
    ids = draw(names(2, 5))
    targets = {name: f"{draw(WORDS)} {name}" for name in draw(names(2, 5))}
    made = []
    for name in ids:
        target = draw(st.sampled_from(sorted(targets)))
        made.append(
            PairBlock(name, f"{draw(WORDS)} {name}", target, targets[target], draw(FEEDBACK), 0)
        )
    return tuple(made)


@st.composite
def gapped(draw: st.DrawFn) -> str:
    """A text with gaps to write and to choose in."""
    pieces = [draw(WORDS)]
    for number in range(draw(st.integers(1, 4))):
        accepted = draw(st.lists(WORDS, min_size=1, max_size=3))
        if draw(st.booleans()):
            accepted = [f"{word} {place}" for place, word in enumerate([*accepted, "other"])]
            right = draw(st.integers(0, len(accepted) - 1))
            accepted[right] = f"={accepted[right]}"
        pieces += [f"[[{'|'.join(accepted)}]]", f"{draw(WORDS)} {number}"]
    return " ".join(pieces)


AMOUNTS = st.tuples(
    st.integers(-(10**6), 10**6), st.integers(0, 99), st.sampled_from(["", " km", " m²", " %"])
).map(lambda parts: f"{parts[0]} ± {parts[1]}{parts[2]}" if parts[2] != " %" else f"{parts[0]} %")


@st.composite
def blocks(draw: st.DrawFn, kind: str) -> QuestionBlock:
    """A sound question of a kind. Lines are those that printing gives; compare without them."""
    block = QuestionBlock(
        id=draw(IDS),
        text=draw(WORDS),
        stem=draw(FEEDBACK),
        options=(),
        feedback=draw(FEEDBACK),
        classes=frozenset(),
        attributes={"points": "2"} if kind != "reflection" and draw(st.booleans()) else {},
        file="q.md",
        line=0,
        hint=draw(FEEDBACK),
    )
    credit = frozenset({"partial"}) if draw(st.booleans()) else frozenset[str]()
    if kind == "single":
        return replace(block, options=draw(entries("one")))
    if kind == "multiple":
        classes, options = credit | {"multiple"}, draw(entries("several"))
        return replace(block, options=options, classes=classes)
    if kind == "true-false":
        return replace(block, classes=frozenset({draw(st.sampled_from(["true", "false"]))}))
    if kind == "ordering":
        return replace(block, items=draw(entries("none")), classes=credit | {"order"})
    if kind == "matching":
        return replace(block, pairs=draw(pairs()), classes=credit | {"match"})
    if kind == "cloze":
        return replace(block, stem=draw(gapped()), classes=credit)
    if kind == "reflection":
        return replace(block, classes=frozenset({"reflection"}))
    lines = draw(st.lists(AMOUNTS if kind == "numeric" else WORDS, min_size=1, max_size=4))
    return replace(block, answers=tuple(AnswerBlock(line, 0) for line in lines))


def printed(block: QuestionBlock) -> str:
    """The block as Markdown."""
    braces = [f"#{block.id}", *sorted(f".{name}" for name in block.classes)]
    braces += [f'{name}="{value}"' for name, value in block.attributes.items()]
    parts = [f"## {block.text} {{{' '.join(braces)}}}"]
    if block.hint:
        parts.append(f"> [!HINT]\n> {block.hint}")
    if block.stem:
        parts.append(block.stem)
    if block.options:
        marks = {True: "[x]", False: "[ ]"}
        parts.append(_list(block.options, [f"- {marks[each.ticked]}" for each in block.options]))
    if block.items:
        parts.append(_list(block.items, [f"{number + 1}." for number in range(len(block.items))]))
    for pair in block.pairs:
        lines = [f"{pair.text} {{#{pair.id}}}", f": {pair.target_text} {{#{pair.target}}}"]
        parts.append("\n".join([*lines, *([f"  > {pair.feedback}"] if pair.feedback else [])]))
    if block.answers:
        parts.append("\n".join(f"= {answer.text}" for answer in block.answers))
    if block.feedback:
        parts.append(f"> {block.feedback}")
    return "\n\n".join(parts) + "\n"


def _list(entries: Sequence[OptionBlock], marks: Sequence[str]) -> str:
    lines = []
    for entry, sign in zip(entries, marks, strict=True):
        lines.append(f"{sign} {entry.text} {{#{entry.id}}}")
        if entry.feedback:
            lines.append(f"   > {entry.feedback}")
    return "\n".join(lines)


def without_lines(block: QuestionBlock) -> QuestionBlock:
    """The block as if everything stood on line 0: for comparing."""
    return replace(
        block,
        line=0,
        stem_line=0,
        **{
            name: tuple(replace(entry, line=0) for entry in getattr(block, name))
            for name in ("options", "items", "pairs", "answers")
        },
    )


def with_another_key(block: QuestionBlock) -> QuestionBlock:
    """The same question to look at, with something else right."""
    if block.classes & {"true", "false"}:
        return replace(block, classes=frozenset({"true", "false"}) - block.classes)
    targets = [(pair.target, pair.target_text) for pair in block.pairs]
    turned = zip(block.pairs, [*targets[1:], *targets[:1]], strict=True)
    one, *more = block.options or [OptionBlock("", "", False, "", 0)]
    at = next((place for place, each in enumerate(more) if each.ticked != one.ticked), 0)
    for place in (at,) if more else ():
        one, more[place] = (
            replace(one, ticked=more[place].ticked),
            replace(more[place], ticked=one.ticked),
        )
    return replace(
        block,
        options=(one, *more) if block.options else (),
        items=tuple(reversed(block.items)),
        pairs=tuple(replace(pair, target=to, target_text=text) for pair, (to, text) in turned),
        answers=tuple(replace(each, text=f"7{each.text.lstrip('-')}") for each in block.answers),
        stem=re.sub(r"\[\[(.*?)\]\]", _other_gap, block.stem),
    )


def _other_gap(gap: re.Match[str]) -> str:
    words = gap[1].split("|")
    if "=" not in gap[1]:
        return f"[[other|{gap[1]}]]"
    marked = [word.startswith("=") for word in words]
    turned = zip([*marked[1:], marked[0]], words, strict=True)
    shown = [f"={word}" if right else word.removeprefix("=") for right, word in turned]
    return f"[[{'|'.join(shown)}]]".replace("==", "=")
