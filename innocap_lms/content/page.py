"""What the render rules know of the page they write: where links lead, which words to add, ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Protocol, cast

from markdown_it.common.normalize_url import normalizeLink

from innocap_lms.content.targets import activity_id, target

Resolve = Callable[[str], str | None]


def nowhere(_: str) -> None:
    """Resolves nothing: for texts without links into the course."""


@dataclass
class Page:
    """One text on its way to HTML.

    `sizes` gives width and height of pictures by path; `prefix` stands before every id, so that
    several texts fit on one page.
    """

    resolve: Resolve
    language: str
    words: Mapping[str, str]
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    prefix: str = ""
    numbers: dict[str, int] = field(default_factory=dict)

    def new_id(self, name: str) -> str:
        """An id for something we add; the underscore keeps it apart from anchors of headings."""
        self.numbers[name] = self.numbers.get(name, 0) + 1
        return f"{self.prefix}{name}_{self.numbers[name]}"

    def link(self, address: str) -> tuple[str | None, bool]:
        """The URL for a link, None where it cannot be followed; and whether it leads away."""
        goal = target(address)
        if goal.kind == "web":
            return normalizeLink(goal.path), True
        if goal.kind == "anchor":
            return f"#{self.prefix}{goal.anchor}", False
        if goal.kind not in ("asset", "activity"):
            return None, False
        url = self.resolve(goal.path)
        if not url and goal.kind == "activity":
            # `02-interviews` means the lesson `interviews`; a resolver need not know that.
            url = self.resolve(activity_id(goal.path))
        return (f"{url}#{goal.anchor}" if url and goal.anchor else url or None), False

    def file(self, address: str) -> tuple[str, str | None]:
        """The path in the course and the URL of a picture or film; no URL if from elsewhere."""
        goal = target(address)
        return goal.path, (self.resolve(goal.path) or None) if goal.kind == "asset" else None


class Renderer(Protocol):
    """What the rules need of markdown-it's renderer."""

    def renderToken(self, tokens: Any, idx: int, options: Any, env: Any) -> str: ...  # noqa: N802


def page_of(env: Any) -> Page:
    """The page that travels in the parser's environment."""
    return cast(Page, env["page"])


def attributes(**named: str | int | None) -> str:
    """HTML attributes with escaped values; one that is None is left out, "_" becomes "-"."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in named.items()
        if value is not None
    )
