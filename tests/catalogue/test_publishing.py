"""From files to editions: what makes a new one, and what keeps the old one in service."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from innocap_lms.catalogue import checked, publishing, services
from innocap_lms.catalogue.claims import disputes
from innocap_lms.catalogue.models import Edition, EditionKeys
from innocap_lms.catalogue.publishing import SourceReport, publish_sources
from innocap_lms.catalogue.queries import edition, offering, quiz_keys
from innocap_lms.content.kinds import QuestionKind
from innocap_lms.extensions import db
from innocap_lms.plugin_host.contract import CourseSource
from tests.catalogue.conftest import Desk
from tests.conftest import House

TITLE = ("02-walk-on.en.md", "title: Walk on", "title: Walk further")
BACK = ("02-walk-on.en.md", "title: Walk further", "title: Walk on")


def in_service(desk: Desk) -> tuple[int, str]:
    """Number of the edition in service, and the title of its second lesson."""
    with desk.app.app_context():
        found = offering("first-steps")
        assert found is not None
        return found.edition.number, found.edition.course.lessons[1].texts["en"].title


def count(desk: Desk, model: type) -> int:
    with desk.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_same_content_is_the_same_edition(desk: Desk) -> None:
    first, again = desk.publish().published, desk.publish().published
    assert first is not None
    assert again is not None
    assert (first.number, first.new) == (1, True)
    assert (again.number, again.new) == (1, False)
    assert again.edition_id == first.edition_id
    assert count(desk, Edition) == count(desk, EditionKeys) == 1


def test_changed_content_is_the_next_edition_and_the_first_stays_as_it_was(desk: Desk) -> None:
    first = desk.publish().published
    desk.write(*TITLE)
    second = desk.publish().published
    assert first is not None
    assert second is not None
    assert (second.number, second.new) == (2, True)
    assert in_service(desk) == (2, "Walk further")
    with desk.app.app_context():
        assert edition(first.edition_id).course.lessons[1].texts["en"].title == "Walk on"


def test_a_changed_key_alone_makes_an_edition_and_keys_stay_out_of_it(desk: Desk) -> None:
    first = desk.publish().published
    for language in ("sv", "en"):
        desk.write(f"final.quiz.{language}.md", "- [x] Right one", "- [ ] Right one")
        desk.write(f"final.quiz.{language}.md", "- [ ] Wrong one", "- [x] Wrong one")
    second = desk.publish().published
    assert first is not None
    assert second is not None
    assert second.number == 2
    with desk.app.app_context():
        keys = [
            quiz_keys(item.edition_id, "final")["one"]["key"]["correct"] for item in (first, second)
        ]
        assert keys == [["right"], ["wrong"]]
        stored = str(db.session.scalars(select(Edition.content)).all())
        assert "FEEDBACK" not in stored
        assert "correct" not in stored
        assert not edition(first.edition_id).course.keys


def test_publishing_older_content_again_goes_back_to_its_edition(desk: Desk) -> None:
    desk.publish()
    desk.write(*TITLE)
    desk.publish()
    desk.write(*BACK)
    back = desk.publish().published
    assert back is not None
    assert (back.number, back.new) == (1, False)
    assert in_service(desk) == (1, "Walk on")
    assert count(desk, Edition) == 2


def test_a_broken_file_keeps_the_last_good_edition_in_service_and_says_what_is_wrong(
    desk: Desk, client: FlaskClient
) -> None:
    desk.publish()
    desk.write("02-walk-on.en.md", "minutes: 5", "minutes: five")
    report = desk.publish()
    assert report.published is None
    assert report.course is None
    assert report.course_id == "first-steps"
    fault = next(problem for problem in report.problems if problem.severity == "error")
    assert (fault.file, fault.line, fault.column > 1) == ("02-walk-on.en.md", 4, True)
    assert fault.advice
    assert in_service(desk) == (1, "Walk on")
    assert "First steps" in client.get("/courses/first-steps").text


def test_an_id_is_never_given_away_by_publishing(desk: Desk) -> None:
    desk.publish()
    for language in ("sv", "en"):
        desk.write(f"02-walk-on.{language}.md", "id: walk-on", "id: go-on")
    changed = desk.publish()
    assert changed.published is None
    assert {each.code for each in changed.problems if each.severity == "error"} == {"C012"}
    for language in ("sv", "en"):
        desk.write(f"02-walk-on.{language}.md", "title:", "title: Run and")
    assert desk.publish().published is not None
    for language in ("sv", "en"):
        desk.write(f"02-walk-on.{language}.md", "id: go-on", "id: walk-on")
        desk.write(f"02-walk-on.{language}.md", "title: Run and", "title: Rest and")
    back = desk.publish()
    assert back.published is None
    assert {each.code for each in back.problems if each.severity == "error"} == {"C014"}


@pytest.mark.parametrize("gone", ["folder", "course.md"])
def test_files_that_are_gone_keep_the_last_good_edition_in_service(
    desk: Desk, tmp_path: Path, gone: str
) -> None:
    desk.publish()
    if gone == "folder":
        desk.folder.rename(tmp_path / "elsewhere")
    else:
        (desk.folder / gone).unlink()
    report = desk.publish()
    assert report.published is None
    assert any(problem.severity == "error" for problem in report.problems)
    assert in_service(desk) == (1, "Walk on")


def test_learners_in_the_middle_stay_in_the_edition_they_began(
    desk: Desk, house: House, browser_of: Callable[[str], FlaskClient]
) -> None:
    desk.publish()
    early, late = browser_of(house.coach), browser_of(house.colleague)
    early.post("/courses/first-steps/start")
    desk.write(*TITLE)
    desk.write("02-walk-on.en.md", "This is how you start.", "A text of the second edition.")
    desk.publish()
    late.post("/courses/first-steps/start")
    assert "A text of the second edition" not in early.get("/courses/first-steps/walk-on").text
    assert "A text of the second edition" in late.get("/courses/first-steps/walk-on").text
    assert "Edition 1" in early.get("/courses/first-steps").text
    assert "Edition 2" in late.get("/courses/first-steps").text


def test_the_course_of_another_plugin_is_refused_and_both_are_named(desk: Desk) -> None:
    desk.publish()
    desk.supply(("northern_track", desk.folder), ("intruder", desk.folder))
    report = desk.publish()
    assert report.plugin == "intruder"
    assert report.published is None
    assert report.refused == (
        "the course first-steps belongs to plugin northern_track; intruder claims it too"
    )
    with desk.app.app_context():
        assert disputes(desk.host) == {"intruder": [report.refused]}


def test_the_plugin_with_editions_keeps_the_course_whichever_is_loaded_first(desk: Desk) -> None:
    desk.publish()
    desk.supply(("intruder", desk.folder), ("northern_track", desk.folder))
    with desk.app.app_context():
        first, second = publish_sources(desk.host, desk.files)
        assert (first.plugin, first.published) == ("intruder", None)
        assert "belongs to plugin northern_track" in first.refused
        assert second.published is not None
        assert list(disputes(desk.host)) == ["intruder"]


def test_of_two_claims_to_a_course_without_editions_the_first_loaded_has_it(desk: Desk) -> None:
    desk.supply(("one", desk.folder), ("two", desk.folder))
    report = desk.publish()
    assert report.refused == "the course first-steps belongs to plugin one; two claims it too"


def test_one_plugin_cannot_hold_a_course_in_two_folders(desk: Desk, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in desk.folder.glob("*.md"):
        (copy / file.name).write_bytes(file.read_bytes())
    desk.supply(("northern_track", desk.folder), ("northern_track", copy))
    report = desk.publish()
    assert report.refused == "the folders first-steps and copy both hold the course first-steps"
    assert count(desk, Edition) == 1


def test_the_service_itself_refuses_another_plugins_course(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish()
    desk.supply(("intruder", desk.folder))
    monkeypatch.setattr(publishing, "owners", dict)
    assert "belongs to plugin northern_track" in desk.publish().refused


def test_a_course_of_a_track_that_nobody_supplies_is_refused(desk: Desk) -> None:
    desk.host.courses[:] = [("northern_track", CourseSource("nowhere", desk.folder))]
    assert desk.publish().refused == "plugin northern_track names a track nowhere: there is none"


def test_a_question_kind_that_raises_refuses_its_course_and_no_other(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_block: object) -> bool:
        raise OSError("a broken kind")

    no_quiz = tmp_path / "no-quiz"
    no_quiz.mkdir()
    for file in desk.folder.glob("*.md"):
        if "quiz" not in file.name:
            text = file.read_text(encoding="utf-8").replace(", pass: [final]", "")
            text = text.replace("id: first-steps", "id: no-quiz").replace("images/path.svg", "")
            (no_quiz / file.name).write_text(
                "\n".join(line for line in text.split("\n") if not line.startswith("![")),
                encoding="utf-8",
            )
    desk.supply(("northern_track", desk.folder), ("northern_track", no_quiz))
    one = desk.host.kinds["single"]
    desk.host.kinds = {"broken": replace(one, name="broken", claims=broken), **desk.host.kinds}
    assert isinstance(one, QuestionKind)
    with pytest.raises(OSError, match="a broken kind"):
        desk.publish()
    desk.host.strict = False
    with desk.app.app_context():
        first, second = publish_sources(desk.host, desk.files)
    assert first.refused == "it cannot be read: a broken kind"
    assert "a broken kind" in caplog.text
    assert second.published is not None


def test_only_new_leaves_courses_in_service_alone(desk: Desk) -> None:
    desk.publish()
    desk.write(*TITLE)
    with desk.app.app_context():
        (report,) = publish_sources(desk.host, desk.files, only_new=True)
    assert report.published is None
    assert in_service(desk) == (1, "Walk on")


def test_two_who_publish_at_once_get_one_edition_and_no_error(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_looked = threading.Barrier(2)
    make = services._new_edition

    def make_late(*arguments: object) -> Edition:
        with suppress(threading.BrokenBarrierError):
            both_have_looked.wait(1)  # on SQLite the second waits for the first: nobody comes
        return make(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "_new_edition", make_late)
    reports: list[SourceReport] = []
    threads = [threading.Thread(target=lambda: reports.append(desk.publish())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [report.published for report in reports]
    assert all(found)
    assert sorted((item.number, item.new) for item in found if item) == [(1, False), (1, True)]
    assert count(desk, Edition) == count(desk, EditionKeys) == 1


def test_a_clash_that_does_not_end_is_raised(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def always(*_arguments: object, **_named: object) -> None:
        raise IntegrityError("INSERT", {}, Exception())

    monkeypatch.setattr(publishing, "publish", always)
    with pytest.raises(IntegrityError):
        desk.publish()


def test_files_are_kept_by_their_hash_and_mended_when_they_are_cut_short(desk: Desk) -> None:
    report = desk.publish()
    assert report.course is not None
    asset = report.course.assets["images/path.svg"]
    original = (desk.folder / "images" / "path.svg").read_bytes()
    assert [file.name for file in desk.files.iterdir()] == [asset.sha256]
    (desk.files / asset.sha256).write_bytes(original[:10])
    desk.publish()
    assert (desk.files / asset.sha256).read_bytes() == original


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_file_that_changes_while_it_is_published_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    picture, read = desk.folder / "images" / "path.svg", checked.read_course

    def read_then_change(*arguments: object, **named: object) -> object:
        reading = read(*arguments, **named)  # type: ignore[arg-type]
        picture.unlink() if how == "gone" else picture.write_bytes(b"<svg/>")
        return reading

    monkeypatch.setattr(checked, "read_course", read_then_change)
    report = desk.publish()
    assert "images/path.svg" in report.refused
    assert report.published is None
    assert count(desk, Edition) == 0


def test_a_course_that_was_never_published_is_not_there(app: Flask, client: FlaskClient) -> None:
    assert client.get("/courses/first-steps").status_code == 404
