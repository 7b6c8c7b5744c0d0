"""innocap-lms course print: everything to print, in a folder, from files and without a site."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from innocap_lms.cli.printing import command
from tests.content.companion_cases import with_companions
from tests.content.courses import on_disk

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return on_disk(tmp_path / "needs", with_companions())


def test_each_sheet_and_each_lessons_slides_are_written_in_each_language(
    folder: Path, tmp_path: Path
) -> None:
    done = CliRunner().invoke(command, [str(folder), "--to", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    written = {each.name for each in (tmp_path / "out" / "needs").iterdir() if each.is_file()}
    names = ("need-card", "pocket-guide", "facilitator", "question.slides", "interview.slides")
    endings = [f"{name}.{language}" for name in names for language in ("sv", "en")]
    assert written == {f"{name}.{kind}" for name in endings for kind in ("html", "pdf")}
    assert all(str(tmp_path / "out" / "needs" / name) in done.output for name in written)


def test_a_file_shows_its_pictures_and_its_style_without_a_site(
    folder: Path, tmp_path: Path
) -> None:
    guide = folder / "pocket-guide.sv.md"
    guide.write_text(guide.read_text("utf-8") + "\n![Karta](images/map.svg)\n", "utf-8")
    CliRunner().invoke(command, [str(folder), "--to", str(tmp_path / "out")])
    page = (tmp_path / "out" / "needs" / "pocket-guide.sv.html").read_text("utf-8")
    assert 'src="images/map.svg"' in page
    assert (tmp_path / "out" / "needs" / "images" / "map.svg").is_file()
    assert "@page" in page
    assert 'lang="sv"' in page
    assert "http" not in page.partition("<body")[2].replace("http://www.w3.org", "")


def test_a_pocket_guide_that_takes_two_pages_is_told(folder: Path, tmp_path: Path) -> None:
    to = ["--to", str(tmp_path / "out")]
    assert "pages" not in CliRunner().invoke(command, [str(folder), *to]).output
    guide = folder / "pocket-guide.sv.md"
    guide.write_text(f"{guide.read_text('utf-8')}\n{'Words of a guide. ' * 900}", "utf-8")
    done = CliRunner().invoke(command, [str(folder), *to])
    assert done.exit_code == 0
    assert "pocket-guide.sv.pdf has 2 pages: shorten it" in done.output


def test_a_folder_that_takes_nothing_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    to = tmp_path / "file" / "out"
    done = CliRunner().invoke(command, [str(folder), "--to", str(to)])
    assert done.exit_code == 1
    assert f"it cannot be written to {to}" in done.output


def test_a_course_with_errors_is_not_printed_and_the_way_to_them_is_told(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "need-card.template.sv.md").write_text("---\nid: need-card\n---\n", "utf-8")
    done = CliRunner().invoke(command, [str(folder), "--to", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert f"innocap-lms course check {folder}" in done.output
    assert not (tmp_path / "out").exists()
