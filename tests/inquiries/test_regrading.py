"""A faulty question: who would change, who does, once, with a trace, and nobody loses."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.models import OutboxMessage
from innocap_lms.learning import affected, regrading
from innocap_lms.learning.affected import preview
from innocap_lms.learning.models import Attempt, Completion, Remedy
from innocap_lms.learning.regrading import (
    AGAIN_AFTER,
    ChangedMeanwhileError,
    NothingLeftError,
    carry_out,
    decide,
    end,
)
from innocap_lms.learning.remedies import Wording, remedies_of, wording
from tests.catalogue.conftest import Desk, desk_of
from tests.inquiries.conftest import Site
from tests.learning.conftest import Ruled
from tests.learning.test_a_course import RIGHT, WRONG, begin, read_all, start

ONE_WRONG = {"q-one": ["wrong"], "q-two": ["first", "second"]}
TWO_WRONG = {"q-one": ["right"], "q-two": ["first"]}
PAGE = "/courses/first-steps/final/attempts/"


@pytest.fixture
def tried(site: Site) -> Site:
    """Three people have handed in: the coach with one wrong, others with all right, and none."""
    site.coach.post(site.attempt, data=ONE_WRONG)
    for who, answers in (("colleague", RIGHT), ("other_coach", WRONG)):
        browser = site.browser_of(getattr(site.house, who))
        start(browser)
        browser.post(begin(browser), data=answers)
    return site


def decided(site: Site, question: str, how: Any, *accepted: tuple[str, ...]) -> bool:
    with site.app.app_context():
        found = wording("first-steps", "final", question)
        assert found is not None
        with writing():
            return decide(site.house.trainer, found, how, accepted, "THE REASON")


def results(site: Site) -> dict[str, tuple[float, float, bool | None]]:
    """(points, max_points, passed) of the attempts handed in, by who handed them in."""
    names = {getattr(site.house, who): who for who in ("coach", "colleague", "other_coach")}
    with site.app.app_context():
        found = wording("first-steps", "final", "one")
        assert found is not None
        return {
            names[each.person_id]: (each.grade.points, each.grade.max_points, each.grade.passed)
            for attempts, _last in affected.tried(found)
            for each in attempts
        }


BEFORE = {
    "coach": (2.0, 3.0, False),
    "colleague": (3.0, 3.0, True),
    "other_coach": (0.0, 3.0, False),
}


def test_a_preview_says_who_would_change_and_changes_nothing(tried: Site) -> None:
    with tried.app.app_context():
        found = wording("first-steps", "final", "one")
        assert found is not None
        would = preview(found, "accept_all", ())
    assert (would.asked, would.changed, would.passing_count, would.keeping_count) == (3, 2, 1, 0)
    (change,) = would.passing
    assert (change.attempt.name, change.attempt.number) == ("Coach", 1)
    assert (change.before.points, change.after.points) == (2.0, 3.0)
    assert results(tried) == BEFORE
    with tried.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Remedy)) == 0


def test_accepting_every_answer_gives_everybody_the_points(tried: Site) -> None:
    decided(tried, "one", "accept_all")
    tried.relay()
    assert results(tried) == {
        "coach": (3.0, 3.0, True),
        "colleague": (3.0, 3.0, True),
        "other_coach": (1.0, 3.0, False),
    }


def test_accepting_a_further_option_helps_whoever_chose_it(tried: Site) -> None:
    decided(tried, "two", "accept", ("first", "not", "second"))
    tried.relay()
    assert results(tried) == BEFORE, "nobody chose it"
    decided(tried, "one", "accept", ("wrong",))
    tried.relay()
    assert results(tried)["coach"] == (3.0, 3.0, True)


def test_dropping_a_question_counts_for_nobody_and_takes_no_pass_away(tried: Site) -> None:
    with tried.app.app_context(), writing():  # as if a quiz had passed by the dropped question
        late = select(Attempt.id).where(Attempt.points == 2.0).scalar_subquery()
        db.session.execute(update(Attempt).where(Attempt.id == late).values(passed=True))
    with tried.app.app_context():
        found = wording("first-steps", "final", "two")
        assert found is not None
        would = preview(found, "drop", ())
    assert (would.passing_count, would.keeping_count) == (0, 1)
    assert would.keeping[0].attempt.name == "Coach"
    decided(tried, "two", "drop")
    tried.relay()
    assert results(tried) == {
        "coach": (0.0, 1.0, True),
        "colleague": (1.0, 1.0, True),
        "other_coach": (0.0, 1.0, False),
    }


def test_each_change_is_in_the_ledger_and_the_decision_once(tried: Site) -> None:
    decided(tried, "one", "accept_all")
    tried.relay()
    tried.relay()
    ((person, actor, content),) = tried.noted("question.remedied")
    assert (person, actor) == (None, tried.house.trainer)
    assert (content["how"], content["reason"]) == ("accept_all", "THE REASON")
    changes = tried.noted("attempt.regraded")
    assert {person for person, _actor, _content in changes} == {
        tried.house.coach,
        tried.house.other_coach,
    }
    mine = next(content for person, _a, content in changes if person == tried.house.coach)
    assert {actor for _person, actor, _content in changes} == {tried.house.trainer}
    assert mine["before"] == {"points": 2.0, "max_points": 3.0, "passed": False}
    assert mine["after"] == {"points": 3.0, "max_points": 3.0, "passed": True}
    assert mine["question"] == "one"


def test_those_whose_result_changed_get_one_mail_without_any_answer(tried: Site) -> None:
    decided(tried, "one", "accept_all")
    mails = {mail["To"]: text_of(mail) for _again in range(2) for mail in tried.post()}
    assert set(mails) == {"coach@example.org", "other_coach@example.org"}
    assert len(tried.post()) == 2
    text = mails["coach@example.org"]
    assert "Before: 2 out of 3, not passed" in text
    assert "Now: 3 out of 3, passed" in text
    assert "THE REASON" in text
    assert f"{tried.attempt}" in text
    for mail in mails.values():
        assert not any(word in mail for word in ("Right one", "Wrong one", "Colleague", "FEEDBACK"))


def test_a_result_that_is_open_is_not_told_as_one_that_failed(site: Site) -> None:
    kinds = site.app.extensions["innocap_host"].kinds
    kinds["multiple"] = replace(kinds["multiple"], grade=failing)
    site.coach.post(site.attempt, data=ONE_WRONG)
    decided(site, "one", "accept_all")
    (mail,) = site.post()
    assert "Before: 0 out of 3, not passed" in text_of(mail)
    assert "Now: 1 out of 3, no result yet" in text_of(mail)


def failing(*_given: Any) -> Any:
    raise RuntimeError("not today")


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content())


def test_whoever_passes_by_it_completes_the_course_and_gets_the_certificate(site: Site) -> None:
    read_all(site.coach)
    site.coach.post(site.attempt, data=ONE_WRONG)
    decided(site, "one", "accept_all")
    site.relay()
    with site.app.app_context():
        assert db.session.scalars(select(Completion.person_id)).all() == [site.house.coach]
    ((person, _actor, _content),) = site.noted("completed")
    assert person == site.house.coach
    page = site.coach.get(site.attempt).text
    assert "You have completed First steps" in page
    assert "/certificates" in page


def test_the_result_page_says_what_was_corrected_and_why(tried: Site) -> None:
    assert "corrected afterwards" not in tried.coach.get(tried.attempt).text
    decided(tried, "one", "accept_all")
    decided(tried, "two", "drop")
    tried.relay()
    page = tried.coach.get(tried.attempt).text
    assert page.count("This question was corrected afterwards") == 2
    assert "Every answer to it counts as right." in page
    assert "It does not count any more" in page
    assert "Does not count" in page
    assert "THE REASON" in page


def test_attempts_handed_in_later_are_marked_with_it(tried: Site) -> None:
    begun = begin(tried.coach)
    decided(tried, "one", "accept_all")
    tried.coach.post(begun, data=ONE_WRONG)
    page = tried.coach.get(begun).text
    assert "3 out of 3" in page
    assert "corrected afterwards" in page


def test_one_that_was_on_its_way_in_is_found_by_the_second_run(tried: Site) -> None:
    decided(tried, "one", "accept_all")
    tried.relay()
    with tried.app.app_context(), writing():  # marked before the decision, written after it
        late = select(Attempt.id).where(Attempt.points == 1.0).scalar_subquery()
        values = {"points": 0.0, "marks": {"one": [0.0, "wrong"], "two": [0.0, "wrong"]}}
        db.session.execute(update(Attempt).where(Attempt.id == late).values(**values))
    tried.relay()
    assert results(tried)["other_coach"] == (0.0, 3.0, False)
    with clock.at(clock.utcnow() + AGAIN_AFTER):
        tried.relay()
    assert results(tried)["other_coach"] == (1.0, 3.0, False)


def test_there_is_one_decision_for_one_wording(tried: Site) -> None:
    assert decided(tried, "one", "accept_all")
    assert not decided(tried, "one", "drop")
    tried.relay()
    assert results(tried)["coach"] == (3.0, 3.0, True)
    assert len(tried.noted("question.remedied")) == 1


def test_work_that_was_broken_off_is_finished_and_nothing_is_done_twice(
    tried: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrading, "WRITTEN", 1)
    decided(tried, "one", "accept_all")
    payload = payload_of(tried)
    written, broken = regrading._write, []

    def break_off(*of: Any) -> int:
        if broken:
            raise SystemExit
        broken.append(of)
        return written(*of)

    with tried.app.app_context():
        monkeypatch.setattr(regrading, "_write", break_off)
        with pytest.raises(SystemExit):
            carry_out(payload)
        assert len(tried.noted("attempt.regraded")) == 1
        monkeypatch.setattr(regrading, "_write", written)
        carry_out(payload)
        carry_out(payload)
    assert len(tried.noted("attempt.regraded")) == 2
    assert results(tried)["coach"] == (3.0, 3.0, True)
    assert results(tried)["other_coach"] == (1.0, 3.0, False)


def payload_of(site: Site) -> dict[str, Any]:
    with site.app.app_context():
        jobs = db.session.scalars(
            select(OutboxMessage.payload)
            .where(OutboxMessage.kind == regrading.REMEDY_JOB)
            .order_by(OutboxMessage.run_at)
        )
        return dict(jobs.first() or {})


def test_very_many_attempts_are_done_in_several_jobs(
    tried: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrading, "BATCHES", 1)
    monkeypatch.setattr(affected, "_tried", affected._tried.limit(1))
    decided(tried, "one", "accept_all")
    with tried.app.app_context():
        carry_out(payload_of(tried))
    assert len(tried.noted("attempt.regraded")) <= 1, "the rest is for other jobs"
    tried.relay()
    assert results(tried)["coach"] == (3.0, 3.0, True)
    assert results(tried)["other_coach"] == (1.0, 3.0, False)


def test_an_attempt_that_changed_since_it_was_read_is_tried_again(
    tried: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(tried, "one", "accept_all")
    read = affected.tried

    def changed_after(*of: Any) -> Any:
        for batch in list(read(*of)):
            with writing():
                db.session.execute(update(Attempt).values(revision=Attempt.revision + 1))
            yield batch

    monkeypatch.setattr(regrading, "tried", changed_after)
    with tried.app.app_context(), pytest.raises(ChangedMeanwhileError, match="2 attempts"):
        carry_out(payload_of(tried))
    assert results(tried) == BEFORE
    monkeypatch.setattr(regrading, "tried", read)
    tried.relay()
    assert results(tried)["coach"] == (3.0, 3.0, True)


def test_two_remedies_of_one_quiz_add_up(tried: Site) -> None:
    decided(tried, "one", "accept_all")
    decided(tried, "two", "accept", ("not",))
    tried.relay()
    assert results(tried)["other_coach"] == (3.0, 3.0, True)


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Desk:
    return desk_of(site.app, tmp_path)


def test_it_holds_for_every_edition_with_the_same_words_and_not_for_a_mended_one(
    tried: Site, desk: Desk
) -> None:
    desk.write("course.en.md", "First steps", "The first steps")
    desk.publish()  # the same question in another edition
    newcomer = tried.browser_of(tried.house.manager)
    start(newcomer)
    newcomer.post(begin(newcomer), data=ONE_WRONG)
    for name in ("final.quiz.sv.md", "final.quiz.en.md"):
        desk.write(name, "## One? {#one", "## One, mended? {#one")
    desk.publish()
    last = tried.browser_of(tried.house.admin)
    start(last)
    address = begin(last)
    last.post(address, data=ONE_WRONG)
    with tried.app.app_context():
        old = wording("first-steps", "final", "one", number=1)
        new = wording("first-steps", "final", "one")
        assert old is not None
        assert new is not None
        assert (len(old.quizzes), len(new.quizzes)) == (2, 1)
        assert new.edition.number == 3
        with writing():
            assert decide(tried.house.trainer, old, "accept_all", (), "why")
        assert remedies_of(old.edition, old.quizzes[old.edition.id]).keys() == {"one"}
        assert remedies_of(new.edition, new.quizzes[new.edition.id]) == {}
    tried.relay()
    regraded = {person for person, _actor, _content in tried.noted("attempt.regraded")}
    assert regraded == {tried.house.coach, tried.house.other_coach, tried.house.manager}
    assert "2 out of 3" in last.get(address).text


def test_another_question_of_that_name_or_number_is_not_found(site: Site) -> None:
    with site.app.app_context():
        assert wording("first-steps", "final", "nothing") is None
        assert wording("first-steps", "walk-on", "one") is None
        assert wording("first-steps", "nothing", "one") is None
        assert wording("nothing", "final", "one") is None
        assert wording("first-steps", "final", "one", number=9) is None


def test_marking_anew_calls_no_question_kind(tried: Site) -> None:
    tried.app.extensions["innocap_host"].kinds.clear()
    decided(tried, "one", "accept_all")
    tried.relay()
    assert results(tried)["coach"] == (3.0, 3.0, True)


@pytest.mark.parametrize(
    ("counts", "tries"), [("last", (ONE_WRONG, WRONG)), ("first", (WRONG, ONE_WRONG))]
)
def test_an_attempt_that_does_not_count_passes_nobody_and_is_not_mailed(
    site: Site, ruled: Ruled, counts: str, tries: tuple[Any, Any]
) -> None:
    ruled(counts=counts)
    colleague = site.browser_of(site.house.colleague)
    start(colleague)
    for answers in tries:
        colleague.post(begin(colleague), data=answers)
    assert passing_now(site) == 0
    decided(site, "one", "accept_all")
    assert [mail.get_content() for mail in site.post() if "3 out of 3" in mail.get_content()] == []


def test_whoever_has_passed_already_is_neither_listed_nor_mailed(site: Site) -> None:
    for answers in (ONE_WRONG, RIGHT):
        site.coach.post(begin(site.coach), data=answers)
    assert passing_now(site) == 0
    decided(site, "one", "accept_all")
    assert site.post() == []
    assert "3 out of 3" in site.coach.get(site.attempt).text, "and yet it is corrected"


def test_two_attempts_that_pass_by_one_decision_are_one_person_and_one_mail(site: Site) -> None:
    for _again in range(2):
        site.coach.post(begin(site.coach), data=ONE_WRONG)
    assert passing_now(site) == 1
    decided(site, "one", "accept_all")
    assert len(site.post()) == 1


def passing_now(site: Site) -> int:
    """Whom a preview of accepting every answer to question one counts as passing."""
    with site.app.app_context():
        found = wording("first-steps", "final", "one")
        assert found is not None
        return preview(found, "accept_all", ()).passing_count


def test_a_mended_translation_is_another_question(tried: Site, desk: Desk) -> None:
    assert decided(tried, "one", "accept_all")
    tried.relay()
    desk.write("final.quiz.en.md", "## One? {#one", "## One, mended? {#one")
    desk.publish()
    with tried.app.app_context():
        new = wording("first-steps", "final", "one")
        assert new is not None
        assert (new.edition.number, len(new.quizzes)) == (2, 1)
        assert remedies_of(new.edition, new.quizzes[new.edition.id]) == {}
    assert decided(tried, "one", "drop"), "and can be decided by itself"


def test_a_decision_that_is_ended_gives_nothing_to_later_attempts_and_takes_nothing_back(
    tried: Site,
) -> None:
    decided(tried, "one", "accept_all")
    with tried.app.app_context():
        remedy_id = db.session.scalars(select(Remedy.id)).one()
        with writing():
            assert end(tried.house.trainer, remedy_id)
        with writing():
            assert not end(tried.house.trainer, remedy_id)
    later = begin(tried.coach)
    tried.coach.post(later, data=ONE_WRONG)
    with clock.at(clock.utcnow() + AGAIN_AFTER):
        tried.relay()
    assert "2 out of 3" in tried.coach.get(later).text, "by neither run"
    assert "corrected afterwards" in tried.coach.get(tried.attempt).text
    assert "3 out of 3" in tried.coach.get(tried.attempt).text
    ((person, actor, content),) = tried.noted("question.remedy_ended")
    assert (person, actor, content["remedy"]) == (None, tried.house.trainer, remedy_id)


def test_two_who_drop_the_last_two_questions_at_once_leave_one(
    tried: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_looked = threading.Barrier(2)
    look = regrading.may_come_empty

    def look_together(found: Wording) -> bool:
        empty = look(found)
        with suppress(threading.BrokenBarrierError):
            both_have_looked.wait(1)  # whoever comes second waits for the first: nobody comes
        return empty

    monkeypatch.setattr(regrading, "may_come_empty", look_together)

    def drop(question: str) -> str:
        try:
            return "dropped" if decided(tried, question, "drop") else "there already"
        except NothingLeftError:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(drop, ("one", "two"))) == ["dropped", "refused"]


def test_the_last_question_that_counts_is_not_dropped(tried: Site) -> None:
    assert decided(tried, "two", "drop")
    with pytest.raises(NothingLeftError):
        decided(tried, "one", "drop")
    tried.relay()
    assert results(tried)["colleague"] == (1.0, 1.0, True)
