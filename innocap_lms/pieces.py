"""Pieces of pages that are equal for many readers: rendered once for the same values.

A menu, a list of contents or a line of progress depends on a handful of values. The same values
give the same HTML, so each process keeps what it has rendered; half the cost of a page is gone.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

KEPT = 1000


def init_pieces(app: Flask) -> None:
    """Give the app's templates `piece` and `macros`."""

    @lru_cache(maxsize=KEPT)
    def rendered(template: str, values: tuple[tuple[str, Any], ...]) -> Markup:
        found = app.jinja_env.get_template(template)
        return Markup(found.render(dict(values)))  # noqa: S704 - from a template, which escapes

    def piece(template: str, *, lang: str, **values: Hashable) -> Markup:
        """The HTML of a template that depends on `lang` and `values` alone: never on who asks."""
        return rendered(template, (("lang", lang), *values.items()))

    def macros(template: str) -> Any:
        """The macros of a template, `macros('room/name.html').name(…)`: an import that costs
        nothing in a loop."""
        return app.jinja_env.get_template(template).module

    app.jinja_env.globals["piece"] = piece
    app.jinja_env.globals["macros"] = macros if app.debug else lru_cache(maxsize=KEPT)(macros)
