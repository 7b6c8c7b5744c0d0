"""Who may print what: templates and pocket guides as the front page, the rest trainers alone."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from innocap_lms.catalogue.queries import offering
from innocap_lms.extensions import db, writing
from innocap_lms.people import services
from innocap_lms.people.models import Organisation
from innocap_lms.studio.impact import impact_of
from tests.catalogue.conftest import Desk
from tests.conftest import House

Browser = Callable[[str], FlaskClient]
COURSE = "/courses/first-steps"
SHEETS = (f"{COURSE}/sheets/walk-card", f"{COURSE}/sheets/pocket-guide")
OWN = (f"{COURSE}/facilitator/guide", f"{COURSE}/facilitator/slides/walk-on")
BOTH = ("", ".pdf")


@pytest.mark.parametrize("ending", BOTH)
@pytest.mark.parametrize("page", SHEETS)
def test_whoever_may_read_the_front_page_may_print(
    desk: Desk, client: FlaskClient, page: str, ending: str
) -> None:
    assert client.get(page + ending).status_code == 200


@pytest.mark.parametrize("ending", BOTH)
@pytest.mark.parametrize("page", SHEETS)
def test_where_the_catalogue_is_closed_a_stranger_signs_in_first(
    desk: Desk, house: House, client: FlaskClient, browser_of: Browser, page: str, ending: str
) -> None:
    with desk.app.app_context(), writing():
        db.session.execute(update(Organisation).values(closed_catalogue=True))
    assert client.get(page + ending).headers["Location"] == f"/login?next={page}{ending}"
    assert browser_of(house.stranger).get(page + ending).status_code == 200


@pytest.mark.parametrize("ending", BOTH)
@pytest.mark.parametrize("page", OWN)
def test_guide_and_slides_are_for_trainers_of_the_track(
    desk: Desk, house: House, client: FlaskClient, browser_of: Browser, page: str, ending: str
) -> None:
    assert client.get(page + ending).status_code == 302
    for who in (house.coach, house.stranger, house.hr, house.manager):
        assert browser_of(who).get(page + ending).status_code == 404
    for who in (house.trainer, house.admin):
        assert browser_of(who).get(page + ending).status_code == 200


def test_a_trainer_of_another_track_finds_neither_guide_nor_slides(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    with desk.app.app_context(), writing():
        services.add_membership(house.colleague, "trainer", house.north, track="southern")
    for page in OWN:
        assert browser_of(house.colleague).get(page).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/courses/nothing/sheets/walk-card",
        f"{COURSE}/sheets/nothing",
        f"{COURSE}/sheets/facilitator",
        f"{COURSE}/facilitator/slides/final",
        "/courses/nothing/facilitator/guide",
    ],
)
def test_what_is_not_there_is_not_found(
    desk: Desk, house: House, browser_of: Browser, page: str
) -> None:
    for ending in BOTH:
        assert browser_of(house.trainer).get(page + ending).status_code == 404


def test_the_front_page_leads_to_what_one_may_print(
    desk: Desk, house: House, client: FlaskClient, browser_of: Browser
) -> None:
    seen = client.get(COURSE).text
    assert all(f'href="{page}"' in seen and f'href="{page}.pdf"' in seen for page in SHEETS)
    assert "facilitator" not in seen
    assert all(f'href="{page}"' in browser_of(house.trainer).get(COURSE).text for page in OWN)


def test_a_sheet_comes_in_the_readers_language_else_in_english(
    desk: Desk, client: FlaskClient
) -> None:
    for asked, title in (("sv", "Vandringskort"), ("fi", "Card")):
        page = client.get(SHEETS[0], headers={"Accept-Language": asked}).text
        assert f">{title}</h1>" in page


def test_a_card_has_its_fields_and_links_into_the_course(desk: Desk, client: FlaskClient) -> None:
    page = client.get(SHEETS[0]).text
    assert '<h2 id="where">Where to</h2>' in page
    assert page.count('class="sheet-room"') == 2
    assert f'href="{COURSE}/start-walking"' in page
    assert f'href="{SHEETS[0]}"' in client.get(SHEETS[1]).text


def test_slides_lead_to_their_neighbours(desk: Desk, house: House, browser_of: Browser) -> None:
    page = browser_of(house.trainer).get(OWN[1]).text
    assert '<a href="#slide-2">' in page
    assert 'id="slide-2"' in page


def test_a_pdf_is_tagged_titled_in_its_language_and_of_one_page(
    desk: Desk, client: FlaskClient
) -> None:
    answer = client.get(f"{SHEETS[0]}.pdf", headers={"Accept-Language": "sv"})
    assert answer.mimetype == "application/pdf"
    pdf = pikepdf.open(io.BytesIO(answer.data))
    assert len(pdf.pages) == 1
    assert str(pdf.Root.Lang) == "sv"
    assert pdf.Root.MarkInfo.Marked
    with pdf.open_metadata() as told:
        assert told["dc:title"] == "Vandringskort"


def test_a_sheet_is_always_that_of_the_newest_edition(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    coach = browser_of(house.coach)
    coach.post(f"{COURSE}/start")
    desk.write("walk-card.template.en.md", "The day.", "The very day.")
    desk.publish()
    assert "The very day." in coach.get(SHEETS[0]).text


def test_a_page_to_print_is_rendered_once(
    desk: Desk, house: House, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, addresses = browser_of(house.trainer), [*SHEETS, *OWN]
    before = [browser.get(address).text for address in addresses]
    monkeypatch.setattr("innocap_lms.printing.html.render", None)
    assert [browser.get(address).text for address in addresses] == before


def test_a_new_edition_of_a_sheet_alone_leaves_what_was_read_as_it_is(
    desk: Desk, house: House, browser_of: Browser
) -> None:
    with desk.app.app_context():
        before = offering("first-steps")
        desk.write("pocket-guide.en.md", "Before.", "Long before, all else.")
        desk.write("pocket-guide.sv.md", "Before.", "Long before, all else.")
        report = desk.publish()
        assert before is not None
        assert report.course is not None
        assert report.published is not None
        assert report.published.new
        changed = impact_of(before.edition, report.course, {}).changed
    assert [(each.id, each.weight) for each in changed] == [("pocket-guide", "wording")]
