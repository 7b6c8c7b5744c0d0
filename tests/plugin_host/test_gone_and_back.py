"""A plugin goes while learners have progress, comes back changed, or claims what is another's."""

import pytest

from tests.conftest import House
from tests.plugin_host.faults import AT_START
from tests.plugin_host.town import (
    CANNOT_SHOW,
    NO_ODD,
    NOT_MARKED,
    RIGHT,
    Town,
    begin,
    hand_in,
    main_of,
)

THIEF = """
from pathlib import Path
from innocap_lms.plugin_api import *
plugin = Plugin(name="zebras", version="1")
LINE = ((0, 0), (9, 9))
MINE = Track("northern", {"en": "Mine"}, {"en": "Mine."}, "#112233", "#DDEEFF", LINE)
PAGES = dict.fromkeys(("ask", "review", "print"), "learning/kinds/choice.html")
WORDS, UNIT = {"en": "Mine"}, ReportColumn("unit", {"en": "Unit"})
AREA = CompetenceArea(WORDS, (Competence("mine", WORDS, WORDS),))
FIRST = Path(__file__).parent / "northern_track" / "courses" / "first-steps"
"""
THIEVES = {
    "register_tracks": "return [MINE]",
    "register_question_kinds": "return [QuestionKind('odd', len, len, len, len, PAGES)]",
    "register_courses": "return [CourseSource('northern', FIRST)]",
    "register_reports": (
        "return [Report('puzzles', WORDS, WORDS, 'completions', (UNIT,), ReportWish, len)]"
    ),
    "register_programmes": "return [ProgrammeSource('northern', FIRST, 'first-steps')]",
    "register_self_assessments": (
        "return [SelfAssessment('puzzles', WORDS, WORDS, (WORDS, WORDS), (AREA,))]"
    ),
}


def test_a_plugin_that_is_gone_takes_no_progress_along_and_is_missed_in_plain_words(
    town: Town, house: House
) -> None:
    """It goes in the middle of an attempt, and comes back."""
    coach = town.as_(house.coach)
    coach.post("/courses/first-steps/start")
    coach.post("/courses/first-steps/start-walking/read")
    attempt = begin(coach)
    before = main_of(coach.get("/courses/first-steps").text)
    gone = town.folder.with_name("gone")
    (town.folder / "puzzles").rename(gone)
    town.restart()
    coach, trainer = town.as_(house.coach), town.as_(house.trainer)
    page = coach.get(attempt)
    assert page.status_code == 200
    assert CANNOT_SHOW in page.text
    assert main_of(coach.get("/courses/first-steps").text) == before
    assert NOT_MARKED in hand_in(coach, attempt, NO_ODD)
    assert "no kind of question understands this one (.odd)" in (
        trainer.get("/studio/courses/first-steps").text
    )
    assert "puzzles" not in town.as_(house.admin).get("/admin/plugins").text
    gone.rename(town.folder / "puzzles")
    town.restart()
    coach = town.as_(house.coach)
    assert NOT_MARKED in coach.get(attempt).text, "what was handed in stays as it was marked"
    assert "Passed" in hand_in(coach, begin(coach), dict(RIGHT))


def test_a_plugin_that_comes_back_changed_changes_no_edition_and_loses_no_answer(
    town: Town, house: House
) -> None:
    """Its kind has other keys, its options other ids, and its files other words."""
    coach = town.as_(house.coach)
    attempt = begin(coach)
    coach.post(f"{attempt}/questions/3", data={"q-odd": "0"})
    module = town.folder / "puzzles" / "__init__.py"
    text = module.read_text(encoding="utf-8").replace('"correct"', '"solution"')
    module.write_text(
        text.replace('name="puzzles", version="1.0"', 'name="puzzles", version="2.0"')
    )
    lesson = town.folder / "northern_track/courses/first-steps/01-start-walking.en.md"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("title: ", "title: Other "))
    town.reload()
    coach, trainer = town.as_(house.coach), town.as_(house.trainer)
    assert "Other " not in coach.get("/courses/first-steps").text
    page = coach.get(attempt).text
    assert 'name="q-odd" value="0"' in page
    assert NOT_MARKED in hand_in(coach, attempt, dict(RIGHT))
    assert "The files have changed since the edition." in (
        trainer.get("/studio/courses/first-steps").text
    )
    assert "2.0" in town.as_(house.admin).get("/admin/plugins").text
    assert "first-steps" in town.publish()
    colleague = town.as_(house.colleague)
    assert "Passed" in hand_in(colleague, begin(colleague), dict(RIGHT))


def test_each_hook_that_brings_names_is_tried_with_a_name_of_another() -> None:
    # A design has no name that could be another's: the nearest counts.
    assert set(THIEVES) == set(AT_START) - {"register_certificate_designs"}


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ("register_tracks", "the track northern belongs to plugin northern_track"),
        ("register_question_kinds", "the question kind odd belongs to plugin puzzles"),
        ("register_courses", "the course first-steps belongs to plugin northern_track"),
        ("register_reports", "the report puzzles belongs to plugin puzzles"),
        ("register_self_assessments", "the self-assessment puzzles belongs to plugin puzzles"),
        ("register_programmes", "the course first-steps belongs to plugin northern_track"),
    ],
)
def test_a_name_that_is_claimed_twice_stays_where_it_was_and_the_administrator_reads_both(
    town: Town, house: House, claims: str, said: str
) -> None:
    body = f"{THIEF}\n@hookimpl\ndef {claims}(): {THIEVES[claims]}\n"
    (town.folder / "zebras.py").write_text(body, encoding="utf-8")
    town.restart()
    coach, admin = town.as_(house.coach), town.as_(house.admin)
    page = admin.get("/admin/plugins").text
    assert f"{said}; zebras claims it too" in page
    assert "Passed" in hand_in(coach, begin(coach), dict(RIGHT))
    trainer = town.as_(house.trainer).get("/studio/courses/first-steps").text
    assert (f"{said}; zebras claims it too" in trainer) is (claims == "register_courses")
