"""Questions of every kind by keyboard alone, with scripts and without."""

import pytest

from innocap_lms.extensions import db
from innocap_lms.learning.models import Attempt
from tests.browser.conftest import NewDesk
from tests.browser.desk import Desk
from tests.browser.town import EVERY_KIND, Someone, Town

QUIZ = f"/courses/{EVERY_KIND}/final"


def answers(town: Town, attempt_id: str) -> dict[str, list[str]]:
    with town.site.app.app_context():
        found = db.session.get_one(Attempt, attempt_id)
        assert found.submitted_at is not None
        return dict(found.answers or {})


def open_attempt(desk: Desk, town: Town) -> tuple[Someone, str]:
    coach = town.newcomer("Siv Tangent", language="sv")
    attempt = town.attempt(coach, EVERY_KIND)
    desk.sign_in(coach.account)
    desk.open(f"{QUIZ}/attempts/{attempt}", "sv")
    return coach, attempt


@pytest.mark.parametrize("scripts", [True, False])
def test_every_kind_is_answered_by_keyboard_alone(
    new_desk: NewDesk, town: Town, scripts: bool
) -> None:
    desk = new_desk(java_script_enabled=scripts)
    _coach, attempt = open_attempt(desk, town)
    page = desk.page

    def at(question: str, field: int = 0) -> None:
        """Tab on to a field of a question."""
        wanted = page.locator(f"[name=q-{question}]").nth(field)
        for _press in range(12):
            page.keyboard.press("Tab")
            if wanted.evaluate("field => field === document.activeElement"):
                return
        raise AssertionError(f"no key leads to field {field} of {question}")

    page.locator("main h1").evaluate("title => { title.tabIndex = -1; title.focus() }")
    for question in ("picture", "interview", "need"):
        at(question)
        page.keyboard.press(" ")
    for question, text in (("distance", "110"), ("prototype", "prototyp")):
        at(question)
        page.keyboard.type(text)
    for item in range(4):
        at("steps", item)
        page.keyboard.type(str(item + 1))
    for term, letter in enumerate("ABC"):
        at("tools", term)
        page.keyboard.type(letter)
    for gap, text in enumerate(("GDPR", "n", "IMY")):
        at("law", gap)
        page.keyboard.type(text)
    at("thought")
    page.keyboard.type("Mina tankar")
    send = page.locator("main button.primary")
    while not send.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    kept = answers(town, attempt)
    assert set(kept) == {
        "picture", "interview", "need", "distance", "prototype", "steps", "tools", "law", "thought"
    }  # fmt: skip
    assert (kept["distance"], kept["prototype"]) == (["110"], ["prototyp"])
    assert [value[-1] for value in kept["steps"]] == ["1", "2", "3", "4"]
    assert len(kept["tools"]) == 3
    assert kept["law"] == ["GDPR", "2.2", "IMY"]
    assert kept["thought"] == ["Mina tankar"]


def test_a_place_that_is_taken_changes_hands(desk: Desk, town: Town) -> None:
    open_attempt(desk, town)
    fields = desk.page.locator("[data-places] select")
    for index in range(4):
        fields.nth(index).select_option(index=index + 1)
    fields.nth(0).select_option(index=3)
    places = [fields.nth(index).evaluate("field => field.selectedIndex") for index in range(4)]
    assert places == [3, 2, 1, 4]
