"""`make wheel`: the wheel, in an empty environment away from the checkout, serves three tracks, and
a fourth by a plugin of somebody else's, which is begun, built and installed there as a wheel too.

Decoys named `courses` and `plugins` lie in the folder it runs in: what counts is in the wheel.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "var", "build", "dist", "*.egg-info", "__pycache__"
)
TRACKS = ("digital-technology", "service-design", "innovation-methodology", "coast")
LONGEST_START = 30.0  # seconds


def main() -> int:
    """Build, install, serve, look; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="innocap-wheel-") as name:
        folder = Path(name)
        wheel = _build(folder)
        print(f"built {wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB")
        command = _install(folder, wheel)
        work = _decoys(folder)
        environ = {
            **{name: text for name, text in os.environ.items() if not name.startswith("INNOCAP_")},
            "INNOCAP_DATA_DIR": str(folder / "data"),
        }
        _third_party(command, folder)
        for verbs in (["plugin", "doctor"], ["db", "upgrade"], ["course", "publish"]):
            subprocess.run([command, *verbs], cwd=work, env=environ, check=True)
        return _serve(command, work, environ)


def _build(folder: Path) -> Path:
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=LEFT_OUT)
    _pip(
        sys.executable, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(source)
    )
    return next(folder.glob("innocap_lms-*.whl"))


def _install(folder: Path, wheel: Path) -> str:
    home = folder / "environment"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    _pip(python, "install", "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt"))
    _pip(python, "install", "--no-deps", str(wheel))
    return str(home / "bin" / "innocap-lms")


def _third_party(command: str, folder: Path) -> None:
    """Begin a plugin with the installed command, build its wheel, and install that beside."""
    words = ["plugin", "new", str(folder / "my-coast"), "--name", "coast", "--title", "The coast"]
    subprocess.run([command, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    source, dist = str(folder / "my-coast"), str(folder / "dist")
    _pip(sys.executable, "wheel", "--no-deps", "--no-build-isolation", "-w", dist, source)
    wheel = next((folder / "dist").glob("innocap_coast-*.whl"))
    print(f"built {wheel.name}")
    _pip(str(folder / "environment" / "bin" / "python"), "install", "--no-deps", str(wheel))


def _pip(python: str, *arguments: str) -> None:
    words = [python, "-m", "pip", "-qq", "--disable-pip-version-check", *arguments]
    subprocess.run(words, check=True)


def _decoys(folder: Path) -> Path:
    work = folder / "work"
    for name in ("courses", "plugins", "innocap_lms"):
        (work / name).mkdir(parents=True)
        (work / name / "__init__.py").write_text("raise RuntimeError('a decoy was imported')\n")
    return work


def _serve(command: str, work: Path, environ: dict[str, str]) -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([command, "run", "--port", str(port)], cwd=work, env=environ)
    try:
        return 1 if [track for track in TRACKS if not _shows(port, track)] else 0
    finally:
        server.terminate()
        server.wait(20)


def _shows(port: int, track: str) -> bool:
    """Whether a track's page comes, in both languages, with a course on it."""
    for language in ("sv", "en"):
        page = _page(f"http://127.0.0.1:{port}/tracks/{track}", language)
        shown = f'lang="{language}"' in page and 'href="/courses/' in page
        print(f"{'served' if shown else 'MISSING'}: /tracks/{track} ({language})")
        if not shown:
            return False
    return True


def _page(url: str, language: str) -> str:
    """The text of a page, as soon as the server answers."""
    asked = Request(url, headers={"Accept-Language": language})
    end = time.monotonic() + LONGEST_START
    while True:
        try:
            with urlopen(asked, timeout=10) as answer:
                return str(answer.read().decode())
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
