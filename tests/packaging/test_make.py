"""What make says on a machine that lacks something."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile and what it depends on, and no virtual environment."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def make(checkout: Path, target: str, **variables: str) -> subprocess.CompletedProcess[str]:
    words = ["make", target, *(f"{name}={value}" for name, value in variables.items())]
    environ = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        words, cwd=checkout, env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def python_that(checkout: Path, script: str) -> str:
    """A stand-in for Python."""
    file = checkout / "some-python"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


def test_without_venv_the_package_is_named(checkout: Path):
    python = python_that(checkout, 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac')
    done = make(checkout, "run", PYTHON=python)
    assert done.returncode != 0
    assert "python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_an_old_python_is_refused_with_what_is_needed(checkout: Path):
    done = make(checkout, "test", PYTHON=python_that(checkout, "exit 1"))
    assert done.returncode != 0
    assert "Python 3.11 or newer" in done.stderr


def test_make_alone_says_what_there_is(checkout: Path):
    done = make(checkout, "help", PORT="8123")
    assert done.returncode == 0
    assert "make run" in done.stdout
    assert "http://127.0.0.1:8123" in done.stdout
