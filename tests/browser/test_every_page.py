"""Every page of the route map, in its languages, light and dark: axe finds nothing, it reflows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from innocap_lms.people.language import ABROAD, LANGUAGES
from tests.browser.desk import Desk
from tests.browser.scenes import NOT_PAGES, SCENES, Scene, Stage, prepare
from tests.browser.site import Site
from tests.browser.town import Town

AXE = Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CASES = [
    pytest.param(scene, language, id=f"{scene.name}-{language}")
    for scene in SCENES
    for language in (ABROAD if scene.endpoint.startswith("credentials.") else LANGUAGES)
]
DESK = {"width": 1280, "height": 1024}
ENLARGED_FOUR_TIMES = {"width": 320, "height": 256}  # the same desk at 400 %: WCAG 2.2, 1.4.10

COLOURS = ["color-contrast", "link-in-text-block"]  # what another theme can break

RUN_AXE = """async ([type, values]) => {
  const run = {runOnly: {type, values}, resultTypes: ["violations"]};
  const found = await axe.run(document, run);
  return found.violations.map((one) => [one.id, ...one.nodes.map((node) => node.html)]);
}"""
TOO_WIDE = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= innerWidth) return [];
  const sticksOut = (one) => one.getBoundingClientRect().right > innerWidth + 0.5;
  const all = [...document.body.querySelectorAll("*")];
  return all.filter(sticksOut).map((one) => one.outerHTML.slice(0, 120));
}"""
# Links within a sentence are as high as its lines: WCAG 2.2, 2.5.8 leaves them out.
TOO_SMALL = """() => {
  const seen = (one) => one.checkVisibility({opacityProperty: true, visibilityProperty: true});
  const inSentence = (one) => getComputedStyle(one).display === "inline";
  const choice = "input[type=radio], input[type=checkbox]";
  const target = (one) => one.matches(choice) && one.closest("label") || one;
  const small = (one) => {
    const box = target(one).getBoundingClientRect();
    return box.right > 0 && Math.min(box.width, box.height) < 23.9;
  };
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  return [...document.querySelectorAll(kinds)]
    .filter((one) => seen(one) && !inSentence(one) && small(one))
    .map((one) => one.outerHTML.slice(0, 120));
}"""

# In a table, which scrolls, nothing has to be squeezed.
CUT_SHORT = """() => [...document.querySelectorAll("td select")].filter((one) => {
  const width = one.offsetWidth;
  one.style.inlineSize = "max-content";
  const needed = one.offsetWidth;
  one.style.inlineSize = "";
  return width < needed - 1;
}).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def stage(town: Town) -> Stage:
    return prepare(town)


@pytest.fixture(scope="module")
def desk_of(browser: Browser, site: Site, stage: Stage) -> Iterator[Callable[[str], Desk]]:
    """The browser of somebody in the scenes, signed in at the first call."""
    desks: dict[str, Desk] = {}

    def of(who: str) -> Desk:
        if who not in desks:
            desks[who] = Desk(browser, site, viewport=DESK)
            desks[who].context.add_init_script(path=AXE)  # so it is compiled once, not on each page
            if who:
                desks[who].sign_in(stage.accounts[who])
        return desks[who]

    yield of
    for desk in desks.values():
        desk.close()


def test_each_rule_of_the_route_map_is_a_scene_or_named_as_no_page(site: Site) -> None:
    rules = _rules(site.app)
    shown = {scene.endpoint for scene in SCENES if scene.endpoint}
    assert rules - shown - NOT_PAGES.keys() == set(), "pages that nobody looks at"
    assert (shown | NOT_PAGES.keys()) - rules == set(), "named here, but not in the route map"
    assert shown & NOT_PAGES.keys() == set()


def _rules(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


@pytest.mark.parametrize(("scene", "language"), CASES)
def test_a_page_has_no_barrier(
    scene: Scene, language: str, desk_of: Callable[[str], Desk], stage: Stage
) -> None:
    desk = desk_of(scene.who)
    page, found = desk.page, dict[str, Any]()
    desk.trouble.clear()
    desk.expected = {422, scene.status}
    show(desk, scene, stage, language)
    found["axe, light"] = page.evaluate(RUN_AXE, ["tag", RULES])
    page.emulate_media(color_scheme="dark")
    found["axe, dark"] = page.evaluate(RUN_AXE, ["rule", COLOURS])
    page.emulate_media(color_scheme="light")
    found["targets under 24 pixels"] = page.evaluate(TOO_SMALL)
    page.set_viewport_size(ENLARGED_FOUR_TIMES)  # type: ignore[arg-type]
    found["wider than 320 pixels"] = page.evaluate(TOO_WIDE)
    found["targets under 24 pixels, enlarged"] = page.evaluate(TOO_SMALL)
    found["choices that cannot be read, enlarged"] = page.evaluate(CUT_SHORT)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    found["trouble"] = desk.trouble
    assert not any(found.values()), "\n".join(
        f"{name}: {one}" for name, several in found.items() for one in several
    )


def show(desk: Desk, scene: Scene, stage: Stage, language: str) -> None:
    """Open a scene and see that it is what the table says."""
    answers: list[int] = []

    def note(response: Any) -> None:
        if response.request.is_navigation_request():
            answers.append(response.status)

    desk.page.on("response", note)
    desk.open(scene.address.format_map(stage.ids), language)
    if scene.act:
        scene.act(desk.page)
    desk.page.remove_listener("response", note)
    assert answers[-1] == scene.status
    assert desk.page.locator("html").get_attribute("lang") == language


def test_the_checks_find_what_they_look_for(desk: Desk) -> None:
    desk.open("/accessibility")
    page: Page = desk.page
    page.set_viewport_size(ENLARGED_FOUR_TIMES)  # type: ignore[arg-type]
    assert not page.evaluate(TOO_WIDE)
    page.evaluate("""() => {
      const button = document.createElement("button");
      document.querySelector("main").append(button);
      for (const [name, value] of Object.entries({width: "900px", height: "10px", padding: 0}))
        button.style[name] = value;
    }""")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert [finding[0] for finding in page.evaluate(RUN_AXE, ["tag", RULES])] == ["button-name"]
    assert page.evaluate(TOO_WIDE)
    assert page.evaluate(TOO_SMALL)
