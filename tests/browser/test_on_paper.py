"""What the printer gets of the pages that are made to be printed."""

import io

import pikepdf
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewDesk

COURSES = "/courses"
SHEETS = "main a[href*='/sheets/']:not([href$='.pdf'])"


def printed_pages(page: Page) -> int:
    return len(pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def addresses(page: Page, links: str) -> list[str]:
    found = [link.get_attribute("href") or "" for link in page.locator(links).all()]
    assert found
    return found


@pytest.mark.parametrize("locale", ["sv-SE", "en-GB"])
@pytest.mark.parametrize(
    "course",
    ["digital-foundations", "data-gis-iot", "security-and-identity", "accessible-and-procured"],
)
def test_a_template_and_a_pocket_guide_are_one_sheet_of_paper(
    new_desk: NewDesk, course: str, locale: str
) -> None:
    desk = new_desk(locale=locale)
    desk.open(f"{COURSES}/{course}")
    for address in addresses(desk.page, SHEETS):
        desk.open(address)
        assert printed_pages(desk.page) == 1, address
