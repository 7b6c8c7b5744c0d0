"""The session's cookie and the token in forms: what was checked once is not trusted for more."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from innocap_lms.people import cookies
from tests.conftest import House
from tests.people.conftest import Browser

HTTPS = "https://localhost"
OURS = {"Referer": f"{HTTPS}/code"}


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_an_altered_cookie_opens_nothing_though_the_right_one_is_known(
    town: House, browser: Browser, app: Flask
) -> None:
    browser.sign_in("coach@example.org")
    assert browser.signed_in()
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = browser.client.get_cookie(name)
    assert cookie
    rest, _, sign = cookie.value.rpartition(".")
    browser.client.set_cookie(name, f"{rest}.{'B' if sign[0] == 'A' else 'A'}{sign[1:]}")
    assert not browser.signed_in()


def test_a_cookie_ends_with_its_time_though_it_was_opened_before(
    town: House, browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context("/"):
        kept = cookies.SignedOnce(app)
        cookie = kept.get_signing_serializer(app).dumps({"a": ["word"]})
    lasts = app.permanent_session_lifetime

    def opened(later: timedelta) -> dict[str, list[str]]:
        began = cookies.time.time()
        with monkeypatch.context() as time:
            time.setattr(cookies.time, "time", lambda: began + later.total_seconds())
            header = f"{app.config['SESSION_COOKIE_NAME']}={cookie}"
            with app.test_request_context("/", headers={"Cookie": header}) as context:
                return dict(kept.open_session(app, context.request))

    assert opened(timedelta()) == {"a": ["word"]}
    assert opened(lasts - timedelta(minutes=1)) == {"a": ["word"]}
    assert opened(lasts + timedelta(minutes=1)) == {}
    opened(timedelta())["a"].append("of another request")
    assert opened(timedelta()) == {"a": ["word"]}


def test_a_token_that_held_for_one_session_holds_for_no_other(
    town: House, new_browser: Callable[[], Browser]
) -> None:
    mine, theirs = new_browser(), new_browser()
    token = token_in(mine.get("/code").text)
    theirs.get("/code")
    form = {"csrf_token": token, "account": "a", "password": "b"}
    for _again in range(2):
        assert mine.client.post("/login", data=form).status_code != 400
        assert theirs.client.post("/login", data=form).status_code == 400


def test_over_https_a_form_of_another_site_is_refused_whatever_was_taken_before(
    town: House, browser: Browser
) -> None:
    token = token_in(browser.get("/code", base_url=HTTPS).text)

    def sent(**headers: str) -> int:
        form = {"csrf_token": token, "account": "a", "password": "b"}
        return browser.client.post("/login", data=form, base_url=HTTPS, headers=headers).status_code

    assert sent(**OURS) != 400
    assert sent(**OURS) != 400
    assert sent(Referer="https://elsewhere.example/") == 400
    assert sent() == 400
