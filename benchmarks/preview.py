"""How long `course preview` takes from a save until the browser shows it: a real Chromium."""

import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.bars import Figure
from benchmarks.servers import BIN, ROOT, Server
from benchmarks.wire import FLAGS, chromium

COURSE = ROOT / "courses" / "service-design" / "frame-and-explore"
LESSON, ADDRESS = "02-interviews.en.md", "/courses/frame-and-explore/interviews"
SAVES = 15


def measure(folder: Path, tell: Callable[[str], None]) -> list[Figure]:
    """Save a lesson of a copy of a real course again and again, and wait for its words."""
    browser = chromium()
    if browser is None:
        tell("not measured in the preview: no Chromium here, install the package chromium")
        return []
    place = folder / "service-design" / COURSE.name
    shutil.copytree(COURSE, place)
    command = (str(BIN / "innocap-lms"), "course", "preview", str(place), "--port", "{port}")
    environ = {"INNOCAP_DATA_DIR": str(folder / "data")}
    with Server(command, f"/preview/{COURSE.name}", environ) as server:
        seconds = _saves(browser, server.base, place / LESSON)
    return [Figure("preview", statistics.median(seconds) * 1000, f"slowest {max(seconds):.2f} s")]


def _saves(browser: str, base: str, lesson: Path) -> list[float]:
    text, seconds = lesson.read_text(encoding="utf-8"), []
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=browser, args=list(FLAGS))
        page = chrome.new_page()
        page.goto(f"{base}/preview/{COURSE.name}?at={ADDRESS}")
        page.get_by_role("button", name="Coach", exact=True).click()
        shown = page.frame_locator("[data-page]")
        shown.get_by_role("heading", level=1).wait_for()
        for turn in range(SAVES):
            said = f"Saved for the {turn}th time."
            began = time.perf_counter()
            lesson.write_text(f"{text}\n{said}\n", encoding="utf-8")
            shown.get_by_text(said).wait_for()
            seconds.append(time.perf_counter() - began)
        chrome.close()
    return seconds
