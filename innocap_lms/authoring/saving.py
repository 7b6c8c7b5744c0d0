"""From saves with a note to versions in the repository: a job, the saves of a course in order."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select, update

from innocap_lms import clock
from innocap_lms.authoring.merging import ConflictError, merge
from innocap_lms.authoring.models import Author, Draft, Save, SavedFile, Taken
from innocap_lms.authoring.paths import is_beside
from innocap_lms.authoring.queries import (
    Authored,
    content_of,
    ever_authored,
    is_gone,
    repository,
    taken_over,
)
from innocap_lms.authoring.services import mine, trace
from innocap_lms.authoring.versions import DamagedError, MovedError
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id

if TYPE_CHECKING:
    from innocap_lms.authoring.repository import Repository

TRIES: Final = 5


def carry_out(payload: dict[str, Any]) -> None:
    """Put the open saves of a course into the repository, the oldest first; a job.

    Where others have changed the same place of a file, nothing of that save is taken: it names the
    files, and the drafts stay. Only one process is in here at a time.
    """
    course_id = db.session.get_one(Save, payload["save"]).course_id
    course = ever_authored(course_id)
    if course is None:
        return
    with repository().alone():
        for save in db.session.scalars(
            select(Save)
            .where(Save.course_id == course_id, Save.done_at.is_(None))
            .order_by(Save.asked_at, Save.id)
        ).all():
            _carry(course, save)


def _carry(course: Authored, save: Save) -> None:
    files = list(db.session.scalars(select(SavedFile).where(SavedFile.save_id == save.id)))
    author = db.session.get_one(Author, save.person_id).pseudonym
    found = repository()
    commit = partial(found.commit, note=save.note, author=author, at=save.asked_at, mark=save.id)
    takes_all = save.takes and course.is_adopted
    for _again in range(TRIES):  # somebody may push meanwhile
        head = found.head()
        version = found.marked(save.id)  # it may have been made, and not written down
        if not version:
            kept, clash = found.files(head, course.folder), list[str]()
            if takes_all:
                changes = _differing(found, kept, _whole(kept, files))
            else:
                changes, clash = _merged(found, kept, files)
            if clash:
                _clashed(save.id, clash)
                return
            try:
                version = commit(_within(course, changes), parent=head) if changes else head
            except MovedError:
                continue
        # The plugin's files as they were taken over: a later release is compared with them.
        taken = found.head(course.branch) if course.is_adopted else ""
        kept = found.files(taken, course.folder)
        if changes := _differing(
            found, kept, _whole(kept, files) if takes_all else _taken(save, files)
        ):
            commit(_within(course, changes), parent=taken, branch=course.branch)
        _saved(save, course, version, files)
        return
    raise MovedError("the repository does not come to rest")


def _within(course: Authored, changes: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    return {f"{course.folder}/{path}": data for path, data in changes.items()}


def _whole(kept: Mapping[str, str], files: Iterable[SavedFile]) -> dict[str, bytes | None]:
    """The files as all that stays; with none of them, the course goes."""
    return {**dict.fromkeys(kept), **{file.path: content_of(file) for file in files}}


def _taken(save: Save, files: Iterable[SavedFile]) -> dict[str, bytes | None]:
    """What the files of a save have of the plugin's in them."""
    paths = {file.path for file in files}
    taken = taken_over(save.course_id, save.person_id)
    return {path: data for path, data in taken.items() if path in paths}


def _differing(
    found: "Repository", kept: Mapping[str, str], new: Mapping[str, bytes | None]
) -> dict[str, bytes | None]:
    """What of the new is otherwise than it is kept; None is what there is not."""
    return {
        path: data
        for path, data in new.items()
        if data != (found.read([kept[path]])[0] if path in kept else None)
    }


def _merged(
    found: "Repository", kept: Mapping[str, str], files: Iterable[SavedFile]
) -> tuple[dict[str, bytes | None], list[str]]:
    """What changes by a save, by path, and the files that somebody else has changed in the same
    place, or has added under a name that no disk could hold beside this one."""
    changes: dict[str, bytes | None] = {}
    clash = []
    stays = kept.keys() - {file.path for file in files if is_gone(file)}
    for file in files:
        has = kept.get(file.path, "")
        new = None if is_gone(file) else content_of(file)
        now = found.read([has])[0] if has else None
        if new == now:
            continue
        if new is not None and not has and is_beside(file.path, stays):
            clash.append(file.path)
            continue
        if has == file.base:
            changes[file.path] = new
            continue
        both = _both(found, file, now)
        if both is None:
            clash.append(file.path)
        elif both != now:
            changes[file.path] = both
    return changes, clash


def _both(found: "Repository", file: SavedFile, now: bytes | None) -> bytes | None:
    """A text with what it has become since, and what was written; None where that cannot be."""
    if now is None or file.text is None or not file.base:
        return None
    try:
        base = found.read([file.base])[0].decode()
        return merge(base, now.decode(), file.text).encode()
    except (ConflictError, UnicodeDecodeError, DamagedError):  # a base that is here no more
        return None


def _clashed(save_id: str, paths: list[str]) -> None:
    with writing():
        save = db.session.get_one(Save, save_id)
        save.done_at, save.clash = clock.utcnow(), "\n".join(paths)


def _saved(save: Save, course: Authored, version: str, files: list[SavedFile]) -> None:
    kept = repository().files(version, course.folder)
    with writing():
        db.session.execute(
            update(Save).where(Save.id == save.id).values(done_at=clock.utcnow(), version=version)
        )
        for file in files:
            _settle(course.course_id, save.person_id, file, kept.get(file.path, ""))
            done = mine(course.course_id, file.path, save.person_id, Taken)
            db.session.execute(delete(Taken).where(*done))
        trace("course.saved", save.person_id, course.course_id, version=version)


def _settle(course_id: str, person_id: str, file: SavedFile, now: str) -> None:
    """A draft that was saved goes. One that was written on since, and what the person has saved
    since, go on from the new version."""
    waiting = (
        select(SavedFile)
        .join(Save, Save.id == SavedFile.save_id)
        .where(
            Save.course_id == course_id,
            Save.person_id == person_id,
            Save.done_at.is_(None),
            SavedFile.path == file.path,
            SavedFile.base == file.base,
        )
    )
    saved_since = db.session.scalars(waiting).all()
    for later in saved_since:
        _go_on(later, file, now)
    draft = db.session.scalar(select(Draft).where(*mine(course_id, file.path, person_id)))
    if draft is None:
        return
    before, after = draft.stamp, new_id()
    if before == file.stamp:
        db.session.delete(draft)
    elif draft.base == file.base and _go_on(draft, file, now):
        draft.stamp = after  # a window that lacks what came in is to learn of it
        for later in saved_since:
            later.stamp = after if later.stamp == before else later.stamp


def _go_on(later: Draft | SavedFile, file: SavedFile, now: str) -> bool:
    """Whether what was written after a save now begins from the version that it has become."""
    if later.text is not None and file.text is not None and now:
        saved = repository().read([now])[0].decode()
        try:
            later.text = merge(file.text, saved, later.text)
        except ConflictError:
            return False
    later.base = now
    return True


def forget_saves() -> int:
    """Forget what saves held once they are done; a repeating job. Clashes stay until the next."""
    done = select(Save.id).where(Save.done_at.is_not(None), Save.clash == "")
    with writing():
        db.session.execute(delete(SavedFile).where(SavedFile.save_id.in_(done)))
        count = db.session.scalar(select(func.count()).select_from(done.subquery())) or 0
        db.session.execute(delete(Save).where(Save.done_at.is_not(None), Save.clash == ""))
    return count
