"""What a coach, a trainer and an administrator see on real pages while a plugin misbehaves."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.learning.closing import close_what_is_over
from innocap_lms.learning.models import Attempt
from innocap_lms.plugin_host import bulkhead
from innocap_lms.plugin_host.checking import PARTS_OF_A_KIND, TEMPLATES
from innocap_lms.plugin_host.watch import STRIKES
from tests.conftest import House, Until
from tests.plugin_host.faults import AT_WORK, PLACES, beside, place
from tests.plugin_host.town import (
    CANNOT_SHOW,
    NO_ODD,
    NOT_MARKED,
    PUZZLES,
    QUIZ,
    RIGHT,
    Town,
    begin,
    hand_in,
)


@pytest.mark.parametrize("name", [*PARTS_OF_A_KIND, *TEMPLATES, *AT_WORK])
def test_each_function_can_fail_and_the_coach_takes_the_quiz_to_its_end(
    town: Town, house: House, name: str
) -> None:
    """Whichever function it is, no page breaks, and nobody is marked down for it."""
    town.break_(name)
    coach = town.as_(house.coach)
    attempt = begin(coach)
    page = coach.get(attempt)
    assert page.status_code == 200
    shown = name not in ("order", "ask")
    assert ('name="q-odd"' in page.text) is shown
    assert (CANNOT_SHOW in page.text) is (name == "ask")
    result = hand_in(coach, attempt, RIGHT if shown else NO_ODD)
    assert (NOT_MARKED in result) is (name in ("order", "ask", "read", "grade"))
    assert ("Passed" in result) is (name not in ("order", "ask", "read", "grade"))
    assert ("cannot be shown right now. Your mark stays." in result) is (name == "review")
    assert coach.get("/me").status_code == 200


@pytest.mark.parametrize(("mended", "marked"), [(True, True), (False, False)])
def test_an_answer_that_could_not_be_read_is_read_when_it_is_handed_in(
    town: Town, house: House, mended: bool, marked: bool
) -> None:
    """The fields hold places, its kind makes ids of them: as sent, it would be marked as wrong."""
    coach = town.as_(house.coach)
    attempt = begin(coach)
    town.break_("read")
    assert coach.post(f"{attempt}/questions/3", data={"q-odd": "0"}).status_code == 303
    if mended:
        town.mend("read")
    result = hand_in(coach, attempt, {"q-one": "right", "q-two": ["first", "second"]})
    assert ("Passed" in result) is marked
    assert (NOT_MARKED in result) is not marked


def test_when_all_is_well_a_blank_answer_is_an_answer(town: Town, house: House) -> None:
    """Or whoever leaves out a question could not fail."""
    coach = town.as_(house.coach)
    result = hand_in(coach, begin(coach), {"q-one": "right"})
    assert NOT_MARKED not in result
    assert "Not passed yet" in result


@pytest.mark.parametrize("name", [*PARTS_OF_A_KIND, *TEMPLATES, *AT_WORK])
def test_the_trainer_is_told_what_keeps_the_files_back_and_by_which_plugin(
    town: Town, house: House, name: str
) -> None:
    town.break_(name)
    trainer = town.as_(house.trainer)
    page = trainer.get("/studio/courses/first-steps")
    assert page.status_code == 200
    kept_back = name in ("claims", "parse", "compare")
    said = f"it cannot be read: plugin puzzles failed in {place(name).called}: "
    assert (said in page.text) is kept_back
    unmade = "the check of plugin puzzles could not be made"
    assert (unmade in page.text) is (name == "check_course")
    assert ("The files are in order" in page.text) is (not kept_back and name != "check_course")
    paper = trainer.get(f"/studio{QUIZ}/print")
    assert paper.status_code == 200
    assert (CANNOT_SHOW in paper.text) is (name == "print")
    assert trainer.get("/studio").status_code == 200


@pytest.mark.parametrize("name", PLACES)
def test_the_administrator_reads_which_function_stopped_the_plugin(
    town: Town, house: House, name: str
) -> None:
    town.break_(name)
    coach, trainer = town.as_(house.coach), town.as_(house.trainer)
    admin = town.as_(house.admin)
    assert "Stopped after faults" not in admin.get("/admin/plugins").text
    for _ in range(STRIKES):
        attempt = begin(coach) if name in ("order", "ask", "read", "grade", "review") else ""
        if attempt:
            coach.get(attempt)
            hand_in(coach, attempt, {"q-odd": "1"})
        coach.get("/me")
        trainer.get("/studio/courses/first-steps")
        trainer.get("/studio/courses/first-steps/final/print")
    page = admin.get("/admin/plugins").text
    assert "Stopped after faults" in page
    assert f"faults, the last: {place(name).called} raised" in page
    assert coach.get("/courses/first-steps").status_code == 200


def test_a_kind_that_fails_to_claim_holds_up_no_question_of_another(town: Town) -> None:
    """The plugin of the question is asked after the one that fails."""
    place, text = town.folder / "zebras", PUZZLES.replace("puzzles", "zebras")
    shutil.copytree(town.folder / "puzzles/templates/puzzles", place / "templates/zebras")
    (place / "__init__.py").write_text(
        text.replace('"odd" in', '"striped" in').replace('Kind("odd"', 'Kind("striped"')
    )
    for file in (town.folder / "northern_track/courses/first-steps").glob("final.quiz.*.md"):
        file.write_text(file.read_text(encoding="utf-8").replace(".odd", ".striped"), "utf-8")
    town.restart()
    town.break_("claims")
    assert "first-steps" in town.publish()


def test_what_a_template_writes_to_its_question_stays_with_its_page(
    town: Town, house: House
) -> None:
    """Editions are kept in memory, and everybody's pages are made from them."""
    town.write_templates(
        {"ask": "{{ question.view.options.clear() or question.view.clear() or '' }}"}
    )
    town.restart()
    for person in (house.coach, house.colleague):
        coach = town.as_(person)
        assert coach.get(begin(coach)).text.count('name="q-odd"') == 2


def test_while_a_card_hangs_two_people_wait_and_others_get_their_page(
    town: Town, house: House, monkeypatch: pytest.MonkeyPatch, until: Until
) -> None:
    monkeypatch.setattr(bulkhead, "PATIENCE_SECONDS", 0.3)
    hangs = "import time\ncaught.append(1)\nwhile fault.exists(): time.sleep(0.01)"
    town.break_("dashboard_cards", hangs)
    people = (house.coach, house.colleague, house.trainer, house.hr)
    browsers, answers = [town.as_(person) for person in people], list[str]()
    waiting = [
        beside(lambda browser=browser: answers.append(browser.get("/me").text))
        for browser in browsers
    ]
    until(lambda: len(answers) == 2)
    assert "A puzzle a day" not in "".join(answers)
    town.mend("dashboard_cards")
    until(lambda: len(answers) == 4)
    for thread in waiting:
        thread.join()
    assert "A puzzle a day" in answers[2]
    assert "A puzzle a day" in answers[3]


def test_while_a_plugin_is_quarantined_a_coach_goes_on_and_nothing_of_it_is_marked(
    town: Town, house: House
) -> None:
    coach = town.as_(house.coach)
    passed = hand_in(coach, begin(coach), dict(RIGHT))
    assert "Passed" in passed
    colleague = town.as_(house.colleague)
    attempt = begin(colleague)
    assert CANNOT_SHOW not in colleague.get(attempt).text
    town.host.quarantine.add("puzzles", "grade of question kind odd did not come back")
    assert "A puzzle a day" not in colleague.get("/me").text
    assert CANNOT_SHOW in colleague.get(attempt).text
    assert NOT_MARKED in hand_in(colleague, attempt, NO_ODD)
    assert "Passed" in coach.get("/courses/first-steps/final").text, "what was marked stays"
    assert "plugin puzzles is quarantined" in (
        town.as_(house.trainer).get("/studio/courses/first-steps").text
    )


def test_when_the_clock_hands_in_what_could_not_be_asked_is_not_marked_either(
    town: Town, house: House
) -> None:
    """A job does so, without any page or person; the question has been shown before."""
    coach = town.as_(house.coach)
    attempt = begin(coach)
    for number, answer in ((1, {"q-one": "right"}), (2, {"q-two": ["first", "second"]})):
        coach.post(f"{attempt}/questions/{number}", data=answer)
    town.break_("ask")
    with town.app.app_context():
        with writing():
            db.session.execute(update(Attempt).values(due_at=clock.utcnow() - timedelta(days=1)))
        assert close_what_is_over() == 1
    assert NOT_MARKED in town.as_(house.coach).get(attempt).text
