"""The dashboard and the person card."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]


def test_an_empty_dashboard_says_what_will_come(house: House, browser_of: BrowserOf) -> None:
    assert "Nobody has completed a course yet" in browser_of(house.hr).get("/hr").text


@pytest.mark.usefixtures("history")
def test_the_dashboard_says_it_in_a_sentence_then_by_track(
    house: House, browser_of: BrowserOf
) -> None:
    page = " ".join(browser_of(house.hr).get("/hr").text.split())
    assert "3 people have completed a course; 4 participations in all." in page
    assert '<td class="number">3</td><td class="number">3</td>' in page  # the northern track
    assert '<td class="number">1</td><td class="number">1</td>' in page  # a track that is gone


@pytest.mark.usefixtures("history")
def test_what_was_revoked_is_in_no_total_and_said_beside_the_list(
    house: House,
    browser_of: BrowserOf,
    complete: Callable[..., str],
    revoke: Callable[[str], None],
) -> None:
    revoke(complete(house.manager, house.home))
    hr = browser_of(house.hr)
    page = " ".join(hr.get("/hr").text.split())
    assert "3 people have completed a course; 4 participations in all." in page
    assert '<td class="number">3</td><td class="number">3</td>' in page  # the northern track
    assert "5 participations, 1 of them revoked" in hr.get("/hr/reports/completions").text
    least = hr.get("/hr/reports/completions?sort=number").text
    assert least.index(">Manager</a>") < least.index(">Coach</a>"), "none of theirs counts"
    untaught = hr.get("/hr/reports/register?track=-").text
    assert ">Manager</a>" in untaught or ">Manager</th>" in untaught


@pytest.mark.usefixtures("history")
def test_a_card_shows_completions_hours_and_why(house: House, browser_of: BrowserOf) -> None:
    page = browser_of(house.hr).get(f"/hr/people/{house.colleague}").text
    assert "<h1>Colleague</h1>" in page
    assert "First steps" in page
    assert "1.5 hours" in page
    assert "Completed on 1 May 2026. Valid until 1 May 2028." in page
    assert "/certificates/" in page


def test_a_card_says_when_a_course_has_lapsed(
    house: House, browser_of: BrowserOf, complete: Callable[..., str]
) -> None:
    complete(house.coach, house.home, datetime(2020, 2, 29, 12, tzinfo=UTC))
    page = browser_of(house.hr).get(f"/hr/people/{house.coach}").text
    assert "Expired" in page
    assert "It was valid until 28 February 2022." in page


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ("hr", "coach", 200),
        ("hr", "stranger", 404),
        ("hr", "manager", 200),
        ("hr", "admin", 404),
        ("stranger_hr", "coach", 404),
        ("stranger_hr", "stranger", 200),
        ("manager", "coach", 200),
        ("manager", "other_coach", 404),
        ("stranger_manager", "coach", 404),
        ("admin", "stranger", 200),
    ],
)
def test_a_card_is_there_for_those_whose_scope_it_is_in(
    house: House, browser_of: BrowserOf, who: str, whose: str, status: int
) -> None:
    answer = browser_of(getattr(house, who)).get(f"/hr/people/{getattr(house, whose)}")
    assert answer.status_code == status


def test_a_card_holds_only_what_was_done_in_the_viewers_organisation(
    house: House, browser_of: BrowserOf, complete: Callable[..., str]
) -> None:
    complete(house.coach, house.home)
    complete(house.coach, house.far, course_id="elsewhere")
    assert browser_of(house.hr).get(f"/hr/people/{house.coach}").text.count("<li>\n    <div") == 1
