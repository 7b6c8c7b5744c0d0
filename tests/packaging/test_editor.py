"""The editor in the repository is the one that its sources and its lock file give."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "tools" / "editor"
BUILT = ROOT / "innocap_lms" / "web" / "static" / "vendor" / "codemirror"


def locked() -> dict[str, Any]:
    """The packages of the lock file by name, without the one that the file is for."""
    lock = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))
    return {
        path.rpartition("node_modules/")[2]: entry
        for path, entry in lock["packages"].items()
        if path
    }


def test_the_bundle_and_all_it_was_made_from_have_the_sums_beside_it():
    lines = (BUILT / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    for name, digest in sums.items():
        assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == digest, (
            f"{name} has changed: make editor"
        )
    made_from = {SOURCES / "build.mjs", SOURCES / "package-lock.json", *SOURCES.glob("src/*")}
    made = {BUILT / "editor.js", BUILT / "LICENSES.txt"}
    assert {ROOT / name for name in sums} == made_from | made


def test_the_licences_name_every_package_of_the_lock_file():
    text = (BUILT / "LICENSES.txt").read_text(encoding="utf-8")
    for name, entry in locked().items():
        assert f"\n{name} {entry['version']} {entry['license']}\n" in text


def test_each_package_is_pinned_by_a_hash_and_no_registry_is_named():
    wanted = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))
    packages = locked()
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert packages[name]["version"] == version


def test_the_bundle_weighs_what_the_docs_say():
    content = gzip.compress((BUILT / "editor.js").read_bytes(), 9)
    said = re.search(r"weighs (\d+)\s+KB", (ROOT / "docs/architecture.md").read_text("utf-8"))
    assert said is not None
    assert round(len(content) / 1000) == int(said[1])
