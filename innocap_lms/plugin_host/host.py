"""The plugins of one app: loaded whole or not at all, each call isolated from the others."""

import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from innocap_lms.content.kinds import QuestionKind
from innocap_lms.plugin_host.calling import called
from innocap_lms.plugin_host.checking import SPECS, Spec, items_of, page_part
from innocap_lms.plugin_host.clashes import refuse_clashes
from innocap_lms.plugin_host.contract import (
    CertificateDesign,
    CourseSource,
    Plugin,
    ProgrammeSource,
    SelfAssessment,
    Track,
)
from innocap_lms.plugin_host.crossing import copied
from innocap_lms.plugin_host.deprecation import names_used_by
from innocap_lms.plugin_host.discovery import Candidate, PluginGone, candidates, given
from innocap_lms.plugin_host.errors import in_one_line, with_its_frames
from innocap_lms.plugin_host.kinds import named, watched
from innocap_lms.plugin_host.loading import (
    Contribution,
    PluginRejected,
    contribution_of,
    manifest_of,
    refuse_other_api,
)
from innocap_lms.plugin_host.quarantine import Quarantine
from innocap_lms.plugin_host.reports import WatchedReport
from innocap_lms.plugin_host.rows import Change, NoTables, Tables, Wanted, read_rows, write_rows
from innocap_lms.plugin_host.settings import Value, in_force
from innocap_lms.plugin_host.starting import beside, here
from innocap_lms.plugin_host.watch import SLOW_SECONDS, PluginFailed, Watch

log = logging.getLogger(__name__)

State = Literal["loaded", "rejected", "missing", "quarantined"]


@dataclass(frozen=True)
class PluginStatus:
    """What became of a candidate, and why. `notes` are for whoever writes it: what it uses works,
    and had better be replaced."""

    name: str
    version: str
    origin: str
    state: State
    reason: str = ""
    notes: tuple[str, ...] = ()


class PluginHost:
    """Holds the plugins of one app; two apps in one process may hold different ones.

    `strict` raises what a plugin raises (development, tests, validator); otherwise it is logged
    and left out. `may_call` is asked before each call and raises when no plugin may run now.
    `quarantine` is the folder that remembers which plugins failed too often. `kept` gives what
    administrators have set: plugin to name of a setting to value. `tables` reads and writes the
    rows of plugins.
    """

    def __init__(
        self,
        *,
        strict: bool = False,
        may_call: Callable[[], None] = lambda: None,
        quarantine: Path | None = None,
        kept: Callable[[], Mapping[str, Mapping[str, object]]] = dict,
        tables: Tables | None = None,
    ) -> None:
        self.strict, self._kept = strict, kept
        self._tables = tables or NoTables()
        self.tracks: dict[str, Track] = {}
        self.kinds: dict[str, QuestionKind] = {}
        self.courses: list[tuple[str, CourseSource]] = []
        self.programmes: list[tuple[str, ProgrammeSource]] = []
        self.designs: list[CertificateDesign] = []
        self.reports: dict[str, WatchedReport] = {}
        self.self_assessments: dict[str, SelfAssessment] = {}
        self.manifests: dict[str, Plugin] = {}
        self.templates: dict[str, Path] = {}  # folders of plugins with templates, by plugin
        self.migrations: dict[str, Path] = {}  # folders of the steps of their tables, by plugin
        self.quarantine = Quarantine(quarantine)
        self._watch = Watch(
            strict=strict,
            may_call=may_call,
            quarantine=self.quarantine,
            called_as=lambda plugin: called(plugin, self),
        )
        self._statuses: list[PluginStatus] = []
        self._origins: dict[str, str] = {}
        self._modules: dict[str, str] = {}  # names of modules, by plugin
        self._owners: dict[str, str] = {}  # of question kinds
        self._contributions: dict[str, Contribution] = {}

    @property
    def statuses(self) -> list[PluginStatus]:
        """Every candidate in the order in which it was met, as things stand now."""
        quarantined = self.quarantine.reasons()
        return [
            self._as_it_stands(status, quarantined) if status.state == "loaded" else status
            for status in self._statuses
        ]

    def _as_it_stands(self, status: PluginStatus, quarantined: Mapping[str, str]) -> PluginStatus:
        noted = replace(status, notes=self._notes_on(status.name))
        if status.name not in quarantined:
            return noted
        return replace(noted, state="quarantined", reason=quarantined[status.name])

    def _notes_on(self, plugin: str) -> tuple[str, ...]:
        names = names_used_by(self._modules[plugin])
        own = self._contributions[plugin]
        return (*own.deprecated, *names, *self._never_called(own))

    def _never_called(self, contribution: Contribution) -> Iterator[str]:
        """What is implemented of hooks of plugins that are there and do not call it so."""
        for hook, (_function, asked) in contribution.hooks.items():
            plugin, _dot, name = hook.rpartition(".")
            if plugin not in self._contributions:
                continue  # a hook of the core, or of a plugin that is not there
            spec = self._contributions[plugin].specs.get(name)
            if spec is None:
                yield f"it implements {hook}, which {plugin} does not have"
            elif unknown := set(asked) - spec.signature.parameters.keys():
                yield f"its {hook} asks for {', '.join(sorted(unknown))}, which it is not given"

    def load(self, built_in: Mapping[str, object], folders: Sequence[Path]) -> None:
        """Load the core's own plugins, then whatever is found.

        In strict mode raises PluginRejected, naming the plugin. What is gone never raises.
        """
        self._watch.exempt = frozenset(built_in)
        with redirect_stdout(sys.stderr):  # commands print for programs, too
            for name, module in built_in.items():
                self._admit(given(name, module))
            for candidate in candidates(folders):
                self._admit(candidate)

    def when_stuck(self, leave: Callable[[], object]) -> None:
        """Have `leave` called, in a thread beside, when a plugin does not come back."""
        self._watch.on_stuck = leave

    def call(self, hook: str, **arguments: Any) -> list[tuple[str, list[Any]]]:
        """(plugin name, what it gave) of each implementation, checked against the contract.

        A plugin that raises, or gives something else, is left out and counted; in strict mode what
        it raised is raised. Raises KeyError for a hook that the contract does not have.
        """
        return self._call_each(hook, SPECS[hook], arguments)

    def call_hook_of(
        self, plugin: str, hook: str, arguments: Mapping[str, Any]
    ) -> list[tuple[str, list[Any]]]:
        """The same for a hook that a plugin has declared for others.

        Raises LookupError where it has not; TypeError for other arguments than it has declared.
        """
        spec = self._contributions[plugin].specs.get(hook)
        if spec is None:
            raise LookupError(f"plugin {plugin} declares no hook {hook}: write @hookspec above it")
        given = spec.signature.bind(**arguments)
        given.apply_defaults()
        return self._call_each(f"{plugin}.{hook}", spec, given.arguments)

    def _call_each(
        self, hook: str, spec: Spec, arguments: Mapping[str, Any]
    ) -> list[tuple[str, list[Any]]]:
        results = []
        for name, contribution in self._contributions.items():
            if hook not in contribution.hooks:
                continue
            function, asked = contribution.hooks[hook]
            if not spec.signature.parameters.keys() >= set(asked):
                continue  # of a plugin's hook: its notes tell
            given = {key: arguments[key] for key in asked}
            try:
                call = _calling(hook, spec.gives, function, given)
                results.append((name, self._watch.run(name, hook, call)))
            except PluginFailed:
                continue  # logged and counted; the page comes without it
        return results

    def settings_of(self, plugin: str) -> Mapping[str, Value]:
        """The settings of a loaded plugin as they are in force, by name."""
        return in_force(self.manifests[plugin].settings, self._kept().get(plugin, {})).values

    def rows_of(self, plugin: str, wanted: Wanted) -> list[dict[str, Any]]:
        """Rows of a table of the plugin, as `own_rows` says."""
        return read_rows(self._tables, plugin, wanted)

    def write_rows_of(self, plugin: str, changes: Sequence[Change]) -> list[int]:
        """Changes in tables of the plugin, as `write_rows` says."""
        return write_rows(self._tables, plugin, changes)

    def having(self, hook: str) -> set[str]:
        """The names of the plugins that have something to say there, called or not."""
        return {name for name, found in self._contributions.items() if hook in found.hooks}

    def serves(self, kind: str) -> bool:
        """Whether a question kind is there, and its plugin is not in quarantine."""
        if kind not in self.kinds:
            return False
        return self.is_own(kind) or self._owners[kind] not in self.quarantine.reasons()

    def is_own(self, kind: str) -> bool:
        """Whether a question kind is the core's own, and as trusted."""
        return self._owners.get(kind) in self._watch.exempt

    def rendered(self, kind: str, use: str, render: Callable[[str], Markup]) -> Markup:
        """What `render` makes of the template of a question kind for one of its uses.

        Raises PluginFailed; in strict mode what the template raised. A kind that is not there
        fails, and nobody is to blame.
        """
        if kind not in self.kinds:
            raise PluginFailed(f"there is no question kind {kind}")
        template = self.kinds[kind].templates[use]
        return self._watch.run(
            self._owners[kind], named(use, kind), lambda: page_part(use, render(template))
        )

    def _admit(self, candidate: Candidate) -> None:
        name, version, tried = candidate.name, "", here if self.strict else beside
        began = time.perf_counter()
        try:
            module = tried(candidate.load)
            manifest = manifest_of(module)
            name, version = manifest.name, manifest.version
            refuse_other_api(manifest)
            contribution = tried(partial(contribution_of, name, module))
            refuse_clashes(manifest.name, contribution, self._contributions, self._origins)
        except PluginGone as gone:
            self._leave_out(PluginStatus(name, version, candidate.origin, "missing", str(gone)))
        except Exception as error:
            reason = str(error) if isinstance(error, PluginRejected) else in_one_line(error)
            self._leave_out(
                PluginStatus(name, version, candidate.origin, "rejected", reason), error
            )
        else:
            self._modules[manifest.name] = getattr(module, "__name__", "")
            self._accept(manifest, candidate.origin, contribution)
            if (seconds := time.perf_counter() - began) > SLOW_SECONDS:
                log.warning("plugin %s took %.1f s to start", name, seconds)

    def _leave_out(self, status: PluginStatus, error: BaseException | None = None) -> None:
        words = f"plugin {status.name} ({status.origin}) is {status.state}: {status.reason}"
        if error is not None and self.strict:
            raise PluginRejected(words) from error
        if error is None:
            log.info(words)  # somebody took it away; every command would say so again
        else:
            frames = "" if isinstance(error, PluginRejected) else f"\n{with_its_frames(error)}"
            log.error("%s%s", words, frames)
        self._statuses.append(status)

    def _accept(self, manifest: Plugin, origin: str, contribution: Contribution) -> None:
        name = manifest.name
        self.manifests[name], self._origins[name] = manifest, origin
        self._contributions[name] = contribution
        self.tracks.update({track.slug: track for track in contribution.tracks})
        self._owners.update({kind.name: name for kind in contribution.kinds})
        self.kinds.update(
            {kind.name: watched(name, kind, self._watch) for kind in contribution.kinds}
        )
        self.courses.extend((name, source) for source in contribution.courses)
        self.programmes.extend((name, source) for source in contribution.programmes)
        self.designs.extend(contribution.designs)
        self.reports.update(
            {each.name: WatchedReport(name, each, self._watch) for each in contribution.reports}
        )
        self.self_assessments.update({each.name: each for each in contribution.self_assessments})
        if contribution.templates is not None:
            self.templates[name] = contribution.templates
        if contribution.migrations is not None:
            self.migrations[name] = contribution.migrations
        self._statuses.append(PluginStatus(name, manifest.version, origin, "loaded"))


def _calling(
    hook: str, wanted: type, function: Callable[..., object], given: Mapping[str, object]
) -> Callable[[], list[Any]]:
    return lambda: items_of(hook, wanted, function(**copied(given)))
