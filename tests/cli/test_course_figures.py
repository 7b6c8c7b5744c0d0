"""innocap-lms course figures: what courses hold, counted from files and without a site."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from innocap_lms.cli.figures import command
from tests.content.courses import on_disk, sound_course

pytestmark = pytest.mark.sqlite  # the commands run on a database of their own


def test_each_course_below_a_folder_is_counted(tmp_path: Path) -> None:
    on_disk(tmp_path / "needs", sound_course())
    done = CliRunner().invoke(command, [str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "`needs`, 2 hours, in sv, en" in done.output


def test_of_a_course_with_errors_the_way_to_them_is_told(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "needs", sound_course())
    (folder / "02-interview.sv.md").write_text("---\nid: interview\n---\n", "utf-8")
    done = CliRunner().invoke(command, [str(folder)])
    assert done.exit_code == 1
    assert f"see innocap-lms course check {folder}" in done.output
