"""What stands around every page: language, colours, the account's menu."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewDesk
from tests.browser.desk import Desk
from tests.browser.town import COURSE, Town

GROUND = "getComputedStyle(document.body).backgroundColor"


def open_menu(page: Page) -> None:
    page.locator(".site-header summary").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_the_language_changes_on_the_page_where_it_is_chosen(
    new_desk: NewDesk, javascript: bool
) -> None:
    desk = new_desk(java_script_enabled=javascript)
    desk.open(f"/courses/{COURSE}")
    open_menu(desk.page)
    desk.page.locator(".site-header").get_by_role("link", name="Svenska").click()
    expect(desk.page.locator("html")).to_have_attribute("lang", "sv")
    assert desk.page.url.endswith(f"/courses/{COURSE}")
    desk.open("/")
    expect(desk.page.locator("html")).to_have_attribute("lang", "sv")


def test_the_language_of_a_signed_in_person_follows_to_another_browser(
    new_desk: NewDesk, town: Town
) -> None:
    someone, here, there = town.newcomer("Maja Sund"), new_desk(), new_desk()
    here.sign_in(someone.account)
    here.page.get_by_role("contentinfo").get_by_role("link", name="Svenska").click()
    expect(here.page.locator("html")).to_have_attribute("lang", "sv")
    there.sign_in(someone.account)
    expect(there.page.locator("html")).to_have_attribute("lang", "sv")


def test_colours_follow_the_device_until_they_are_chosen(desk: Desk) -> None:
    page = desk.page
    desk.open("/")
    light = page.evaluate(GROUND)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(GROUND)
    assert light != dark
    page.emulate_media(color_scheme="light")
    open_menu(page)
    page.locator(".site-header").get_by_role("link", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(GROUND) == dark


def test_signing_out_ends_the_session_and_leaves_nothing_in_the_browser(
    desk: Desk, town: Town
) -> None:
    someone, page = town.newcomer("Ole Berg"), desk.page
    attempt = town.attempt(someone)
    desk.sign_in(someone.account)
    desk.open(f"/courses/{COURSE}/final/attempts/{attempt}")
    desk.cut_off = True
    page.route("**/questions/*", lambda route: route.abort())  # what cannot be sent waits here
    page.locator("main input:not([type=hidden])").first.check()
    assert page.evaluate("sessionStorage.length") == 1
    kept = desk.context.cookies()
    open_menu(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You have signed out")
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    desk.context.add_cookies(kept)  # type: ignore[arg-type]
    desk.open("/me")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_escape_closes_the_menu_and_gives_the_focus_back(desk: Desk) -> None:
    desk.open("/")
    open_menu(desk.page)
    expect(desk.page.locator(".menu-panel")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".menu-panel")).to_be_hidden()
    assert desk.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_table_wider_than_a_phone_is_cut_where_one_sees_it_and_named_in_full(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 360, "height": 800})
    desk.open(f"/courses/{COURSE}", "sv")
    table = desk.page.locator(".prose > .table-scroll").first
    name, last = table.locator("caption").bounding_box(), table.locator("th").last.bounding_box()
    assert name is not None
    assert last is not None
    assert name["x"] + name["width"] <= 360
    assert last["x"] < 340 < last["x"] + last["width"]
