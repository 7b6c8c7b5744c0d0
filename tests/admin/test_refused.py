"""Who asked for what is not theirs: read by administrators, and by HR of its own people."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.extensions import writing
from innocap_lms.people import refused, services
from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]
LIST = "/admin/refused"


def test_each_hr_reads_what_its_own_people_asked_for_and_an_administrator_all(
    house: House, browser_of: BrowserOf
) -> None:
    browser_of(house.stranger_hr).get(f"/hr/people/{house.coach}")
    browser_of(house.manager).get(f"/hr/matrix?unit={house.office}")
    south, north = (f"/hr/people/{house.coach}", f"/hr/matrix?unit={house.office}")
    for who, reads, not_this in (
        (house.hr, north, south),
        (house.stranger_hr, south, north),
    ):
        page = browser_of(who).get(LIST).text
        assert f"<code>{reads}</code>" in page
        assert not_this not in page
    everything = browser_of(house.admin).get(LIST).text
    assert everything.index(north) < everything.index(south), "the newest first"
    for who in (house.manager, house.coach, house.trainer):
        assert browser_of(who).get(LIST).status_code == 404


def test_what_one_person_asked_for_is_shown_by_itself_within_the_scope(
    house: House, browser_of: BrowserOf
) -> None:
    for who in (house.manager, house.colleague):
        browser_of(who).get(f"/hr/people/{house.stranger}")
    one = browser_of(house.hr).get(f"{LIST}?person={house.manager}").text
    assert one.count("<code>") == 1
    assert browser_of(house.stranger_hr).get(f"{LIST}?person={house.manager}").status_code == 404
    assert "Nobody has asked" in browser_of(house.hr).get(f"{LIST}?person={house.coach}").text


def test_a_protected_identity_is_not_named_and_an_address_is_no_markup(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    with app.app_context(), writing():
        services.set_protected(house.coach, protected=True)
    browser_of(house.coach).get("/hr/people/<b>x")
    page = browser_of(house.hr).get(LIST).text
    assert "Protected identity" in page
    assert ">Coach<" not in page
    assert "&lt;b&gt;x" in page


def test_the_list_pages_and_begins_after_nothing_that_is_another_organisations(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    manager = browser_of(house.manager)
    for number in range(refused.PAGE + 2):
        manager.get(f"/hr/people/{number:026}")
    first = browser_of(house.hr).get(LIST).text
    assert first.count("<code>") == refused.PAGE
    older = first.partition(f"{LIST}?before=")[2].partition('"')[0]
    assert browser_of(house.hr).get(f"{LIST}?before={older}").text.count("<code>") == 2
    assert browser_of(house.stranger_hr).get(f"{LIST}?before={older}").status_code == 404
