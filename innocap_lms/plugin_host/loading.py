"""Trying a plugin on a scratch registry: it loads whole, or not at all with a reason."""

import difflib
import inspect
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pluggy

from innocap_lms.content.kinds import QuestionKind
from innocap_lms.plugin_host import contract
from innocap_lms.plugin_host.checking import (
    HOOKS,
    SPECS,
    TEMPLATES,
    Spec,
    UnusableResult,
    items_of,
    spec_of,
)
from innocap_lms.plugin_host.contract import (
    CertificateDesign,
    CourseSource,
    Plugin,
    ProgrammeSource,
    SelfAssessment,
    Track,
)
from innocap_lms.plugin_host.deprecation import hook_used
from innocap_lms.plugin_host.report_types import Report
from innocap_lms.plugin_host.settings import fault_of_schema

# Templates of the built-in kinds, which other kinds may use as well.
CORE = Path(__file__).parent.parent
CORE_TEMPLATES = CORE / "learning" / "templates"
CORE_KINDS = re.compile(r"learning/kinds/[a-z_]+\.html\Z")
LOCAL = "local"  # the owner of courses that were begun in the browser
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
VERSION = re.compile(r"(\d+)\.(\d+)\Z")


class PluginRejected(ValueError):
    """A plugin cannot be loaded; the message says why, for `plugin list` and the admin page."""


@dataclass(frozen=True)
class Contribution:
    """What one plugin registers, checked before any of it counts.

    `hooks` are its other implementations, by hook, with the names of the arguments each takes;
    those of other plugins' hooks are named `<plugin>.<hook>`. `specs` are hooks of its own that
    others may implement. `templates` and `migrations` are folders of these names beside its module,
    with a folder of the plugin's name in them, where there are any; `deprecated` says what it
    implements and had better not.
    """

    tracks: tuple[Track, ...] = ()
    courses: tuple[CourseSource, ...] = ()
    programmes: tuple[ProgrammeSource, ...] = ()
    kinds: tuple[QuestionKind, ...] = ()
    designs: tuple[CertificateDesign, ...] = ()
    reports: tuple[Report, ...] = ()
    self_assessments: tuple[SelfAssessment, ...] = ()
    hooks: Mapping[str, tuple[Callable[..., object], tuple[str, ...]]] = field(default_factory=dict)
    specs: Mapping[str, Spec] = field(default_factory=dict)
    templates: Path | None = None
    migrations: Path | None = None
    deprecated: tuple[str, ...] = ()


def manifest_of(module: object) -> Plugin:
    """The manifest of a module that was imported. Raises PluginRejected."""
    manifest = getattr(module, "plugin", None)
    if not isinstance(manifest, Plugin):
        raise PluginRejected('it has no `plugin = Plugin(name="…", version="…")`')
    for part in ("name", "version", "needs_api"):
        if not isinstance(getattr(manifest, part), str):
            raise PluginRejected(f"its {part} is {getattr(manifest, part)!r}, not text")
    if not NAME.match(manifest.name):
        raise PluginRejected(f"its name {manifest.name!r} is not a_name of a-z, 0-9 and _")
    if manifest.name == LOCAL:
        raise PluginRejected(f"its name {LOCAL} is that of courses written in the browser")
    if (CORE / manifest.name).is_dir():  # templates stand under the names of rooms and plugins
        raise PluginRejected(f"its name {manifest.name} is that of a part of the core")
    if fault := fault_of_schema(manifest.settings):
        raise PluginRejected(fault)
    return manifest


def refuse_other_api(manifest: Plugin) -> None:
    """Raise PluginRejected when the plugin was written for a contract that is not spoken here."""
    needs, have = VERSION.match(manifest.needs_api), VERSION.match(contract.PLUGIN_API)
    if needs is None or have is None:
        raise PluginRejected(f"its needs_api {manifest.needs_api!r} is not a version such as 1.0")
    if needs[1] != have[1] or int(needs[2]) > int(have[2]):
        raise PluginRejected(
            f"it needs plugin API {manifest.needs_api}, this is {contract.PLUGIN_API}"
        )


def contribution_of(name: str, module: object) -> Contribution:
    """What a plugin registers, tried on a scratch manager.

    Raises PluginRejected, and whatever the plugin raises.
    """
    scratch = pluggy.PluginManager(contract.NAMESPACE)
    scratch.add_hookspecs(contract)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", contract.Deprecated)  # told in the list of plugins
            scratch.register(module, name)
    except pluggy.PluginValidationError as error:
        raise PluginRejected(_wrong_arguments(module) or str(error)) from error
    _refuse_unknown(scratch, module)
    of_others = [hook for hook in vars(scratch.hook) if "." in hook]
    found = {hook: _implementation(scratch, hook) for hook in (*HOOKS, *of_others)}
    hooks = {hook: (each.function, each.argnames) for hook, each in found.items() if each}
    deprecated = [
        said
        for hook, (_function, wanted) in hooks.items()
        if hook in HOOKS
        for said in hook_used(hook, HOOKS[hook], wanted)
    ]
    given = {hook: _give(hook, hooks.pop(hook, None)) for hook in HOOKS if _at_start(hook)}
    beside = Path(getattr(module, "__file__", None) or ".").parent
    kinds = tuple(given["register_question_kinds"])
    for kind in kinds:
        _refuse_missing_templates(name, kind, beside / "templates")
    return Contribution(
        tracks=tuple(given["register_tracks"]),
        courses=tuple(given["register_courses"]),
        programmes=tuple(given["register_programmes"]),
        kinds=kinds,
        designs=tuple(given["register_certificate_designs"]),
        reports=tuple(given["register_reports"]),
        self_assessments=tuple(given["register_self_assessments"]),
        hooks=hooks,
        specs=_specs_of(module),
        templates=_folder(beside / "templates" / name),
        migrations=_folder(beside / "migrations" / name),
        deprecated=tuple(deprecated),
    )


def _folder(place: Path) -> Path | None:
    return place if place.is_dir() else None


def _specs_of(module: object) -> dict[str, Spec]:
    """The hooks that a plugin declares for others. Raises PluginRejected for one whose signature
    does not say what it gives."""
    mark = f"{contract.NAMESPACE}_spec"
    specs = {}
    for name, found in vars(module).items():
        if inspect.isfunction(found) and hasattr(found, mark):
            try:
                specs[name] = spec_of(found)
            except (TypeError, NameError) as error:
                raise PluginRejected(f"its own hook {name}: {error}") from error
    return specs


def _refuse_missing_templates(name: str, kind: QuestionKind, beside: Path) -> None:
    """A template is the plugin's own, templates/<plugin>/…, or one of the core's own kinds."""
    for use in TEMPLATES:
        template = kind.templates[use]
        own = template.startswith(f"{name}/") and ".." not in template
        folder = beside if own else CORE_TEMPLATES
        if not (own or re.match(CORE_KINDS, template)) or not (folder / template).is_file():
            raise PluginRejected(
                f"question kind {kind.name}: there is no template {template}; "
                f"put it into templates/{name}/ beside the module"
            )


def _at_start(hook: str) -> bool:
    return hook.startswith("register_")


def _give(hook: str, found: tuple[Callable[..., object], tuple[str, ...]] | None) -> list[Any]:
    if found is None:
        return []
    try:
        return items_of(hook, SPECS[hook].gives, found[0]())
    except UnusableResult as error:
        raise PluginRejected(str(error)) from error


def _implementation(scratch: pluggy.PluginManager, hook: str) -> pluggy.HookImpl | None:
    found = next(iter(getattr(scratch.hook, hook).get_hookimpls()), None)
    if found and (found.hookwrapper or found.wrapper or found.tryfirst or found.trylast):
        raise PluginRejected(
            f"{hook} is marked as a wrapper or with an order: plugins are called one by one, "
            "in the order in which they were loaded"
        )
    return found


def _refuse_unknown(scratch: pluggy.PluginManager, module: object) -> None:
    """A misspelt hook would never be called, nor would one without its mark: both are errors."""
    for name in sorted(vars(scratch.hook)):
        caller = getattr(scratch.hook, name)
        if isinstance(caller, pluggy.HookCaller) and not caller.has_spec():
            if all(found.optionalhook for found in caller.get_hookimpls()):
                continue
            near = difflib.get_close_matches(name, HOOKS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(HOOKS)}"
            raise PluginRejected(f"there is no hook {name}; {hint}")
    for name in HOOKS:
        if callable(getattr(module, name, None)) and not _implementation(scratch, name):
            raise PluginRejected(f"{name} would never be called: write @hookimpl above it")


def _wrong_arguments(module: object) -> str:
    for name, spec in HOOKS.items():
        function = getattr(module, name, None)
        if inspect.isfunction(function):
            known = inspect.signature(spec).parameters
            unknown = [name for name in inspect.signature(function).parameters if name not in known]
            if unknown:
                signature = f"{name}({', '.join(known)})"
                return f"{name} asks for {', '.join(unknown)}; its signature is {signature}"
    return ""
