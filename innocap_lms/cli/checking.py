"""Checking courses on disk: what `course check` does when it has to look."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from innocap_lms.catalogue.checked import course_id_in, id_taken, read_checked, unknown_design
from innocap_lms.catalogue.published import every_snapshot, in_service, snapshot
from innocap_lms.cli.remembered import Found, state_of
from innocap_lms.config import Settings
from innocap_lms.content.lasting import Past
from innocap_lms.content.model import Course
from innocap_lms.content.naming import BANKS, PROGRAMME, stem_of
from innocap_lms.content.problems import Problem
from innocap_lms.content.programme import Programme
from innocap_lms.content.programme_reader import read_programme
from innocap_lms.content.reader import Reading
from innocap_lms.content.sequence import in_sequence
from innocap_lms.content.snapshot import from_snapshot
from innocap_lms.content.surroundings import at_a_glance, known_in
from innocap_lms.learning import built_in
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.loading import PluginRejected

Seen = dict[tuple[bool, str], Path]  # whether it is a programme, and its id → the folder it is in


def check_below(places: tuple[Path, ...], settings: Settings, *, online: bool = False) -> Found:
    """Check every course below some folders. Raises UsageError where there is none, or a plugin
    cannot be loaded: its questions would be told as faults."""
    folders, programmes, host = courses_in(places), programmes_in(places), plugins_for(settings)
    _refuse_nothing(places, folders, programmes)
    supplied = [source.folder for _plugin, source in host.courses]
    roots = [
        *(str(place.parent if place.is_file() else place) for place in places),
        *(str(_beside(each) / BANKS) for each in folders),
        *(str(folder) for folder in supplied if isinstance(folder, Path)),  # others name them
    ]
    looked_at = tuple(dict.fromkeys(roots))
    taken_at, state = time.time_ns(), state_of(looked_at)
    editions = in_service(settings)
    found: list[Problem] = []
    seen: Seen = {}
    others = known_in(
        [*supplied, *folders],
        [*((each.folder, each.id) for _plugin, each in host.programmes), *programmes],
    )
    for folder in folders:
        source = CourseSource("", folder, banks_of(folder))
        past = past_of(folder, editions, settings)
        reading = in_sequence(read_checked(source, host, past), others)
        told = [*reading.problems, *_taken(reading, folder, seen)]
        found += [replace(each, file=_path(folder, each.file)) for each in told]
        if online and reading.course is not None:
            from innocap_lms.cli.reaching import unreachable

            told = unreachable(reading.sources)
            found += [replace(each, file=_path(folder, each.file)) for each in told]
    for folder, name in programmes:
        reading = in_sequence(read_programme(folder, name), others)
        told = [*reading.problems, *unknown_design(reading, host), *_taken(reading, folder, seen)]
        found += [replace(each, file=str(folder / each.file)) for each in sorted(told)]
    # Courses that share a bank share its problems.
    return Found(list(dict.fromkeys(found)), looked_at, state, taken_at)


def _taken(reading: Reading, folder: Path, seen: Seen) -> list[Problem]:
    """A problem where the id was `seen` in another folder: a copy that kept it."""
    draft = reading.draft
    if draft is None or not draft.id:
        return []
    first = seen.setdefault((isinstance(draft, Programme), draft.id), folder)
    return [] if first == folder else [id_taken(reading, first)]


def drafts_below(places: tuple[Path, ...]) -> tuple[list[Path], list[Path]]:
    """The folders of courses, and the files of programmes, in order; with a programme that is named
    by its file the courses of its steps, as far as they lie beside it. Raises UsageError where
    there is none."""
    files = [folder / f"{name}{PROGRAMME}" for folder, name in programmes_in(places)]
    named = [file for file in files if file in places]
    folders = [*courses_in(places), *(each for file in named for each in _steps_beside(file))]
    _refuse_nothing(places, folders, files)
    return sorted(dict.fromkeys(folders)), files


def sound_courses(places: tuple[Path, ...], host: PluginHost) -> Iterator[tuple[Path, Course]]:
    """Each course below some folders, with its folder. Raises ClickException at one that holds
    errors, UsageError where there is none."""
    folders, _programmes = drafts_below(places)
    for folder in folders:
        reading = read_checked(CourseSource("", folder, banks_of(folder)), host, None)
        if reading.course is None:
            said = f"{folder} holds errors: see innocap-lms course check {folder}"
            raise click.ClickException(said)
        yield folder, reading.course


def _steps_beside(file: Path) -> list[Path]:
    draft = read_programme(file.parent, file.name.removesuffix(PROGRAMME)).draft
    wanted = draft.course_ids if isinstance(draft, Programme) else ()
    return [
        folder
        for folder in courses_in((file.parent,))
        if (found := at_a_glance(folder)) and found[0] in wanted
    ]


def courses_in(places: tuple[Path, ...]) -> list[Path]:
    """The folders of courses, in order."""
    folders = {
        file.parent.resolve(): file.parent
        for place in reversed(places)  # a folder that is named twice keeps its first spelling
        for file in place.rglob("course.md")
        if not file.parent.name.startswith("_")
    }
    return sorted(folders.values())


def programmes_in(places: tuple[Path, ...]) -> list[tuple[Path, str]]:
    """The programmes below some folders, or in some files: the folder of the track, and the id."""
    files = {
        file.resolve(): file
        for place in reversed(places)
        for file in ([place] if place.is_file() else place.rglob(f"*{PROGRAMME}"))
        if file.name.endswith(PROGRAMME)
    }
    return [(file.parent, file.name.removesuffix(PROGRAMME)) for file in sorted(files.values())]


def _refuse_nothing(places: tuple[Path, ...], *found: Sequence[object]) -> None:
    if not any(found):
        below = ", ".join(map(str, places))
        raise click.UsageError(
            f"there is no course.md below {below}: name the folder of a course, or the file of a "
            f"programme, <id>{PROGRAMME}"
        )


def past_of(folder: Path, editions: dict[str, str], settings: Settings) -> Past | None:
    """The editions of the course in a folder, of which one of `editions` is in service, if that can
    be told."""
    if not editions:
        return None
    try:
        course_id = course_id_in((folder / "course.md").read_text(encoding="utf-8"))
        found = snapshot(settings, editions[course_id]) if course_id in editions else None
        serving = from_snapshot(found) if found else None
    except (OSError, ValueError):
        return None
    return Past(serving, lambda: _every(course_id, settings)) if serving else None


def _every(course_id: str, settings: Settings) -> Iterator[Course]:
    for each in every_snapshot(settings, course_id):
        with suppress(ValueError):  # written in a form that is read no more
            yield from_snapshot(each)


def _path(folder: Path, file: str) -> str:
    """Where a file of a reading lies: banks that the course has none of its own of, beside it."""
    own, is_bank = folder / file, file.startswith(f"{BANKS}/")
    # The text of an own bank that is missing in one language is named where the others lie.
    if own.exists() or not is_bank or any(own.parent.glob(f"{stem_of(own.name)}.*.md")):
        return str(own)
    return str(_beside(folder) / file)


def _beside(folder: Path) -> Path:
    return folder / ".." if folder.name in ("", "..") else folder.parent


def banks_of(folder: Path) -> Path | None:
    """The folder of the banks that the course in a folder may draw from, if it is there."""
    banks = _beside(folder) / BANKS
    return banks if banks.is_dir() else None


def roots_of(folder: Path) -> tuple[str, ...]:
    """The folders on which the course in a folder depends: its own, and that of its banks, which
    may come yet."""
    return (str(folder), str(_beside(folder) / BANKS))


def plugins_for(settings: Settings) -> PluginHost:
    """The plugins, by whose rules courses are read. Raises UsageError where one is unfit."""
    host = PluginHost(strict=True)
    try:
        host.load({"question_kinds": built_in}, settings.plugin_dirs)
    except PluginRejected as error:
        raise click.UsageError(str(error)) from error
    return host
