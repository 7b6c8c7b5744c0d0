"""A case on its way: written, handed in, assessed by two, passed or returned."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.people import services as people
from innocap_lms.tasks.models import Assessment
from innocap_lms.tasks.queries import seat_at
from innocap_lms.tasks.services import promised
from tests.conftest import House
from tests.tasks.conftest import (
    ENOUGH,
    SMALL,
    STRONG,
    TASK,
    WEAK,
    WORDS,
    Browser,
    Pool,
    cases,
    hand_in,
    ledger,
    owner,
    send,
)


def completions(app: Flask) -> list[Completion]:
    with app.app_context():
        return list(db.session.scalars(select(Completion)))


def test_the_page_of_a_task_shows_brief_rubric_and_what_counts_as_enough(
    coach: FlaskClient,
) -> None:
    page = coach.get(TASK).text
    for words in ("Document a case, as", "What the case asks.", "Open, and <em>tested</em>"):
        assert words in page
    assert page.count("Enough from here") == 2
    assert "No residents" in page
    assert "Not needed for the certificate" not in page
    assert "Not needed for the certificate" in coach.get(SMALL).text


def test_a_case_that_two_assessors_find_good_passes_and_completes_the_course_once(
    app: Flask, house: House, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(2)
    assert send(coach).status_code == 303
    assert hand_in(coach).status_code == 303
    (case,) = cases(app)
    assert case.state == "handed_in"
    assert sorted(pool.seats(case.id)) == [1, 2]
    assert pool.score(case.id, 1, ENOUGH).status_code == 303
    assert completions(app) == []
    pool.score(case.id, 2, STRONG)
    (case,) = cases(app)
    assert (case.state, case.because) == ("passed", {"agreement": 0.5, "seats": [1, 2]})
    (completion,) = completions(app)
    assert completion.person_id == house.coach
    assert completion.because["tasks_passed"] == ["own-case"]
    assert ledger(app) == ["task.handed_in", "task.passed"]
    assert ledger(app, "completed") == ["completed"]
    page = coach.get(TASK).text
    assert "Passed on" in page
    assert "Completed because 1 lesson is read" in coach.get("/courses/real-work").text


def test_an_answer_is_promised_by_the_end_of_a_day_of_the_site(in_app: Flask) -> None:
    late = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)  # half an hour before midnight in Stockholm
    assert promised(late, 10) == datetime(2026, 12, 11, 22, 59, 59, tzinfo=UTC)
    spring = datetime(2027, 3, 20, 12, 0, tzinfo=UTC)  # the clocks change on the 28th
    assert promised(spring, 10) == datetime(2027, 3, 30, 21, 59, 59, tzinfo=UTC)


def test_the_learner_is_told_the_day(app: Flask, coach: FlaskClient, pool: Pool) -> None:
    pool.add(2)
    send(coach)
    hand_in(coach)
    (case,) = cases(app)
    assert case.promised_at is not None
    day = case.promised_at.astimezone(ZoneInfo("Europe/Stockholm")).day
    assert re.search(rf"promised an answer by [^.]*\b{day}\b", coach.get(TASK).text)


def test_a_returned_case_says_why_and_starts_the_next_try_as_a_copy(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(2)
    send(coach, files=(("notes.txt", b"NOTES"),))
    hand_in(coach)
    first = cases(app)[0].id
    pool.score(first, 1, WEAK)
    pool.score(first, 2, {**WEAK, "remark": "Count something."})
    returned, draft = cases(app)
    assert (returned.state, draft.state, draft.number) == ("returned", "draft", 2)
    assert draft.text == WORDS
    page = coach.get(TASK).text
    for words in ("Returned for revision on", "Show it.", "Count something.", "notes.txt", WORDS):
        assert words in page
    hand_in(coach, text="Counted now.")
    assert "Earlier tries" in coach.get(TASK).text
    second = cases(app)[1].id
    assert set(pool.seats(second).values()) == set(pool.seats(first).values())
    for seat in (1, 2):
        pool.score(second, seat, ENOUGH)
    assert [case.state for case in cases(app)] == ["returned", "passed"]
    assert len(completions(app)) == 1


def test_earlier_tries_keep_what_was_said_of_them(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(2)
    for number in (1, 2):
        send(coach, text=f"Try {number}.")
        hand_in(coach, text=f"Try {number}.")
        case = cases(app)[-1].id
        for seat in (1, 2):
            words = f"Try {number}: seat {seat} says."
            pool.score(case, seat, {**WEAK, "remark": words})
    page = coach.get(TASK).text
    above, earlier = page.split('id="earlier"')
    for seat in (1, 2):
        assert f"Try 2: seat {seat} says." in above
        assert f"Try 1: seat {seat} says." in earlier
    first = cases(app)[0].id
    assert f'id="verdict-{first}-evidence"' in earlier
    assert len(re.findall(r'id="([^"]+)"', page)) == len(set(re.findall(r'id="([^"]+)"', page)))


def test_where_two_disagree_on_what_is_met_a_third_sees_both_and_decides_alone(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(3)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    pool.score(case, 1, ENOUGH)
    pool.score(case, 2, {**WEAK, "remark": "No evidence at all."})
    assert cases(app)[0].state == "handed_in"
    seats = pool.seats(case)
    assert sorted(seats) == [1, 2, 3]
    third = pool.browser_of(seats[3])
    page = third.get(f"/assess/{case}").text
    assert "No evidence at all." in page
    assert "50%" in page
    assert "You decide" in page
    for words in ("Assessor 1: .*Passes", "Assessor 2: .*To be revised"):
        assert re.search(words, page)
    assert pool.score(case, 3, ENOUGH).status_code == 303
    decided = cases(app)[0]
    assert (decided.state, decided.because) == ("passed", {"agreement": 0.5, "seats": [3]})
    assert "No evidence at all." not in coach.get(TASK).text


def test_different_levels_on_the_same_side_need_no_third(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(3)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    pool.score(case, 1, ENOUGH)
    pool.score(case, 2, STRONG)
    assert cases(app)[0].state == "passed"
    assert sorted(pool.seats(case)) == [1, 2]


def test_a_task_of_one_assessor_is_decided_by_that_one(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(2)
    send(coach, SMALL)
    hand_in(coach, SMALL)
    case = cases(app)[0].id
    assert sorted(pool.seats(case)) == [1]
    pool.score(case, 1, {"criterion-result": "result-some"})
    assert cases(app)[0].because == {"agreement": None, "seats": [1]}
    assert completions(app) == []  # nothing requires it


def test_an_assessor_sees_the_others_scores_only_after_both_have_scored(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(2)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    first, second = (pool.browser_of(pool.seats(case)[seat]) for seat in (1, 2))
    pool.score(case, 1, {**ENOUGH, "remark": "REMARK OF ONE"})
    assert "REMARK OF ONE" not in second.get(f"/assess/{case}").text
    assert "REMARK OF ONE" not in coach.get(TASK).text
    pool.score(case, 2, {**ENOUGH, "remark": "REMARK OF TWO"})
    for browser in (first, second):
        page = browser.get(f"/assess/{case}").text
        assert "REMARK OF ONE" in page
        assert "REMARK OF TWO" in page
        assert "100%" in page


def test_scores_can_be_changed_until_the_other_has_scored_and_not_afterwards(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(2)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    pool.score(case, 1, WEAK)
    pool.score(case, 1, ENOUGH)
    pool.score(case, 2, ENOUGH)
    assert cases(app)[0].state == "passed"
    late = pool.score(case, 1, WEAK)
    assert late.status_code == 422
    assert "the scores are fixed" in late.text
    with app.app_context():
        kept = db.session.scalars(select(Assessment).where(Assessment.seat == 1)).one()
        assert kept.scores == {"question": "open", "evidence": "some"}


def test_where_two_disagree_neither_can_change_what_the_third_reads(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(3)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    pool.score(case, 1, ENOUGH)
    pool.score(case, 2, WEAK)
    for seat, scores in ((1, WEAK), (2, ENOUGH)):
        late = pool.score(case, seat, scores)
        assert late.status_code == 422
        assert "the scores are fixed" in late.text
    with app.app_context():
        first, second = (
            db.session.scalars(select(Assessment).where(Assessment.seat == seat)).one()
            for seat in (1, 2)
        )
        assert first.scores == {"question": "open", "evidence": "some"}
        assert second.scores == {"question": "open", "evidence": "no-evidence"}
    assert cases(app)[0].state == "handed_in"


def test_only_the_third_has_a_form_left_where_two_disagree(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(3)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    pool.score(case, 1, ENOUGH)
    pool.score(case, 2, WEAK)
    for seat, forms in ((1, 0), (2, 0), (3, 1)):
        page = pool.browser_of(pool.seats(case)[seat]).get(f"/assess/{case}").text
        assert page.count(f'action="/assess/{case}"') == forms, seat
        assert ('name="criterion-question"' in page) == bool(forms), seat


def test_what_others_said_is_not_even_read_before_all_have_scored(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(2)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    pool.score(case, 1, ENOUGH)
    with app.app_context():
        for assessor in pool.seats(case).values():
            seat = seat_at(assessor, case)
            assert seat is not None
            assert seat.case.opinions == ()
    pool.score(case, 2, ENOUGH)
    with app.app_context():
        seat = seat_at(pool.seats(case)[1], case)
        assert seat is not None
        assert [opinion.seat for opinion in seat.case.opinions] == [1, 2]


def test_an_assessment_without_every_level_or_without_a_reason_is_shown_again(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(2)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    missing = pool.score(case, 1, {"criterion-question": "open", "remark": "KEPT WORDS"})
    assert missing.status_code == 422
    assert "Choose a level: Evidence." in missing.text
    assert "KEPT WORDS" in missing.text
    foreign = pool.score(case, 1, {**ENOUGH, "criterion-evidence": "tested"})
    assert foreign.status_code == 422
    silent = pool.score(case, 1, {**WEAK, "remark": " "})
    assert "Say what the learner should do differently." in silent.text
    long = pool.score(case, 1, {**ENOUGH, "remark": "x" * 5001})
    assert "5001 characters" in long.text
    with app.app_context():
        assert not db.session.scalars(
            select(Assessment).where(Assessment.scored_at.is_not(None))
        ).all()


def test_a_handed_in_case_cannot_be_changed(app: Flask, coach: FlaskClient, pool: Pool) -> None:
    pool.add(2)
    send(coach)
    hand_in(coach)
    answer = coach.post(
        TASK, data={"owner": owner(coach), "text": "Other words.", "revision": "2", "do": "save"}
    )
    assert answer.status_code == 422
    assert "Other words." in answer.text
    assert cases(app)[0].text == WORDS


def test_a_case_names_neither_learner_nor_assessor_where_an_identity_is_protected(
    app: Flask, house: House, coach: FlaskClient, pool: Pool, browser_of: Browser
) -> None:
    for person in (house.coach, *pool.add(2)):
        with app.app_context(), writing():
            people.set_protected(person, protected=True, actor_id=house.admin)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    page = pool.browser_of(pool.seats(case)[1]).get(f"/assess/{case}").text
    assert "Protected identity" in page
    assert "Coach" not in page.replace("coaches", "")
    listed = browser_of(house.admin).get("/assess/cases").text
    assert "Protected identity" in listed
    assert "Assessor 1" not in listed
