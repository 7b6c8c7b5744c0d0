"""Problems for programs: JSON, SARIF for code hosts and editors, annotations of GitHub Actions."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from innocap_lms import __version__
from innocap_lms.content.codes import CODES
from innocap_lms.content.problems import Problem

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_json(problems: Sequence[Problem]) -> str:
    """A JSON list of the problems, each an object with the fields of `Problem`."""
    return json.dumps([each.as_dict() for each in problems], ensure_ascii=False, indent=2)


def as_sarif(problems: Sequence[Problem]) -> str:
    """A SARIF 2.1.0 log of one run, whose rules are the codes that were found."""
    driver = {
        "name": "innocap-lms",
        "version": __version__,
        "rules": [_rule(code) for code in sorted({each.code for each in problems})],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in problems],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(code: str) -> Mapping[str, Any]:
    row = CODES.get(code)
    if row is None:  # a plugin's own
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": row.title},
        "fullDescription": {"text": row.explanation},
        "defaultConfiguration": {"level": row.severity},
    }


def _result(problem: Problem) -> Mapping[str, Any]:
    scheme = "file://" if problem.file.startswith("/") else ""
    place = {
        "artifactLocation": {"uri": scheme + quote(problem.file)},
        "region": {"startLine": problem.line, "startColumn": problem.column},
    }
    return {
        "ruleId": problem.code,
        "level": problem.severity,
        "message": {"text": f"{problem.message}. Advice: {problem.advice}"},
        "locations": [{"physicalLocation": place}],
    }


def as_github(problems: Sequence[Problem]) -> str:
    """A workflow command a problem, which GitHub shows beside the line."""
    return "\n".join(_annotation(each) for each in problems)


def _annotation(problem: Problem) -> str:
    where = {
        "file": problem.file,
        "line": str(problem.line),
        "col": str(problem.column),
        "title": problem.code,
    }
    inside = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in where.items())
    said = _escaped(f"{problem.message}\nadvice: {problem.advice}")
    return f"::{problem.severity} {inside}::{said}"


def _escaped(text: str, more: str = "") -> str:
    """As the toolkit of GitHub Actions escapes: "%" first, then what would end the text."""
    for sign in ("%", "\r", "\n", *more):
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


FORMATS: Final[Mapping[str, Callable[[Sequence[Problem]], str]]] = {
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}
