"""`make fuzz`: whatever the files of a course hold, reading them neither fails nor takes long.

Each target gets FUZZ_SECONDS of atheris (coverage-guided), beginning with the texts of the real
courses and with what was found before (tests/content/seeds). An input that raises, and one that a
plain process needs more than a second for, is kept there by the name of its content; exit status 1.
`make test` reads every seed again.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "tests" / "content" / "seeds"
LARGEST = 65536  # bytes; a larger file is refused by a limit of its own
MOST_SECONDS = 1.0
SLOW_HERE = 3.0  # seconds in a process that counts its branches: worth timing in a plain one

SHARED = """---
id: fuzzed
languages: [sv]
hours: 1
licence: CC-BY-4.0
owner: nobody
completion: {lessons: all}
reviewed: 2026-01-01
---
"""
FRONT = "---\ntitle: T\nsummary: S.\noutcomes:\n  - {id: read, text: Read it}\n---\nText.\n"
LESSON = "---\nid: one\ntitle: T\nminutes: 5\ngoals: [read]\n---\nText.\n"


def course_with(name: str, content: bytes) -> Mapping[str, bytes]:
    """A small course whose file `name` is that content."""
    files = {"course.md": SHARED, "course.sv.md": FRONT, "01-one.sv.md": LESSON}
    return {**{file: text.encode() for file, text in files.items()}, name: content}


def read_with(name: str) -> Callable[[bytes], object]:
    """Reads a course whose file `name` is the input."""
    from tests.content.courses import read

    return lambda content: read(dict(course_with(name, content)))


def shown(content: bytes) -> object:
    """Renders the input as the text of a lesson."""
    from innocap_lms.content.rendering import render

    text = content.decode("utf-8", "replace").replace("\0", "\ufffd")
    return render(text, resolve=lambda path: f"/{path}", language="sv")


def targets() -> dict[str, Callable[[bytes], object]]:
    """What is fuzzed, by name."""
    return {
        "shared": read_with("course.md"),
        "lesson": read_with("01-one.sv.md"),
        "quiz": read_with("final.quiz.sv.md"),
        "task": read_with("case.task.sv.md"),
        "shown": shown,
    }


def beginnings(target: str) -> list[bytes]:
    """Real texts of the kind that a target reads, and what was found before."""
    patterns = {"shared": "course.md", "quiz": "*.quiz.*.md", "task": "*.task.*.md"}
    pattern = patterns.get(target, "0*.md")
    files = [*(ROOT / "courses").rglob(pattern), *SEEDS.glob(f"{target}-*")]
    return [file.read_bytes()[:LARGEST] for file in sorted(files)]


def fuzz(target: str, seconds: int, found: Path) -> int:
    """Fuzz one target in this process; what raises or is slow is written to `found`."""
    import atheris

    with atheris.instrument_imports(
        include=["innocap_lms.content", "markdown_it", "mdit_py_plugins"]
    ):
        look = targets()[target]
        look(beginnings(target)[0])

    def one(content: bytes) -> None:
        began = time.process_time()
        try:
            look(content)
        except Exception:
            keep(found, target, content)
            raise
        if time.process_time() - began > SLOW_HERE:
            keep(found, target, content)

    with TemporaryDirectory() as folder:
        for content in beginnings(target):
            keep(Path(folder), target, content)
        options = [f"-max_total_time={seconds}", f"-max_len={LARGEST}", "-timeout=60"]
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={found}/{target}-", folder], one)
        atheris.Fuzz()
    return 0


def keep(folder: Path, target: str, content: bytes) -> Path:
    """Write an input under a name made of its content."""
    place = folder / f"{target}-{hashlib.sha256(content).hexdigest()[:16]}"
    place.write_bytes(content)
    return place


def is_fault(target: str, content: bytes) -> str:
    """What is wrong with reading this input in a plain process, or ""."""
    began = time.process_time()
    try:
        targets()[target](content)
    except Exception as error:
        return f"raises {error!r}"
    seconds = time.process_time() - began
    return f"takes {seconds:.1f} s" if seconds > MOST_SECONDS else ""


def main() -> int:
    if len(sys.argv) == 4:
        return fuzz(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    each = int(os.environ.get("FUZZ_SECONDS", "600")) // len(targets())
    faults = 0
    with TemporaryDirectory() as folder:
        for target in targets():
            print(f"-- {target}: {each} s", flush=True)
            command = [sys.executable, "-m", "tests.full.fuzz", target, str(each), folder]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            last = [line for line in done.stderr.splitlines() if line.startswith(("#", "Done"))]
            print(last[-1] if last else done.stderr[-2000:])
        for file in sorted(Path(folder).iterdir()):
            target = file.name.partition("-")[0]
            if said := is_fault(target, file.read_bytes()):
                SEEDS.mkdir(exist_ok=True)
                print(f"{keep(SEEDS, target, file.read_bytes()).relative_to(ROOT)}: {said}")
                faults += 1
    print(f"{faults} inputs found")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
