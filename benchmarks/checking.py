"""How long `course check` takes for 1,000 lessons of 800 words: cold, and when nothing has changed.

Whole processes, the start of the command included, with a cache of their own.
"""

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from benchmarks.bars import Figure
from benchmarks.material import LESSONS, lesson_text
from benchmarks.servers import BIN, ROOT

COURSES, EACH = 50, 20
SECTIONS = 4  # of a lesson: 800 words and the marks between them
COLD, WARM = 3, 7  # runs


def measure(folder: Path, tell: Callable[[str], None]) -> list[Figure]:
    """Write the courses into `folder` and check them."""
    tell("checking 1,000 lessons …")
    for number in range(1, COURSES + 1):
        _write_course(folder / "courses" / f"checked-{number:02}", number)
    cold = [_seconds(folder, folder / f"cache-{run}") for run in range(COLD)]
    warm = [_seconds(folder, folder / "cache-0") for _run in range(WARM)]
    return [
        Figure("check_cold", statistics.median(cold), f"{COURSES} courses, one process"),
        Figure("check_same", statistics.median(warm)),
    ]


def _write_course(folder: Path, number: int) -> None:
    folder.mkdir(parents=True)
    shared = f"""\
        ---
        id: {folder.name}
        languages: [en]
        hours: 5
        licence: CC-BY-4.0
        owner: bench
        completion: {{lessons: all}}
        reviewed: 2026-11-23
        ---
        Made for measuring.
        """
    front = f"""\
        ---
        title: Course {number}
        summary: A course to check.
        outcomes: [{{id: first-outcome, text: Say what a check costs}}]
        ---
        Welcome.
        """
    (folder / "course.md").write_text(dedent(shared), encoding="utf-8")
    (folder / "course.en.md").write_text(dedent(front), encoding="utf-8")
    for place in range(1, EACH + 1):
        text = lesson_text((place - 1) % len(LESSONS) + 1, "en", SECTIONS)
        old = f"id: {LESSONS[(place - 1) % len(LESSONS)]}\n"
        named = text.replace(old, f"id: lesson-{place}\n")
        (folder / f"{place:02}-lesson-{place}.en.md").write_text(named, encoding="utf-8")


def _seconds(folder: Path, cache: Path) -> float:
    """One run of the command; warnings are part of it. Raises RuntimeError for an error in a file
    that was written here."""
    environ = {**os.environ, "XDG_CACHE_HOME": str(cache), "INNOCAP_DATA_DIR": str(folder / "data")}
    began = time.perf_counter()
    done = subprocess.run(
        [str(BIN / "innocap-lms"), "course", "check", str(folder / "courses")],
        env=environ, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise RuntimeError(f"the check ended with {done.returncode}: {done.stdout[-500:]}")
    return seconds
