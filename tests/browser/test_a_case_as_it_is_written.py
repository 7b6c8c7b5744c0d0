"""The text of a practical task is saved while it is written, whatever the network does, and never
over another text or into another person's case."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from innocap_lms.tasks.queries import my_cases
from tests.browser.conftest import NewDesk
from tests.browser.desk import Desk
from tests.browser.practical import CASE, Practice
from tests.browser.scenes import OTHER, OWN_CASE
from tests.browser.town import Someone, Town

pytestmark = pytest.mark.browser

ELSEWHERE = "Changed in another window"


def newcomer(town: Town, name: str) -> Someone:
    coach = town.newcomer(name)
    town.read(coach, 1, OTHER)
    return coach


def at_work(desk: Desk, coach: Someone) -> Page:
    desk.sign_in(coach.account)
    desk.open(OWN_CASE)
    return desk.page


def begin(desk: Desk, town: Town, name: str) -> Page:
    return at_work(desk, newcomer(town, name))


def kept(town: Town, coach: Someone) -> list[str]:
    """The texts of somebody's cases, as the server has them."""
    with town.site.app.app_context():
        return [case.text for case in my_cases(coach.id, OTHER, "own-case")]


def sign_in_beside(desk: Desk, who: Someone) -> None:
    """The session of a tab that stays open ends, and somebody signs in in another tab."""
    tab = desk.page
    desk.context.clear_cookies()
    desk.page = desk.context.new_page()
    desk.sign_in(who.account)
    desk.page.close()
    desk.page = tab


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


def test_after_a_refused_hand_in_what_is_written_is_still_saved(desk: Desk, town: Town) -> None:
    coach = newcomer(town, "Kaisa Rautio")
    page = at_work(desk, coach)
    words(page).fill("We met nine shop owners.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".error-summary")).to_be_visible()
    with page.expect_response(lambda answer: "busy" in (answer.request.post_data or "")):
        words(page).fill("We met nine shop owners. They were busy.")
    assert kept(town, coach) == ["We met nine shop owners. They were busy."]


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


def test_while_the_site_has_no_room_the_page_says_so_and_sends_the_text_again(
    desk: Desk, town: Town
) -> None:
    page = begin(desk, town, "Mari Boine")
    desk.cut_off = True
    desk.expected |= {507}
    page.route("**/draft", lambda route: route.fulfill(status=507))
    words(page).fill("Written on a full disk.")
    expect(status(page)).to_contain_text("Not saved yet: the site has no room left")
    page.unroute("**/draft")
    expect(status(page)).to_have_text("Saved")


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


def test_words_taken_back_while_an_answer_got_lost_are_taken_back_on_the_server_too(
    desk: Desk, town: Town
) -> None:
    coach = newcomer(town, "Aviâja Egede")
    page = at_work(desk, coach)
    desk.cut_off, lost = True, list[str]()

    def lose(route: Route) -> None:
        lost.append(str(route.fetch().status))
        route.abort()

    page.route("**/draft", lose, times=1)
    words(page).fill("What should not have been written.")
    expect(status(page)).to_contain_text("Not saved yet")
    words(page).fill("")
    expect(status(page)).to_have_text("Saved")
    assert (lost, kept(town, coach)) == (["200"], [""])


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


def test_a_tab_left_open_saves_nothing_into_the_case_of_whoever_signs_in_next(
    desk: Desk, town: Town
) -> None:
    fatima, anders = newcomer(town, "Fatima Aziz"), newcomer(town, "Anders Nygren")
    Practice(town, OTHER).case(anders, hand_in=False)
    page = at_work(desk, fatima)
    words(page).fill("Fatima’s case.")
    expect(status(page)).to_have_text("Saved")
    desk.expected |= {400}  # the token is of the session that has ended
    sign_in_beside(desk, anders)
    words(page).fill("Fatima’s case, in confidence.")
    expect(status(page)).to_contain_text("You are signed out")
    assert (kept(town, fatima), kept(town, anders)) == (["Fatima’s case."], [CASE])
    sign_in_beside(desk, fatima)
    expect(status(page)).to_have_text("Saved")
    assert kept(town, fatima) == ["Fatima’s case, in confidence."]


def test_whoever_signs_in_in_the_same_tab_neither_sees_nor_saves_what_waits_there(
    desk: Desk, town: Town
) -> None:
    emma, mikael = newcomer(town, "Emma Berg"), newcomer(town, "Mikael Öman")
    page = at_work(desk, emma)
    desk.expected |= {400}
    desk.context.clear_cookies()
    words(page).fill("Emma’s case, in confidence.")
    expect(status(page)).to_contain_text("You are signed out")
    at_work(desk, mikael)
    expect(words(page)).to_have_value("")
    words(page).fill("Mikael’s case.")
    expect(status(page)).to_have_text("Saved")
    assert (kept(town, emma), kept(town, mikael)) == ([], ["Mikael’s case."])
    desk.context.clear_cookies()
    at_work(desk, emma)
    expect(status(page)).to_have_text("Saved")
    assert kept(town, emma) == ["Emma’s case, in confidence."]


@pytest.mark.parametrize("back", ["by itself", "after a reload"])
def test_what_waited_here_does_not_write_over_what_another_device_saved_since(
    desk: Desk, new_desk: NewDesk, town: Town, back: str
) -> None:
    olof = newcomer(town, "Olof Vik")
    laptop, phone = at_work(desk, olof), at_work(new_desk(), olof)
    desk.cut_off = True
    desk.expected |= {409}
    laptop.route("**/draft", lambda route: route.abort())
    words(laptop).fill("From the laptop, on a train.")
    expect(status(laptop)).to_contain_text("Not saved yet")
    words(phone).fill("Three paragraphs on the phone.")
    expect(status(phone)).to_have_text("Saved")
    laptop.unroute("**/draft")
    if back == "after a reload":
        laptop.reload()
    expect(status(laptop)).to_contain_text(ELSEWHERE)
    expect(words(laptop)).to_have_value("From the laptop, on a train.")
    laptop.get_by_role("button", name="Save").click()
    expect(laptop.get_by_text("Three paragraphs on the phone.")).to_be_visible()
    assert kept(town, olof) == ["Three paragraphs on the phone."]


def test_two_texts_to_be_put_together_wait_for_the_person_also_after_a_look_elsewhere(
    desk: Desk, town: Town
) -> None:
    gudrun = newcomer(town, "Guðrún Björk")
    page = at_work(desk, gudrun)
    desk.expected |= {409}
    other = desk.context.new_page()
    other.goto(OWN_CASE)
    words(page).fill("From the first window.")
    expect(status(page)).to_have_text("Saved")
    words(other).fill("From the second window.")
    expect(status(other)).to_contain_text(ELSEWHERE)
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("From the first window.")).to_be_visible()
    words(other).fill("From the second window, and more.")
    other.goto(f"/courses/{OTHER}")
    other.goto(OWN_CASE)
    expect(words(other)).to_have_value("From the second window, and more.")
    expect(status(other)).to_contain_text(ELSEWHERE)
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("From the first window.")).to_be_visible()
    assert kept(town, gudrun) == ["From the first window."]


def test_what_is_written_after_another_window_handed_the_case_in_stays_in_sight(
    desk: Desk, town: Town
) -> None:
    coach = newcomer(town, "Høgni Joensen")
    page = at_work(desk, coach)
    desk.expected |= {410}
    words(page).fill("All of it.")
    expect(status(page)).to_have_text("Saved")
    other = desk.context.new_page()
    other.goto(OWN_CASE)
    other.get_by_label("I have removed everything").check()
    other.get_by_role("button", name="Hand in").click()
    expect(other.get_by_text("Your case is handed in.")).to_be_visible()
    words(page).fill("All of it, and a thought that came late.")
    expect(status(page)).to_contain_text("You can no longer write here")
    expect(words(page)).to_have_value("All of it, and a thought that came late.")
    assert kept(town, coach) == ["All of it."]
