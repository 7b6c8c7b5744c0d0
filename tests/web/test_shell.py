"""What holds for every page: headers, errors, languages, policies, files of the shell."""

import errno
import gzip
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from innocap_lms import clock
from innocap_lms.app import create_app
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.people import policy
from innocap_lms.people.services import change_organisation
from innocap_lms.web.texts import spoken
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
PUBLIC = ["/", "/tracks/northern", "/courses/first-steps", "/login", "/accessibility", "/verify"]


@pytest.mark.parametrize("address", [*PUBLIC, "/styleguide", "/no-such-page"])
def test_every_page_comes_with_a_strict_policy_and_keeps_it(
    client: FlaskClient, course: OfferingView, address: str
) -> None:
    response = client.get(address)
    rules = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in rules
    assert "unsafe" not in rules
    assert "frame-ancestors 'none'" in rules
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=", response.text) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//(?!www\.)', response.text) == []


def test_a_site_behind_https_insists_on_it(
    make_app: Callable[..., Flask], settings: Settings
) -> None:
    app = make_app(using=replace(settings, public_url="https://learn.example.org"))
    response = app.test_client().get("/login")
    assert "max-age" in response.headers["Strict-Transport-Security"]
    assert app.config["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_opens_without_signing_in(
    client: FlaskClient, course: OfferingView, address: str
) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/me", "/hr", "/studio", "/admin", "/courses/first-steps/walk-on", "/account"]
)
def test_what_is_not_public_asks_to_sign_in_and_comes_back(
    client: FlaskClient, course: OfferingView, address: str
) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/login?next={address}"


@pytest.mark.parametrize("who", ["", "coach", "hr", "admin"])
def test_below_every_part_of_the_site_an_address_that_leads_nowhere_is_not_there(
    app: Flask, house: House, browser_of: Browser, client: FlaskClient, who: str
) -> None:
    browser = browser_of(getattr(house, who)) if who else client
    parts = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    addresses = [f"/{part}/no/such/page/any/where" for part in sorted(parts) if "<" not in part]
    assert "/hr/no/such/page/any/where" in addresses
    for address in addresses:
        assert browser.get(f"{address}?unit=none").status_code == 404, address


def test_a_route_without_a_policy_stops_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "routes_without_policy", lambda _app: ["web.forgotten"])
    with pytest.raises(RuntimeError, match=r"web\.forgotten"):
        create_app(settings)


def test_routes_without_a_policy_are_found(app: Flask) -> None:
    assert policy.routes_without_policy(app) == []
    app.view_functions["web.forgotten"] = lambda: ""
    assert policy.routes_without_policy(app) == ["web.forgotten"]


def test_a_form_without_its_token_is_refused_and_explained(
    make_app: Callable[..., Flask], house: House
) -> None:
    response = make_app(csrf=True).test_client().post("/login", data={"account": "a"})
    assert response.status_code == 400
    assert "This form is too old" in response.text


def test_an_error_is_a_page_that_says_what_to_do_and_shows_no_trace(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    app.config.update(TESTING=False)

    def broken() -> str:
        raise RuntimeError("SECRET-OF-THE-HOUSE")

    app.view_functions["web.accessibility"] = policy.public(broken)
    response = app.test_client().get("/accessibility")
    assert response.status_code == 500
    assert "Nothing you have done is lost" in response.text
    assert "SECRET-OF-THE-HOUSE" not in response.text
    assert re.search(r"Reference \w{8}", response.text)


@pytest.mark.parametrize(
    ("wanted", "lang"),
    [
        ("sv", "sv"),
        ("sv-FI, fr;q=0.5", "sv"),
        ("SV-fi", "sv"),
        ("fi, en;q=0.3", "en"),
        ("de", "en"),
        ("", "en"),
        ("*", "en"),
        ("en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("x" * 3000, "en"),
    ],
)
def test_a_stranger_reads_in_the_language_of_the_browser(
    client: FlaskClient, course: OfferingView, wanted: str, lang: str
) -> None:
    page = client.get("/courses/first-steps", headers={"Accept-Language": wanted}).text
    assert f'<html lang="{lang}"' in page
    assert ("De första stegen" if lang == "sv" else "First steps") in page


def test_the_chosen_language_wins_over_the_browser(
    client: FlaskClient, course: OfferingView
) -> None:
    client.get("/language/sv")
    page = client.get("/", headers={"Accept-Language": "en"}).text
    assert '<html lang="sv"' in page


def test_a_closed_catalogue_asks_strangers_to_sign_in(
    app: Flask, house: House, course: OfferingView, client: FlaskClient, browser_of: Browser
) -> None:
    with app.app_context(), writing():
        change_organisation(house.north, name="North", closed_catalogue=True)
    for address in ("/", "/tracks/northern", "/courses/first-steps"):
        assert client.get(address).headers["Location"] == f"/login?next={address}"
        assert browser_of(house.coach).get(address).status_code == 200
    assert client.get("/login").status_code == 200


def test_files_of_the_shell_are_kept_for_ever_at_an_address_that_names_their_content(
    client: FlaskClient,
) -> None:
    page = client.get("/login").text
    for address in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
        plain = client.get(address)
        small = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert "immutable" in plain.headers["Cache-Control"]
        assert gzip.decompress(small.data) == plain.data
    assert client.get("/assets/0000000000000000/web/innocap.css").status_code == 404
    assert client.get("/assets/0000000000000000/../app.py").status_code == 404


def test_pages_that_repeat_the_address_are_not_compressed(
    client: FlaskClient, course: OfferingView
) -> None:
    accept = {"Accept-Encoding": "gzip"}
    assert client.get("/", headers=accept).headers.get("Content-Encoding") == "gzip"
    assert "Content-Encoding" not in client.get("/?q=a", headers=accept).headers


def test_the_colours_of_tracks_come_from_their_plugins(client: FlaskClient) -> None:
    address = re.search(r'href="(/assets/[^"]+\.css)"', client.get("/login").text)
    assert address is not None
    css = client.get(address[1]).text
    assert '[data-track="northern"]{--track:#1D4F91}' in css


def test_health_is_said_without_the_database_and_readiness_with_it(
    app: Flask, client: FlaskClient
) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    app.extensions["innocap_relay"].run_due()
    assert client.get("/readyz").status_code == 200
    with clock.at(datetime.now(UTC) + timedelta(minutes=2)):
        assert "nobody has relayed" in client.get("/readyz").text


def test_the_menu_shows_only_what_a_person_can_open(
    app: Flask, house: House, course: OfferingView, browser_of: Browser
) -> None:
    desks = {"/hr": "Follow-up", "/studio": "Studio", "/admin": "Administration"}
    for who in ("coach", "manager", "hr", "trainer", "admin"):
        browser = browser_of(getattr(house, who))
        page = browser.get("/me").text
        for address, label in desks.items():
            opens = browser.get(address).status_code == 200
            assert (f">{label}</a>" in page) == opens, (who, address)


def test_my_page_says_where_to_go_on_and_shows_the_cards_of_plugins(
    house: House, course: OfferingView, browser_of: Browser
) -> None:
    from tests.learning.test_a_course import RIGHT, begin, read_all, start

    coach = browser_of(house.coach)
    assert "Nothing started yet" in coach.get("/me").text
    start(coach)
    page = coach.get("/me").text
    assert "Continue where you were" in page
    assert "/courses/first-steps/start-walking" in page
    assert "Walk on" not in page
    read_all(coach)
    coach.post(begin(coach), data=RIGHT)
    page = coach.get("/me").text
    assert re.search(r"Completed on [^.]+\. Valid until", page)
    assert "Walk on" in page
    assert "First steps" in coach.get("/tracks/northern").text
    front = coach.get("/courses/first-steps").text
    assert "You completed this course on" in front
    assert "Completed because 2 lessons are read and 1 quiz is passed." in front


def test_my_page_says_what_is_due_and_why(
    house: House, course: OfferingView, browser_of: Browser
) -> None:
    from tests.learning.test_a_course import RIGHT, begin, read_all, start

    coach = browser_of(house.coach)
    start(coach)
    read_all(coach)
    coach.post(begin(coach), data=RIGHT)
    assert "What is due" not in coach.get("/me").text
    for years, word in ((1.9, "Renewal open"), (2.1, "Expired")):
        with clock.at(datetime.now(UTC) + timedelta(days=365 * years)):
            late = browser_of(house.coach).get("/me").text
            assert "What is due" in late
            assert word in late


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/courses/a%00", 404),
        ("/verify/" + "%00" * 26, 404),
        ("/admin/people?q=%00", 400),
        ("/hr/reports/completions?name=%00", 400),
        ("/courses/first-steps/final/attempts/%00", 404),
    ],
)
def test_a_nul_in_an_address_never_reaches_the_database(
    house: House, course: OfferingView, browser_of: Browser, address: str, status: int
) -> None:
    assert browser_of(house.admin).get(address).status_code == status


def test_a_nul_in_a_form_never_reaches_the_database(client: FlaskClient) -> None:
    assert client.post("/login", data={"account": "a\0b", "password": "c"}).status_code == 400


def test_a_header_of_the_request_never_ends_up_in_pages_of_others(
    make_app: Callable[..., Flask], settings: Settings, course: OfferingView
) -> None:
    client = make_app(using=replace(settings, trusted_proxies=1)).test_client()
    for headers in ({"X-Forwarded-Prefix": "//evil.example"}, {}):
        assert "evil.example" not in client.get("/courses/first-steps", headers=headers).text


def test_what_a_failing_statement_held_is_not_logged(in_app: Flask) -> None:
    with pytest.raises(DBAPIError) as failure:
        db.session.execute(text("SELECT * FROM nowhere WHERE a = :a"), {"a": "SECRET-VALUE"})
    assert "SECRET-VALUE" not in str(failure.value)


def test_the_error_page_comes_even_while_the_database_is_away(
    make_app: Callable[..., Flask],
    house: House,
    browser_of: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coach = browser_of(house.coach)
    app = coach.application
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    calls = []

    def away(token: str) -> None:
        calls.append(token)
        raise OperationalError("SELECT", {}, Exception("the disk is gone"))

    monkeypatch.setattr(app.login_manager, "_user_callback", away)  # type: ignore[attr-defined]
    answer = coach.get("/me", headers={"Accept-Language": "sv"})
    assert answer.status_code == 500
    assert "Felet är vårt" in answer.text
    assert "the disk is gone" not in answer.text
    assert len(calls) == 1


class _Refused(Exception):
    """What a driver raises, with its codes."""

    def __init__(self, **codes: object) -> None:
        super().__init__("full")
        vars(self).update(codes)


FULL = [
    OSError(errno.ENOSPC, "No space left on device"),
    OperationalError("COMMIT", {}, _Refused(sqlite_errorcode=sqlite3.SQLITE_FULL)),
    OperationalError("COMMIT", {}, _Refused(sqlstate="53100")),
]


@pytest.mark.parametrize("error", FULL, ids=["a file", "SQLite", "PostgreSQL"])
def test_on_a_full_disk_the_page_says_what_was_not_kept_and_what_is_there(
    house: House, browser_of: Browser, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    coach = browser_of(house.coach)
    coach.application.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    def fail(*_args: object, **_values: object) -> None:
        raise error

    monkeypatch.setattr("innocap_lms.people.services.set_preferences", fail)
    answer = coach.post("/account", data={"language": "sv", "timezone": ""})
    assert answer.status_code == 507
    assert "what you sent now was not kept" in answer.text
    assert "What was kept before is still there" in answer.text
    assert "Nothing you have done is lost" not in answer.text


def test_no_header_decides_where_links_lead(
    client: FlaskClient, course: OfferingView, house: House, browser_of: Browser
) -> None:
    """Servers make SCRIPT_NAME of a header; pages are kept for everybody."""
    mounted = {"SCRIPT_NAME": "//evil.example"}
    coach = browser_of(house.coach)
    for browser in (client, coach):
        for address in ("/", "/courses/first-steps"):
            assert "evil.example" not in browser.get(address, environ_overrides=mounted).text
    started = coach.post("/courses/first-steps/start", environ_overrides=mounted)
    assert started.headers["Location"].startswith("/courses/")
    assert "evil.example" not in coach.get("/me").text


def test_the_site_is_not_ready_while_its_tables_are_of_another_version(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        app.extensions["innocap_relay"].run_due()
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr("innocap_lms.web.views.HEAD", "9999")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "this version needs 9999" in answer.text


def test_a_language_is_named_by_itself_and_an_unknown_one_by_its_code() -> None:
    assert spoken(("sv", "en")).striptags() == "Svenska, English"
    assert spoken(("fit", "xx", "sv-FI")).striptags().startswith("fit, xx, Svenska")
