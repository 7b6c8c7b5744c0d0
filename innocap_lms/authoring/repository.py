"""The git repository in which content that is written in the browser lies.

It is bare: nobody's working copy stands in the way, and whoever knows git can clone it, and push.
Each course has the folder `<track>/<course id>` on the branch `main`. A commit is taken only where
its branch has not moved since it was read.
"""

import fcntl
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dulwich.errors import FileFormatException, NotGitRepository
from dulwich.object_store import commit_tree_changes, iter_tree_contents, tree_lookup_path
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from innocap_lms.authoring.versions import DamagedError, MovedError, Version

MAIN: Final = "main"
MARK: Final = "Save: "
OLD_SECONDS: Final = 60.0  # a lock that nobody can be holding any more
FILE_MODE: Final = 0o100644


class Repository:
    """The repository in a folder, which is made with the first commit."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def head(self, branch: str = MAIN) -> str:
        """The id of the newest commit of a branch; "" where there is none."""
        if not (self._place / "HEAD").is_file():
            return ""
        with self._opened() as repo:
            found = repo.refs.as_dict().get(_ref(branch))
        return found.decode("ascii") if found else ""

    def files(self, commit: str, folder: str) -> dict[str, str]:
        """The ids of the files of a folder in a commit, by their paths in it."""
        if not commit:
            return {}
        with self._opened() as repo:
            try:
                root = _commit(repo, commit).tree
                _mode, tree = tree_lookup_path(repo.get_object, root, folder.encode())
            except KeyError:
                return {}
            entries = iter_tree_contents(repo.object_store, tree)
            return {
                entry.path.decode(errors="replace"): entry.sha.decode("ascii")
                for entry in entries
                if stat.S_ISREG(entry.mode)  # whoever pushes may have links, or whole repositories
            }

    def read(self, ids: Sequence[str]) -> list[bytes]:
        """What stands in files, by their ids. Raises KeyError."""
        if not ids:
            return []
        with self._opened() as repo:
            found = [repo.get_object(_id(each)) for each in ids]
        return [each.as_raw_string() for each in found]

    def commit(
        self,
        changes: Mapping[str, bytes | None],
        *,
        parent: str,
        note: str,
        author: str,
        at: datetime,
        mark: str = "",
        branch: str = MAIN,
    ) -> str:
        """Commit files by their whole paths, None for those that go; returns the commit's id. By
        its `mark` it is found again.

        `parent` is the head of the branch as it was read, "" for none. Raises MovedError, and
        OSError where the disk is full: then nothing has changed.
        """
        with self._opened() as repo:
            new = Commit()
            new.tree = _tree_with(repo, parent, changes)
            new.parents = [_id(parent)] if parent else []
            new.author = new.committer = f"{author} <{author}@authors.invalid>".encode()
            new.author_time = new.commit_time = int(at.timestamp())
            new.author_timezone = new.commit_timezone = 0
            said = f"{note}\n\n{MARK}{mark}\n" if mark else note
            new.encoding, new.message = b"UTF-8", said.encode()
            repo.object_store.add_object(new)
            moved = (
                repo.refs.set_if_equals(_ref(branch), _id(parent), new.id)
                if parent
                else repo.refs.add_if_new(_ref(branch), new.id)
            )
        if not moved:
            raise MovedError(parent)
        return new.id.decode("ascii")

    def marked(self, mark: str, among: int = 200) -> str:
        """The newest commit of that mark, "" where there is none among the newest."""
        head = self.head()
        if not head:
            return ""
        wanted = f"\n{MARK}{mark}\n".encode()
        with self._opened() as repo:
            for entry in repo.get_walker(include=[_id(head)], max_entries=among):
                if entry.commit.message.endswith(wanted):
                    return entry.commit.id.decode("ascii")
        return ""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Within this no other process of the site commits; locks that one left behind are gone."""
        self._place.mkdir(parents=True, exist_ok=True)
        with (self._place / "innocap.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in (self._place / "refs").rglob("*.lock"):
                if time.time() - left.stat().st_mtime > OLD_SECONDS:
                    left.unlink(missing_ok=True)
            yield

    def versions(self, folder: str, path: str = "", most: int = 50) -> list[Version]:
        """The newest commits that changed a folder, or the file at `path` in it, newest first."""
        head = self.head()
        if not head:
            return []
        where = f"{folder}/{path}" if path else folder
        with self._opened() as repo:
            walker = repo.get_walker(include=[_id(head)], paths=[where.encode()], max_entries=most)
            return [_version(entry.commit, entry.changes(), folder) for entry in walker]

    @contextmanager
    def _opened(self) -> Iterator[Repo]:
        """The repository, made where there is none. What is damaged raises DamagedError."""
        new = not (self._place / "HEAD").is_file()
        self._place.mkdir(parents=True, exist_ok=True)
        try:
            with (
                Repo.init_bare(str(self._place), default_branch=b"main")
                if new
                else Repo(str(self._place)) as repo
            ):
                if new:
                    config = repo.get_config()
                    config.set((b"core",), b"fsyncObjectFiles", True)
                    config.write_to_path()
                yield repo
        except (
            KeyError,
            AssertionError,
            ValueError,
            NotGitRepository,
            FileFormatException,
        ) as error:
            raise DamagedError(f"the repository {self._place} is damaged: {error!r}") from error


def _id(name: str) -> ObjectID:
    return ObjectID(name.encode("ascii"))


def _ref(branch: str) -> Ref:
    return Ref(f"refs/heads/{branch}".encode())


def _tree_with(repo: Repo, parent: str, changes: Mapping[str, bytes | None]) -> ObjectID:
    """The id of the tree of a commit after the changes, added to the repository."""
    root = _commit(repo, parent).tree if parent else Tree().id
    if not parent:
        repo.object_store.add_object(Tree())
    entries: list[tuple[bytes, int | None, ObjectID | None]] = []
    for path, data in changes.items():
        if data is None:
            entries.append((path.encode(), None, None))
            continue
        blob = Blob.from_string(data)
        repo.object_store.add_object(blob)
        entries.append((path.encode(), FILE_MODE, blob.id))
    return commit_tree_changes(repo.object_store, root, entries)


def _commit(repo: Repo, commit: str) -> Commit:
    found = repo.get_object(_id(commit))
    if not isinstance(found, Commit):
        raise KeyError(commit)
    return found


def _version(commit: Commit, changes: Sequence[object], folder: str) -> Version:
    start = f"{folder}/"
    paths = {
        side.path.decode(errors="replace").removeprefix(start)
        for change in changes
        for side in (getattr(change, "old", None), getattr(change, "new", None))
        if side is not None and side.path
    }
    return Version(
        id=commit.id.decode("ascii"),
        author=commit.author.decode(errors="replace").partition(" <")[0],
        at=datetime.fromtimestamp(commit.commit_time, UTC),
        note=commit.message.decode(errors="replace").partition(f"\n\n{MARK}")[0],
        paths=tuple(sorted(paths)),
    )
