"""Pictures of a terminal: `python tools/terminal.py FOLDER` (needs Chromium).

Writes check.png, a course with twenty faults as `course check` tells of them, and doctor.png, what
`plugin doctor` says where one plugin is broken.
"""

import argparse
import html
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.desk import chromium, find_chromium  # noqa: E402
from tests.content.planted import planted  # noqa: E402

PROGRAM = [sys.executable, "-c", "from innocap_lms.cli import main; main()"]
COLOURS = {"1": "font-weight:bold", "2": "opacity:.6", "31": "color:#f29288", "33": "color:#e8b45a"}
COLOURED = re.compile(r"\x1b\[([\d;]+)m")
STYLE = "background:#10191c;color:#e8eeec;font:15px/1.45 monospace;padding:1.5rem;margin:0"
BROKEN = """from innocap_lms.plugin_api import Plugin, hookimpl

plugin = Plugin("broken_track", "0.1")


@hookimpl
def register_tracks():
    raise ValueError("no map")
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    path = find_chromium()
    if path is None:
        print("no browser: apt install chromium, or name one by INNOCAP_TEST_CHROMIUM")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name, chromium(path) as browser:
        work = Path(name)
        for file, content in planted().items():
            place = work / "needs" / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        (work / "plugins").mkdir()
        (work / "plugins" / "broken_track.py").write_text(BROKEN, encoding="utf-8")
        page = browser.new_page(viewport={"width": 1000, "height": 600})
        for picture, words in (("check", "course check needs"), ("doctor", "plugin doctor")):
            page.set_content(f'<pre style="{STYLE}">{_shown(words, work)}</pre>')
            page.locator("pre").screenshot(path=folder / f"{picture}.png")
    return 0


def _shown(words: str, work: Path) -> str:
    """What the command writes to a terminal, as HTML."""
    environ = {name: text for name, text in os.environ.items() if "INNOCAP_" not in name}
    environ |= {"INNOCAP_DATA_DIR": str(work / "data"), "XDG_CACHE_HOME": str(work / "cache")}
    environ["INNOCAP_PLUGIN_DIRS"] = str(work / "plugins") if "plugin" in words else ""
    ours, theirs = pty.openpty()
    command = [*PROGRAM, *words.split()]
    options: dict[str, Any] = {"cwd": work, "env": environ, "stdout": theirs, "stderr": theirs}
    with subprocess.Popen(command, **options):  # noqa: S603 - our own program
        os.close(theirs)
        written = b""
        while piece := _read(ours):
            written += piece
    os.close(ours)
    said = html.escape(written.decode().replace("\r\n", "\n")).replace("\x1b[0m", "</span>")
    return f"<b>$ innocap-lms {words}</b>\n" + COLOURED.sub(_span, said)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the command has ended
        return b""


def _span(codes: re.Match[str]) -> str:
    style = ";".join(COLOURS[code] for code in codes[1].split(";"))
    return f'<span style="{style}">'


if __name__ == "__main__":
    sys.exit(main())
