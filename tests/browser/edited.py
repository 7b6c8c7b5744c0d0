"""A page with the editor on it, as a room would build one, served under the site's own headers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Blueprint, render_template_string, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

from innocap_lms.app import create_app
from innocap_lms.config import Settings
from innocap_lms.people.policy import public
from tests.browser.site import Site
from tests.conftest import KEY

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
    data-editor="markdown" data-problems='{{ problems|tojson }}'>{{ "\n" ~ text }}</textarea>
  <button class="button primary">Save</button>
</form>
{% endblock %}"""


class Manuscript:
    """What the page shows, and what it was sent last."""

    def __init__(self) -> None:
        self.text = ""
        self.problems: list[dict[str, object]] = []
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
            return render_template_string(PAGE, text=self.text, problems=self.problems)

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
