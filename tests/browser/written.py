"""A course that is written in the browser, for the scenes: versions, drafts, a clash."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from innocap_lms.authoring import rights, saving, services
from innocap_lms.authoring.models import Save
from innocap_lms.authoring.queries import authored, repository, working
from innocap_lms.authoring.scaffold import course_texts
from innocap_lms.authoring.services import Content
from innocap_lms.catalogue.sources import whole_of
from innocap_lms.content.naming import bank_of, stem_of
from innocap_lms.extensions import db, writing
from innocap_lms.plugin_host.loading import LOCAL
from innocap_lms.studio.bench import held
from tests.browser.town import Someone, Town

NEW = """
## Prova själv

Fråga en kollega vilken tjänst hon använde senast. Var den **digital**, eller bara ett papper på
skärm? Skriv ned svaret.

![](images/fraga.png)
"""


def prepare(town: Town, course_id: str, trainer: Someone, colleague: Someone) -> dict[str, str]:
    """Adopt the course, make two versions and leave drafts open; names of what is there."""
    with town.site.app.test_request_context():
        supplied = _supplied(town, course_id)
        files, track = supplied.files, supplied.track
        bank = next(path for path in files if bank_of(path))
        # As in an earlier release of the plugin: what it has changed since is to be offered.
        files[bank] = Content(text=(files[bank].text or "").replace("title: ", "title: About ", 1))
        _adopt(supplied, course_id, trainer)
        lesson = _first_lesson(files)
        translation = lesson.replace(".sv.", ".en.")
        text = files[lesson].text or ""
        _keep(course_id, lesson, trainer, text.rstrip() + "\n\nMer om det i nästa lektion.\n")
        _save(course_id, trainer, "Lagt till en övergång till nästa lektion")
        with writing():
            rights.give(colleague.id, track, course_id, ["author"], trainer.id)
        for who, words in ((trainer, NEW), (colleague, "\nFråga din chef.\n")):
            _keep(course_id, lesson, who, text.rstrip() + "\n" + words)
        _save(course_id, colleague, "Kortare övning")
        newest = repository().versions(f"{track}/{course_id}")[1]
    picture = next(path for path in sorted(files) if path.startswith("images/"))
    return {
        "written": lesson,
        "translation": translation,
        "picture": picture,
        "bank": stem_of(bank),
        "version": newest.id,
        "co_author": colleague.account,
    }


def hold_back(town: Town, course_id: str, trainer: Someone) -> None:
    """Adopt a course that has an older edition, and save a version with errors in it."""
    with town.ruled(course_id, minutes=30):
        pass
    with town.site.app.test_request_context():
        supplied = _supplied(town, course_id)
        _adopt(supplied, course_id, trainer)
        lesson = _first_lesson(supplied.files)
        _keep(course_id, lesson, trainer, (supplied.files[lesson].text or "").rstrip() + "\n" + NEW)
        _save(course_id, trainer, "En övning till, bilden kommer")


class _Supplied(NamedTuple):
    """A course as its plugin supplies it."""

    plugin: str
    track: str
    files: dict[str, Content]


def _supplied(town: Town, course_id: str) -> _Supplied:
    host = town.site.app.extensions["innocap_host"]
    [(plugin, source)] = [each for each in host.courses if each[1].folder.name == course_id]
    files = {path: held(path, data) for path, data in whole_of(source).items()}
    return _Supplied(plugin, source.track, files)


def _adopt(supplied: _Supplied, course_id: str, who: Someone) -> None:
    note = f"Adopted from the plugin {supplied.plugin}"
    with writing():
        services.begin(course_id, supplied.track, supplied.plugin, supplied.files, note, who.id)
    _carry_out()


def _first_lesson(files: Iterable[str]) -> str:
    return next(path for path in sorted(files) if re.fullmatch(r"01-[a-z-]+\.sv\.md", path))


def new_course(town: Town, course_id: str, track: str, trainer: Someone) -> None:
    """Begin a course here, with an example of everything."""
    with town.site.app.test_request_context():
        texts = course_texts(course_id, ["en", "sv"], "Signe’s course", track)
        files = {path: held(path, text.encode()) for path, text in texts}
        with writing():
            services.begin(course_id, track, LOCAL, files, "Begun", trainer.id)
        _carry_out()


def write(town: Town, course_id: str, path: str, who: Someone, text: str) -> None:
    with town.site.app.test_request_context():
        _keep(course_id, path, who, text)


def save(town: Town, course_id: str, who: Someone, note: str) -> None:
    """Make a version of what somebody has open, as from another window."""
    with town.site.app.test_request_context():
        _save(course_id, who, note)


def kept(town: Town, course_id: str, path: str, who: Someone) -> str:
    """The text of a file as somebody has it open."""
    with town.site.app.test_request_context():
        found = authored(course_id)
        assert found is not None
        return working(found, who.id).files[path].decode()


def _keep(course_id: str, path: str, who: Someone, text: str) -> None:
    found = authored(course_id)
    assert found is not None
    now = working(found, who.id)
    base = now.kept[path]
    with writing():
        services.keep(course_id, path, who.id, Content(text=text), base, "")


def _save(course_id: str, who: Someone, note: str) -> None:
    with writing():
        services.ask_to_save(course_id, who.id, note)
    _carry_out()


def _carry_out() -> None:
    save = db.session.scalar(select(Save.id).where(Save.done_at.is_(None)))
    saving.carry_out({"save": save})
    db.session.remove()
