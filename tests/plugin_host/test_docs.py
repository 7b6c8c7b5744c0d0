"""A hook exists only with a heading in the docs, a test of its own, and somebody who ships it."""

import inspect
import re
import shutil
from pathlib import Path

import pytest

from innocap_lms import plugin_api
from innocap_lms.plugin_host.checking import HOOKS, PARTS_OF_A_KIND, TEMPLATES
from tests.conftest import PLUGINS
from tests.plugin_host.conftest import Folder
from tests.plugin_host.faults import AT_WORK
from tools.hook_reference import reference

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")


def signature(hook: str) -> str:
    """The signature as it stands in the contract."""
    found = re.search(r"def (.+?):\s*(#.*)?\n", inspect.getsource(HOOKS[hook]))
    assert found
    return found[1]


def texts(*patterns: str) -> str:
    return "\n".join(
        file.read_text(encoding="utf-8")
        for pattern in patterns
        for file in sorted(ROOT.glob(pattern))
        if file != Path(__file__) and file.name != "contract.py"
    )


def test_there_are_hooks_to_look_at() -> None:
    assert len(HOOKS) >= 4


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_has_a_heading_with_its_exact_signature(hook: str) -> None:
    assert f"\n### `{signature(hook)}`\n\n" in DOCS


def test_the_docs_know_no_hook_that_is_not_there() -> None:
    assert set(re.findall(r"^### `(\w+)\(", DOCS, re.MULTILINE)) == set(HOOKS)


def test_the_reference_is_that_of_the_contract() -> None:
    """`python tools/hook_reference.py` writes it anew."""
    assert (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_has_a_test(hook: str) -> None:
    assert f"def {hook}(" in texts("tests/plugin_host/test_*.py")


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_has_a_shipping_user(hook: str) -> None:
    """Where a track that ships was taken away, it may have been the one."""
    ships = re.findall(r"= plugins\.(\w+)", (ROOT / "setup.cfg").read_text(encoding="utf-8"))
    gone = [name for name in ships if not (ROOT / "plugins" / name / "__init__.py").is_file()]
    assert ships
    assert gone or f"@hookimpl\ndef {hook}(" in texts("plugins/*/*.py", "innocap_lms/*/*.py")


def test_each_row_of_what_happens_to_a_faulty_plugin_names_a_test_that_is_there() -> None:
    _before, _, faults = DOCS.partition("## When a plugin misbehaves")
    rows = [row for row in faults.split("\n") if row.startswith("| ") and "| test |" not in row]
    assert len(rows) >= 20
    tests = texts("tests/plugin_host/test_*.py", "tests/cli/test_stuck_process.py")
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        assert [name for name in named if f"def {name}(" not in tests] == []


@pytest.mark.parametrize("name", [*PARTS_OF_A_KIND, *TEMPLATES, *AT_WORK])
def test_what_people_see_while_it_fails_is_told_of_each_function(name: str) -> None:
    _before, _, by_function = DOCS.partition("Function by function, while it fails:")
    assert f"`{name}`" in by_function


@pytest.mark.parametrize("name", plugin_api.__all__)
def test_each_public_name_is_in_the_docs(name: str) -> None:
    assert f"`{name}" in DOCS or f"@{name}" in DOCS or f"{name}(" in DOCS


def test_the_smallest_track_of_the_docs_loads_as_it_stands(folder: Folder) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    place = folder.path / "coast"
    shutil.copytree(PLUGINS / "northern_track" / "courses", place / "courses")
    (place / "__init__.py").write_text(example, encoding="utf-8")
    host = folder.host(strict=True)
    assert [status.state for status in host.statuses] == ["loaded"]
    assert list(host.tracks) == ["coast"]
    ((plugin, source),) = host.courses
    assert (plugin, source.track, source.folder.name) == ("coast", "coast", "first-steps")
