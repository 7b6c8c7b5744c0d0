"""What the printer gets of the pages that are made to be printed, and what the screen shows."""

import io

import pikepdf
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewDesk

COURSES = "/courses"
TRAINER = "johan.naslund@example.org"
SHEETS = "main a[href*='/sheets/']:not([href$='.pdf'])"
SLIDES = "main a[href*='/facilitator/slides/']:not([href$='.pdf'])"


COLOUR = "getComputedStyle(document.querySelector('main h1')).color"


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


def test_each_slide_is_one_page_of_paper(new_desk: NewDesk) -> None:
    desk = new_desk()
    desk.sign_in(TRAINER)
    desk.open(f"{COURSES}/data-gis-iot")
    for address in addresses(desk.page, SLIDES):
        desk.open(address)
        assert printed_pages(desk.page) == desk.page.locator(".slide").count(), address


def test_who_reads_in_the_dark_prints_in_the_colours_of_the_day(new_desk: NewDesk) -> None:
    desk = new_desk()
    desk.open(f"{COURSES}/data-gis-iot/sheets/data-card")
    desk.page.emulate_media(media="print")
    day = desk.page.evaluate(COLOUR)
    desk.open(f"/theme/dark?next={COURSES}/data-gis-iot/sheets/data-card")
    desk.page.emulate_media(media="screen")
    assert desk.page.evaluate(COLOUR) != day
    desk.page.emulate_media(media="print")
    assert desk.page.evaluate(COLOUR) == day


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_table_on_a_slide_has_the_colour_of_the_slide_behind_it(
    new_desk: NewDesk, theme: str
) -> None:
    desk = new_desk(color_scheme=theme)
    desk.sign_in(TRAINER)
    desk.open(f"{COURSES}/digital-foundations/facilitator/slides/coach-role")
    slide = desk.page.locator(".slide", has=desk.page.locator(".table-scroll")).first
    ground = slide.evaluate("one => getComputedStyle(one).backgroundColor")
    drawn = slide.locator(".table-scroll").first.evaluate(
        "one => getComputedStyle(one).backgroundImage"
    )
    assert drawn.count(ground) == 2, drawn  # at both of its ends
