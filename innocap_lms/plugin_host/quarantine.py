"""Which plugins are not called any more, and why."""

import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)


class Quarantine:
    """Plugins that failed too often, kept as a folder with a file of the reason for each.

    All processes of a site share the folder and see a change at their next call; it outlives them.
    Without a folder it is kept in this object alone.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._reasons: dict[str, str] = {}
        self._seen = -1

    def reasons(self) -> dict[str, str]:
        """Why each plugin in it is there, by name."""
        if self._folder is not None:
            try:
                changed = os.stat(self._folder).st_mtime_ns
            except OSError:  # nothing is in it yet
                changed = -1
            if changed != self._seen:
                self._reasons, self._seen = self._read(), changed
        return self._reasons

    def add(self, plugin: str, reason: str) -> bool:
        """Put a plugin in, unless it is there; True when this call did."""
        if plugin in self.reasons():
            return False
        if self._folder is not None:
            try:
                self._write(self._folder, plugin, reason)
            except OSError:  # a full disk must not let the plugin go on
                log.exception("the quarantine of plugin %s holds in this process only", plugin)
        self._reasons = {**self._reasons, plugin: reason}
        return True

    def release(self, plugin: str) -> bool:
        """Let a plugin out; False when it was not in."""
        if plugin not in self.reasons():
            return False
        if self._folder is not None:
            (self._folder / plugin).unlink(missing_ok=True)
        self._reasons = {name: why for name, why in self._reasons.items() if name != plugin}
        return True

    @staticmethod
    def _write(folder: Path, plugin: str, reason: str) -> None:
        """The whole reason at once: another process may be reading."""
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder.with_name(f"{folder.name}.{plugin}.{os.getpid()}")
        unfinished.write_text(reason, encoding="utf-8", errors="backslashreplace")
        unfinished.replace(folder / plugin)

    def _read(self) -> dict[str, str]:
        """What the folder says now; an entry that cannot be read still keeps its plugin out."""
        try:
            files = list(self._folder.iterdir()) if self._folder else []
        except OSError:
            return {}
        return {file.name: _reason_in(file) for file in files}


def _reason_in(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
