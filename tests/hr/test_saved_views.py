"""Views kept under a name: whose they are, where they lead, and the mail that brings their link."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.hr import view_mail
from innocap_lms.hr.models import SavedView
from innocap_lms.people import services as people
from innocap_lms.people.models import Membership
from tests.conftest import House

BrowserOf = Callable[[str], FlaskClient]
LIST = "/hr/reports"
WEDNESDAY = datetime(2027, 3, 10, 22, 30, tzinfo=UTC)  # 23.30 in Stockholm
MONDAY = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)


def keep(browser: FlaskClient, name: str = "Late ones", **more: str) -> str:
    """Saves the matrix of who is late; gives the view's address."""
    query = more.pop("query", "state=late&name=berg")
    page = more.pop("page", "matrix")
    answer = browser.post(
        "/hr/views/new",
        query_string={"page": page, "query": query},
        data={"name": name, "every": "", **more},
    )
    assert answer.status_code == 302, answer.text
    found = re.search(rf'href="(/hr/views/[a-z0-9]+)">{name}<', browser.get(LIST).text)
    assert found, "it is not in the list"
    return found[1]


def test_a_view_leads_its_owner_back_to_the_page_with_its_filters(
    house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    link = re.search(r'href="(/hr/views/new[^"]+)"', hr.get(f"/hr/team?unit={house.care}").text)
    assert link
    address = link[1].replace("&amp;", "&")
    assert hr.get(address).status_code == 200
    assert hr.post(address, data={"name": "Care"}).status_code == 302
    (kept,) = re.findall(r'href="(/hr/views/[a-z0-9]+)"', hr.get(LIST).text)
    assert hr.get(kept).headers["Location"] == f"/hr/team?unit={house.care}"


def test_nobody_finds_a_view_that_is_not_shared_with_them(
    house: House, browser_of: BrowserOf
) -> None:
    address = keep(browser_of(house.hr))
    for who in (house.manager, house.stranger_hr, house.admin):
        browser = browser_of(who)
        assert "Late ones" not in browser.get(LIST).text
        for path in (address, f"{address}/change"):
            assert browser.get(path).status_code == 404
        assert browser.post(f"{address}/forget").status_code == 404
    assert browser_of(house.coach).get(address).status_code == 404
    assert browser_of(house.hr).get(address).status_code == 302


def test_a_shared_view_is_found_by_that_organisations_hr_who_may_delete_but_not_change_it(
    app: Flask, house: House, browser_of: BrowserOf
) -> None:
    address = keep(browser_of(house.hr), organisation=house.north)
    with app.app_context(), writing():
        people.add_membership(house.trainer, "hr", house.north)
    other = browser_of(house.trainer)
    assert "saved by Hr" in " ".join(other.get(LIST).text.split())
    assert other.get(address).headers["Location"] == "/hr/matrix?state=late&name=berg"
    assert other.get(f"{address}/change").status_code == 404
    for who in (house.stranger_hr, house.manager):
        assert browser_of(who).get(address).status_code == 404
    assert other.post(f"{address}/forget").status_code == 302
    assert browser_of(house.hr).get(address).status_code == 404


@pytest.mark.parametrize("who", ["hr", "manager", "stranger_hr"])
def test_a_view_is_shared_only_where_its_owner_decides(
    house: House, browser_of: BrowserOf, who: str
) -> None:
    foreign = house.north if who != "hr" else house.south
    answer = browser_of(getattr(house, who)).post(
        "/hr/views/new?page=matrix", data={"name": "Mine", "organisation": foreign}
    )
    assert answer.status_code == 422
    assert "Choose an organisation whose HR you are." in answer.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "Give the view a name."),
        ({"name": "x" * 101}, "At most 100 characters."),
        ({"name": "Late ones"}, "You have a view of that name already."),
        ({"name": "Mine", "every": "hourly"}, "Choose how often."),
    ],
)
def test_what_cannot_be_saved_is_told_at_its_field(
    house: House, browser_of: BrowserOf, form: dict[str, str], said: str
) -> None:
    hr = browser_of(house.hr)
    other = keep(hr, "Another one")
    keep(hr)
    for address in ("/hr/views/new?page=matrix", f"{other}/change"):
        answer = hr.post(address, data=form)
        assert answer.status_code == 422
        assert said in answer.text


@pytest.mark.parametrize(
    "page", ["", "admin", "report:", "report:../../admin", "//evil.example", "hr.matrix"]
)
def test_only_pages_of_follow_up_can_be_kept(
    house: House, browser_of: BrowserOf, page: str
) -> None:
    answer = browser_of(house.hr).get("/hr/views/new", query_string={"page": page})
    assert answer.status_code == 404


def test_filters_that_are_none_and_places_in_a_list_are_left_out(
    house: House, browser_of: BrowserOf
) -> None:
    hr = browser_of(house.hr)
    query = "state=late&after=someone&_external=1&_scheme=evil&X=1&endpoint=admin&empty="
    address = keep(hr, query=query)
    assert hr.get(address).headers["Location"] == "/hr/matrix?state=late&endpoint=admin"
    report = keep(hr, "Report", page="report:expiring", query="within=30")
    assert hr.get(report).headers["Location"] == "/hr/reports/expiring?within=30"


class Post:
    """The mail that was sent since one last looked, and the work that sends it."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.folder = app, settings.data_dir / "mail"

    def work(self, at: datetime) -> list[EmailMessage]:
        with clock.at(at), self.app.app_context():
            view_mail.ask_for_views()
            self.app.extensions["innocap_relay"].run_due()
        found = []
        for file in self.folder.glob("*.eml"):
            message = message_from_bytes(file.read_bytes(), policy=default)
            assert isinstance(message, EmailMessage)
            found.append(message)
            file.unlink()
        return found


@pytest.fixture
def post(app: Flask, settings: Settings) -> Post:
    return Post(app, settings)


@pytest.fixture
def scheduled(house: House, browser_of: BrowserOf) -> str:
    """A view of HR's that is mailed each week, since Wednesday night."""
    with clock.at(WEDNESDAY):
        return keep(browser_of(house.hr), every="weekly", query="name=Coach")


def test_the_link_comes_on_the_first_working_day_of_each_week_once(
    post: Post, scheduled: str
) -> None:
    assert post.work(WEDNESDAY + timedelta(days=1)) == [], "the week it was asked for in"
    assert post.work(datetime(2027, 3, 14, 12, tzinfo=UTC)) == [], "a Sunday"
    (mail,) = post.work(MONDAY)
    assert mail["To"] == "hr@example.org"
    assert f"{scheduled}\r\n" in mail.get_content()
    assert "Coach" not in mail.get_content(), "it tells nothing but the link"
    assert post.work(MONDAY + timedelta(hours=3)) == []
    assert post.work(MONDAY + timedelta(days=2)) == []
    assert len(post.work(MONDAY + timedelta(days=7))) == 1


def test_a_link_that_a_dead_mail_server_has_kept_back_waits_for_the_next_morning(
    app: Flask, post: Post, scheduled: str
) -> None:
    with app.app_context(), clock.at(MONDAY):
        assert view_mail.ask_for_views() == 1
    assert post.work(MONDAY + timedelta(hours=14)) == []
    assert post.work(MONDAY + timedelta(hours=20)) == []
    assert len(post.work(MONDAY + timedelta(days=1))) == 1


def test_a_monthly_link_waits_for_the_first_working_day_of_the_next_month(
    post: Post, house: House, browser_of: BrowserOf
) -> None:
    with clock.at(datetime(2027, 4, 7, 9, tzinfo=UTC)):
        keep(browser_of(house.hr), every="monthly")
    assert post.work(datetime(2027, 4, 30, 9, tzinfo=UTC)) == []
    assert post.work(datetime(2027, 5, 1, 9, tzinfo=UTC)) == [], "a Saturday, and a holiday"
    assert len(post.work(datetime(2027, 5, 3, 9, tzinfo=UTC))) == 1


def test_the_link_of_a_mail_asks_for_sign_in(app: Flask, scheduled: str) -> None:
    answer = app.test_client().get(scheduled)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")


def test_delivery_ends_when_its_owner_follows_up_nobody_any_more(
    app: Flask, post: Post, house: House, scheduled: str
) -> None:
    with app.app_context(), clock.at(MONDAY - timedelta(days=1)), writing():
        held = select(Membership.id).where(Membership.person_id == house.hr)
        people.end_membership(db.session.scalars(held).one())
    assert post.work(MONDAY) == []
    with app.app_context():
        kept = db.session.scalars(select(SavedView)).one()
        assert (kept.every, kept.scheduled_at) == ("", None)


def test_delivery_ends_with_a_closed_account_and_when_its_owner_says_so(
    app: Flask, post: Post, house: House, scheduled: str, browser_of: BrowserOf
) -> None:
    form = {"name": "Late ones", "every": ""}
    with clock.at(WEDNESDAY + timedelta(hours=1)):
        browser_of(house.hr).post(f"{scheduled}/change", data=form)
    assert post.work(MONDAY) == []
    with clock.at(MONDAY):
        browser_of(house.hr).post(f"{scheduled}/change", data={**form, "every": "weekly"})
    with app.app_context(), writing():
        people.suspend_person(house.hr, actor_id=house.admin)
    assert post.work(MONDAY + timedelta(days=7)) == []


def test_a_view_that_is_deleted_after_it_was_asked_for_is_not_mailed(
    app: Flask, post: Post, house: House, scheduled: str, browser_of: BrowserOf
) -> None:
    with app.app_context(), clock.at(MONDAY - timedelta(hours=20)):
        assert view_mail.ask_for_views() == 1
    browser_of(house.hr).post(f"{scheduled}/forget")
    assert post.work(MONDAY) == []
