"""Which plugins are not called any more, and why."""

import logging
import os
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)


class Quarantine:
    """Plugins that failed too often, kept as a folder with a file of the reason for each.

    All processes of a site share the folder and see a change at their next call; it outlives them.
    Without a folder, or where it cannot be written, this object alone remembers.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._seen = -1  # when the folder had changed last; -1: it is not there
        self._here: dict[str, str] = {}  # what no file says
        self._reasons: dict[str, str] = {}

    def reasons(self) -> dict[str, str]:
        """Why each plugin in it is there, by name."""
        if self._folder is not None:
            self._look(self._folder)
        return self._reasons

    def add(self, plugin: str, reason: str) -> bool:
        """Put a plugin in, unless it is there; True when this call did."""
        if plugin in self.reasons():
            return False
        try:
            if self._folder is None:
                self._here[plugin] = reason
            else:
                _write(self._folder, plugin, reason)
        except OSError:  # a full disk must not let the plugin go on
            log.exception("the quarantine of plugin %s holds in this process only", plugin)
            self._here[plugin] = reason
        self._reasons = {**self._reasons, plugin: reason}
        return True

    def release(self, plugin: str) -> bool:
        """Let a plugin out; False when it was not in. Raises OSError where its file cannot go."""
        if plugin not in self.reasons():
            return False
        if self._folder is not None:
            (self._folder / plugin).unlink(missing_ok=True)
        self._here.pop(plugin, None)
        self._reasons = {name: why for name, why in self._reasons.items() if name != plugin}
        return True

    def _look(self, folder: Path) -> None:
        """Read the folder if it has changed; what cannot be read now is asked for again."""
        try:
            changed = os.stat(folder).st_mtime_ns
            if changed == self._seen:
                return
            kept = {file.name: _reason_in(file) for file in folder.iterdir()}
        except FileNotFoundError:
            if self._seen == -1:
                return
            changed, kept = -1, {}
        except OSError:
            return
        self._seen, self._reasons = changed, {**kept, **self._here}


def _write(folder: Path, plugin: str, reason: str) -> None:
    """The whole reason at once: another process may be reading."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(prefix="quarantine-", dir=folder.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as out:
            out.write(reason)
        Path(unfinished).replace(folder / plugin)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _reason_in(file: Path) -> str:
    """What stands in an entry; one that cannot be read still keeps its plugin out."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
