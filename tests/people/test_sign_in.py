"""Signing in and out, by password."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from innocap_lms import clock
from innocap_lms.extensions import db, is_writing, writing
from innocap_lms.people import entrance, passwords, queries, services
from innocap_lms.people.models import Person, SignIn
from innocap_lms.people.sign_in import open_session
from tests.conftest import House
from tests.people.conftest import NEW_PASSWORD, PASSWORD, Browser

NewBrowser = Callable[[], Browser]


@pytest.mark.parametrize("account", ["coach@example.org", "  Coach@EXAMPLE.org "])
def test_the_right_password_signs_in_whatever_the_case_of_the_address(
    town: House, browser: Browser, account: str
) -> None:
    answer = browser.sign_in(account)
    assert answer.status_code == 303
    assert answer.location == "/"
    assert browser.signed_in()


def test_a_login_name_signs_in_like_an_address(app: Flask, town: House, browser: Browser) -> None:
    with app.app_context(), writing():
        kim = services.invite_person(
            name="Kim", login="Kim.Sand", role="learner", organisation_id=town.north
        )
        services.set_password(kim, passwords.hash_password(PASSWORD, 64))
    assert browser.sign_in("kim.sand").status_code == 303


def _without_token(text: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    town: House, browser: Browser, new_browser: NewBrowser
) -> None:
    wrong = browser.sign_in("coach@example.org", "not the password")
    unknown = new_browser().sign_in("nobdy@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert _without_token(wrong.text).replace("coach@", "nobdy@") == _without_token(unknown.text)
    assert not browser.signed_in()


@pytest.mark.parametrize("account", ["coach@example.org", "nobody@example.org"])
def test_each_sign_in_compares_one_hash_without_holding_the_database(
    app: Flask, town: House, browser: Browser, monkeypatch: pytest.MonkeyPatch, account: str
) -> None:
    compared = []

    def compare(stored: str | None, password: str, memory: int) -> bool:
        compared.append((is_writing(), db.session().in_transaction()))
        return False

    monkeypatch.setattr(entrance, "verify_password", compare)
    browser.sign_in(account)
    assert compared == [(False, False)]


def test_a_missing_hash_takes_a_real_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    hasher = passwords._hasher(64)
    monkeypatch.setattr(
        type(hasher), "verify", lambda self, stored, typed: compared.append(stored) or False
    )
    assert not passwords.verify_password(None, "anything", 64)
    assert compared[0].startswith("$argon2id$v=19$m=64,t=3,p=4$")


def test_an_invited_person_without_a_password_cannot_sign_in(
    app: Flask, town: House, browser: Browser
) -> None:
    with app.app_context(), writing():
        services.invite_person(
            name="New", email="new@example.org", role="learner", organisation_id=town.north
        )
    assert browser.sign_in("new@example.org", "anything at all").status_code == 422


@pytest.mark.parametrize("fields", [{}, {"account": " ", "password": ""}, {"account": "a"}])
def test_empty_fields_are_named_and_the_password_is_never_sent_back(
    town: House, browser: Browser, fields: dict[str, str]
) -> None:
    answer = browser.send("/login", **fields)
    assert answer.status_code == 422
    assert 'href="#field-password"' in answer.text
    again = browser.sign_in("coach@example.org", "a wrong password")
    assert 'value="coach@example.org"' in again.text
    assert "a wrong password" not in again.text


def test_a_form_without_its_token_is_refused(town: House, browser: Browser) -> None:
    for path in ("/login", "/logout", "/forgot", "/code", "/account", "/account/password"):
        assert browser.client.post(path, data={"account": "x"}).status_code == 400, path


def test_nothing_of_the_session_before_is_kept(town: House, browser: Browser) -> None:
    browser.get("/login")
    with browser.client.session_transaction() as session:
        session["planted"] = "by an attacker"
        session["_user_id"] = "a token the attacker knows"
        before = session.get("csrf_token")
    browser.sign_in("coach@example.org")
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "a token the attacker knows"
        assert session.get("csrf_token") != before


def test_the_database_keeps_no_token_that_would_open_a_session(
    app: Flask, town: House, browser: Browser
) -> None:
    browser.sign_in("coach@example.org")
    with browser.client.session_transaction() as session:
        token = session["_user_id"]
    with app.app_context():
        kept = db.session.scalars(db.select(SignIn.token_hash)).all()
        assert kept == [queries.hash_token(token)]
        assert queries.load_viewer(kept[0]) is None


def test_signing_in_again_ends_the_session_before(
    app: Flask, town: House, browser: Browser
) -> None:
    browser.sign_in("coach@example.org")
    with browser.client.session_transaction() as session:
        first = session["_user_id"]
    browser.send("/login", page="/account", account="trainer@example.org", password=PASSWORD)
    with app.app_context():
        assert queries.load_viewer(first) is None


def test_signing_out_ends_the_session_on_the_server(town: House, browser: Browser) -> None:
    browser.sign_in("coach@example.org")
    stolen = browser.client.get_cookie("innocap")
    assert stolen
    assert browser.send("/logout", page="/account").status_code == 303
    assert not browser.signed_in()
    browser.client.set_cookie("innocap", stolen.value)
    assert not browser.signed_in()


def test_suspension_ends_every_session_at_once(app: Flask, town: House, browser: Browser) -> None:
    browser.sign_in("coach@example.org")
    with app.app_context(), writing():
        services.suspend_person(town.coach)
    assert not browser.signed_in()
    with app.app_context():
        assert not db.session.scalars(db.select(SignIn)).all()


def test_a_suspended_person_learns_so_only_with_the_right_password(
    app: Flask, town: House, browser: Browser
) -> None:
    with app.app_context(), writing():
        services.suspend_person(town.coach)
    assert browser.sign_in("coach@example.org", "wrong password").status_code == 422
    assert browser.sign_in("coach@example.org").status_code == 403
    with app.app_context(), writing():
        services.resume_person(town.coach)
    assert browser.sign_in("coach@example.org").status_code == 303


def test_a_session_ends_after_its_hours(
    app: Flask, town: House, browser: Browser, later: Callable[[timedelta], None]
) -> None:
    browser.sign_in("coach@example.org")
    hours = app.extensions["innocap_settings"].session_hours
    later(timedelta(hours=hours, seconds=-1))
    assert browser.signed_in()
    later(timedelta(seconds=1))
    assert not browser.signed_in()


def test_expired_sessions_are_swept_at_the_next_sign_in(
    app: Flask, town: House, browser: Browser, later: Callable[[timedelta], None]
) -> None:
    browser.sign_in("coach@example.org")
    later(timedelta(days=2))
    with app.app_context():
        with writing():
            open_session(town.trainer, 12)
        assert db.session.scalars(db.select(SignIn.person_id)).all() == [town.trainer]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/%0d%0aSet-Cookie:x\r\n",
        "///evil.example",
        "",
        "/" + "a" * 3000,
    ],
)
def test_the_next_page_is_never_on_another_site(town: House, browser: Browser, target: str) -> None:
    assert browser.sign_in("coach@example.org", next=target).location == "/"


def test_the_next_page_is_the_one_that_was_asked_for(town: House, browser: Browser) -> None:
    asked = browser.get("/account?x=1")
    assert asked.status_code == 302
    assert asked.location == "/login?next=/account?x%3D1"
    page = browser.get(asked.location).text
    assert 'name="next" value="/account?x=1"' in page
    assert browser.sign_in("coach@example.org", next="/account?x=1").location == "/account?x=1"
    assert browser.get("/login?next=/account").location == "/account"


def test_a_hash_made_with_older_settings_is_renewed(
    app: Flask, town: House, browser: Browser
) -> None:
    memory = app.extensions["innocap_settings"].password_memory_kib
    with app.app_context():
        old = passwords.hash_password(PASSWORD, memory * 2)
        with writing():
            services.set_password(town.coach, old)
    browser.sign_in("coach@example.org")
    with app.app_context():
        renewed = db.session.scalar(db.select(Person.password_hash).where(Person.id == town.coach))
        assert renewed
        assert f"m={memory}," in renewed
    assert browser.sign_in("coach@example.org").status_code == 303


def test_a_password_changed_meanwhile_opens_no_session(
    app: Flask, town: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_it_meanwhile(stored: str | None, password: str, memory: int) -> bool:
        with writing():
            services.set_password(town.coach, passwords.hash_password(NEW_PASSWORD, memory))
        return True

    monkeypatch.setattr(entrance, "verify_password", change_it_meanwhile)
    assert browser.sign_in("coach@example.org").status_code == 422


def test_a_crowd_is_asked_to_wait_instead_of_filling_the_memory(
    town: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._turn(), passwords._turn():
        answer = browser.sign_in("coach@example.org")
    assert answer.status_code == 503
    assert browser.sign_in("coach@example.org").status_code == 303


def test_who_is_asking_costs_one_statement(app: Flask, town: House, statements: list[str]) -> None:
    with app.app_context():
        with writing():
            services.add_membership(town.coach, "manager", town.north, town.office)
            token = open_session(town.coach, 12)
        statements.clear()
        viewer = queries.load_viewer(token)
        assert len([text for text in statements if text.startswith("SELECT")]) == 1
        assert viewer
        assert [role.name for role in viewer.roles] == ["learner", "manager"]
        assert viewer.roles[0].unit_path == f"/{town.care}/{town.home}/"
        assert queries.load_viewer("") is None


def test_only_the_roles_of_today_count(
    app: Flask, town: House, later: Callable[[timedelta], None]
) -> None:
    with app.app_context():
        with writing():
            now = clock.utcnow()
            ended = services.add_membership(town.coach, "trainer", town.north)
            services.end_membership(ended)
            services.add_membership(
                town.coach, "hr", town.north, valid_from=now + timedelta(days=1)
            )
            token = open_session(town.coach, 72)
        viewer = queries.load_viewer(token)
        assert viewer
        assert [role.name for role in viewer.roles] == ["learner"]
        later(timedelta(days=2))
        tomorrow = queries.load_viewer(token)
        assert tomorrow
        assert [role.name for role in tomorrow.roles] == ["learner", "hr"]


def test_a_person_without_any_role_can_still_sign_in(
    app: Flask, town: House, browser: Browser
) -> None:
    with app.app_context(), writing():
        services.end_membership(
            services.add_membership(town.coach, "learner", town.north, town.home)
        )
    browser.sign_in("coach@example.org")
    assert browser.signed_in()


def test_these_pages_stay_in_no_cache(town: House, browser: Browser) -> None:
    for path in ("/login", "/forgot", "/code"):
        assert browser.get(path).headers["Cache-Control"] == "private, no-store"
