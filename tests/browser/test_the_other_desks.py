"""HR, a unit's manager, a trainer and an administrator at their desks."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewDesk
from tests.browser.desk import Desk
from tests.browser.town import Town

LIST = "/hr/reports/completions"
PASSWORD = "red barns on the hill"
HR, FAR_HR, MANAGER = "lars.vikstrom", "aila.paivio", "karin.edstrom"
TRAINER, ADMIN = "johan.naslund", "ingrid.sjolund"


def at(desk: Desk, town: Town, who: str, path: str) -> Page:
    """The page that somebody of the demo, reading English, sees there."""
    desk.sign_in(town.person(who).account)
    desk.open(path, "en")
    return desk.page


def press(target: Locator) -> None:
    """Press it, and wait until the page that follows is there as a whole."""
    with target.page.expect_navigation():
        target.click()


def names(page: Page) -> list[str]:
    """The people in the list, from top to bottom."""
    return page.locator("main tbody th").all_inner_texts()


@pytest.mark.parametrize(
    ("field", "choice", "left"),
    [
        ("unit", {"label": "Vård och omsorg › Hemtjänst norr"}, {"Emma Berglund", "Mikael Öberg"}),
        ("track", {"value": "service-design"}, {"Fatima Hassan"}),
    ],
)
def test_hr_narrows_the_list_by_choosing(
    desk: Desk, town: Town, field: str, choice: dict[str, str], left: set[str]
) -> None:
    page = at(desk, town, HR, LIST)
    everybody = set(names(page))
    page.locator(f"main [name={field}]").select_option(**choice)  # type: ignore[arg-type]
    press(page.get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile(f"{field}="))
    assert left <= set(names(page)) < everybody  # other journeys may have noted completions
    assert left < everybody
    press(page.get_by_role("link", name="Clear"))
    assert set(names(page)) == everybody


def test_a_filter_takes_effect_as_it_is_chosen_and_the_focus_stays(desk: Desk, town: Town) -> None:
    page = at(desk, town, HR, "/hr/matrix")
    everybody = len(names(page))
    page.locator("main [name=unit]").select_option(label="Vård och omsorg › Hemtjänst norr")
    expect(page).to_have_url(re.compile(r"/hr/matrix\?unit=[0-9a-z]{26}$"))
    assert 0 < len(names(page)) < everybody
    field = page.locator("main [name=name]")
    field.press_sequentially("berglund")
    expect(page).to_have_url(re.compile("&name=berglund$"))
    assert names(page) == [name for name in names(page) if "Emma Berglund" in name]
    expect(field).to_be_focused()
    expect(page.locator("form.filters [role=status]")).to_have_text(
        re.compile("^1 person is asked")
    )
    field.fill("nobody of that name")
    expect(page.get_by_text("Nobody matches these filters", exact=True)).to_be_visible()
    press(page.get_by_role("link", name="Clear"))
    assert len(names(page)) == everybody


def test_of_many_units_one_is_written_and_the_list_follows(desk: Desk, town: Town) -> None:
    town.crowd()
    page = at(desk, town, ADMIN, "/hr/matrix")
    everybody = len(names(page))
    field = page.locator("main [name=in]")
    field.fill("hemtjänst norr")
    expect(page).to_have_url(re.compile(r"/hr/matrix\?unit=[0-9a-z]{26}$"))
    assert 0 < len(names(page)) < everybody
    expect(field).to_be_focused()
    press(page.get_by_role("button", name="Show"))
    expect(page.locator("main [name=in]")).to_have_value(re.compile("› Hemtjänst norr$"))
    page.locator("main [name=in]").fill("skola")
    press(page.get_by_role("button", name="Show"))
    expect(page.get_by_text("Several units fit “skola”")).to_be_visible()


def test_the_name_of_a_list_wider_than_a_phone_is_read_in_full(desk: Desk, town: Town) -> None:
    desk.page.set_viewport_size({"width": 360, "height": 800})
    table = at(desk, town, HR, "/hr/matrix").locator(".data-table")
    caption = table.locator("caption")
    for across in (0, 100):
        table.evaluate("(one, across) => one.scrollTo(across, 0)", across)
        assert table.evaluate("one => one.scrollLeft") == across
        name = caption.bounding_box()
        assert name is not None
        assert 0 <= name["x"] < name["x"] + name["width"] <= 360


def test_a_day_is_looked_at_once_it_is_written_as_a_whole(desk: Desk, town: Town) -> None:
    page = at(desk, town, HR, "/hr/matrix")
    page.locator("main [name=on]").fill("2026-01-31")
    expect(page).to_have_url(re.compile("/hr/matrix$"))
    page.locator("main [name=name]").focus()
    expect(page).to_have_url(re.compile("on=2026-01-31"))


def test_hr_narrows_the_list_to_a_period(desk: Desk, town: Town) -> None:
    page = at(desk, town, HR, LIST)
    days = sorted(re.findall(r"\d{4}-\d\d-\d\d", page.locator("main tbody").inner_text()))
    page.locator("main [name=from]").fill(days[-1])
    press(page.get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile(f"from={days[-1]}"))
    assert 0 < page.locator("main tbody li").count() < len(days)


def test_an_administrator_narrows_to_an_organisation_and_turns_the_page(
    desk: Desk, town: Town
) -> None:
    crowded = town.crowd()
    page = at(desk, town, ADMIN, LIST)
    page.locator("main [name=organisation]").select_option(label=crowded)
    press(page.get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile("organisation="))
    first = names(page)
    press(page.get_by_role("link", name="Next page"))
    expect(page).to_have_url(re.compile("after="))
    second = names(page)
    assert (len(first), len(second)) == (100, 1)
    assert not set(first) & set(second)
    press(page.get_by_role("link", name="Previous page"))
    expect(page).to_have_url(re.compile("before="))
    assert names(page) == first


def test_hr_downloads_what_the_list_shows(desk: Desk, town: Town, tmp_path: Path) -> None:
    page = at(desk, town, HR, f"{LIST}?track=service-design")
    shown = names(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    download.value.save_as(tmp_path / "list.csv")
    text = (tmp_path / "list.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";" if ";" in text else ","))
    assert len(rows) == 1 + page.locator("main tbody li").count()
    assert all(any(name in row for row in rows[1:]) for name in shown)


def test_hr_of_another_organisation_sees_only_its_own(new_desk: NewDesk, town: Town) -> None:
    ours, theirs = at(new_desk(), town, HR, LIST), new_desk()
    address = ours.get_by_role("link", name="Emma Berglund").get_attribute("href") or ""
    page = at(theirs, town, FAR_HR, LIST)
    assert "Olof Wikberg" in names(page)
    assert not set(names(page)) & set(names(ours))
    theirs.expected = {404}
    theirs.open(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here")


def test_a_manager_sees_the_unit_and_below(desk: Desk, town: Town) -> None:
    page = at(desk, town, MANAGER, "/hr")
    press(page.get_by_role("main").get_by_role("link", name="See who completed what"))
    expect(page).to_have_url(re.compile(LIST))
    assert set(names(page)) == {"Emma Berglund", "Mikael Öberg", "Fatima Hassan"}
    assert page.locator("[name=organisation]").count() == 0
    page.get_by_role("link", name="Fatima Hassan").click()
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_have_text("Fatima Hassan")
    expect(page.get_by_role("main")).to_contain_text("Frame and explore")


def test_a_trainer_sees_courses_editions_and_the_state_of_their_files(
    desk: Desk, town: Town
) -> None:
    page = at(desk, town, TRAINER, "/me")
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Studio").click()
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(town.offered("digital-technology"))  # the role is for that track
    course, title = "data-gis-iot", "Data, GIS and the Internet of Things"
    expect(rows.filter(has_text=title)).to_contain_text("Edition 1")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("main")).to_contain_text("The files are in order")
    page.get_by_role("link", name="See the course as learners do").click()
    expect(page).to_have_url(re.compile(f"/courses/{course}$"))


def test_who_is_given_another_track_sees_its_courses_too(new_desk: NewDesk, town: Town) -> None:
    someone = town.newcomer("Tuva Lund")
    admin = at(new_desk(), town, ADMIN, f"/admin/people/{someone.id}")
    tracks = {"Trainer: Service design": "service-design", "Trainer of every track": ""}
    for role, track in tracks.items():
        admin.locator("main [name=role]").select_option(label=role)
        admin.get_by_role("button", name="Give the role").click()
        desk = new_desk()
        desk.sign_in(someone.account)
        desk.open("/studio")
        expect(desk.page.locator("main tbody tr")).to_have_count(town.offered(track))
    expect(admin.get_by_role("main")).to_contain_text("Trainer: Service design")


def test_an_invited_person_follows_the_link_in_the_mail_and_is_in(
    new_desk: NewDesk, town: Town
) -> None:
    admin = at(new_desk(), town, ADMIN, "/admin/people")
    admin.get_by_role("link", name="Invite a person").click()
    admin.locator("main [name=name]").fill("Nils Ågren")
    admin.locator("main [name=email]").fill("nils.agren@example.org")
    admin.locator("main [name=place]").select_option(label="Nordviks kommun")
    admin.locator("main [name=language]").select_option("en")
    admin.get_by_role("button", name="Invite").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Nils Ågren")
    desk = new_desk()
    desk.open(town.link_in_mail("nils.agren@example.org"))
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Welcome, Nils Ågren")
    choose_password(desk.page)
    expect(desk.page.locator(".site-header")).to_contain_text("Nils Ågren")
    sign_out(desk.page)
    desk.sign_in("nils.agren@example.org", PASSWORD)
    expect(desk.page.locator(".site-header")).to_contain_text("Nils Ågren")


def test_a_printed_code_lets_somebody_without_mail_in(new_desk: NewDesk, town: Town) -> None:
    someone = town.newcomer("Berit Ek", password=False)
    admin = at(new_desk(), town, ADMIN, f"/admin/people/{someone.id}")
    admin.get_by_role("button", name="Print a code").click()
    code = admin.locator("main ol .number").inner_text()
    desk = new_desk()
    desk.open("/login")
    desk.page.get_by_role("link", name="I have a printed code").click()
    desk.page.locator("[name=account]").fill(someone.account)
    desk.page.locator("[name=code]").fill(code.lower().replace("-", " "))
    choose_password(desk.page)
    expect(desk.page.locator(".site-header")).to_contain_text("Berit Ek")


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(desk: Desk, town: Town) -> None:
    someone, page = town.newcomer("Pekka Aho"), desk.page
    desk.open("/login")
    page.get_by_role("link", name="Forgotten password").click()
    page.locator("[name=account]").fill(someone.account)
    page.locator("main form button").click()
    page.wait_for_load_state()
    desk.open(town.link_in_mail(someone.account))
    choose_password(page)
    expect(page.locator(".site-header")).to_contain_text("Pekka Aho")
    sign_out(page)
    desk.sign_in(someone.account, PASSWORD)


def choose_password(page: Page) -> None:
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").click()


def sign_out(page: Page) -> None:
    page.locator(".site-header summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".site-header").get_by_role("link", name="Sign in")).to_be_visible()
