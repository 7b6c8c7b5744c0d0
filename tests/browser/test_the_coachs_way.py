"""A coach finds a course, reads it, passes its quiz and shows the certificate to a stranger."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from innocap_lms.cli.municipality import PASSWORD
from tests.browser.conftest import NewDesk
from tests.browser.desk import Desk
from tests.browser.town import COURSE, Someone, Town
from tests.browser.words import words

TRACK = "digital-technology"
FOCUS_IS_DRAWN = """() => [document.activeElement, document.activeElement.closest("label")]
  .some((one) => one && getComputedStyle(one).outlineStyle !== "none")"""


def press(page: Page, name: str) -> None:
    """Press the button, or follow the link, of that name within the page."""
    main = page.get_by_role("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


def choose(page: Page, answers: dict[str, list[str]]) -> None:
    """Choose these options, by question."""
    for question, options in answers.items():
        for option in options:
            page.locator(f'[name="q-{question}"][value="{option}"]').check()


def wrong(page: Page, question: str, right: list[str]) -> dict[str, list[str]]:
    """One option of a question that is not right."""
    values = page.locator(f'[name="q-{question}"]').evaluate_all("all => all.map(one => one.value)")
    return {question: [next(value for value in values if value not in right)]}


def read_all_lessons(page: Page, town: Town, button: str) -> None:
    for lesson in town.course().course.lessons:
        expect(page).to_have_url(re.compile(f"/courses/{COURSE}/{lesson.id}$"))
        press(page, button)


def pass_the_quiz(page: Page, town: Town, start: str, send: str) -> None:
    press(page, start)
    choose(page, town.right_answers())
    press(page, send)


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_swedish_coach_goes_from_the_front_page_to_a_certificate_that_a_stranger_verifies(
    new_desk: NewDesk, town: Town, tmp_path: Path, javascript: bool
) -> None:
    _ = words("sv")
    coach = town.newcomer("Sigrid Lindqvist", language="sv")
    desk = new_desk(locale="sv-SE", java_script_enabled=javascript)
    page, edition = desk.page, town.course()
    find_the_course(desk, coach, town)
    press(page, _("Start the course"))
    read_all_lessons(page, town, _("I have read this, continue"))
    fail_once(page, town)
    pass_the_quiz(page, town, _("Start again"), _("Send answers"))
    joy = page.locator(".joy")
    expect(joy.get_by_role("heading", level=1)).to_contain_text(edition.course.texts["sv"].title)
    press(page, _("Open your certificate"))
    expect(page.get_by_role("main")).to_contain_text("Sigrid Lindqvist")
    with page.expect_download() as download:
        press(page, _("Download as PDF"))
    download.value.save_as(tmp_path / "certificate.pdf")
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")
    a_stranger_verifies(new_desk, page.get_by_role("main").locator("a[href*='/verify/']"))


def find_the_course(desk: Desk, coach: Someone, town: Town) -> None:
    """From the front page to the course, signing in on the way."""
    _, page, text = words("sv"), desk.page, town.course().course.texts["sv"]
    desk.open("/")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    page.locator(f"main a[href='/tracks/{TRACK}']").first.click()
    press(page, text.title)
    expect(page.get_by_role("heading", level=1)).to_have_text(text.title)
    press(page, _("Sign in to start"))
    page.locator("[name=account]").fill(coach.account)
    page.locator("[name=password]").fill(PASSWORD)
    press(page, _("Sign in"))
    expect(page).to_have_url(re.compile(f"/courses/{COURSE}$"))


def fail_once(page: Page, town: Town) -> None:
    """Miss a question, see which, send wrong answers, and see what to read again."""
    _, right = words("sv"), town.right_answers()
    press(page, _("Start the quiz"))
    missed, *others = right
    page.get_by_role("button", name=_("Send answers")).wait_for()  # it stands below all questions
    for question in others:
        choose(page, wrong(page, question, right[question]))
    press(page, _("Send answers"))
    summary = page.locator(".error-summary")
    expect(summary.locator("a")).to_have_count(1)
    summary.locator("a").click()
    expect(page).to_have_url(re.compile("#"))
    page.wait_for_load_state()
    asked = page.locator(page.url.rpartition("#")[2].join(("#", "")))
    expect(asked).to_have_attribute("data-question", f"q-{missed}")
    assert page.locator("input:checked").count() == len(others), "an answer was lost"
    choose(page, wrong(page, missed, right[missed]))
    press(page, _("Send answers"))
    expect(page.locator(".question .chip.late")).to_have_count(len(right))
    expect(page.locator("[aria-labelledby=reread] a")).not_to_have_count(0)
    page.wait_for_load_state()
    assert page.locator(".option.right").count() == 0, "the keys are not due"
    press(page, _("Try again"))


def a_stranger_verifies(new_desk: NewDesk, link: Locator) -> None:
    stranger = new_desk(java_script_enabled=False)
    stranger.open(link.get_attribute("href") or "")
    expect(stranger.page.get_by_role("main")).to_contain_text("Sigrid Lindqvist")
    expect(stranger.page.get_by_role("main")).to_contain_text("This certificate is genuine")


def test_a_coach_without_a_mouse_signs_in_and_answers_the_quiz_by_keys(
    desk: Desk, town: Town
) -> None:
    coach, page = town.newcomer("Kaisa Niemi"), desk.page
    town.read(coach, 4)
    desk.open(f"/login?next=/courses/{COURSE}/final")
    tab_to(page, "[name=account]")
    page.keyboard.type(coach.account)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Final quiz")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator("[data-question]").first).to_be_visible()
    for question, options in town.right_answers().items():
        answer_by_keys(page, question, options)
    tab_to(page, "main button.primary")
    page.keyboard.press("Space")
    expect(page.locator(".joy")).to_be_visible()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus, and see that the focus is drawn."""
    for _press in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("css => document.activeElement.matches(css)", selector):
            assert page.evaluate(FOCUS_IS_DRAWN), "the focus is not to be seen"
            return
    raise AssertionError(f"Tab never came to {selector}")


def answer_by_keys(page: Page, question: str, options: list[str]) -> None:
    """Tab to the question; arrows move and choose among radios, Space ticks a box."""
    field = f'[name="q-{question}"]'
    if page.locator(field).first.get_attribute("type") == "radio":
        tab_to(page, field)
        page.keyboard.press("Space")
        for _arrow in range(page.locator(field).count()):
            if page.locator(f"{field}:checked").get_attribute("value") in options:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow came to {options}")
    for _box in range(page.locator(field).count()):
        tab_to(page, field)
        if page.evaluate("document.activeElement.value") in options:
            page.keyboard.press("Space")


def test_changing_the_language_within_a_quiz_keeps_questions_order_and_answers(
    desk: Desk, town: Town
) -> None:
    coach, page = town.newcomer("Aino Virtanen"), desk.page
    attempt = town.attempt(coach)
    desk.sign_in(coach.account)
    desk.open(f"/courses/{COURSE}/final/attempts/{attempt}")
    english, order = page.locator("legend").first.inner_text(), order_of(page)
    choose(page, town.right_answers())
    page.get_by_role("contentinfo").get_by_role("link", name="Svenska").click()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page).to_have_url(re.compile(f"/attempts/{attempt}$"))
    page.wait_for_load_state()
    assert page.locator("legend").first.inner_text() != english
    assert order_of(page) == order
    chosen = page.locator("main input:checked").evaluate_all(
        "all => all.map(one => `${one.name}=${one.value}`)"
    )
    assert sorted(chosen) == sorted(
        f"q-{question}={option}"
        for question, several in town.right_answers().items()
        for option in several
    )
    press(page, words("sv")("Send answers"))
    expect(page.locator("main .score")).to_be_visible()
    page.wait_for_load_state()
    assert page.locator(".option.wrong").count() == 0


def order_of(page: Page) -> list[str]:
    """Questions and options as they stand, top to bottom."""
    fields = page.locator("main form input:not([type=hidden])")
    found: list[str] = fields.evaluate_all("all => all.map(one => `${one.name}=${one.value}`)")
    assert found
    return found
