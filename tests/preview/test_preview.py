"""The preview of a course: what its author sees, as whoever they choose to be, at each save."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.cli.preview import state_at
from innocap_lms.cli.site import close_connections
from innocap_lms.config import Settings
from innocap_lms.content.lasting import Past
from innocap_lms.content.model import Course
from innocap_lms.content.reader import read_course
from innocap_lms.learning.built_in import register_question_kinds
from innocap_lms.plugin_host.contract import CourseSource, ProgrammeSource
from innocap_lms.preview.drafts import Draft, Drafts
from innocap_lms.preview.site import follow, make_site
from tests.conftest import KEY, PLUGINS
from tests.programmes import FRONT, RULES

pytestmark = pytest.mark.sqlite  # a preview has a file of its own

ORIGINAL = PLUGINS / "northern_track" / "courses" / "first-steps"
BENCH = "/preview/first-steps"
LESSON, PAGE = "02-walk-on.en.md", "/courses/first-steps/walk-on"


@dataclass
class Bench:
    """A copy of the course in a preview, and the browser of its author."""

    folder: Path
    drafts: Drafts
    browser: FlaskClient

    @property
    def draft(self) -> Draft:
        found = self.drafts.get("first-steps")
        assert found is not None
        return found

    def save(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        assert self.drafts.look()

    def look_as(self, who: str) -> str:
        """Become somebody; the address of the workbench that follows."""
        answer = self.browser.post(f"{BENCH}/as/{who}", data={"at": PAGE})
        assert answer.status_code == 303
        return answer.headers["Location"]


@pytest.fixture
def live() -> list[Course]:
    """The edition in service, if there is one."""
    return []


@pytest.fixture
def site(empty_database: str, tmp_path: Path) -> Iterator[Flask]:
    """The site of a preview that follows nothing yet."""
    settings = Settings(
        secret_key=KEY, relay=False, plugin_dirs=(PLUGINS,), password_memory_kib=64, pool_size=4
    )
    (tmp_path / "site").mkdir()
    shutil.copyfile(empty_database, tmp_path / "site" / "innocap.db")  # whose tables are made
    app = make_site(settings, tmp_path / "site", "http://127.0.0.1:8010")
    app.config.update(TESTING=True, FORM_TOKENS=False)
    yield app
    close_connections(app)


@pytest.fixture
def bench(site: Flask, tmp_path: Path, live: list[Course]) -> Iterator[Bench]:
    folder = tmp_path / "northern" / "first-steps"
    shutil.copytree(ORIGINAL, folder)
    drafts = follow(
        site,
        {folder: CourseSource("northern", folder)},
        past=lambda _folder: Past(live[0]) if live else None,
        state=state_at,
    )
    drafts.look()
    yield Bench(folder, drafts, site.test_client())
    drafts.stop()


def test_a_programme_is_shown_with_its_courses_and_what_is_wrong_with_it(
    site: Flask, tmp_path: Path
) -> None:
    folder, file = tmp_path / "northern" / "first-steps", tmp_path / "northern/walker.programme.md"
    shutil.copytree(ORIGINAL, folder)
    file.write_text(RULES.format(id="walker", way="steps: [first-steps]"), encoding="utf-8")
    for language in ("sv", "en"):
        front = file.with_name(f"walker.programme.{language}.md")
        front.write_text(FRONT.format(title="The walker"), encoding="utf-8")
    programme = ProgrammeSource("northern", file.parent, "walker")
    sources = {folder: CourseSource("northern", folder), file: programme}
    drafts = follow(site, sources, past=lambda _folder: None, state=state_at)
    drafts.look()
    browser = site.test_client()
    assert 'href="/preview/walker"' in browser.get("/preview").text
    assert 'src="/programmes/walker"' in browser.get("/preview/walker").text
    assert browser.post("/preview/walker/as/coach").status_code == 303
    page = browser.get("/programmes/walker").text
    assert "The walker" in page
    assert "First steps" in page
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[first-steps]", "[first-step]"), encoding="utf-8")
    assert drafts.look()
    notes = browser.get("/preview/walker/notes").text
    assert "did you mean “first-steps”?" in notes
    assert "walker.programme.md" in notes
    drafts.stop()


def test_a_folder_whose_name_is_no_utf_8_is_shown_like_any_other(
    site: Flask, tmp_path: Path
) -> None:
    places = [tmp_path / os.fsdecode(name) for name in (b"first", b"m\xf6te")]
    for place in places:
        shutil.copytree(ORIGINAL, place)
    sources = {place: CourseSource("northern", place) for place in places}
    follow(site, sources, past=lambda _place: None, state=state_at).look()
    browser = site.test_client()
    page = browser.get("/preview").text
    assert "m\\xf6te" in page
    notes = browser.get("/preview/m%5Cxf6te").text
    assert "has the id “first-steps” too" in notes


def test_a_site_that_serves_people_has_no_preview(client: FlaskClient) -> None:
    assert client.get("/preview").status_code == 404
    assert client.post("/preview/first-steps/as/coach").status_code == 404
    assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]


def test_the_workbench_names_the_parts_and_says_that_all_is_new(bench: Bench) -> None:
    assert bench.browser.get("/preview").headers["Location"] == BENCH
    page = bench.browser.get(BENCH).text
    assert "No problems" in page
    assert "not in service yet" in page
    for part in ("start-walking", "walk-on", "final"):
        assert f'href="/courses/first-steps/{part}"' in page
    assert 'src="/courses/first-steps"' in page


def test_its_pages_may_stand_in_its_own_frame(bench: Bench) -> None:
    policy = bench.browser.get("/courses/first-steps").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'; frame-src 'self'" in policy


def test_the_author_sees_the_course_as_each_role(bench: Bench) -> None:
    browser = bench.browser
    assert browser.get(PAGE).status_code == 302  # a visitor is asked to sign in
    assert bench.look_as("coach").endswith(f"?at={PAGE}")
    assert browser.get(PAGE).status_code == 200
    bench.look_as("newcomer")
    assert browser.get(PAGE).headers["Location"] == "/courses/first-steps"
    assert "at=/studio" in bench.look_as("trainer")
    assert "First steps" in browser.get("/studio").text
    assert "at=/assess" in bench.look_as("assessor")
    assert browser.get("/assess").status_code == 200
    assert "at=/hr" in bench.look_as("hr")
    assert browser.get("/hr/reports/completions").status_code == 200
    assert bench.look_as("visitor").endswith(f"?at={PAGE}")
    assert browser.get(PAGE).status_code == 302


def test_there_is_nobody_else_to_be_and_no_other_course(bench: Bench) -> None:
    for path in (f"{BENCH}/as/admin", "/preview/another/as/coach"):
        assert bench.browser.post(path).status_code == 404
    for path in ("/preview/another", "/preview/another/notes", f"{BENCH}/changes/walk-on"):
        assert bench.browser.get(path).status_code == 404


def test_whoever_one_becomes_reads_the_language_that_was_chosen(bench: Bench) -> None:
    bench.browser.get("/language/en")
    bench.look_as("coach")
    assert '<html lang="en"' in bench.browser.get(PAGE).text
    bench.browser.get("/language/sv")
    bench.look_as("newcomer")
    assert '<html lang="sv"' in bench.browser.get("/me").text


def test_a_saved_file_is_on_the_page_of_whoever_is_in_the_course(bench: Bench) -> None:
    bench.browser.get("/language/en")
    bench.look_as("coach")
    turn = bench.drafts.turn
    bench.save(LESSON, "## ", "## A better heading: ")
    assert bench.drafts.turn == turn + 1
    assert "A better heading" in bench.browser.get(PAGE).text
    assert not bench.drafts.look(), "nothing was saved since"


def test_a_page_with_errors_is_shown_with_them_beside_it(bench: Bench) -> None:
    bench.browser.get("/language/en")
    bench.look_as("coach")
    bench.save(LESSON, "## ", "![A map](images/nowhere.png)\n\n## Still here: ")
    assert "Still here" in bench.browser.get(PAGE).text
    notes = bench.browser.get(f"{BENCH}/notes").text
    assert f"{LESSON}:" in notes
    assert "images/nowhere.png" in notes
    assert "1 problem" in notes


def test_a_text_to_print_has_its_page_and_its_problems_beside_it(bench: Bench) -> None:
    for name in ("pocket-guide", "facilitator"):
        text = f"---\ntitle: {name}\n---\n[Lektionen](nowhere)\n"
        (bench.folder / f"{name}.sv.md").write_text(text, encoding="utf-8")
    assert bench.drafts.look()
    notes = bench.browser.get(f"{BENCH}/notes").text
    for page in ("sheets/pocket-guide", "facilitator/guide"):
        part = notes.partition(f'data-part="/courses/first-steps/{page}"')[2].partition(
            "data-part"
        )[0]
        assert "nowhere" in part


def test_what_cannot_be_shown_keeps_the_last_page_and_says_so(bench: Bench) -> None:
    shared = (bench.folder / "course.md").read_text()
    bench.save("course.md", shared, "")
    assert bench.draft.is_old
    notes = bench.browser.get(f"{BENCH}/notes").text
    assert "how they were before" in notes
    assert "course.md:1" in notes
    assert bench.browser.get("/courses/first-steps").status_code == 200
    (bench.folder / "course.md").write_text(shared)
    bench.drafts.look()
    assert not bench.draft.is_old
    assert "No problems" in bench.browser.get(f"{BENCH}/notes").text


def test_an_attempt_is_dropped_when_its_quiz_changes_and_kept_when_it_does_not(
    bench: Bench,
) -> None:
    bench.look_as("coach")
    attempt = bench.browser.post("/courses/first-steps/final/attempts").headers["Location"]
    bench.save(LESSON, "## ", "## Now ")
    assert bench.browser.get(attempt).status_code == 200
    bench.save("final.quiz.en.md", "Right one", "The right one")
    assert bench.browser.get(attempt).status_code == 404
    again = bench.browser.post("/courses/first-steps/final/attempts").headers["Location"]
    assert bench.browser.get(again).status_code == 200


def test_starting_over_gives_a_coach_who_has_done_nothing(bench: Bench) -> None:
    bench.browser.get("/language/en")
    bench.look_as("coach")
    bench.browser.post(f"{PAGE}/read")
    assert "You have read this lesson" in bench.browser.get(PAGE).text
    answer = bench.browser.post(f"{BENCH}/start-over", data={"at": PAGE})
    assert answer.headers["Location"].endswith(f"?at={PAGE}")
    page = bench.browser.get(PAGE)
    assert page.status_code == 200
    assert "You have read this lesson" not in page.text


def test_a_course_that_waits_for_another_is_open_to_its_author(bench: Bench) -> None:
    bench.save("course.md", "reviewed:", "prerequisites: [other]\nenforce: block\nreviewed:")
    bench.look_as("coach")
    bench.browser.post(f"{BENCH}/start-over", data={"at": PAGE})
    assert bench.browser.get(PAGE).status_code == 200


def test_the_draft_stands_beside_the_edition_in_service(bench: Bench, live: list[Course]) -> None:
    reading = read_course(ORIGINAL, register_question_kinds())
    assert reading.course is not None
    live.append(reading.course)
    bench.browser.get("/language/en")
    bench.save(LESSON, "## ", "Words that nobody has read before.\n\n## ")
    bench.save("final.quiz.en.md", "Right one", "The right one")
    notes = bench.browser.get(f"{BENCH}/notes").text
    assert notes.count("Changed: see what") == 2
    page = bench.browser.get(f"{BENCH}/changes/walk-on").text
    assert "1 place differs" in page
    assert "Words that nobody has read before" in page
    quiz = bench.browser.get(f"{BENCH}/changes/final").text
    assert "<ins>The right</ins>" in quiz
    assert "FEEDBACK" not in quiz, "an answer key is nobody's to see here"
    for same in ("first-steps", "start-walking", "nothing"):
        assert bench.browser.get(f"{BENCH}/changes/{same}").status_code == 404


def test_a_page_that_waits_is_told_of_the_next_save(bench: Bench) -> None:
    turn = bench.drafts.turn
    saving = threading.Thread(target=bench.save, args=(LESSON, "## ", "## Soon "))
    saving.start()  # the client reads the first words at once, so it waits for them
    answer = bench.browser.get(f"/preview/saves.events?turn={turn}", buffered=False)
    saving.join()
    assert answer.mimetype == "text/event-stream"
    told = next(iter(answer.response)).decode()  # type: ignore[arg-type]
    assert told == f"id: {turn + 1}\ndata: {turn + 1}\n\n"


def test_a_page_that_comes_back_is_told_what_it_has_missed(bench: Bench) -> None:
    bench.save(LESSON, "## ", "## Meanwhile ")
    answer = bench.browser.get(
        "/preview/saves.events",
        headers={"Last-Event-ID": str(bench.drafts.turn - 1)},
        buffered=False,
    )
    told = next(iter(answer.response)).decode()  # type: ignore[arg-type]
    assert f"data: {bench.drafts.turn}" in told


def test_the_real_site_is_not_touched(bench: Bench, app: Flask) -> None:
    """The preview has a database of its own, and names nothing of the other."""
    del bench
    assert "first-steps" not in app.test_client().get("/courses").text


@pytest.mark.parametrize("turn", ["9" * 5000, "-1", "x", "²"])
def test_a_turn_that_is_none_is_taken_for_now(bench: Bench, turn: str) -> None:
    saving = threading.Thread(target=bench.save, args=(LESSON, "## ", "## Soon "))
    saving.start()
    answer = bench.browser.get(f"/preview/saves.events?turn={turn}", buffered=False)
    saving.join()
    assert answer.status_code == 200


def test_no_other_name_leads_to_a_preview(bench: Bench) -> None:
    """A page of another site could have its own name point to this machine."""
    assert bench.browser.get(BENCH, base_url="http://evil.example:8010").status_code == 400
    assert bench.browser.get(BENCH, base_url="http://127.0.0.1:8010").status_code == 200


@pytest.mark.parametrize("at", ["//evil.example", "https://evil.example", "/preview/first-steps"])
def test_the_frame_holds_pages_of_the_site_alone(bench: Bench, at: str) -> None:
    page = bench.browser.get(BENCH, query_string={"at": at}).text
    assert 'src="/courses/first-steps"' in page


def test_a_course_without_an_id_is_not_shown_and_says_so(bench: Bench) -> None:
    bench.save("course.md", "id: first-steps", "id: Not An Id")
    assert bench.draft.is_old
    assert "C030" in bench.browser.get(f"{BENCH}/notes").text


def test_the_trainer_of_a_preview_can_look_at_what_publishing_changes(bench: Bench) -> None:
    bench.look_as("trainer")
    assert bench.browser.get("/studio/courses/first-steps/publish").status_code == 200
