"""The plugins of one app: loaded whole or not at all, each call isolated from the others."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pluggy

from innocap_lms.content.kinds import QuestionKind
from innocap_lms.plugin_host import contract
from innocap_lms.plugin_host.contract import CourseSource, Plugin, Track
from innocap_lms.plugin_host.discovery import Candidate, candidates

log = logging.getLogger(__name__)

SLOW_SECONDS = 2.0
STRIKES = 5
State = Literal["loaded", "rejected", "missing", "quarantined"]


class PluginRejected(ValueError):
    """A plugin cannot be loaded; the message says why, for `plugin list` and the admin page."""


@dataclass(frozen=True)
class PluginStatus:
    """What became of a candidate, and why."""

    name: str
    version: str
    origin: str
    state: State
    reason: str = ""


@dataclass(frozen=True)
class Contribution:
    """What one plugin registers, checked before any of it counts."""

    tracks: Sequence[Track] = ()
    courses: Sequence[CourseSource] = ()
    kinds: Sequence[QuestionKind] = ()


@dataclass
class PluginHost:
    """Holds the plugins of one app; two apps in one process may hold different ones.

    `strict` raises what a plugin raises (development, tests, validator); otherwise it is logged
    and left out. `may_call` is asked before each call and raises when no plugin may run now.
    """

    strict: bool = False
    may_call: Callable[[], None] = lambda: None
    tracks: dict[str, Track] = field(default_factory=dict)
    kinds: dict[str, QuestionKind] = field(default_factory=dict)
    courses: list[tuple[str, CourseSource]] = field(default_factory=list)
    statuses: list[PluginStatus] = field(default_factory=list)
    _strikes: Counter[str] = field(default_factory=Counter)
    _track_owner: dict[str, str] = field(default_factory=dict)
    _kind_owner: dict[str, str] = field(default_factory=dict)
    _manager: pluggy.PluginManager = field(default_factory=lambda: _new_manager())

    def load(self, built_in: Mapping[str, object], folders: Sequence[Path]) -> None:
        """Load the core's own plugins, then whatever is found. In strict mode raises the fault."""
        for name, module in built_in.items():
            self._admit(Candidate(name, "built in", lambda module=module: module))  # type: ignore[misc]
        for candidate in candidates(folders):
            self._admit(candidate)

    def call(self, hook: str, **arguments: Any) -> list[tuple[str, Any]]:
        """(plugin name, result) of each implementation; a raising one is left out, and counted."""
        self.may_call()
        results = []
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            name = implementation.plugin_name
            if self._strikes[name] >= STRIKES:
                continue
            started = time.perf_counter()
            try:
                wanted = {key: arguments[key] for key in implementation.argnames}
                results.append((name, implementation.function(**wanted)))
            except Exception as error:
                if self.strict:
                    raise
                log.exception("plugin %s failed in %s", name, hook)
                self.strike(name, f"{hook} raised {error!r}")
            else:
                seconds = time.perf_counter() - started
                if seconds > SLOW_SECONDS:
                    self.strike(name, f"{hook} took {seconds:.1f} s")
        return results

    def strike(self, name: str, reason: str) -> None:
        """Count a fault; after the last one the plugin's hooks are no longer called."""
        self._strikes[name] += 1
        if self._strikes[name] == STRIKES:
            log.error("plugin %s is quarantined: %s", name, reason)
            self.statuses = [
                PluginStatus(status.name, status.version, status.origin, "quarantined", reason)
                if status.name == name
                else status
                for status in self.statuses
            ]

    def _admit(self, candidate: Candidate) -> None:
        version = ""
        try:
            module = candidate.load()
            manifest = _manifest(module)
            version = manifest.version
            contribution = self._try(manifest, module)
        except Exception as error:
            if self.strict and not isinstance(error, ModuleNotFoundError):
                raise
            gone = isinstance(error, ModuleNotFoundError)
            state: State = "missing" if gone else "rejected"
            reason = str(error) if isinstance(error, PluginRejected) else f"{error!r}"
            log.error("plugin %s (%s) is %s: %s", candidate.name, candidate.origin, state, reason)
            self.statuses.append(
                PluginStatus(candidate.name, version, candidate.origin, state, reason)
            )
            return
        self._accept(manifest, module, contribution)
        self.statuses.append(
            PluginStatus(manifest.name, manifest.version, candidate.origin, "loaded")
        )

    def _try(self, manifest: Plugin, module: object) -> Contribution:
        """What the plugin registers, tried on a scratch manager. Raises PluginRejected."""
        if self._manager.has_plugin(manifest.name):
            raise PluginRejected(f"a plugin named {manifest.name} is loaded already")
        if manifest.needs_api.split(".")[0] != contract.PLUGIN_API.split(".")[0]:
            raise PluginRejected(
                f"it needs plugin API {manifest.needs_api}, this is {contract.PLUGIN_API}"
            )
        scratch = _new_manager()
        scratch.register(module, manifest.name)
        try:
            scratch.check_pending()
        except pluggy.PluginValidationError as error:
            raise PluginRejected(str(error)) from error
        contribution = Contribution(
            tracks=_gather(scratch, "register_tracks", Track),
            courses=_gather(scratch, "register_courses", CourseSource),
            kinds=_gather(scratch, "register_question_kinds", QuestionKind),
        )
        for track in contribution.tracks:
            _refuse_clash("track", track.slug, self._track_owner)
        for kind in contribution.kinds:
            _refuse_clash("question kind", kind.name, self._kind_owner)
        return contribution

    def _accept(self, manifest: Plugin, module: object, contribution: Contribution) -> None:
        self._manager.register(module, manifest.name)
        for track in contribution.tracks:
            self.tracks[track.slug] = track
            self._track_owner[track.slug] = manifest.name
        for kind in contribution.kinds:
            self.kinds[kind.name] = kind
            self._kind_owner[kind.name] = manifest.name
        self.courses.extend((manifest.name, source) for source in contribution.courses)


def _new_manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(contract.NAMESPACE)
    manager.add_hookspecs(contract)
    return manager


def _manifest(module: object) -> Plugin:
    manifest = getattr(module, "plugin", None)
    if not isinstance(manifest, Plugin):
        raise PluginRejected("it has no `plugin = Plugin(name=…, version=…)`")
    return manifest


def _gather(manager: pluggy.PluginManager, hook: str, kind: type) -> list[Any]:
    found: list[Any] = []
    for result in getattr(manager.hook, hook)():
        for item in result:
            if not isinstance(item, kind):
                raise PluginRejected(f"{hook} gave {item!r}, not a {kind.__name__}")
            found.append(item)
    return found


def _refuse_clash(what: str, name: str, owners: Mapping[str, str]) -> None:
    if name in owners:
        raise PluginRejected(f"the {what} {name} belongs to plugin {owners[name]} already")
