"""Who may administer whom, at the desk of people and organisations."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.extensions import db, writing
from innocap_lms.people import directory, mail, passwords, queries, services
from innocap_lms.people.models import Organisation, Pass, Person
from innocap_lms.people.scope import AdminScope, admin_scope
from innocap_lms.people.viewer import Role, Viewer
from tests.conftest import House
from tests.people.conftest import NEW_PASSWORD, Browser
from tests.people.test_links import Jobs

ALL = AdminScope(everything=True, organisation_ids=frozenset())
BrowserOf = Callable[[str], Browser]


@pytest.fixture
def as_person(town: House, browser_of: Callable[[str], FlaskClient]) -> BrowserOf:
    """A browser signed in as the person of that name in the house."""
    return lambda who: Browser(browser_of(getattr(town, who)))


def _viewer(*roles: Role) -> Viewer:
    return Viewer("me", "Me", "en", None, roles)


@pytest.mark.parametrize(
    ("viewer", "learner_here", "manager_here", "trainer_here", "learner_there", "admin_anywhere"),
    [
        (_viewer(Role("admin")), True, True, True, True, True),
        (_viewer(Role("hr", "north")), True, True, False, False, False),
        (_viewer(Role("hr", "south")), False, False, False, True, False),
        (_viewer(Role("manager", "north", "u", "/u/")), False, False, False, False, False),
        (_viewer(Role("trainer", "north")), False, False, False, False, False),
        (_viewer(Role("learner", "north")), False, False, False, False, False),
        (_viewer(), False, False, False, False, False),
    ],
    ids=["admin", "own HR", "other HR", "manager", "trainer", "learner", "nobody"],
)
def test_who_may_give_roles_and_open_accounts(
    viewer: Viewer,
    learner_here: bool,
    manager_here: bool,
    trainer_here: bool,
    learner_there: bool,
    admin_anywhere: bool,
) -> None:
    scope = admin_scope(viewer)
    for role, place, expected in (
        ("learner", "north", learner_here),
        ("manager", "north", manager_here),
        ("trainer", "north", trainer_here),
        ("learner", "south", learner_there),
        ("admin", None, admin_anywhere),
    ):
        assert scope.may_give(role, place) is expected, (role, place)
        assert scope.may_open((Role(role, place),)) is expected, (role, place)


def test_hr_never_opens_the_account_of_whoever_belonged_elsewhere() -> None:
    scope = admin_scope(_viewer(Role("hr", "north")))
    assert not scope.may_open((Role("learner", "north"), Role("learner", "south")))
    assert not scope.may_open((Role("learner", "north"), Role("admin")))
    assert not scope.may_open(())


@pytest.mark.parametrize("who", ["coach", "manager", "trainer"])
@pytest.mark.parametrize(
    "path",
    [
        "/admin",
        "/admin/people",
        "/admin/people/new",
        "/admin/people/{coach}",
        "/admin/organisations",
        "/admin/organisations/{north}",
        "/admin/organisations/{north}/units/{care}",
    ],
)
def test_for_others_the_desk_is_not_there(
    town: House, as_person: BrowserOf, who: str, path: str
) -> None:
    assert as_person(who).get(path.format_map(vars(town))).status_code == 404


def test_a_stranger_is_asked_to_sign_in(town: House, browser: Browser) -> None:
    for path in ("/admin", "/admin/people", f"/admin/people/{town.coach}", "/admin/organisations"):
        assert browser.get(path).status_code == 302


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("admin", [200, 200, 200, 200, 200]),
        ("hr", [200, 200, 200, 404, 404]),
        ("stranger_hr", [404, 404, 404, 200, 404]),
    ],
)
def test_each_sees_the_people_of_the_own_scope(
    town: House, as_person: BrowserOf, who: str, statuses: list[int]
) -> None:
    browser = as_person(who)
    people = [town.coach, town.trainer, town.hr, town.stranger, town.admin]
    found = [browser.get(f"/admin/people/{person}").status_code for person in people]
    assert found == statuses
    listed = browser.get("/admin/people").text
    assert [person in listed for person in people] == [status == 200 for status in statuses]


CHANGES = ["suspend", "resume", "link", "code"]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("who", "whom", "allowed"),
    [
        ("admin", "coach", True),
        ("admin", "hr", True),
        ("admin", "stranger", True),
        ("hr", "coach", True),
        ("hr", "manager", True),
        ("hr", "trainer", False),
        ("hr", "hr", False),
        ("hr", "admin", False),
        ("hr", "stranger", False),
        ("stranger_hr", "coach", False),
        ("manager", "coach", False),
        ("coach", "colleague", False),
        ("coach", "coach", False),
    ],
)
def test_who_may_open_and_close_whose_account(
    app: Flask, town: House, as_person: BrowserOf, change: str, who: str, whom: str, allowed: bool
) -> None:
    person_id = getattr(town, whom)
    answer = as_person(who).send(f"/admin/people/{person_id}/{change}")
    assert answer.status_code in ((200, 303) if allowed else (404,))
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        passes = db.session.scalars(db.select(Pass).where(Pass.person_id == person_id)).all()
    assert (person.suspended_at is not None) is (allowed and change == "suspend")
    assert len(passes) == (allowed and change in ("link", "code"))


def test_hr_cannot_take_over_an_account_by_adding_its_owner(
    app: Flask, town: House, as_person: BrowserOf
) -> None:
    browser = as_person("hr")
    taken = browser.send(
        "/admin/people/new",
        name="Any",
        email="stranger@example.org",
        role="learner",
        place=town.north,
        language="sv",
    )
    assert taken.status_code == 422
    assert "Ask an administrator" in taken.text
    assert "Stranger" not in taken.text
    assert browser.get(f"/admin/people/{town.stranger}").status_code == 404
    with app.app_context(), writing():
        services.add_membership(town.stranger, "learner", town.north)  # as an administrator does
    page = browser.get(f"/admin/people/{town.stranger}")
    assert page.status_code == 200
    assert "South" not in page.text
    for change in CHANGES:
        assert browser.send(f"/admin/people/{town.stranger}/{change}").status_code == 404


def test_a_protected_identity_is_named_to_administrators_alone(
    app: Flask, town: House, as_person: BrowserOf
) -> None:
    address = f"/admin/people/{town.coach}"
    assert as_person("hr").send(f"{address}/protection", protected="yes").status_code == 404
    assert as_person("admin").send(f"{address}/protection", protected="yes").status_code == 303
    for name in ("Coach<", "coach@example.org"):
        assert name not in as_person("hr").get(address).text
        assert name in as_person("admin").get(address).text
    listed = as_person("hr").get("/admin/people").text
    assert listed.index("Stranger" if "Stranger" in listed else "Trainer") < listed.index(
        "Protected identity"
    )
    as_person("admin").send(f"{address}/protection", protected="no")
    assert "coach@example.org" in as_person("hr").get(address).text


def test_hr_is_for_a_whole_organisation(app: Flask, town: House, as_person: BrowserOf) -> None:
    answer = as_person("admin").send(
        f"/admin/people/{town.coach}/roles", role="hr", place=f"{town.north}/{town.care}"
    )
    assert answer.status_code == 422
    assert "HR is for a whole organisation" in answer.text


def test_an_invited_person_gets_mail_and_a_place(
    app: Flask, town: House, as_person: BrowserOf, jobs: Jobs
) -> None:
    answer = as_person("hr").send(
        "/admin/people/new",
        name="Åsa Ek",
        email="asa@example.org",
        role="manager",
        place=f"{town.north}/{town.care}",
        language="sv",
    )
    assert answer.status_code == 303
    with app.app_context():
        account = queries.find_account("asa@example.org")
        assert account
        assert account.language == "sv"
        [role] = queries.viewer_of(account.id).roles
    assert (role.name, role.unit_id) == ("manager", town.care)
    assert answer.location == f"/admin/people/{account.id}"
    assert [job["person_id"] for job in jobs(mail.INVITATION_JOB)] == [account.id]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "811228-9874"}, "name"),
        ({"email": ""}, "email"),
        ({"email": "", "login": "811228-9874"}, "login"),
        ({"role": "hr"}, "role"),
        ({"role": "trainer"}, "role"),
        ({"role": "admin", "place": ""}, "place"),
        ({"role": "king"}, "role"),
        ({"place": "{south}"}, "place"),
        ({"place": "{south}/{far}"}, "place"),
        ({"place": "{north}/{far}"}, "place"),
        ({"place": "nowhere"}, "place"),
        ({"role": "manager"}, "place"),
        ({"language": "xx"}, "language"),
    ],
)
def test_hr_cannot_invite_beyond_its_scope_or_with_bad_fields(
    app: Flask, town: House, as_person: BrowserOf, changed: dict[str, str], named: str
) -> None:
    fields = {
        "name": "New",
        "email": "new@example.org",
        "role": "learner",
        "place": town.north,
        "language": "sv",
    }
    fields |= {name: value.format_map(vars(town)) for name, value in changed.items()}
    answer = as_person("hr").send("/admin/people/new", **fields)
    assert answer.status_code == 422
    assert f'href="#field-{named}"' in answer.text
    if fields["email"]:
        assert 'value="new@example.org"' in answer.text
    with app.app_context():
        assert queries.find_account("new@example.org") is None


def _held(app: Flask, person_id: str) -> str:
    with app.app_context():
        card = directory.person_card(ALL, person_id)
        assert card
        return card.roles[0].id


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("admin", "hr", 303),
        ("hr", "coach", 303),
        ("hr", "hr", 404),
        ("hr", "trainer", 404),
        ("stranger_hr", "coach", 404),
        ("manager", "coach", 404),
    ],
)
def test_who_may_end_whose_role(
    app: Flask, town: House, as_person: BrowserOf, who: str, whom: str, status: int
) -> None:
    person_id = getattr(town, whom)
    path = f"/admin/people/{person_id}/roles/{_held(app, person_id)}/end"
    assert as_person(who).send(path).status_code == status
    with app.app_context():
        assert bool(queries.viewer_of(person_id).roles) is (status == 404)


def test_a_closed_account_opens_again(app: Flask, town: House, as_person: BrowserOf) -> None:
    browser = as_person("hr")
    page = f"/admin/people/{town.coach}"
    browser.send(f"{page}/suspend")
    assert "Open the account" in browser.get(page).text
    browser.send(f"{page}/resume")
    assert "Close the account" in browser.get(page).text


def test_the_role_must_be_of_the_person_in_the_address(
    app: Flask, town: House, as_person: BrowserOf
) -> None:
    path = f"/admin/people/{town.coach}/roles/{_held(app, town.colleague)}/end"
    assert as_person("admin").send(path).status_code == 404


def test_a_role_is_given_and_ended_and_stays_in_sight(
    app: Flask, town: House, as_person: BrowserOf
) -> None:
    browser = as_person("hr")
    page = f"/admin/people/{town.coach}"
    care = f"{town.north}/{town.care}"
    assert browser.send(f"{page}/roles", role="manager", place=care).status_code == 303
    assert "Manager of a unit" in browser.get(page).text
    for role, place in (("hr", town.north), ("learner", town.south), ("manager", town.north)):
        assert browser.send(f"{page}/roles", role=role, place=place).status_code == 422


def test_the_only_administrator_cannot_be_closed_out(
    app: Flask, town: House, as_person: BrowserOf
) -> None:
    browser, page = as_person("admin"), f"/admin/people/{town.admin}"
    for path in (f"{page}/suspend", f"{page}/roles/{_held(app, town.admin)}/end"):
        answer = browser.send(path)
        assert answer.status_code == 422
        assert "only administrator" in answer.text


def test_a_link_is_shown_once_and_works(
    town: House, as_person: BrowserOf, browser: Browser
) -> None:
    answer = as_person("hr").send(f"/admin/people/{town.coach}/link")
    assert answer.headers["Cache-Control"] == "private, no-store"
    path = re.search(r"http://127\.0\.0\.1:8000(/invite/\w+)", answer.text)
    assert path
    assert browser.send(path[1], page=path[1], password=NEW_PASSWORD).status_code == 303


def test_a_printed_page_has_all_one_needs_to_sign_in(
    town: House, as_person: BrowserOf, browser: Browser
) -> None:
    page = as_person("hr").send(f"/admin/people/{town.coach}/code").text
    code = re.search(r"\w{4}-\w{4}-\w{4}", page)
    assert code
    assert "http://127.0.0.1:8000/code" in page
    assert "coach@example.org" in page
    answer = browser.send("/code", account="coach@example.org", code=code[0], password=NEW_PASSWORD)
    assert answer.status_code == 303


def test_hr_keeps_its_own_organisation_only(app: Flask, town: House, as_person: BrowserOf) -> None:
    browser = as_person("hr")
    own = f"/admin/organisations/{town.north}"
    assert town.south not in browser.get("/admin/organisations").text
    assert browser.send(f"{own}/units", unit_name="Library").status_code == 303
    assert "Library" in browser.get(own).text
    unit = f"{own}/units/{town.home}"
    assert browser.send(unit, name="At home", parent_id="").status_code == 303
    assert browser.send(unit, name="At home", parent_id=town.far).status_code == 422
    assert browser.send(own, name="North town", closed="yes").status_code == 303
    with app.app_context():
        north = db.session.get_one(Organisation, town.north)
        assert (north.name, north.closed_catalogue) == ("North town", False)
    other = f"/admin/organisations/{town.south}"
    for path in (
        other,
        f"{other}/units",
        f"{other}/units/{town.far}",
        f"{own}/units/{town.far}",
        "/admin/organisations",
    ):
        assert browser.send(path, name="X", unit_name="X").status_code == 404, path
    for path in (other, f"{own}/units/{town.far}", "/admin/organisations/nowhere"):
        assert browser.get(path).status_code == 404, path


def test_an_administrator_makes_and_closes_organisations(
    app: Flask, town: House, as_person: BrowserOf
) -> None:
    browser = as_person("admin")
    answer = browser.send("/admin/organisations", name="East")
    assert answer.status_code == 303
    assert browser.send(answer.location, name="East", closed="yes").status_code == 303
    with app.app_context():
        assert queries.catalogue_is_closed()
    for path, fields in (
        ("/admin/organisations", {"name": "East"}),
        ("/admin/organisations", {"name": ""}),
        (answer.location, {"name": "North"}),
        (f"{answer.location}/units", {"unit_name": " "}),
    ):
        refused = browser.send(path, **fields)
        assert refused.status_code == 422
        assert "error-summary" in refused.text


def test_the_list_searches_and_pages(app: Flask, town: House, as_person: BrowserOf) -> None:
    with app.app_context(), writing():
        for number in range(30):
            services.invite_person(
                name=f"Zed {number:02}",
                login=f"zed{number}",
                role="learner",
                organisation_id=town.north,
            )
    browser = as_person("hr")
    first = browser.get("/admin/people?q=zed").text
    assert first.count("/admin/people/") >= 25
    assert "Zed 24" in first
    assert "Zed 25" not in first
    following = re.search(r'href="(/admin/people\?q=zed&amp;after=\w+)"', first)
    assert following
    second = browser.get(following[1].replace("&amp;", "&")).text
    assert "Zed 25" in second
    assert "Zed 24" not in second
    assert "Nobody found" in browser.get("/admin/people?q=nothing+like+it").text


def test_a_list_of_people_costs_the_same_however_long_it_is(
    town: House, as_person: BrowserOf, statements: list[str]
) -> None:
    browser = as_person("admin")
    statements.clear()
    browser.get("/admin/people")
    assert len(statements) <= 3, statements
    statements.clear()
    browser.get(f"/admin/people/{town.coach}")
    assert len(statements) <= 8, statements


@pytest.mark.parametrize("who", ["admin", "hr"])
def test_the_desk_opens_for_those_it_is_for(town: House, as_person: BrowserOf, who: str) -> None:
    browser = as_person(who)
    for path in ("/admin", "/admin/people/new", "/admin/organisations"):
        assert browser.get(path).status_code == 200
    offered = browser.get("/admin/people/new").text
    assert ('value="trainer"' in offered) is (who == "admin")
    assert (town.south in offered) is (who == "admin")


def test_nobody_prints_a_code_that_was_not_kept(
    app: Flask, town: House, as_person: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = as_person("hr")
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._turn(), passwords._turn():
        assert browser.send(f"/admin/people/{town.coach}/code").status_code == 503
    with app.app_context():
        assert not db.session.scalars(db.select(Pass)).all()


def test_a_trainers_role_is_for_every_track_or_for_one_that_is_there(
    as_person: BrowserOf, town: House
) -> None:
    admin, page = as_person("admin"), f"/admin/people/{town.coach}"

    def give(role: str) -> int:
        return admin.send(f"{page}/roles", page=page, role=role, place=town.north).status_code

    assert give("trainer/northern") == 303
    assert "Trainer: The northern track" in admin.get(page).text
    assert give("trainer/nowhere") == 422
    assert give("learner/northern") == 422
    assert (
        as_person("hr")
        .send(f"{page}/roles", page=page, role="trainer/northern", place=town.north)
        .status_code
        == 422
    )
