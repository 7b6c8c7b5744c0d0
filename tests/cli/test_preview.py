"""innocap-lms course preview, as the program it is."""

import shutil
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Start, page
from tests.conftest import PLUGINS
from tests.programmes import RULES

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own

ORIGINAL = PLUGINS / "northern_track" / "courses" / "first-steps"


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    shutil.copytree(ORIGINAL, tmp_path / "texts" / "northern" / "first-steps")
    return tmp_path / "texts"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_preview_serves_and_leaves_nothing_behind(
    start: Start, courses: Path, tmp_path: Path, ending: signal.Signals
) -> None:
    place = tmp_path / "places"
    place.mkdir()
    process, address = start("course", "preview", str(courses), TMPDIR=str(place))
    status, text = page(f"{address}/preview")
    assert status == 200
    assert "first-steps" in text
    assert list(place.iterdir()) != []
    process.send_signal(ending)
    said, _nothing = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert f"The preview is at {address}/preview" in said
    assert "Traceback" not in said
    assert list(place.iterdir()) == []


def test_a_folder_without_a_course_is_named(innocap: Command, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    done = innocap("course", "preview", "nothing")
    assert done.returncode == 2
    assert "there is no course.md below nothing" in done.stderr


def test_a_programme_named_by_its_file_brings_its_courses_along(
    start: Start, courses: Path
) -> None:
    shutil.copytree(ORIGINAL, courses / "northern" / "unasked")
    rules = courses / "northern" / "unasked" / "course.md"
    rules.write_text(rules.read_text().replace("id: first-steps", "id: unasked"))
    file = courses / "northern" / "coach.programme.md"
    file.write_text(RULES.format(id="coach", way="steps: [first-steps]"), encoding="utf-8")
    process, address = start("course", "preview", str(file))
    _status, text = page(f"{address}/preview")
    assert 'href="/preview/coach"' in text
    assert 'href="/preview/first-steps"' in text
    assert "unasked" not in text
    process.terminate()
    process.communicate(timeout=30)


def test_two_folders_of_one_name_are_refused(innocap: Command, courses: Path) -> None:
    shutil.copytree(ORIGINAL, courses / "southern" / "first-steps")
    done = innocap("course", "preview", str(courses))
    assert done.returncode == 2
    assert "two folders are called first-steps" in done.stderr
