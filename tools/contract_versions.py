"""What each version of the contract promises: `python tools/contract_versions.py` after a change of
the contract writes down the present one. A test holds the present to all that came before it."""

import dataclasses
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innocap_lms import plugin_api  # noqa: E402
from innocap_lms.plugin_host import contract  # noqa: E402
from innocap_lms.plugin_host.checking import HOOKS  # noqa: E402
from innocap_lms.plugin_host.deprecation import of_hook  # noqa: E402

RECORD = ROOT / "tests" / "plugin_host" / "contract.json"


def present() -> dict[str, Any]:
    """The contract as it is: parameters of each hook, names of the facade, fields of each type with
    whether one may leave it out, and what of all this is deprecated."""
    hooks = {name: list(inspect.signature(spec).parameters) for name, spec in HOOKS.items()}
    types = {
        name: [[field.name, _may_be_left_out(field)] for field in dataclasses.fields(found)]
        for name in sorted(plugin_api.__all__)
        if inspect.isclass(found := getattr(plugin_api, name)) and dataclasses.is_dataclass(found)
    }
    names = sorted({*plugin_api.__all__, *plugin_api.DEPRECATED})
    return {"hooks": hooks, "names": names, "types": types, "deprecated": sorted(_to_go())}


def _to_go() -> Iterator[str]:
    yield from plugin_api.DEPRECATED
    for name, spec in HOOKS.items():
        itself, parameters = of_hook(spec)
        if itself is not None:
            yield f"the hook {name}"
        yield from (f"{parameter} of the hook {name}" for parameter in parameters)


def _may_be_left_out(field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return field.default is not missing or field.default_factory is not missing


def recorded() -> dict[str, Any]:
    """The versions that were written down, oldest first."""
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    versions = recorded() if RECORD.exists() else {}
    versions[contract.PLUGIN_API] = present()
    RECORD.write_text(json.dumps(versions, indent=1) + "\n", encoding="utf-8")
