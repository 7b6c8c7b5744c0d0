"""A page with the editor on it, as a room would build one, served under the site's own headers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template_string, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import Locator, Page
from werkzeug.serving import make_server

from innocap_lms.app import create_app
from innocap_lms.config import Settings
from innocap_lms.people.policy import public
from tests.browser.site import Site
from tests.conftest import KEY

Edit = Callable[..., Page]

LESSON = """---
id: interviews
title: Interviews
---
## Ask {#ask}

Ask what *happened*, not what somebody wants.
"""
PROBLEMS: list[dict[str, Any]] = [
    {"line": 3, "column": 8, "severity": "error", "message": "too short", "advice": "say more"},
    {"line": 7, "column": 1, "severity": "warning", "message": "too long", "advice": "say less"},
]
PAGE = """{% extends "web/base.html" %}
{% block title %}Text{% endblock %}
{% block head %}{{ ui.editor_script() }}{% endblock %}
{% block main %}
<h1>02-interviews.en.md</h1>
<form method="post">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <label for="text">Text of the lesson</label>
  <p class="hint" id="text-hint">Markdown with front matter</p>
  <textarea class="input" id="text" name="text" rows="20" aria-describedby="text-hint"
    {{ attributes|safe }} data-editor="markdown"
    data-problems='{{ problems|tojson }}'>{{ "\n" ~ text }}</textarea>
  <button class="button primary">Save</button>
</form>
{% endblock %}"""


class Manuscript:
    """What the page shows, and what it was sent last."""

    def __init__(self) -> None:
        self.text = ""
        self.problems: list[dict[str, object]] = []
        self.attributes = ""
        self.sent: dict[str, str] | None = None

    def pages(self) -> Blueprint:
        made = Blueprint("edited", __name__)

        @made.route("/edited", methods=["GET", "POST"])
        @public
        def edited() -> ResponseReturnValue:
            if request.method == "POST":
                sent = {name: text.replace("\r\n", "\n") for name, text in request.form.items()}
                del sent["csrf_token"]
                self.text, self.sent = sent["text"], sent
            return render_template_string(PAGE, **vars(self))

        return made


@contextmanager
def edited_site(folder: Path, manuscript: Manuscript) -> Iterator[Site]:
    """A site that has the page at /edited, on a free port; stopped at the end."""
    settings = Settings(data_dir=folder, secret_key=KEY, relay=False)
    app = create_app(settings, also=[manuscript.pages()])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    running = threading.Thread(target=server.serve_forever)
    running.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", folder, app)
    finally:
        server.shutdown()
        running.join()
        server.server_close()


def editor(page: Page) -> Locator:
    """The box to write in, by its name."""
    return page.get_by_role("textbox", name="Text of the lesson")


def field(page: Page) -> Locator:
    """The textarea that the form sends."""
    return page.locator("textarea")


def tell(page: Page, event: str, detail: Any) -> None:
    """What a script of the page says to the editor."""
    field(page).evaluate(
        "(one, [name, detail]) => one.dispatchEvent(new CustomEvent(name, {detail}))",
        [event, detail],
    )


def put(page: Page, text: str) -> None:
    """Write into the field as a script of the page does."""
    field(page).evaluate(
        "(one, text) => { one.value = text; one.dispatchEvent(new Event('input')); }", text
    )
