"""The text of a practical task is saved while it is written, whatever the network does."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.desk import Desk
from tests.browser.scenes import OTHER, OWN_CASE
from tests.browser.town import Town

pytestmark = pytest.mark.browser


def begin(desk: Desk, town: Town, name: str) -> Page:
    coach = town.newcomer(name)
    town.read(coach, 1, OTHER)
    desk.sign_in(coach.account)
    desk.open(OWN_CASE)
    return desk.page


def status(page: Page) -> Locator:
    return page.locator("[data-saving]")


def words(page: Page) -> Locator:
    return page.locator("textarea[name=text]")


def test_what_is_written_is_saved_without_pressing_anything(desk: Desk, town: Town) -> None:
    page = begin(desk, town, "Sunniva Vik")
    words(page).fill("We met nine shop owners.")
    expect(status(page)).to_have_text("Saved")
    words(page).press_sequentially(" They were busy.")
    page.get_by_role("button", name="Save").click()  # also while a saving is on its way
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(words(page)).to_have_value("We met nine shop owners. They were busy.")


def test_a_lost_connection_and_a_closed_page_lose_no_word(desk: Desk, town: Town) -> None:
    page = begin(desk, town, "Brynhildur Sól")
    desk.cut_off = True
    desk.expected |= {409}  # what a page sends as it closes may arrive, and the next one cross it
    desk.context.set_offline(True)
    words(page).fill("Written in a tunnel.")
    expect(status(page)).to_contain_text("Not saved yet")
    page.goto("about:blank")
    desk.context.set_offline(False)
    desk.open(OWN_CASE)
    expect(words(page)).to_have_value("Written in a tunnel.")
    expect(status(page)).to_contain_text("Saved")
    page.reload()
    expect(words(page)).to_have_value("Written in a tunnel.")


def test_an_answer_that_got_lost_is_no_conflict(desk: Desk, town: Town) -> None:
    page = begin(desk, town, "Aqqaluk Lynge")
    desk.cut_off, lost = True, list[str]()
    desk.expected |= {409}

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(str(route.fetch().status))  # saved, and nobody hears of it
        return route.abort()

    page.route("**/draft", lose)
    words(page).fill("First words.")
    expect(status(page)).to_contain_text("Not saved yet")
    words(page).press_sequentially(" And more.")
    expect(status(page)).to_have_text("Saved")
    assert lost == ["200"]
    page.reload()
    expect(words(page)).to_have_value("First words. And more.")


def test_two_windows_do_not_write_over_each_other(
    desk: Desk, town: Town, until: Callable[..., object]
) -> None:
    page = begin(desk, town, "Nive Nielsen")
    desk.expected |= {409}
    other = desk.context.new_page()
    other.goto(f"{desk.site.address}{OWN_CASE}")
    words(page).fill("From the first window.")
    expect(status(page)).to_have_text("Saved")
    words(other).fill("From the second window.")
    expect(status(other)).to_contain_text("Changed in another window")
    other.get_by_role("button", name="Save").click()
    expect(words(other)).to_have_value("From the second window.")
    expect(other.get_by_text("From the first window.")).to_be_visible()
    words(other).fill("From both windows.")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("Saved.")).to_be_visible()
    desk.open(OWN_CASE)
    expect(words(page)).to_have_value("From both windows.")


def test_what_waits_here_is_forgotten_once_the_case_is_handed_in(desk: Desk, town: Town) -> None:
    page = begin(desk, town, "Ragnhild Dahl")
    words(page).fill("All of it.")
    page.get_by_label("I have removed everything").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Your case is handed in.")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
