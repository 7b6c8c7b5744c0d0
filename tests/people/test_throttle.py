"""Guessing is slowed down, and nobody is locked out of their own browser by a stranger."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.people import passes
from innocap_lms.people.models import FailedSignIn
from innocap_lms.people.throttle import Throttle, ThrottledError, network_of
from tests.conftest import House
from tests.people.conftest import NEW_PASSWORD, Browser

NewBrowser = Callable[[], Browser]
Later = Callable[[timedelta], None]

COACH = "coach@example.org"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Few tries are allowed."""
    return replace(settings, sign_in_per_account=3, sign_in_per_address=6)


def _guess(browser: Browser, times: int, account: str = COACH) -> None:
    for _ in range(times):
        assert browser.sign_in(account, "a wrong password").status_code == 422


def test_after_too_many_tries_even_the_right_password_waits(
    town: House, browser: Browser, later: Later
) -> None:
    _guess(browser, 3)
    answer = browser.sign_in(COACH)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "901"
    assert "try again at" in answer.text
    later(timedelta(minutes=14, seconds=59))
    assert browser.sign_in(COACH).status_code == 429
    later(timedelta(seconds=2))
    assert browser.sign_in(COACH).status_code == 303


def test_refused_tries_do_not_make_the_wait_longer(
    town: House, browser: Browser, later: Later
) -> None:
    _guess(browser, 3)
    for _ in range(3):
        later(timedelta(minutes=4))
        assert browser.sign_in(COACH).status_code == 429
    later(timedelta(minutes=4))
    assert browser.sign_in(COACH).status_code == 303


def test_an_unknown_account_is_slowed_down_in_the_same_way(town: House, browser: Browser) -> None:
    _guess(browser, 3, "nobody@example.org")
    assert browser.sign_in("NOBODY@example.org").status_code == 429


def test_the_right_password_wipes_the_slate(town: House, browser: Browser) -> None:
    _guess(browser, 2)
    assert browser.sign_in(COACH).status_code == 303
    _guess(browser, 2)
    assert browser.sign_in(COACH).status_code == 303


def test_tries_count_for_every_process_and_survive_a_restart(
    town: House, browser: Browser, make_app: Callable[..., Flask]
) -> None:
    other = Browser(make_app(csrf=True).test_client())
    _guess(browser, 2)
    _guess(other, 1)
    assert browser.sign_in(COACH).status_code == 429
    restarted = Browser(make_app(csrf=True).test_client())
    assert restarted.sign_in(COACH).status_code == 429


def test_a_stranger_cannot_lock_a_person_out_of_their_own_browser(
    town: House, browser: Browser, new_browser: NewBrowser
) -> None:
    browser.sign_in(COACH)
    browser.send("/logout")
    attacker = new_browser()
    _guess(attacker, 3)
    assert attacker.sign_in(COACH).status_code == 429
    assert browser.sign_in(COACH).status_code == 303


def test_a_known_browser_is_slowed_down_too(
    town: House, browser: Browser, new_browser: NewBrowser
) -> None:
    browser.sign_in(COACH)
    browser.send("/logout")
    _guess(browser, 3)
    assert browser.sign_in(COACH).status_code == 429
    assert new_browser().sign_in(COACH).status_code == 303


def test_a_browser_known_to_one_person_is_a_stranger_to_the_next(
    town: House, browser: Browser, new_browser: NewBrowser
) -> None:
    browser.sign_in("colleague@example.org")
    browser.send("/logout")
    _guess(new_browser(), 3)
    assert browser.sign_in(COACH).status_code == 429


def test_a_forged_device_cookie_is_worth_nothing(
    town: House, browser: Browser, new_browser: NewBrowser
) -> None:
    _guess(new_browser(), 3)
    browser.client.set_cookie("device", f'"{town.coach}:abc".c2lnbmF0dXJl')
    assert browser.sign_in(COACH).status_code == 429


def test_a_link_works_while_the_account_waits(app: Flask, town: House, browser: Browser) -> None:
    _guess(browser, 3)
    with app.app_context(), writing():
        secret = passes.make_link(town.coach, passes.RESET)
    answer = browser.send(f"/reset/{secret}", page=f"/reset/{secret}", password=NEW_PASSWORD)
    assert answer.status_code == 303
    assert browser.signed_in()


def test_an_address_is_slowed_down_across_accounts(town: House, browser: Browser) -> None:
    for number in range(6):
        _guess(browser, 1, f"person{number}@example.org")
    assert browser.sign_in(COACH).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    browser.client.environ_base.update(elsewhere)
    assert browser.sign_in(COACH).status_code == 303


def test_asking_for_reset_links_is_slowed_down_per_address(town: House, browser: Browser) -> None:
    for number in range(6):
        assert browser.send("/forgot", account=f"person{number}@example.org").status_code == 200
    assert browser.send("/forgot", account=COACH).status_code == 429


def test_neither_account_nor_address_can_be_read_from_the_table(
    app: Flask, town: House, browser: Browser
) -> None:
    _guess(browser, 1)
    with app.app_context():
        row = db.session.scalars(db.select(FailedSignIn)).one()
        assert len(row.account_hash) == len(row.address_hash) == 64
        assert Throttle("another key", 1, 1)._account("x") != Throttle("key", 1, 1)._account("x")


def test_old_tries_are_forgotten(app: Flask, town: House, browser: Browser, later: Later) -> None:
    _guess(browser, 2)
    later(timedelta(minutes=16))
    _guess(browser, 1)
    with app.app_context():
        assert len(db.session.scalars(db.select(FailedSignIn)).all()) == 1


def test_many_tries_at_once_cannot_slip_through_together(app: Flask, town: House) -> None:
    throttle = Throttle("key", per_account=3, per_address=100)
    heard, start = [], threading.Barrier(8)

    def attempt() -> None:
        with app.app_context():
            start.wait()
            try:
                with writing():
                    throttle.reserve("password:coach", "192.0.2.1", town.coach)
            except ThrottledError:
                return
            heard.append(1)

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 3


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_one_line_into_a_house_is_one_address(address: str, counted_as: str) -> None:
    assert network_of(address) == counted_as


def test_the_wait_is_told_as_a_moment() -> None:
    until = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert str(ThrottledError(until)) == "throttled until 2026-11-23T12:00:00+00:00"
