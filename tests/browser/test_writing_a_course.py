"""Writing a file of a course in a browser: kept as it is typed, shown and checked beside it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import written
from tests.browser.desk import Desk
from tests.browser.town import COURSE, Town

pytestmark = pytest.mark.browser

OURS = "signes-course"


def test_what_is_typed_is_kept_shown_and_checked_while_one_writes(
    desk: Desk, town: Town, until: Callable[..., object]
) -> None:
    trainer = town.person("johan.naslund")
    written.new_course(town, OURS, town.course(COURSE).track, trainer)
    desk.sign_in(trainer.account)
    desk.open(f"/studio/courses/{OURS}/files/01-first-lesson.en.md", language="en")
    page = desk.page
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\nA **bold** word and ![](images/none.png)\n")
    expect(page.locator("[data-saving]")).to_have_text("Kept as your draft")
    expect(page.locator("[data-shown] strong").last).to_have_text("bold")
    expect(page.locator("[data-notes]")).to_contain_text("none.png")
    expect(page.locator(".cm-lint-marker-error")).not_to_have_count(0)
    page.reload()
    until(lambda: "A **bold** word" in page.locator("textarea[name=text]").input_value())
    pictures = page.locator("[data-shown] img")
    pictures.first.scroll_into_view_if_needed()
    until(lambda: pictures.first.evaluate("img => img.naturalWidth") > 0)


def test_a_version_made_in_another_tab_does_not_stop_whoever_writes_on(
    desk: Desk, town: Town, until: Callable[..., object]
) -> None:
    trainer = town.person("johan.naslund")
    written.new_course(town, "two-tabs", town.course(COURSE).track, trainer)
    address = "/studio/courses/two-tabs/files/01-first-lesson.en.md"
    desk.expected |= {409}  # the tab hears that its draft has become a version
    desk.sign_in(trainer.account)
    desk.open(address, language="en")
    page = desk.page
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("First.")
    expect(page.locator("[data-saving]")).to_have_text("Kept as your draft")
    written.save(town, "two-tabs", trainer, "From another tab")
    page.keyboard.type(" And on.")
    until(lambda: written.kept(town, "two-tabs", "01-first-lesson.en.md", trainer).endswith("on."))
    expect(page.locator("[data-saving]")).to_have_text("Kept as your draft")


def test_what_was_written_without_a_connection_is_merged_with_what_a_colleague_saved(
    desk: Desk, town: Town, until: Callable[..., object]
) -> None:
    trainer = town.person("johan.naslund")
    colleague = town.newcomer("Ola Lind", "trainer", "en")
    track, path = town.course(COURSE).track, "01-first-lesson.en.md"
    written.new_course(town, "on-a-train", track, trainer)
    desk.sign_in(trainer.account)
    desk.open(f"/studio/courses/on-a-train/files/{path}", language="en")
    page = desk.page
    desk.cut_off = True
    desk.expected |= {409}  # what a page sends as it closes may arrive, and the next one cross it
    desk.context.set_offline(True)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("From the train.")
    expect(page.locator("[data-saving]")).to_contain_text("Not kept yet")
    text = written.kept(town, "on-a-train", path, colleague)
    written.write(town, "on-a-train", path, colleague, text.replace("title: ", "title: Our ", 1))
    written.save(town, "on-a-train", colleague, "Another title")
    page.goto("about:blank")
    desk.context.set_offline(False)
    desk.open(f"/studio/courses/on-a-train/files/{path}")
    until(lambda: "train." in written.kept(town, "on-a-train", path, trainer))
    written.save(town, "on-a-train", trainer, "From the train")
    both = written.kept(town, "on-a-train", path, colleague)
    assert "title: Our " in both
    assert "From the train." in both


def test_what_waited_here_does_not_take_back_what_a_colleague_has_changed_since(
    desk: Desk, town: Town
) -> None:
    trainer = town.person("johan.naslund")
    colleague = town.newcomer("Pia Holm", "trainer", "en")
    path = "01-first-lesson.en.md"
    written.new_course(town, "on-a-ferry", town.course(COURSE).track, trainer)
    desk.sign_in(trainer.account)
    desk.open(f"/studio/courses/on-a-ferry/files/{path}", language="en")
    page = desk.page
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("First.")
    expect(page.locator("[data-saving]")).to_have_text("Kept as your draft")
    desk.cut_off = True
    desk.expected |= {409}
    desk.context.set_offline(True)
    page.keyboard.type(" From the ferry.")
    expect(page.locator("[data-saving]")).to_contain_text("Not kept yet")
    text = written.kept(town, "on-a-ferry", path, colleague)
    written.write(town, "on-a-ferry", path, colleague, text.replace("title: ", "title: Our ", 1))
    written.save(town, "on-a-ferry", colleague, "Another title")
    written.save(town, "on-a-ferry", trainer, "The first, from another tab")
    page.goto("about:blank")
    desk.context.set_offline(False)
    desk.open(f"/studio/courses/on-a-ferry/files/{path}")
    expect(page.locator("[data-saving]")).to_contain_text("Changed in another window of yours")
    assert "title: Our " in written.kept(town, "on-a-ferry", path, trainer)
    page.get_by_role("button", name="Keep as my draft").click()
    expect(page.locator("#newer + p + *")).to_contain_text("Our ")
    page.get_by_role("button", name="Keep as my draft").click()
    expect(page.get_by_text("Kept as your draft.")).to_be_visible()
    expect(page.locator("#newer + p + *")).to_contain_text("Our ")
    assert "First. From the ferry." in written.kept(town, "on-a-ferry", path, trainer)
    assert "title: Our " in written.kept(town, "on-a-ferry", path, colleague)


def test_a_page_left_open_keeps_nothing_as_the_draft_of_whoever_signs_in_next(
    desk: Desk, town: Town
) -> None:
    trainer, path = town.person("johan.naslund"), "01-first-lesson.en.md"
    colleague = town.newcomer("Siri Moe", "trainer", "en")
    written.new_course(town, "one-computer", town.course(COURSE).track, trainer)
    desk.sign_in(trainer.account)
    desk.open(f"/studio/courses/one-computer/files/{path}", language="en")
    desk.expected |= {400}  # the token is of the session that has ended
    page = desk.page
    page.locator(".cm-content").click()
    desk.context.clear_cookies()
    desk.page = desk.context.new_page()
    desk.sign_in(colleague.account)
    page.bring_to_front()
    page.keyboard.type("Johan’s. ")
    expect(page.locator("[data-saving]")).to_contain_text("You are signed out")
    assert "Johan’s." not in written.kept(town, "one-computer", path, colleague)
