"""Where plugins are found: entry points of installed distributions, and folders that are named."""

import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

GROUP = "innocap_lms.plugins"


@dataclass(frozen=True)
class Candidate:
    """Something that may be a plugin. `load` imports it and may raise anything."""

    name: str
    origin: str
    load: Callable[[], object]


def candidates(folders: Sequence[Path]) -> Iterator[Candidate]:
    """Entry points by name, then each folder's packages and modules by name."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        yield Candidate(point.name, f"entry point {point.value}", point.load)
    for folder in folders:
        if not folder.is_dir():
            yield Candidate(folder.name, str(folder), _missing_folder(folder))
            continue
        for path in sorted(folder.iterdir()):
            file = path / "__init__.py" if path.is_dir() else path
            if file.suffix == ".py" and file.is_file() and file != folder / "__init__.py":
                yield Candidate(path.stem, str(path), _import_from(file))


def _missing_folder(folder: Path) -> Callable[[], object]:
    def load() -> object:
        raise ModuleNotFoundError(f"there is no folder {folder}")

    return load


def _import_from(file: Path) -> Callable[[], ModuleType]:
    def load() -> ModuleType:
        name = f"innocap_folder_plugins.{file.parent.name if file.stem == '__init__' else file.stem}"
        folder = [str(file.parent)] if file.stem == "__init__" else None
        spec = importlib.util.spec_from_file_location(
            name, file, submodule_search_locations=folder
        )
        if spec is None or spec.loader is None:
            raise ImportError(f"{file} cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
        return module

    return load
