"""An attempt in a browser: answers are saved as they are given, whatever the network does."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from innocap_lms.cli.municipality import PASSWORD
from tests.browser.conftest import NewDesk
from tests.browser.desk import Desk
from tests.browser.test_the_coachs_way import choose
from tests.browser.town import COURSE, EVERY_KIND, Town

pytestmark = pytest.mark.browser

OPTION = "main input[type=radio]"


def test_each_answer_is_saved_as_it_is_given_and_waits_on_another_device(
    desk: Desk, new_desk: NewDesk, town: Town
) -> None:
    coach = town.newcomer("Aili Valkeapää")
    address = f"/courses/{COURSE}/final/attempts/{town.attempt(coach)}"
    desk.sign_in(coach.account)
    desk.open(address)
    status = desk.page.locator("[data-saving]")
    desk.page.locator(OPTION).first.check()
    expect(status).to_contain_text("Saved")
    expect(status).to_contain_text(re.compile(r"^1 of \d+ questions answered"))
    telephone = new_desk(viewport={"width": 360, "height": 740}, has_touch=True)
    telephone.sign_in(coach.account)
    telephone.open(address)
    expect(telephone.page.locator(OPTION).first).to_be_checked()


def test_a_lost_connection_costs_nothing(desk: Desk, town: Town) -> None:
    coach, page = town.newcomer("Oula Näkkälä"), desk.page
    address = f"/courses/{COURSE}/final/attempts/{town.attempt(coach)}"
    desk.sign_in(coach.account)
    desk.open(address)
    status = page.locator("[data-saving]")
    desk.cut_off = True
    desk.context.set_offline(True)
    page.locator(OPTION).first.check()
    expect(status).to_contain_text("Not saved yet")
    desk.context.set_offline(False)
    expect(status).to_contain_text("Saved")
    page.reload()
    expect(page.locator(OPTION).first).to_be_checked()


def test_what_was_not_sent_when_the_page_closed_is_sent_when_it_opens_again(
    desk: Desk, town: Town, until: Callable[..., object]
) -> None:
    coach, page = town.newcomer("Ristin Sara"), desk.page
    attempt = town.attempt(coach)
    address = f"/courses/{COURSE}/final/attempts/{attempt}"
    desk.sign_in(coach.account)
    desk.open(address)
    desk.cut_off = True
    desk.context.set_offline(True)
    page.locator(OPTION).first.check()
    expect(page.locator("[data-saving]")).to_contain_text("Not saved yet")
    page.goto("about:blank")
    desk.context.set_offline(False)
    desk.open(address)
    until(lambda: town.answers(coach, attempt))
    expect(page.locator(OPTION).first).to_be_checked()


def test_what_was_not_sent_does_not_undo_what_another_device_has_saved_since(
    desk: Desk, new_desk: NewDesk, town: Town
) -> None:
    coach, page = town.newcomer("Biret Somby"), desk.page
    attempt = town.attempt(coach)
    address = f"/courses/{COURSE}/final/attempts/{attempt}"
    desk.expected |= {409}
    desk.sign_in(coach.account)
    desk.open(address)
    desk.cut_off = True
    desk.context.set_offline(True)
    page.locator(OPTION).first.check()
    expect(page.locator("[data-saving]")).to_contain_text("Not saved yet")
    page.goto("about:blank")
    telephone = new_desk(viewport={"width": 360, "height": 740})
    telephone.sign_in(coach.account)
    telephone.open(address)
    telephone.page.locator(OPTION).nth(1).check()
    expect(telephone.page.locator("[data-saving]")).to_contain_text("Saved")
    saved = town.answers(coach, attempt)
    desk.context.set_offline(False)
    desk.open(address)
    expect(page.locator(OPTION).nth(1)).to_be_checked()
    assert town.answers(coach, attempt) == saved


def test_the_last_look_sends_what_was_still_waiting_before_it_hands_in(
    desk: Desk, town: Town
) -> None:
    with town.ruled(COURSE, show="one"):
        coach, page = town.newcomer("Ánte Utsi"), desk.page
        attempt = town.attempt(coach)
    address = f"/courses/{COURSE}/final/attempts/{attempt}"
    desk.sign_in(coach.account)
    desk.open(f"{address}/questions/1")
    desk.cut_off = True
    page.route("**/questions/1", lambda route: route.abort())
    page.locator("main input:not([type=hidden])").first.check()
    expect(page.locator("[data-saving]")).to_contain_text("Not saved yet")
    desk.open(address)
    page.unroute("**/questions/1")
    page.get_by_role("button", name="Send answers").click()
    expect(page.locator(".error-summary")).to_contain_text("9 questions have no answer yet")
    assert len(town.answers(coach, attempt)) == 1


def test_while_the_site_has_no_room_the_page_says_so_and_sends_the_answer_again(
    desk: Desk, town: Town
) -> None:
    coach, page = town.newcomer("Sofia Jannok"), desk.page
    attempt = town.attempt(coach)
    desk.sign_in(coach.account)
    desk.open(f"/courses/{COURSE}/final/attempts/{attempt}")
    desk.cut_off = True
    desk.expected |= {507}
    page.route("**/questions/*", lambda route: route.fulfill(status=507))
    page.locator("main input[type=radio]").first.check()
    expect(page.locator("[data-saving]")).to_contain_text("Not saved yet: the site has no room")
    page.unroute("**/questions/*")
    expect(page.locator("[data-saving]")).to_contain_text("Saved")
    assert len(town.answers(coach, attempt)) == 1


def test_sending_waits_a_moment_for_the_answer_that_is_on_its_way(desk: Desk, town: Town) -> None:
    coach, page = town.newcomer("Niillas Holmberg"), desk.page
    attempt = town.attempt(coach)
    desk.sign_in(coach.account)
    desk.open(f"/courses/{COURSE}/final/attempts/{attempt}")
    on_its_way: list[Route] = []
    page.route("**/questions/*", lambda route: on_its_way.append(route))
    choose(page, town.right_answers())
    expect(page.locator("[data-saving]")).to_contain_text("10 of 10")
    page.get_by_role("button", name="Send answers").click()
    assert len(on_its_way) == 1
    on_its_way[0].continue_()
    expect(page.locator("main .score")).to_be_visible()
    page.wait_for_load_state()
    assert page.locator(".option.wrong").count() == 0


def test_an_answer_given_after_the_sign_in_has_ended_is_kept_and_sent_after_the_next(
    desk: Desk, town: Town, until: Callable[..., object]
) -> None:
    coach, page = town.newcomer("Inger Anna Gaup"), desk.page
    attempt = town.attempt(coach)
    desk.expected |= {400}
    desk.sign_in(coach.account)
    desk.open(f"/courses/{COURSE}/final/attempts/{attempt}")
    other = desk.context.new_page()
    other.goto(f"{desk.site.address}/account")
    other.locator("form[action='/logout']").evaluate("form => form.submit()")
    other.wait_for_url("**/")
    page.locator(OPTION).first.check()
    status = page.locator("[data-saving]")
    expect(status).to_contain_text("You are signed out. Your answers are kept here")
    assert not town.answers(coach, attempt)
    other.goto(f"{desk.site.address}/login")
    other.locator("[name=account]").fill(coach.account)
    other.locator("[name=password]").fill(PASSWORD)
    other.locator("main form button").click()
    other.wait_for_url(lambda address: not urlsplit(address).path.startswith("/login"))
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    until(lambda: town.answers(coach, attempt))
    expect(status).to_contain_text("Saved")
    page.locator(OPTION).nth(4).check()
    until(lambda: len(town.answers(coach, attempt)) == 2)


def test_a_long_answer_in_letters_of_three_bytes_is_saved_and_keeps_no_other_waiting(
    desk: Desk, town: Town, until: Callable[..., object]
) -> None:
    coach, page = town.newcomer("Nanuq Ittusardjuat"), desk.page
    attempt = town.attempt(coach, EVERY_KIND)
    desk.sign_in(coach.account)
    desk.open(f"/courses/{EVERY_KIND}/final/attempts/{attempt}")
    page.locator("main textarea").first.fill("ᐃᓄᒃᑎᑐᑦ " * 1200)
    page.locator(OPTION).first.check()
    until(lambda: len(town.answers(coach, attempt)) == 2)
    expect(page.locator("[data-saving]")).to_contain_text("Saved")


def test_an_answer_is_saved_also_where_the_browser_has_no_room_to_keep_it(
    desk: Desk, town: Town
) -> None:
    coach, page = town.newcomer("Nils Utsi"), desk.page
    desk.sign_in(coach.account)
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full') }")
    desk.open(f"/courses/{COURSE}/final/attempts/{town.attempt(coach)}")
    page.locator(OPTION).first.check()
    expect(page.locator("[data-saving]")).to_contain_text("Saved")


def test_words_that_were_just_typed_are_sent_as_the_tab_is_closed(
    desk: Desk, town: Town, until: Callable[..., object]
) -> None:
    coach, page = town.newcomer("Sunna Valkeapää"), desk.page
    attempt = town.attempt(coach, EVERY_KIND)
    desk.sign_in(coach.account)
    desk.open(f"/courses/{EVERY_KIND}/final/attempts/{attempt}")
    page.locator("main textarea").first.press_sequentially("In a hurry")
    page.close()
    until(lambda: ["In a hurry"] in town.answers(coach, attempt).values())


def test_a_second_window_does_not_undo_the_first_and_says_so(desk: Desk, town: Town) -> None:
    coach = town.newcomer("Máret Gaup")
    address = f"/courses/{COURSE}/final/attempts/{town.attempt(coach)}"
    desk.expected |= {409}
    desk.sign_in(coach.account)
    desk.open(address)
    other = desk.context.new_page()
    other.goto(address)
    desk.page.locator(OPTION).first.check()
    expect(desk.page.locator("[data-saving]")).to_contain_text("Saved")
    other.locator(OPTION).nth(1).check()
    expect(other.locator("[data-saving]")).to_contain_text("Changed in another window")
    other.reload()
    expect(other.locator(OPTION).first).to_be_checked()


def test_one_question_at_a_time_by_keys_alone(desk: Desk, town: Town) -> None:
    with town.ruled(COURSE, show="one", minutes=20):
        coach, page = town.newcomer("Pirita Laiti"), desk.page
        attempt = town.attempt(coach)
    desk.sign_in(coach.account)
    desk.open(f"/courses/{COURSE}/final/attempts/{attempt}/questions/1")
    expect(page.locator("[data-left]")).to_contain_text("This attempt ends")
    page.locator("main input:not([type=hidden])").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # a form's first button
    expect(page).to_have_url(re.compile("/questions/2$"))
    page.get_by_role("link", name="All questions").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip", has_text="Answered")).to_have_count(1)


def test_the_end_of_the_time_is_announced_and_what_was_saved_is_handed_in(
    desk: Desk, town: Town
) -> None:
    with town.ruled(COURSE, minutes=20):
        coach, page = town.newcomer("Inker-Anni Vest"), desk.page
        attempt = town.attempt(coach)
    desk.sign_in(coach.account)
    town.end_in(attempt, seconds=3)
    desk.expected |= {410}
    desk.open(f"/courses/{COURSE}/final/attempts/{attempt}")
    expect(page.locator("[data-left] [role=status]")).to_contain_text("Less than one minute")
    page.locator(OPTION).first.check()
    expect(page.locator("[data-saving]")).to_contain_text("Saved")
    expect(page.locator("[data-left] [role=status]")).to_contain_text("The time is over")
    expect(page.locator("main .score")).to_be_visible(timeout=30_000)
