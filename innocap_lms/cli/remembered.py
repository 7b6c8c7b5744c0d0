"""What the last check of some folders found, while nothing has changed since.

Nothing means: no file below the folders, no code that took part (the core's, plugins'), no
distribution that is installed, no setting, no edition in service, and not the day. What is kept
lies in the cache of the user (`XDG_CACHE_HOME`), one file for each set of folders.
"""

import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from innocap_lms import __version__, clock
from innocap_lms.catalogue.published import state_of_editions
from innocap_lms.config import Settings
from innocap_lms.content.problems import Problem

# A file that is saved twice within a tick of the file system's clock looks unchanged.
SETTLED_SECONDS: Final = 0.1
MOST_SHOWN: Final = 1_000_000  # bytes of a file


@dataclass(frozen=True)
class Found:
    """The problems of a check, their files as a reader can open them; the folders looked at, and
    their `state_of` at a moment (in nanoseconds) before anything was read: what is saved meanwhile
    has changed."""

    problems: list[Problem]
    roots: tuple[str, ...]
    state: dict[str, list[int]]
    taken_at: int = 0


def recall(places: tuple[Path, ...], settings: Settings) -> Found | None:
    """What was found then; None when it may be otherwise now."""
    try:
        kept = json.loads(_file(places).read_text(encoding="utf-8"))
        roots = tuple(kept["roots"])
        known = kept["state"] == state_of(roots) and kept["code"] == _state(kept["code"])
        if not known or kept["around"] != _around(settings):
            return None
        problems = [Problem(**problem) for problem in kept["problems"]]
        return Found(problems, roots, kept["state"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # written by another version, cut short, or never


def remember(places: tuple[Path, ...], settings: Settings, found: Found) -> None:
    """Keep what was found; where that cannot be written, the next check looks again."""
    file = _file(places)
    newest = max((state[0] for state in found.state.values()), default=0)
    if found.taken_at - newest < SETTLED_SECONDS * 1e9:
        return
    kept = {
        "roots": found.roots,
        "state": found.state,
        "code": _state(_code()),
        "around": _around(settings),
        "problems": [problem.as_dict() for problem in found.problems],
    }
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(kept), encoding="utf-8")
        unfinished.replace(file)


def state_of(roots: Iterable[str]) -> dict[str, list[int]]:
    """Times of modification and change, and size, of each file below some folders, by its path."""
    return _state(file for root in roots for file in _below(root))


def state_of_files(folder: Path, pattern: str) -> dict[str, list[int]]:
    """The same of the files in a folder whose names fit a pattern."""
    return _state(map(str, sorted(folder.glob(pattern))))


def texts_of(found: Found) -> Mapping[str, str]:
    """The texts in which something is wrong, to show the lines. Links are not followed, and of what
    is no file nothing is read."""
    texts = {}
    for name in {problem.file for problem in found.problems}:
        with suppress(OSError):
            if not stat.S_ISREG(os.lstat(name).st_mode):
                continue
            with Path(name).open("rb") as file:
                text = file.read(MOST_SHOWN).decode("utf-8-sig", "replace")
            texts[name] = text.replace("\r\n", "\n").replace("\r", "\n")
    return texts


def _below(folder: str) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        yield entry.path
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)


def _state(files: Iterable[str]) -> dict[str, list[int]]:
    found = {}
    for file in files:
        with suppress(OSError):
            about = os.lstat(file)
            # The time of change tells of rights too, and nobody can set it back.
            found[file] = [about.st_mtime_ns, about.st_size, about.st_ctime_ns]
    return found


def _code() -> list[str]:
    """The files of ours and of plugins that are loaded. What is installed is told by its name."""
    installed = [path for path in sys.path if path.endswith("-packages")]
    system = (*installed, os.path.dirname(os.__file__))
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    return sorted({file for file in files if file and not file.startswith(system)})


def _around(settings: Settings) -> list[Any]:
    installed = [os.listdir(path) for path in sys.path if path.endswith("-packages")]
    names = sorted(name for folder in installed for name in folder if name.endswith("-info"))
    plugins = {str(place): state_of([str(place)]) for place in settings.plugin_dirs}
    return [
        __version__,
        clock.utcnow().date().isoformat(),
        names,
        plugins,
        state_of_editions(settings),
    ]


def _file(places: tuple[Path, ...]) -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    what = "\0".join([os.getcwd(), *(str(place) for place in places)])
    name = hashlib.sha256(what.encode()).hexdigest()[:32]
    return Path(home) / "innocap-lms" / "checked" / f"{name}.json"
