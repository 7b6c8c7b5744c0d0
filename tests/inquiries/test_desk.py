"""The trainer's list: what was asked, of whose course; one answer to each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.inquiries import queries
from innocap_lms.inquiries.models import Inquiry
from innocap_lms.people import services as people
from tests.inquiries.conftest import Site
from tests.learning.test_a_course import begin, start

LIST = "/studio/inquiries"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_the_list_says_what_was_asked_where_it_stands_and_by_whom(site: Site) -> None:
    site.ask(2, "help", "WHICH ONE IS MEANT")
    for browser in (site.trainer, site.own_trainer, site.browser_of(site.house.admin)):
        page = browser.get(LIST).text
        for words in (
            "WHICH ONE IS MEANT",
            "First steps",
            "Final quiz",
            "Two?",
            "final.quiz.sv.md:",
            "Help with the question",
            "English",
            "Coach",
        ):
            assert words in page, words


def test_those_who_wait_longest_come_first(site: Site) -> None:
    for hours, text in ((3, "SECOND"), (1, "THIRD"), (5, "FIRST")):
        with clock.at(NOW - timedelta(hours=hours)):
            with_clock_asked(site, text)
    page = site.trainer.get(LIST).text
    assert page.index("FIRST") < page.index("SECOND") < page.index("THIRD")


def with_clock_asked(site: Site, text: str) -> None:
    sent = site.coach.post(site.question(), data={"about": "fault", "text": text})
    assert sent.status_code == 303, "the session must hold at that time"


@pytest.mark.parametrize("who", ["coach", "colleague", "hr", "manager", "stranger_hr"])
def test_for_others_the_list_is_not_there(site: Site, who: str) -> None:
    inquiry = site.ask()
    browser = site.browser_of(getattr(site.house, who))
    assert_no_door(browser, inquiry)
    assert site.inquiries()[0].answered_at is None


def assert_no_door(browser: FlaskClient, inquiry: str) -> None:
    assert browser.get(f"{LIST}/{inquiry}").status_code == 404
    for act in ("answer", "grant"):
        assert browser.post(f"{LIST}/{inquiry}/{act}", data={"text": "No."}).status_code == 404


def test_a_trainer_of_another_track_sees_nothing_of_it(site: Site) -> None:
    inquiry = site.ask(text="NOT FOR THEM")
    page = site.other_trainer.get(LIST)
    assert page.status_code == 200
    assert "NOT FOR THEM" not in page.text
    assert "Nobody waits for an answer" in page.text
    assert_no_door(site.other_trainer, inquiry)
    assert "Questions from learners: 1 waits" in site.own_trainer.get("/studio").text
    assert "1 waits" not in site.other_trainer.get("/studio").text


def test_an_answer_reaches_its_learner_by_mail_and_nobody_else(site: Site) -> None:
    colleague = site.browser_of(site.house.colleague)
    start(colleague)
    other = f"{begin(colleague)}/questions/1/ask"
    colleague.post(other, data={"about": "help", "text": "COLLEAGUE'S WORDS"})
    inquiry = site.ask(text="COACH'S WORDS")
    site.trainer.post(f"{LIST}/{inquiry}/answer", data={"text": "YES & <no>"})
    site.relay()
    (mail,) = site.post()
    assert mail["To"] == "coach@example.org"
    assert "First steps" in mail["Subject"]
    text = mail.get_content()
    assert "COACH'S WORDS" in text
    assert "YES & <no>" in text
    assert "/me/questions" in text
    assert "COLLEAGUE" not in text
    assert "Right one" not in text


def test_a_mail_is_in_its_readers_language(site: Site) -> None:
    site.coach.get("/language/sv")
    inquiry = site.ask()
    site.trainer.post(f"{LIST}/{inquiry}/answer", data={"text": "Ja."})
    (mail,) = site.post()
    assert "De första stegen" in mail["Subject"]


def test_of_two_trainers_who_answer_at_once_one_does(site: Site) -> None:
    inquiry = site.ask()
    for browser in (site.trainer, site.own_trainer):
        assert browser.get(f"{LIST}/{inquiry}").status_code == 200
    site.trainer.post(f"{LIST}/{inquiry}/answer", data={"text": "THE FIRST"})
    late = site.own_trainer.post(
        f"{LIST}/{inquiry}/answer", data={"text": "THE SECOND"}, follow_redirects=True
    )
    assert "Somebody has answered already" in late.text
    assert "THE FIRST" in late.text
    (kept,) = site.inquiries()
    assert (kept.answer, kept.answered_by) == ("THE FIRST", site.house.trainer)
    assert len(site.post()) == 1


def test_an_answer_without_words_or_with_too_many_is_refused(site: Site) -> None:
    inquiry = site.ask()
    for text in ("", "z" * 2001):
        sent = site.trainer.post(f"{LIST}/{inquiry}/answer", data={"text": text})
        assert sent.status_code == 422
        assert text in sent.text
    assert site.inquiries()[0].answered_at is None


def test_answered_ones_have_a_list_of_their_own(site: Site) -> None:
    inquiry = site.ask(text="DONE WITH")
    site.trainer.post(f"{LIST}/{inquiry}/answer", data={"text": "Yes."})
    assert "DONE WITH" not in site.trainer.get(LIST).text
    assert "DONE WITH" in site.trainer.get(f"{LIST}?show=answered").text
    assert "DONE WITH" not in site.other_trainer.get(f"{LIST}?show=answered").text


def test_a_protected_person_is_answered_without_being_named(site: Site) -> None:
    with site.app.app_context(), writing():
        people.set_protected(site.house.coach, protected=True)
    inquiry = site.ask()
    for page in (LIST, f"{LIST}/{inquiry}"):
        text = site.trainer.get(page).text
        assert "Protected identity" in text
        assert "Coach" not in text
    site.trainer.post(f"{LIST}/{inquiry}/answer", data={"text": "Yes."})
    assert site.post()[0]["To"] == "coach@example.org"


def test_the_answer_page_shows_the_key_to_the_trainer_and_no_answer_of_the_learner(
    site: Site,
) -> None:
    inquiry = site.ask(1)
    page = site.trainer.get(f"{LIST}/{inquiry}").text
    assert page.count("Right answer") == 1
    assert "/studio/courses/first-steps/final/questions/one/remedy?edition=1" in page


def test_a_long_list_comes_in_pages_that_leave_nobody_out(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(5):
        site.ask(text=f"WORDS-{number}")
    for show in ("", "?show=answered"):
        assert sorted(_words_of_pages(site, LIST + show)) == [f"WORDS-{n}" for n in range(5)]
        for each in site.inquiries():
            site.trainer.post(f"{LIST}/{each.id}/answer", data={"text": "Yes."})


def _words_of_pages(site: Site, address: str) -> Iterator[str]:
    for _page in range(3):
        page = site.trainer.get(address).text
        yield from (f"WORDS-{number}" for number in range(5) if f"WORDS-{number}" in page)
        following = [part for part in page.split('href="') if "after=" in part[:200]]
        address = following[-1].split('"')[0].replace("&amp;", "&") if following else ""
        if not address:
            return


def test_an_unknown_inquiry_is_not_found(site: Site) -> None:
    assert_no_door(site.trainer, "nothing")
    assert site.trainer.get(f"{LIST}?after=nothing").status_code == 200


def test_whoever_has_no_mail_reads_the_answer_on_the_site(site: Site) -> None:
    with site.app.app_context(), writing():
        person = people.invite_person(
            name="No Mail",
            login="nomail",
            role="learner",
            organisation_id=site.house.north,
            language="en",
            send_mail=False,
        )
    browser = site.browser_of(person)
    start(browser)
    browser.post(f"{begin(browser)}/questions/1/ask", data={"about": "help", "text": "Hello?"})
    asked = site.inquiries()[-1]
    site.trainer.post(f"{LIST}/{asked.id}/answer", data={"text": "HERE"})
    assert site.post() == []
    assert "HERE" in browser.get("/me/questions").text


def test_a_page_after_what_is_not_theirs_is_the_first_page(site: Site) -> None:
    inquiry = site.ask(text="WORDS-HERE")
    for address in ("nothing", inquiry):
        page = site.other_trainer.get(f"{LIST}?after={address}").text
        assert "WORDS-HERE" not in page
    assert "WORDS-HERE" in site.trainer.get(f"{LIST}?after=nothing").text
    with site.app.app_context(), writing():
        db.session.execute(update(Inquiry).values(track="another"))
    site.ask(text="WORDS-LATER")
    assert "WORDS-LATER" in site.own_trainer.get(f"{LIST}?after={inquiry}").text
    site.ask(text="WORDS-LATEST")
    last = site.inquiries()[-1].id
    assert "WORDS-LATER" in site.own_trainer.get(f"{LIST}?after={last}").text
