"""Forms as a browser fills them in that takes the first option of every question."""

import re
from html import unescape

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r"""\b(name|value|type|action)=["']([^"']*)["']""")
QUESTION = re.compile(r'id="question-(\d+)" data-question="q-([\w-]+)"')

Filled = tuple[str, dict[str, str]]  # where the form goes, "" for the page itself; its fields


def filled_form(page: str, holds: str) -> Filled:
    """The first form of a page with `holds` in its tag or content. Raises LookupError."""
    for opening, body in FORM.findall(page):
        if holds in opening + body:
            return _action(opening), _fields(body)
    raise LookupError(f"no form with {holds!r} in the page")


def questions_of(page: str) -> list[tuple[int, str]]:
    """Number and id of each question on the page of an attempt."""
    return [(int(number), question) for number, question in QUESTION.findall(page)]


def _action(opening: str) -> str:
    return unescape(dict(ATTRIBUTE.findall(opening)).get("action", ""))


def _fields(body: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for tag in INPUT.findall(body):
        found = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
        if found.get("type") in {"hidden", "radio"} and "name" in found:
            fields.setdefault(found["name"], found.get("value", ""))
    return fields
