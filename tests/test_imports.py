"""Every module imports alone, whatever was or was not imported before it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What is not ours is imported once; each module of ours then in a process forked from there.
PROGRAM = """
import contextlib, importlib, os, sys

def ours(name):
    return name.split(".")[0] in ("innocap_lms", "plugins", "courses")

def in_a_fork(work):
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, str(work() or "").encode())
        except BaseException as error:
            os.write(writing, repr(error).encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as out:
        said = out.read()
    os.waitpid(child, 0)
    return said

def libraries():
    for name in sys.argv[1:]:
        importlib.import_module(name)
    return " ".join(name for name in sys.modules if not ours(name))

for name in in_a_fork(libraries).split():
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
assert "flask" in sys.modules and not list(filter(ours, sys.modules))
faults = [(name, in_a_fork(lambda: importlib.import_module(name) and "")) for name in sys.argv[1:]]
print(*(f"{name}: {fault}" for name, fault in faults if fault), sep="\\n", end="")
"""


def modules() -> list[str]:
    """Every module of the package but migrations, which Alembic runs, and commands' plugins."""
    files = sorted(
        file
        for package in ("innocap_lms", "plugins", "courses")
        for file in (ROOT / package).rglob("*.py")
        if not {"migrations", "tests"} & set(file.parts)
    )
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [name.removesuffix(".__init__") for name in names]


@pytest.mark.slow
def test_each_module_imports_alone() -> None:
    names = modules()
    assert len(names) > 80
    # Importing everything two hundred times is no place to count lines in.
    uncounted = {name: text for name, text in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names],
        cwd=ROOT,
        env=uncounted,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
