"""Front matter: the fields between two lines of `---`, with the line and column of each value.

Built from the parser's events instead of its objects: nothing is converted that the author did not
mean (`no` stays "no", `1:30` stays "1:30", a date stays text), and aliases cannot blow a file up.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.problems import Problem

MAX_CHARACTERS = 32_000
MAX_DEPTH = 8
# The C parser is ten times faster; it is missing only where PyYAML was built without libyaml.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WHOLE = re.compile(r"[-+]?[0-9]{1,15}\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}\Z")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Node:
    """A value and where it stands. `raw` is what the author wrote for a scalar, "" for the rest."""

    value: "Scalar | list[Node] | dict[str, Field]"
    line: int
    column: int
    raw: str = ""


@dataclass(frozen=True)
class Field:
    """A named value; `line` and `column` are those of the name."""

    node: Node
    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """A text file cut in two. `node` is None when the front matter could not be read.

    `body` has no empty lines at its ends; its first line is line `body_line` of the file.
    """

    file: str
    node: Node | None
    body: str
    body_line: int
    problems: tuple[Problem, ...] = ()


class _RefusedError(Exception):
    """The front matter holds something that the format does not allow."""

    def __init__(self, code: str, mark: Any, message: str, advice: str) -> None:
        super().__init__(message)
        self.code, self.mark, self.message, self.advice = code, mark, message, advice


def split(file: str, text: str) -> Document:
    """Cut a file into fields and body. Never raises: what is wrong is in `problems`."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        fault = problem(
            "C020",
            Place(file),
            "the file does not start with front matter",
            "start it with a line ---",
        )
        return _document(file, None, lines, 0, [fault])
    end = next((i for i, line in enumerate(lines) if i and line.rstrip() == "---"), None)
    if end is None:
        fault = problem(
            "C021",
            Place(file),
            "the front matter is not closed",
            "write a line --- after the last field",
        )
        return _document(file, None, lines, len(lines), [fault])
    problems: list[Problem] = []
    node = compose(file, "\n".join(lines[1:end]), problems)
    return _document(file, node, lines, end + 1, problems)


def _document(
    file: str, node: Node | None, lines: list[str], start: int, problems: list[Problem]
) -> Document:
    end = len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return Document(file, node, "\n".join(lines[start:end]), start + 1, tuple(problems))


def compose(file: str, text: str, problems: list[Problem]) -> Node | None:
    """The fields as a tree of nodes; None, and a problem, when they cannot be read."""
    if len(text) > MAX_CHARACTERS:
        advice = f"keep it under {MAX_CHARACTERS} characters"
        problems.append(problem("C028", Place(file), "the front matter is too large", advice))
        return None
    try:
        node = _Builder().build(text)
    except _RefusedError as refused:
        place = _place(file, refused.mark)
        problems.append(problem(refused.code, place, refused.message, refused.advice))
        return None
    except yaml.YAMLError as fault:
        problems.append(_unreadable(file, fault))
        return None
    if not isinstance(node.value, dict):
        advice = "write one `name: value` a line"
        problems.append(problem("C022", Place(file, 2), "the front matter holds no fields", advice))
        return None
    return node


def _place(file: str, mark: Any) -> Place:
    # Marks count from 0, and the front matter starts on the second line of the file.
    return Place(file, mark.line + 2, mark.column + 1) if mark is not None else Place(file, 2)


def _unreadable(file: str, fault: yaml.YAMLError) -> Problem:
    mark = getattr(fault, "problem_mark", None)
    said = getattr(fault, "problem", None) or getattr(fault, "reason", None) or "not YAML"
    advice = 'put a value that holds ": " or " #", or starts with a symbol, in double quotes'
    return problem("C022", _place(file, mark), f"the front matter cannot be read: {said}", advice)


def _scalar(event: Any) -> Scalar:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _WHOLE.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return float(text)
    return text


@dataclass
class _Open:
    """A list or mapping that is still being filled; `key` is the name waiting for its value."""

    node: Node
    key: Any = None


@dataclass
class _Builder:
    """Turns the event stream into nodes, keeping its own stack so that depth cannot crash it."""

    stack: list[_Open] = field(default_factory=list)
    root: Node | None = None

    def build(self, text: str) -> Node:
        for event in yaml.parse(text, Loader=_LOADER):
            self._take(event)
        return self.root or Node(None, 2, 1)

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise _RefusedError(
                "C023", event.start_mark, "aliases are not allowed", "quote the value"
            )
        if getattr(event, "anchor", None) or (getattr(event, "tag", None) or "!") != "!":
            raise _RefusedError(
                "C023", event.start_mark, "anchors and tags are not allowed", "quote the value"
            )
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(event, {})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(event, [])
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._attach(self.stack.pop().node)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _RefusedError(
                "C023", event.start_mark, "a second document", "keep one block of fields"
            )

    def _open(self, event: Any, value: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _RefusedError("C028", event.start_mark, "nested too deep", "write it flatter")
        if (
            self.stack
            and isinstance(self.stack[-1].node.value, dict)
            and self.stack[-1].key is None
        ):
            raise _RefusedError(
                "C022", event.start_mark, "a name must be plain text", "write `name: value`"
            )
        mark = event.start_mark
        self.stack.append(_Open(Node(value, mark.line + 2, mark.column + 1)))

    def _scalar(self, event: Any) -> None:
        if "\0" in event.value:
            said, advice = "a character that no text may hold", "take the \\0 away"
            raise _RefusedError("C022", event.start_mark, said, advice)
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.node.value, dict) and top.key is None:
            if event.value in top.node.value:
                said = f"“{event.value}” is written twice"
                raise _RefusedError("C024", event.start_mark, said, "keep one of them")
            top.key = event
            return
        mark = event.start_mark
        self._attach(Node(_scalar(event), mark.line + 2, mark.column + 1, event.value))

    def _attach(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top.node.value, list):
            top.node.value.append(node)
            return
        assert isinstance(top.node.value, dict)
        mark = top.key.start_mark
        top.node.value[top.key.value] = Field(node, mark.line + 2, mark.column + 1)
        top.key = None
