"""Take a picture of every page: `python tools/pictures.py FOLDER` (needs Chromium).

Starts the demo municipality on a free port and writes <scene>-<width>-<language>-<colours>.png for
each scene of tests/browser/scenes.py, at three widths, in both languages, light and dark. Words
after FOLDER choose the scenes whose names begin so: `python tools/pictures.py FOLDER quiz attempt`.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.desk import Desk, chromium, find_chromium  # noqa: E402
from tests.browser.scenes import SCENES, Scene, Stage, prepare  # noqa: E402
from tests.browser.site import demo_site  # noqa: E402
from tests.browser.town import Town  # noqa: E402

WIDTHS = (360, 768, 1280)
HEIGHT = 800


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("scenes", nargs="*", help="beginnings of names; none: all")
    parser.add_argument("--languages", nargs="+", default=["sv", "en"])
    parser.add_argument("--colours", nargs="+", default=["light", "dark"])
    asked = parser.parse_args()
    path = find_chromium()
    if path is None:
        print("no browser: apt install chromium, or name one by INNOCAP_TEST_CHROMIUM")
        return 1
    asked.folder.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in SCENES if one.name.startswith(tuple(asked.scenes or [""]))]
    with TemporaryDirectory() as data, demo_site(Path(data)) as site, chromium(path) as browser:
        stage, desks = prepare(Town(site)), dict[str, Desk]()
        for scene in chosen:
            if scene.who not in desks:
                desks[scene.who] = Desk(browser, site)
                if scene.who:
                    desks[scene.who].sign_in(stage.accounts[scene.who])
            for language in asked.languages:
                show(desks[scene.who], scene, stage, language)
                take(desks[scene.who], f"{asked.folder}/{scene.name}", language, asked.colours)
    return 0


def show(desk: Desk, scene: Scene, stage: Stage, language: str) -> None:
    """Open the page and do there what the scene does."""
    desk.open(scene.address.format_map(stage.ids), language)
    if scene.act:
        scene.act(desk.page)


def take(desk: Desk, name: str, language: str, colours: list[str]) -> None:
    """The page as it is open now, at each width and in these colours."""
    for width in WIDTHS:
        desk.page.set_viewport_size({"width": width, "height": HEIGHT})
        for colour in colours:
            desk.page.emulate_media(color_scheme=colour)  # type: ignore[arg-type]
            picture = f"{name}-{width}-{language}-{colour}.png"
            desk.page.screenshot(path=picture, full_page=True, animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
