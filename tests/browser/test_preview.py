"""The preview in a browser: save, and the page has changed, with its problems beside it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk
from tests.browser.site import Site
from tests.browser.test_every_page import (
    AXE,
    COLOURS,
    ENLARGED_FOUR_TIMES,
    RULES,
    RUN_AXE,
    TOO_SMALL,
    TOO_WIDE,
)
from tests.cli.conftest import PROGRAM, free_port, page
from tests.conftest import PLUGINS

ROOT = PLUGINS.parent.parent
COURSE = ROOT / "courses" / "service-design" / "frame-and-explore"
LESSON = "02-interviews.en.md"


@dataclass
class Author:
    """Who writes a course: the folder, and a browser at its preview."""

    folder: Path
    desk: Desk

    def save(self, old: str, new: str) -> None:
        file = self.folder / LESSON
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def author(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Author]:
    """The course is in service on the site, and its author has a copy of the files."""
    folder = tmp_path / "service-design" / COURSE.name
    shutil.copytree(COURSE, folder)
    port = free_port()
    environ = {**os.environ, "INNOCAP_DATA_DIR": str(site.data_dir)}
    with subprocess.Popen(
        [*PROGRAM, "course", "preview", str(folder), "--port", str(port)], cwd=ROOT, env=environ
    ) as running:
        address = f"http://127.0.0.1:{port}"
        page(f"{address}/preview")
        desk = Desk(browser, Site(address, site.data_dir, site.app))
        yield Author(folder, desk)
        desk.close()
        running.terminate()
    assert desk.trouble == []


def test_a_save_shows_on_the_page_and_its_problems_beside_it(author: Author) -> None:
    view = author.desk.page
    author.desk.open("/preview")
    view.get_by_role("button", name="Coach", exact=True).click()
    shown, notes = view.frame_locator("[data-page]"), view.locator("[data-notes]")
    notes.get_by_role("link", name="Interviews").click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("Interviews")
    expect(notes.locator("[aria-current=page]")).to_contain_text("Interviews")
    expect(notes).to_contain_text("No problems")
    author.save("\n## ", "\nWords that were just written.\n\n![](images/no.png)\n\n## ")
    expect(shown.get_by_text("Words that were just written.")).to_be_visible()
    expect(notes.locator(".problems").first).to_contain_text(f"{LESSON}:")
    author.save("![](images/no.png)\n\n", "")
    expect(notes).to_contain_text("No problems")
    notes.get_by_role("link", name="Changed: see what").click()
    expect(shown.locator("tr.new")).to_contain_text("Words that were just written.")


def test_the_author_chooses_who_looks_how_wide_and_in_which_language(author: Author) -> None:
    view = author.desk.page
    author.desk.open("/preview")
    shown = view.frame_locator("[data-page]")
    view.get_by_role("button", name="Coach", exact=True).click()
    view.locator("[data-notes]").get_by_role("link", name="Interviews").click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("Interviews")
    view.get_by_role("link", name="Svenska").first.click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("Intervjuer")
    view.get_by_role("button", name="Telefon").click()
    expect(view.locator("[data-page]")).to_have_css("max-width", "360px")
    view.get_by_role("button", name="Utbildare").click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("Kursstudio")


def test_the_workbench_has_no_barrier(author: Author) -> None:
    view, found = author.desk.page, dict[str, object]()
    author.save("\n## ", "\n![](images/no.png)\n\n## ")
    for language in ("sv", "en"):
        author.desk.open(f"/preview/{COURSE.name}", language)
        view.evaluate(AXE.read_text(encoding="utf-8"))
        found[f"axe, {language}"] = view.evaluate(RUN_AXE, ["tag", RULES])
        view.emulate_media(color_scheme="dark")
        found[f"axe, {language}, dark"] = view.evaluate(RUN_AXE, ["rule", COLOURS])
        view.emulate_media(color_scheme="light")
        view.set_viewport_size(ENLARGED_FOUR_TIMES)  # type: ignore[arg-type]
        found[f"wider than 320 pixels, {language}"] = view.evaluate(TOO_WIDE)
        found[f"targets under 24 pixels, {language}"] = view.evaluate(TOO_SMALL)
        view.set_viewport_size({"width": 1280, "height": 1024})
    assert {name: what for name, what in found.items() if what} == {}
