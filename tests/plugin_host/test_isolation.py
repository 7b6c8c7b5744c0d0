"""A plugin that fails at work: its part is left out, the rest goes on, and the list says so."""

import logging
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.config import Settings
from innocap_lms.content.kinds import AnswerRefused, Mark, QuestionKind
from innocap_lms.content.model import Question, Quiz
from innocap_lms.extensions import writing
from innocap_lms.learning.grading import grade
from innocap_lms.plugin_host import watch
from innocap_lms.plugin_host.contract import Card, Learner, Plugin, hookimpl
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.watch import STRIKES, PluginFailed
from tests.conftest import House
from tests.plugin_host.conftest import Folder, state_of

LEARNER = Learner("en", frozenset())
GOOD = """
@hookimpl
def dashboard_cards(learner):
    return [Card("A good card", "It holds.", "/courses/first-steps", "Open")]
"""
BAD = {
    "raises": "raise OSError('no disk')",
    "exits": "raise SystemExit(1)",
    "none": "return None",
    "text": "return 'Card'",
    "texts": "return ['Card']",
    "halfway": "yield Card('A', 'b')\n    raise OSError('halfway')",
    "number": "return [Card(1, 'b')]",
    "script": "return [Card('A', 'b', 'javascript:alert(1)', 'c')]",
    "elsewhere": "return [Card('A', 'b', '//elsewhere.example', 'c')]",
}


def cards_of(host: PluginHost) -> list[tuple[str, list[str]]]:
    found = host.call("dashboard_cards", learner=LEARNER)
    return [(name, [card.title for card in cards]) for name, cards in found]


def bad(how: str) -> str:
    return f"@hookimpl\ndef dashboard_cards(learner):\n    {BAD[how]}\n"


@pytest.mark.parametrize("how", BAD)
def test_what_a_failing_hook_gives_is_left_out_and_logged_with_plugin_and_hook(
    folder: Folder, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    folder.write("bad", bad(how))
    folder.write("good", GOOD)
    host = folder.host()
    assert cards_of(host) == [("good", ["A good card"])]
    assert "plugin bad failed in dashboard_cards" in caplog.text


@pytest.mark.parametrize("how", BAD)
def test_in_strict_mode_it_is_raised_and_says_by_which_plugin(folder: Folder, how: str) -> None:
    folder.write("bad", bad(how))
    with pytest.raises((Exception, SystemExit)) as raised:
        cards_of(folder.host(strict=True))
    assert raised.value.__notes__ == ["raised by plugin bad in dashboard_cards"]


@pytest.mark.parametrize("how", BAD)
def test_the_learners_page_comes_without_the_failing_plugins_card(
    folder: Folder,
    settings: Settings,
    make_app: Callable[..., Flask],
    house: House,
    sign_in: Callable[[FlaskClient, str], FlaskClient],
    how: str,
) -> None:
    folder.write("bad", bad(how))
    folder.write("good", GOOD)
    site = make_app(using=replace(settings, strict_plugins=False, plugin_dirs=(folder.path,)))
    answer = sign_in(site.test_client(), house.coach).get("/me")
    assert answer.status_code == 200
    assert "A good card" in answer.text


def test_after_enough_faults_a_plugin_is_quarantined_at_once_and_the_list_says_why(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write("bad", bad("raises") + "calls = []\n")
    folder.write("good", GOOD)
    host = folder.host()
    for _ in range(STRIKES):
        assert state_of(host, "bad").state == "loaded"
        cards_of(host)
    assert state_of(host, "bad").state == "quarantined"
    assert "no disk" in state_of(host, "bad").reason
    assert "plugin bad is quarantined" in caplog.text
    caplog.clear()
    assert cards_of(host) == [("good", ["A good card"])]
    assert caplog.text == ""
    assert state_of(host, "good").state == "loaded"


def test_old_faults_are_forgiven(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("bad", bad("raises"))
    host = folder.host()
    monkeypatch.setattr(watch, "WINDOW_SECONDS", -1)
    for _ in range(STRIKES * 2):
        cards_of(host)
    assert state_of(host, "bad").state == "loaded"


def test_the_cores_own_plugins_are_never_quarantined(folder: Folder) -> None:
    own = ModuleType("own")
    own.plugin = Plugin("own", "1")  # type: ignore[attr-defined]

    @hookimpl
    def dashboard_cards(learner: Learner) -> list[Card]:
        raise OSError

    own.dashboard_cards = dashboard_cards  # type: ignore[attr-defined]
    host = PluginHost()
    host.load({"own": own}, [])
    for _ in range(STRIKES * 2):
        assert cards_of(host) == []
    assert state_of(host, "own").state == "loaded"


def test_no_plugin_is_called_while_a_write_transaction_is_open(in_app: Flask) -> None:
    host: PluginHost = in_app.extensions["innocap_host"]
    with writing(), pytest.raises(RuntimeError, match="write transaction is open"):
        host.call("dashboard_cards", learner=LEARNER)
    with writing(), pytest.raises(RuntimeError, match="write transaction is open"):
        host.kinds["single"].grade({"correct": []}, [])
    assert ("northern_track", []) in cards_of(host)


def test_a_hook_that_the_contract_lacks_is_an_error_of_the_core(folder: Folder) -> None:
    with pytest.raises(KeyError):
        folder.host().call("dashboard_crads", learner=LEARNER)


def test_two_apps_in_one_process_hold_different_plugins(
    folder: Folder, settings: Settings, make_app: Callable[..., Flask]
) -> None:
    folder.write("good", GOOD)
    apps = [make_app(using=replace(settings, plugin_dirs=dirs)) for dirs in ((folder.path,), ())]
    names = [{s.name for s in app.extensions["innocap_host"].statuses} for app in apps]
    assert names == [{"question_kinds", "good"}, {"question_kinds"}]


KIND = """
def claims(block): return "puzzle" in block.classes
def parse(block): {parse}
def grade(key, answer): {grade}
def order(view, shuffle): {order}
@hookimpl
def register_question_kinds():
    pages = dict.fromkeys(("ask", "review", "print"), "learning/kinds/choice.html")
    return [QuestionKind("puzzle", claims, parse, grade, order, pages, read, compare)]
def read(view, order, sent): {read}
def compare(lead, block): {compare}
"""


QUIZ = Quiz(
    id="final",
    use="graded",
    pass_mark=0.8,
    attempts=None,
    titles={"en": "Final"},
    questions=(Question("q", "puzzle", 1.0, "", True, {"en": {}}),),
    fingerprint="",
)


def puzzle(folder: Folder, **parts: str) -> tuple[PluginHost, QuestionKind]:
    given = dict.fromkeys(("parse", "grade", "order", "read", "compare"), "raise OSError") | parts
    folder.write("puzzles", KIND.format(**given))
    host = folder.host()
    return host, host.kinds["puzzle"]


@pytest.mark.parametrize(
    "body",
    [
        "raise ZeroDivisionError",
        "return None",
        "return 1.0",
        "return Mark(float('nan'), 'right')",
        "return Mark(2, 'right')",
        "return Mark('all', 'right')",
    ],
)
def test_an_answer_whose_kind_fails_is_ungraded_never_zero(
    folder: Folder, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    host, _kind = puzzle(folder, grade=body)
    result = grade(QUIZ, {"q": {"key": {}}}, host.kinds, ["q"], {"q": ["x"]})
    assert result.marks["q"] == (None, "ungraded")
    assert result.passed is None
    assert "plugin puzzles failed in grade of question kind puzzle" in caplog.text


def test_a_kind_of_a_quarantined_plugin_leaves_answers_ungraded(folder: Folder) -> None:
    host, _kind = puzzle(folder)
    for _ in range(STRIKES + 1):
        result = grade(QUIZ, {"q": {"key": {}}}, host.kinds, ["q"], {"q": ["x"]})
        assert result.marks["q"] == (None, "ungraded")
    assert state_of(host, "puzzles").state == "quarantined"


PARTS = {
    "parse": ({},),
    "order": ({}, list.sort),
    "read": ({}, [], ["x"]),
    "compare": ({}, {}),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("body", ["raise OSError", "return None", "return [1]", "return (1,)"])
def test_the_other_parts_of_a_kind_say_which_plugin_failed(
    folder: Folder, part: str, body: str
) -> None:
    _host, kind = puzzle(folder, **{part: body})
    with pytest.raises(PluginFailed, match=f"plugin puzzles failed in {part} of question kind"):
        getattr(kind, part)(*PARTS[part])


def test_refusing_an_answer_is_no_fault_of_the_plugin(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    host, kind = puzzle(folder, read="raise AnswerRefused('too long')")
    for _ in range(STRIKES + 1):
        with pytest.raises(AnswerRefused, match="too long"):
            kind.read({}, [], ["x"])
    assert state_of(host, "puzzles").state == "loaded"
    assert caplog.text == ""


def test_a_sound_kind_works_through_the_host(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    _host, kind = puzzle(folder, grade="return Mark(0.5, 'half')", order="return ['b', 'a']")
    assert kind.grade({}, ["x"]) == Mark(0.5, "half")
    view = {"options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]}
    assert kind.order(view, list.sort) == ["b", "a"]
    assert caplog.text == ""
