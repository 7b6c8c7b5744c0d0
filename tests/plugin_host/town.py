"""A site on which a plugin can begin to fail, go and come back while people use it.

One plugin brings a kind of question, cards and checks; another one's course uses the kind. What is
to fail is named by a file beside the plugin, so that it can begin and end while the site runs.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.catalogue.publishing import publish_sources
from innocap_lms.config import Settings
from innocap_lms.plugin_host.checking import TEMPLATES
from innocap_lms.plugin_host.host import PluginHost
from tests.conftest import PLUGINS, SignInAs

PUZZLES = """
from dataclasses import replace
from pathlib import Path
from innocap_lms.plugin_api import *

plugin = Plugin(name="puzzles", version="1.0")
PAGES = dict.fromkeys(("ask", "review", "print"), "puzzles/odd.html")

caught = []

def fail(name):
    fault = Path(__file__).with_name(name)
    if fault.exists():
        exec(fault.read_text())
    return ""

def claims(block):
    fail("claims")
    return "odd" in block.classes

def parse(block):
    fail("parse")
    options = [{"id": each.id, "text": each.text} for each in block.options]
    right = [each.id for each in block.options if each.ticked]
    view = {"text": block.text, "options": options}
    return Parsed(view, {"correct": right}, {"question": block.feedback})

def grade(key, answer):
    fail("grade")
    return Mark(float(list(answer) == key["correct"]), "right")

def order(view, shuffle):
    fail("order")
    return [option["id"] for option in view["options"]]

def read(view, order, sent):
    fail("read")
    return tuple(order[int(value)] for value in sent)

def compare(lead, block):
    fail("compare")
    return ()

@hookimpl
def register_question_kinds():
    return [QuestionKind("odd", claims, parse, grade, order, PAGES, read, compare)]

@hookimpl
def register_reports():
    words, column = {"en": "Puzzles"}, ReportColumn("unit", {"en": "Unit"})
    return [Report("puzzles", words, words, "completions", (column,), ReportWish, len)]

@hookimpl
def register_self_assessments():
    words = {"en": "Puzzles"}
    areas = (CompetenceArea(words, (Competence("odd", words, words),)),)
    return [SelfAssessment("puzzles", words, words, (words, words), areas)]

@hookimpl
def dashboard_cards(learner):
    fail("dashboard_cards")
    return [Card("A puzzle a day", "Try one.")]

@hookimpl
def check_course(course, texts):
    fail("check_course")
    return []
"""
MACRO = """{{% macro {use}(question, lang) %}}{fault}<div class="odd">
{{%- for option in question.options %}}
<input type="radio" name="{{{{ question.field_name }}}}" value="{{{{ loop.index0 }}}}">
{{%- endfor %}}</div>{{% endmacro %}}
"""
ODD = "\n## Odd one? {#odd .odd outcome=step}\n\n- [x] A {#a}\n- [ ] B {#b}\n"
QUIZ = "/courses/first-steps/final"
RIGHT = {"q-one": "right", "q-two": ["first", "second"], "q-odd": "0"}
NO_ODD = {key: value for key, value in RIGHT.items() if key != "q-odd"}
CANNOT_SHOW = "This question cannot be shown right now."
NOT_MARKED = "One of your answers could not be marked yet. It is kept."


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


class Town:
    """A site with both plugins, its course in service, and people who look."""

    def __init__(self, settings: Settings, make_app: Callable[..., Flask], sign_in: SignInAs):
        self.folder, self.sign_in = settings.plugin_dirs[0], sign_in
        self.write_templates({})
        self.start = lambda: make_app(using=settings)
        self.app = self.start()

    @property
    def host(self) -> PluginHost:
        found: PluginHost = self.app.extensions["innocap_host"]
        return found

    def restart(self) -> None:
        self.app = self.start()

    def reload(self) -> None:
        """Start anew in a new process, as it were, with the files as they are now."""
        for name, module in list(sys.modules.items()):
            if Path(getattr(module, "__file__", None) or "/").is_relative_to(self.folder):
                del sys.modules[name]
        self.restart()

    def publish(self) -> set[str]:
        """The courses that are in service as their files are now."""
        with self.app.app_context():
            files = self.app.extensions["innocap_settings"].data_dir / "files"
            reports = list(publish_sources(self.host, files))
            return {report.course_id for report in reports if report.published is not None}

    def as_(self, person: str) -> FlaskClient:
        return self.sign_in(self.app.test_client(), person)

    def break_(self, name: str, fault: str = "raise OSError('no disk')") -> None:
        """Have a function of the plugin fail from now on."""
        if name in TEMPLATES:
            self.write_templates({name: "{{ 1 / 0 }}"})
            self.restart()  # a template is compiled once
        else:
            (self.folder / "puzzles" / name).write_text(fault, encoding="utf-8")

    def mend(self, name: str) -> None:
        (self.folder / "puzzles" / name).unlink()

    def write_templates(self, faults: dict[str, str]) -> None:
        place = self.folder / "puzzles" / "templates" / "puzzles"
        place.mkdir(parents=True, exist_ok=True)
        macros = [MACRO.format(use=use, fault=faults.get(use, "")) for use in TEMPLATES]
        (place / "odd.html").write_text("".join(macros), encoding="utf-8")


def begin(coach: FlaskClient) -> str:
    coach.post("/courses/first-steps/start")
    begun = coach.post(f"{QUIZ}/attempts")
    assert begun.status_code == 303
    return str(begun.headers["Location"])


def hand_in(coach: FlaskClient, attempt: str, answers: dict[str, object]) -> str:
    sent = coach.post(attempt, data={**answers, "incomplete": "yes"})
    assert sent.status_code == 303
    result = coach.get(attempt)
    assert result.status_code == 200
    return result.text


def settled(settings: Settings, make_app: Callable[..., Flask], sign_in: SignInAs) -> Town:
    """The site, with the course in service; `settings` name the folder that the plugins get."""
    (folder,) = settings.plugin_dirs
    shutil.copytree(PLUGINS / "northern_track", folder / "northern_track")
    for language in ("sv", "en"):
        file = folder / "northern_track/courses/first-steps" / f"final.quiz.{language}.md"
        text = file.read_text(encoding="utf-8").replace("attempts: 3\n", "") + ODD
        file.write_text(text, encoding="utf-8")
    (folder / "puzzles").mkdir()
    (folder / "puzzles" / "__init__.py").write_text(PUZZLES, encoding="utf-8")
    made = Town(settings, make_app, sign_in)
    assert "first-steps" in made.publish()
    return made
