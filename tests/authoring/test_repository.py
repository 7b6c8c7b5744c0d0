"""Versions in the repository: whole, one after the other, told apart by course."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from innocap_lms.authoring.repository import Repository
from innocap_lms.authoring.versions import MovedError

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def commit(
    found: Repository, changes: dict[str, bytes | None], parent: str = "", **said: str
) -> str:
    return found.commit(
        changes,
        parent=parent,
        note=said.get("note", "A note"),
        author=said.get("author", "someone"),
        at=AT,
    )


def test_a_repository_that_is_not_there_is_empty(tmp_path: Path) -> None:
    found = Repository(tmp_path / "content")
    assert (found.head(), found.files("", "a"), found.versions("a/b")) == ("", {}, [])


def test_each_course_has_its_files_and_its_versions(tmp_path: Path) -> None:
    found = Repository(tmp_path / "content")
    first = commit(found, {"north/walk/course.md": b"one", "north/walk/images/a.png": b"\x89"})
    second = commit(found, {"north/swim/course.md": b"two"}, first, note="Another course")
    third = commit(found, {"north/walk/course.md": "på\n".encode()}, second, note="Ändrat: på")
    fourth = commit(found, {"north/walk/images/a.png": None}, third)
    assert found.head() == fourth
    now = found.files(fourth, "north/walk")
    assert list(now) == ["course.md"]
    assert found.read([now["course.md"]]) == ["på\n".encode()]
    assert list(found.files(first, "north/walk")) == ["course.md", "images/a.png"]
    assert found.files(fourth, "north/sink") == {}
    versions = found.versions("north/walk")
    assert [each.id for each in versions] == [fourth, third, first]
    assert versions[1].note == "Ändrat: på"
    assert versions[1].paths == ("course.md",)
    assert (versions[1].author, versions[1].at) == ("someone", AT)
    assert [each.id for each in found.versions("north/walk", "images/a.png")] == [fourth, first]
    assert found.versions("north/wal") == []


def test_whoever_commits_on_an_older_version_changes_nothing(tmp_path: Path) -> None:
    found = Repository(tmp_path / "content")
    first = commit(found, {"a/b/course.md": b"one"})
    second = commit(found, {"a/b/course.md": b"two"}, first)
    for parent in ("", first):
        with pytest.raises(MovedError):
            commit(found, {"a/b/course.md": b"three"}, parent)
    assert found.head() == second


def test_git_itself_reads_it(tmp_path: Path) -> None:
    found = Repository(tmp_path / "content")
    commit(found, {"a/b/course.md": b"one\n"}, note="Begin")
    words = ["git", "-C", str(tmp_path / "content")]
    said = subprocess.run(
        [*words, "log", "--format=%an|%s"], capture_output=True, text=True, check=True
    )
    assert said.stdout == "someone|Begin\n"
    subprocess.run([*words, "fsck", "--strict"], capture_output=True, check=True)
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "-q", str(tmp_path / "content"), str(copy)], check=True)
    assert (copy / "a" / "b" / "course.md").read_bytes() == b"one\n"
