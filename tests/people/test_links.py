"""Invitations, reset links and printed codes: single use, short lives, plain explanations."""

import email
import email.policy
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale, get_locale

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.people import entrance, mail, passes, passwords, queries, services
from innocap_lms.people.models import Pass, Person
from innocap_lms.people.passwords import hash_password
from tests.conftest import House
from tests.people.conftest import NEW_PASSWORD, PASSWORD, Browser

Later = Callable[[timedelta], None]
Jobs = Callable[[str], list[dict[str, Any]]]


def _link(app: Flask, person_id: str, purpose: str = passes.RESET) -> str:
    with app.app_context(), writing():
        return f"/{'invite' if purpose == passes.INVITATION else 'reset'}/" + passes.make_link(
            person_id, purpose
        )


def _code(app: Flask, person_id: str) -> str:
    code = passes.new_code()
    with app.app_context():
        code_hash = hash_password(passes.fold_code(code), 64)
        with writing():
            passes.make_code(person_id, code_hash)
    return code


def _letters(app: Flask) -> list[email.message.EmailMessage]:
    folder = app.extensions["innocap_settings"].data_dir / "mail"
    files = sorted(folder.glob("*.eml")) if folder.exists() else []
    return [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)  # type: ignore[misc]
        for file in files
    ]


def test_an_invitation_leads_from_the_mail_to_the_first_page(
    app: Flask, town: House, browser: Browser, jobs: Jobs
) -> None:
    with app.app_context():
        with writing():
            services.invite_person(
                name="Åsa Ek",
                email="asa@example.org",
                role="learner",
                organisation_id=town.north,
                language="en",
            )
        [payload] = jobs(mail.INVITATION_JOB)
        mail.send_invitation(payload)
    [letter] = _letters(app)
    assert letter["To"] == "asa@example.org"
    text = letter.get_content()
    assert "Hello Åsa Ek," in text
    path = re.search(r"http://127\.0\.0\.1:8000(/invite/\S+)", text)
    assert path
    page = browser.get(path[1])
    assert page.status_code == 200
    assert "asa@example.org" in page.text
    answer = browser.send(path[1], page=path[1], password=NEW_PASSWORD)
    assert answer.status_code == 303
    assert browser.signed_in()
    assert browser.get(path[1]).status_code == 410


def test_mail_speaks_the_language_of_its_reader(app: Flask, town: House, jobs: Jobs) -> None:
    seen = []
    with app.app_context(), writing():
        services.set_preferences(town.coach, language="sv", timezone=None)
    with app.app_context():
        monkey = pytest.MonkeyPatch()
        monkey.setattr(mail, "_send_link", lambda *_rest: seen.append(str(get_locale())))
        with force_locale("en"):
            for person_id in (town.coach, town.colleague):
                mail.send_reset({"person_id": person_id, "message_id": "m"})
        monkey.undo()
    assert seen == ["sv", "en"]


def test_a_name_stands_in_mail_as_it_is_written(app: Flask, town: House) -> None:
    with app.app_context(), writing():
        db.session.get_one(Person, town.coach).name = "Siobhán O'Neill & Co <3"
        db.session.flush()
    with app.app_context():
        mail.send_reset({"person_id": town.coach, "message_id": "m"})
    [letter] = _letters(app)
    assert "Hello Siobhán O'Neill & Co <3," in letter.get_content()


def test_the_outbox_holds_no_secret_and_no_address(
    app: Flask, town: House, browser: Browser, jobs: Jobs
) -> None:
    browser.send("/forgot", account="coach@example.org")
    [payload] = jobs(mail.RESET_JOB)
    assert payload["person_id"] == town.coach
    assert set(payload) == {"person_id", "message_id"}
    assert "coach" not in payload["message_id"]
    with app.app_context():
        assert not db.session.scalars(db.select(Pass)).all()


def test_asking_for_a_link_tells_nobody_who_has_an_account(
    app: Flask, town: House, browser: Browser, new_browser: Callable[[], Browser], jobs: Jobs
) -> None:
    known = browser.send("/forgot", account="coach@example.org")
    unknown = new_browser().send("/forgot", account="nobdy@example.org")
    assert known.status_code == unknown.status_code == 200
    without_token = re.compile(r'name="csrf_token" value="[^"]+"')
    assert without_token.sub("", known.text).replace("coach@", "nobdy@") == without_token.sub(
        "", unknown.text
    )
    assert [job["person_id"] for job in jobs(mail.RESET_JOB)] == [town.coach, None]
    with app.app_context():
        for job in jobs(mail.RESET_JOB):
            mail.send_reset(job)
    assert [letter["To"] for letter in _letters(app)] == ["coach@example.org"]


def test_asking_again_and_again_sends_one_mail(
    town: House, browser: Browser, jobs: Jobs, later: Later
) -> None:
    for account in ("coach@example.org", " COACH@example.org", "coach@example.org"):
        browser.send("/forgot", account=account)
    assert len(jobs(mail.RESET_JOB)) == 1
    later(timedelta(minutes=5))
    browser.send("/forgot", account="coach@example.org")
    assert len(jobs(mail.RESET_JOB)) == 2


def test_no_mail_goes_to_a_closed_account_or_one_without_address(app: Flask, town: House) -> None:
    with app.app_context():
        with writing():
            services.suspend_person(town.coach)
            kim = services.invite_person(
                name="Kim", login="kim.sand", role="learner", organisation_id=town.north
            )
        for person_id in (town.coach, kim, "nobody"):
            mail.send_reset({"person_id": person_id, "message_id": "m"})
            mail.send_invitation({"person_id": person_id, "message_id": "m"})
    assert not _letters(app)


def test_a_new_password_ends_other_sessions_links_and_codes(
    app: Flask, town: House, browser: Browser, new_browser: Callable[[], Browser]
) -> None:
    elsewhere = new_browser()
    elsewhere.sign_in("coach@example.org")
    first, second = _link(app, town.coach), _link(app, town.coach, passes.INVITATION)
    code = _code(app, town.coach)
    browser.send(first, page=first, password=NEW_PASSWORD)
    assert browser.signed_in()
    assert not elsewhere.signed_in()
    assert elsewhere.get(second).status_code == 410
    late = elsewhere.send("/code", account="coach@example.org", code=code, password=PASSWORD)
    assert late.status_code == 422
    assert elsewhere.sign_in("coach@example.org", PASSWORD).status_code == 422
    assert elsewhere.sign_in("coach@example.org", NEW_PASSWORD).status_code == 303


def test_looking_at_a_link_does_not_spend_it(app: Flask, town: House, browser: Browser) -> None:
    link = _link(app, town.coach)
    for _ in range(3):
        assert browser.get(link).status_code == 200
        assert browser.client.head(link).status_code == 200
    assert browser.send(link, page=link, password=NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("purpose", "lasts"),
    [(passes.RESET, timedelta(hours=1)), (passes.INVITATION, timedelta(days=14))],
)
def test_a_link_expires_and_says_what_to_do(
    app: Flask, town: House, browser: Browser, later: Later, purpose: str, lasts: timedelta
) -> None:
    link = _link(app, town.coach, purpose)
    later(lasts - timedelta(seconds=1))
    assert browser.get(link).status_code == 200
    later(timedelta(seconds=1))
    over = browser.get(link)
    assert over.status_code == 410
    assert 'href="/forgot"' in over.text
    assert browser.send(link, password=NEW_PASSWORD).status_code == 410


@pytest.mark.parametrize("path", ["/invite/wrong", "/reset/wrong", "/reset/" + "x" * 5000])
def test_an_unknown_link_says_what_to_do(town: House, browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert 'href="/forgot"' in answer.text


def test_a_link_of_one_kind_is_not_one_of_the_other(
    app: Flask, town: House, browser: Browser
) -> None:
    assert browser.get(_link(app, town.coach).replace("reset", "invite")).status_code == 404


def test_the_link_of_a_closed_account_is_closed_too(
    app: Flask, town: House, browser: Browser
) -> None:
    link = _link(app, town.coach)
    with app.app_context(), writing():
        services.suspend_person(town.coach)
    assert browser.get(link).status_code == 404


@pytest.mark.parametrize(
    "password", ["", "short", "coach@example.org", "password2026!", "aaaaaaaaaaaaaaa"]
)
def test_a_password_that_is_refused_leaves_the_link_unspent(
    app: Flask, town: House, browser: Browser, password: str
) -> None:
    link = _link(app, town.coach)
    answer = browser.send(link, page=link, password=password)
    assert answer.status_code == 422
    assert 'href="#field-password"' in answer.text
    assert browser.send(link, page=link, password=NEW_PASSWORD).status_code == 303


def test_an_account_closed_in_the_last_moment_stays_closed(
    app: Flask, town: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close_it_meanwhile(password: str, memory: int) -> str:
        with writing():
            services.suspend_person(town.coach)
        return hash_password(password, memory)

    link = _link(app, town.coach)
    monkeypatch.setattr(entrance, "hash_password", close_it_meanwhile)
    assert browser.send(link, page=link, password=NEW_PASSWORD).status_code == 404
    assert not browser.signed_in()


def test_a_crowd_leaves_the_link_unspent(
    app: Flask, town: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = _link(app, town.coach)
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._turn(), passwords._turn():
        assert browser.send(link, page=link, password=NEW_PASSWORD).status_code == 503
    assert browser.send(link, page=link, password=NEW_PASSWORD).status_code == 303


def test_empty_fields_are_named(town: House, browser: Browser) -> None:
    for path in ("/forgot", "/code"):
        answer = browser.send(path)
        assert answer.status_code == 422
        assert 'href="#field-account"' in answer.text


def _race(app: Flask, pass_id: str) -> list[str]:
    outcomes, start = [], threading.Barrier(2)

    def spend() -> None:
        with app.app_context():
            start.wait()
            try:
                with writing():
                    passes.use(pass_id)
                outcomes.append("used")
            except passes.PassSpentError as error:
                outcomes.append(f"refused: {error.reason}")

    threads = [threading.Thread(target=spend) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_of_two_who_use_a_link_at_once_one_gets_in(app: Flask, town: House) -> None:
    for _ in range(5):
        secret = _link(app, town.coach).rpartition("/")[2]
        with app.app_context():
            pass_id = passes.find_link(secret, passes.RESET).id
        assert _race(app, pass_id) == ["refused: used", "used"]


def test_two_browsers_with_one_link_make_one_session(
    app: Flask, town: House, new_browser: Callable[[], Browser]
) -> None:
    link, answers, start = _link(app, town.coach), [], threading.Barrier(2)

    def answer() -> None:
        browser = new_browser()
        start.wait()
        answers.append(browser.send(link, page=link, password=NEW_PASSWORD).status_code)

    threads = [threading.Thread(target=answer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) in ([303, 410], [303, 400])


@pytest.mark.parametrize("account", ["coach@example.org", "COACH@example.org"])
def test_a_printed_code_signs_in_once_however_it_is_typed(
    app: Flask, town: House, browser: Browser, account: str
) -> None:
    code = _code(app, town.coach)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    typed = " " + code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    answer = browser.send("/code", account=account, code=typed, password=NEW_PASSWORD)
    assert answer.status_code == 303
    assert browser.signed_in()
    again = browser.send("/code", account=account, code=code, password=NEW_PASSWORD)
    assert again.status_code == 422


def test_a_wrong_code_an_unknown_account_and_an_account_without_code_look_alike(
    app: Flask, town: House, new_browser: Callable[[], Browser]
) -> None:
    _code(app, town.coach)
    texts = set()
    for account in ("coach@example.org", "trainer@example.org", "nobody@example.org"):
        answer = new_browser().send(
            "/code", account=account, code="ABCD-EFGH-JKMN", password=NEW_PASSWORD
        )
        assert answer.status_code == 422
        text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
        texts.add(text.replace(account, ""))
    assert len(texts) == 1


def test_a_code_expires(app: Flask, town: House, browser: Browser, later: Later) -> None:
    code = _code(app, town.coach)
    later(timedelta(days=14))
    answer = browser.send("/code", account="coach@example.org", code=code, password=NEW_PASSWORD)
    assert answer.status_code == 422


def test_a_new_code_replaces_the_one_before(app: Flask, town: House, browser: Browser) -> None:
    old, new = _code(app, town.coach), _code(app, town.coach)
    fields = {"account": "coach@example.org", "password": NEW_PASSWORD}
    assert browser.send("/code", code=old, **fields).status_code == 422
    assert browser.send("/code", code=new, **fields).status_code == 303


def test_a_refused_password_leaves_the_code_unspent(
    app: Flask, town: House, browser: Browser
) -> None:
    code = _code(app, town.coach)
    fields = {"account": "coach@example.org", "code": code}
    assert browser.send("/code", password="short", **fields).status_code == 422
    assert browser.send("/code", password=NEW_PASSWORD, **fields).status_code == 303


def test_guessing_codes_is_slowed_down_apart_from_passwords(
    app: Flask, town: House, browser: Browser
) -> None:
    code = _code(app, town.coach)
    tries = app.extensions["innocap_settings"].sign_in_per_account
    for _ in range(tries):
        browser.sign_in("coach@example.org", "a wrong password")
    fields = {"account": "coach@example.org", "password": NEW_PASSWORD}
    for _ in range(tries - 1):
        assert browser.send("/code", code="ABCD-EFGH-JKMN", **fields).status_code == 422
    assert browser.send("/code", code=code, **fields).status_code == 303
    browser.send("/logout")
    for _ in range(tries):
        browser.send("/code", code="ABCD-EFGH-JKMN", **fields)
    assert browser.send("/code", code="ABCD-EFGH-JKMN", **fields).status_code == 429


def test_a_code_is_kept_as_a_slow_hash_and_a_link_as_a_fast_one(app: Flask, town: House) -> None:
    _link(app, town.coach)
    _code(app, town.coach)
    with app.app_context():
        kept = {row.purpose: row.secret_hash for row in db.session.scalars(db.select(Pass))}
    assert kept["code"].startswith("$argon2id$")
    assert re.fullmatch(r"[0-9a-f]{64}", kept["reset"])


def test_the_addresses_in_mail_are_the_ones_people_use(app: Flask) -> None:
    with app.app_context():
        assert mail.link_address(passes.RESET, "abc") == "http://127.0.0.1:8000/reset/abc"
        assert mail.link_address(passes.INVITATION, "abc") == "http://127.0.0.1:8000/invite/abc"


def test_a_pass_knows_its_person(app: Flask, town: House) -> None:
    secret = _link(app, town.coach).rpartition("/")[2]
    with app.app_context():
        opened = passes.find_link(secret, passes.RESET)
        assert (opened.person_id, opened.email) == (town.coach, "coach@example.org")
        assert opened.expires_at > clock.utcnow()
        assert queries.account_of(town.coach)
