"""Each dependency is explained, and the locks agree with each other."""

import configparser
import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("run", "test", "bench")


def packages(ranges: str) -> set[str]:
    """Names in a list of requirements, one a line."""
    return {re.match(r"[\w.-]+", line)[0].lower() for line in ranges.split("\n") if line.strip()}


def explained() -> dict[str, set[str]]:
    """Packages with a row in docs/dependencies.md, by the heading above them."""
    parts = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").split("\n## ")
    rows = {part.partition("\n")[0].strip("`"): part for part in parts[1:]}
    return {
        title: set(re.findall(r"^\| ([\w.-]+) \|", part, re.MULTILINE)) - {"package", "what"}
        for title, part in rows.items()
    }


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def test_every_dependency_has_a_row_and_every_row_a_dependency():
    setup = configparser.ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    rows = explained()
    assert rows["To run"] == packages(setup["options"]["install_requires"])
    for extra, ranges in setup["options.extras_require"].items():
        assert rows[extra] == packages(ranges), extra


def test_every_row_says_what_for_why_and_licence():
    for line in (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == 4, line
            assert all(cells), line


@pytest.mark.parametrize(("smaller", "larger"), list(pairwise(LOCKS)))
def test_a_larger_lock_has_all_of_the_smaller_at_the_same_versions(smaller: str, larger: str):
    assert locked(smaller).items() <= locked(larger).items()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_a_hash_for_every_package_and_names_no_place(name: str):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[\w.-]+==)", text)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?://|--index|/tmp/|/home/", text)


def test_the_licence_is_the_whole_eupl():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert [f"\n{n}." in text for n in range(1, 16)] == [True] * 15
    assert text.endswith("require the production of a new EUPL version.\n")
