"""What must happen once happens once, however many people press at the same moment."""

import threading
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from innocap_lms.extensions import db, writing
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.learning.models import Completion
from innocap_lms.tasks import assessing
from innocap_lms.tasks.models import Assessment
from tests.tasks.conftest import (
    ENOUGH,
    SMALL,
    TASK,
    WEAK,
    WORDS,
    Pool,
    cases,
    hand_in,
    ledger,
    owner,
    revision,
    send,
)


def at_once(calls: list[Callable[[], object]]) -> list[object]:
    """Start all at the same moment, and give what each returned or raised."""
    ready, results = threading.Barrier(len(calls)), list[object]()

    def run(call: Callable[[], object]) -> None:
        ready.wait()
        try:
            results.append(call())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def press_both(browsers: list[FlaskClient], case: str, scores: list[dict[str, str]]) -> None:
    """Let two assessors save their scores at the same moment."""
    one, other = browsers
    at_once(
        [
            lambda: one.post(f"/assess/{case}", data=scores[0]),
            lambda: other.post(f"/assess/{case}", data=scores[1]),
        ]
    )


def count(app: Flask, model: type, *conditions: object) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_two_assessors_who_score_at_once_decide_the_case_once(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(3)
    for _try in range(3):
        send(coach)
        hand_in(coach)
        case = cases(app)[-1].id
        scores = [ENOUGH, ENOUGH] if _try == 2 else [WEAK, WEAK]
        browsers = [pool.browser_of(pool.seats(case)[seat]) for seat in (1, 2)]
        press_both(browsers, case, scores)
        assert [each.state for each in cases(app) if each.id == case] != ["handed_in"]
    assert [each.state for each in cases(app)] == ["returned", "returned", "passed"]
    assert count(app, Completion) == 1
    assert ledger(app).count("task.passed") == 1
    assert ledger(app).count("task.returned") == 2


def test_two_who_disagree_at_once_get_one_third(app: Flask, coach: FlaskClient, pool: Pool) -> None:
    pool.add(5)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    browsers = [pool.browser_of(pool.seats(case)[seat]) for seat in (1, 2)]
    press_both(browsers, case, [ENOUGH, WEAK])
    assert sorted(pool.seats(case)) == [1, 2, 3]
    assert count(app, Assessment) == 3


def test_handing_in_twice_at_once_is_once(
    app: Flask, coach: FlaskClient, pool: Pool, real_work: object
) -> None:
    pool.add(6)
    send(coach)
    form = {"owner": owner(coach), "revision": revision(coach)}
    form |= {"text": WORDS, "do": "hand_in", "confirmed": "yes"}
    cookies = coach.get_cookie("innocap")
    assert cookies is not None

    def press() -> int:
        client = app.test_client()
        client.set_cookie("innocap", cookies.value)
        return client.post(TASK, data=form).status_code

    assert at_once([press] * 5) == [303] * 5
    assert len(cases(app)) == 1
    assert count(app, Assessment) == 2
    assert ledger(app) == ["task.handed_in"]
    assert count(app, OutboxMessage, OutboxMessage.kind == assessing.DRAWN_JOB) == 2


def test_beginning_a_draft_in_two_windows_at_once_gives_one_and_loses_no_word(
    app: Flask, coach: FlaskClient
) -> None:
    cookie, form = coach.get_cookie("innocap"), {"owner": owner(coach), "revision": "0"}
    assert cookie is not None

    def save(words: str) -> str:
        client = app.test_client()
        client.set_cookie("innocap", cookie.value)
        answer = client.post(SMALL, data={**form, "text": words, "do": "save"})
        return answer.text if answer.status_code == 422 else ""

    pages = at_once([lambda: save("WORDS ONE"), lambda: save("WORDS TWO")])
    assert len(cases(app)) == 1
    (refused,) = [str(page) for page in pages if page]
    assert "WORDS ONE" in refused
    assert "WORDS TWO" in refused
    assert "changed in another window" in refused


def test_handing_over_twice_at_once_draws_one_stand_in(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    pool.add(6)
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    with app.app_context():
        seat = db.session.scalars(select(Assessment.id).where(Assessment.seat == 1)).one()
        actor = db.session.scalars(select(Assessment.assessor_id)).first()

    def press() -> bool:
        with app.app_context(), writing():
            return assessing.hand_over(seat, str(actor))

    assert sorted(map(str, at_once([press] * 4))) == ["False", "False", "False", "True"]
    assert sorted(pool.seats(case)) == [1, 2]
    assert count(app, Assessment) == 3
    assert ledger(app).count("task.handed_over") == 1


def test_free_seats_filled_by_two_at_once_are_filled_once(
    app: Flask, coach: FlaskClient, pool: Pool
) -> None:
    send(coach)
    hand_in(coach)
    case = cases(app)[0].id
    pool.add(6)

    def fill() -> bool:
        with app.app_context(), writing():
            return assessing.draw_again(case)

    assert at_once([fill] * 4) == [True] * 4
    assert count(app, Assessment) == 2
