"""Where plugins are found: entry points of installed distributions, and folders that are named."""

import importlib.util
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

BUILT_IN = "built in"  # the origin of what the core brings
GROUP = "innocap_lms.plugins"


class PluginGone(ImportError):
    """A plugin that was named is not there any more; the message says what is missing."""


@dataclass(frozen=True)
class Candidate:
    """Something that may be a plugin. `load` imports it; it raises PluginGone, or anything else."""

    name: str
    origin: str
    load: Callable[[], object]


def given(name: str, module: object) -> Candidate:
    """A part of the core that is a plugin, too: it is imported already."""
    return Candidate(name, BUILT_IN, lambda: module)


def candidates(folders: Sequence[Path]) -> Iterator[Candidate]:
    """Entry points by name, then each folder's packages and modules by name. Never raises."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        yield Candidate(point.name, f"entry point {point.value}", _load_point(point))
    for folder in folders:
        yield from _in_folder(folder)


def _load_point(point: EntryPoint) -> Callable[[], object]:
    def load() -> object:
        try:
            return point.load()
        except ModuleNotFoundError as error:
            # Its own package is gone. Any other module that is missing is a fault of the plugin.
            if error.name and f"{point.module}.".startswith(f"{error.name}."):
                raise PluginGone(f"there is no package {error.name}") from error
            raise

    return load


def _in_folder(folder: Path) -> Iterator[Candidate]:
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        yield Candidate(folder.name, str(folder), _refuse(str(error.strerror)))
        return
    for path in paths:
        file = path / "__init__.py" if path.is_dir() else path
        if not path.name.startswith(("_", ".")) and file.suffix == ".py" and file.is_file():
            yield Candidate(path.stem, str(path), _load_file(path.stem, file))


def _refuse(reason: str) -> Callable[[], object]:
    def load() -> object:
        raise PluginGone(reason)

    return load


def _load_file(stem: str, file: Path) -> Callable[[], ModuleType]:
    """Imports a file under a name that its place makes unique; once, as any other import."""
    name = f"innocap_plugin_{zlib.crc32(bytes(file.absolute())):08x}_{stem}"

    def load() -> ModuleType:
        if name in sys.modules:
            return sys.modules[name]
        inside = [str(file.parent)] if file.name == "__init__.py" else None
        spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=inside)
        if spec is None or spec.loader is None:
            raise ImportError(f"{file} cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            _forget(name)
            raise
        return module

    return load


def _forget(name: str) -> None:
    """Leave nothing half imported behind."""
    for module in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[module]
