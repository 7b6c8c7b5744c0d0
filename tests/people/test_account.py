"""A person's own account: language, time zone, colours, password, sessions."""

from collections.abc import Callable

import pytest
from flask import Flask

from innocap_lms.people import queries
from tests.conftest import House
from tests.people.conftest import NEW_PASSWORD, PASSWORD, Browser

NewBrowser = Callable[[], Browser]


@pytest.fixture
def coach(town: House, browser: Browser) -> Browser:
    browser.sign_in("coach@example.org")
    return browser


def test_the_account_shows_who_one_is(coach: Browser) -> None:
    page = coach.get("/account").text
    assert "Coach" in page
    assert "coach@example.org" in page


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/account"),
        ("post", "/account"),
        ("post", "/account/password"),
        ("post", "/account/sessions"),
    ],
)
def test_strangers_are_asked_to_sign_in(
    town: House, browser: Browser, method: str, path: str
) -> None:
    answer = browser.send(path) if method == "post" else browser.get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/login")


def test_language_and_time_zone_are_kept(app: Flask, town: House, coach: Browser) -> None:
    answer = coach.send("/account", language="sv", timezone="Europe/Helsinki")
    assert answer.status_code == 303
    assert '<html lang="sv"' in coach.get("/account").text
    assert 'value="Europe/Helsinki" selected' in coach.get("/account").text
    coach.send("/logout")
    assert '<html lang="sv"' in coach.get("/login").text


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"language": "xx", "timezone": ""}, "language"),
        ({"language": "sv", "timezone": "Mars/Olympus"}, "timezone"),
        ({"language": "sv", "timezone": "../../etc/passwd"}, "timezone"),
        ({}, "language"),
    ],
)
def test_a_choice_that_is_not_offered_is_refused(
    coach: Browser, fields: dict[str, str], named: str
) -> None:
    answer = coach.send("/account", **fields)
    assert answer.status_code == 422
    assert f'href="#field-{named}"' in answer.text


def test_a_new_password_asks_for_the_old_one(coach: Browser, new_browser: NewBrowser) -> None:
    wrong = coach.send("/account/password", old_password="wrong", password=NEW_PASSWORD)
    assert wrong.status_code == 422
    assert 'href="#field-old_password"' in wrong.text
    assert NEW_PASSWORD not in wrong.text
    right = coach.send("/account/password", old_password=PASSWORD, password=NEW_PASSWORD)
    assert right.status_code == 303
    assert new_browser().sign_in("coach@example.org", PASSWORD).status_code == 422
    assert new_browser().sign_in("coach@example.org", NEW_PASSWORD).status_code == 303


def test_a_new_password_ends_the_other_sessions(coach: Browser, new_browser: NewBrowser) -> None:
    elsewhere = new_browser()
    elsewhere.sign_in("coach@example.org")
    coach.send("/account/password", old_password=PASSWORD, password=NEW_PASSWORD)
    assert coach.signed_in()
    assert not elsewhere.signed_in()


@pytest.mark.parametrize("password", ["", "short", "coach@example.org", "qwertyuiop123"])
def test_a_weak_new_password_is_refused(coach: Browser, password: str) -> None:
    answer = coach.send("/account/password", old_password=PASSWORD, password=password)
    assert answer.status_code == 422
    assert 'href="#field-password"' in answer.text


def test_guessing_the_old_password_is_slowed_down(app: Flask, coach: Browser) -> None:
    for _ in range(app.extensions["innocap_settings"].sign_in_per_account):
        coach.send("/account/password", old_password="wrong", password=NEW_PASSWORD)
    answer = coach.send("/account/password", old_password=PASSWORD, password=NEW_PASSWORD)
    assert answer.status_code == 429


def test_signing_out_everywhere_keeps_this_browser(
    town: House, coach: Browser, new_browser: NewBrowser
) -> None:
    elsewhere, colleague = new_browser(), new_browser()
    elsewhere.sign_in("coach@example.org")
    colleague.sign_in("colleague@example.org")
    assert coach.send("/account/sessions").status_code == 303
    assert coach.signed_in()
    assert colleague.signed_in()
    assert not elsewhere.signed_in()


def test_the_language_of_a_stranger_lies_in_a_cookie(town: House, browser: Browser) -> None:
    answer = browser.get("/language/sv?next=/login")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert '<html lang="sv"' in browser.get("/login").text


def test_the_language_of_a_person_follows_them(app: Flask, town: House, coach: Browser) -> None:
    coach.get("/language/sv")
    with app.app_context():
        account = queries.account_of(town.coach)
        assert account
        assert account.language == "sv"


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_colours_lie_in_a_cookie(town: House, browser: Browser, theme: str) -> None:
    assert browser.get(f"/theme/{theme}?next=/login").location == "/login"
    assert f'data-theme="{theme}"' in browser.get("/login").text
    browser.get("/theme/system")
    assert "data-theme" not in browser.get("/login").text


@pytest.mark.parametrize("path", ["/language/xx", "/theme/pink"])
def test_what_is_not_offered_is_not_there(town: House, browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/language/sv", "/theme/dark"])
@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_choosing_never_leads_to_another_site(
    town: House, browser: Browser, path: str, target: str
) -> None:
    assert browser.get(path, query_string={"next": target}).location == "/"


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://localhost/login?next=/account", "/login?next=/account"),
        ("https://evil.example/login", "/"),
        ("http://localhost//evil.example", "/"),
        ("nonsense", "/"),
    ],
)
def test_choosing_leads_back_to_the_page_one_came_from(
    town: House, browser: Browser, came_from: str, leads_to: str
) -> None:
    assert browser.get("/language/sv", headers={"Referer": came_from}).location == leads_to
