"""The site, the town in it and a Chromium, each started once; a desk for every test.

Without a browser the tests here are skipped: `apt install chromium`, or name one by
INNOCAP_TEST_CHROMIUM.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.desk import Desk, chromium, find_chromium
from tests.browser.edited import LESSON, Edit, Manuscript, edited_site
from tests.browser.site import Site, demo_site
from tests.browser.town import Town

NewDesk = Callable[..., Desk]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no browser: apt install chromium, or name one by INNOCAP_TEST_CHROMIUM")
    with chromium(path) as started:
        yield started


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo_site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="session")
def town(site: Site) -> Iterator[Town]:
    made = Town(site)
    yield made
    made.close()


@pytest.fixture
def new_desk(browser: Browser, site: Site) -> Iterator[NewDesk]:
    """Makes browsers, with the options of a Playwright context; at the end none had trouble."""
    desks: list[Desk] = []

    def make(**options: Any) -> Desk:
        desks.append(Desk(browser, site, **options))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()
    assert [trouble for desk in desks for trouble in desk.trouble] == []


@pytest.fixture
def desk(new_desk: NewDesk) -> Desk:
    """A browser whose person reads English."""
    return new_desk()


@pytest.fixture(scope="module")
def manuscript() -> Manuscript:
    """What stands on the page with the editor."""
    return Manuscript()


@pytest.fixture(scope="module")
def editing_site(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, manuscript: Manuscript
) -> Iterator[Site]:
    with edited_site(tmp_path_factory.mktemp("edited"), manuscript) as served:
        yield served


@pytest.fixture
def edit(browser: Browser, editing_site: Site, manuscript: Manuscript) -> Iterator[Edit]:
    """Opens the page with a text and its problems; at the end no browser had trouble, so none
    has refused a style or a script of the editor."""
    desks: list[Desk] = []

    def opened(
        text: str = LESSON,
        problems: Any = (),
        language: str = "en",
        attributes: str = "",
        **options: Any,
    ) -> Any:
        manuscript.text, manuscript.problems, manuscript.sent = text, list(problems), None
        manuscript.attributes = attributes
        desks.append(Desk(browser, editing_site, **options))
        desks[-1].open("/edited", language)
        return desks[-1].page

    yield opened
    for desk in desks:
        desk.close()
    assert [trouble for desk in desks for trouble in desk.trouble] == []
