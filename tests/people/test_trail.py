"""What is done to accounts, roles and units stands in the ledger, with whoever did it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people import directory, services
from innocap_lms.people.scope import AdminScope
from tests.conftest import House
from tests.people.conftest import Browser

ALL = AdminScope(everything=True, organisation_ids=frozenset())
Did = tuple[str, str | None, str | None, dict[str, Any]]


def trail(app: Flask) -> list[Did]:
    """(kind, actor, person, content) of every event, oldest first."""
    with app.app_context():
        rows = db.session.execute(
            select(
                LedgerEvent.kind,
                LedgerContent.actor_id,
                LedgerContent.person_id,
                LedgerContent.content,
            )
            .join(LedgerContent, LedgerContent.event_id == LedgerEvent.id)
            .order_by(LedgerEvent.recorded_at, LedgerEvent.id)
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


@pytest.fixture
def admin(town: House, browser_of: Callable[[str], FlaskClient]) -> Browser:
    return Browser(browser_of(town.admin))


@pytest.mark.parametrize(
    ("path", "fields", "kind", "content"),
    [
        ("roles", {"role": "trainer", "place": "{north}"}, "role.given", {"role": "trainer"}),
        ("roles/{membership}/end", {}, "role.ended", {"role": "learner"}),
        ("protection", {"protected": "yes"}, "person.protected", {"protected": True}),
        ("suspend", {}, "account.closed", {}),
        ("resume", {}, "account.opened", {}),
        ("link", {}, "way_in.made", {"purpose": "invitation"}),
        ("code", {}, "way_in.made", {"purpose": "code"}),
    ],
)
def test_what_an_administrator_does_to_a_person(
    app: Flask,
    town: House,
    admin: Browser,
    path: str,
    fields: dict[str, str],
    kind: str,
    content: dict[str, Any],
) -> None:
    with app.app_context():
        card = directory.person_card(ALL, town.coach)
        assert card is not None
        known = {"membership": card.roles[0].id, "north": town.north}
        if path == "resume":
            with writing():
                services.suspend_person(town.coach)
    before = len(trail(app))
    page = f"/admin/people/{town.coach}"
    sent = {name: value.format(**known) for name, value in fields.items()}
    assert admin.send(f"{page}/{path.format(**known)}", page=page, **sent).status_code < 400
    [(noted, actor, person, said)] = trail(app)[before:]
    assert (noted, actor, person) == (kind, town.admin, town.coach)
    assert content.items() <= said.items()


def test_hr_is_named_for_what_hr_does(
    app: Flask, town: House, browser_of: Callable[[str], FlaskClient]
) -> None:
    before, page = len(trail(app)), f"/admin/people/{town.coach}"
    Browser(browser_of(town.hr)).send(f"{page}/suspend", page=page)
    assert [(kind, actor) for kind, actor, _person, _said in trail(app)[before:]] == [
        ("account.closed", town.hr)
    ]


def test_a_new_person_and_the_first_role(app: Flask, town: House, admin: Browser) -> None:
    before = len(trail(app))
    admin.send(
        "/admin/people/new",
        page="/admin/people/new",
        name="Kim Berg",
        email="kim@example.org",
        language="sv",
        role="learner",
        place=town.north,
    )
    new = trail(app)[before:]
    assert [(kind, actor) for kind, actor, _person, _said in new] == [
        ("person.added", town.admin),
        ("role.given", town.admin),
    ]
    assert "Kim" not in str(new)  # the ledger names people by their ids


def test_what_is_done_to_organisations_and_units(app: Flask, town: House, admin: Browser) -> None:
    before, desk = len(trail(app)), "/admin/organisations"
    admin.send(desk, page=desk, name="East")
    page = f"{desk}/{town.north}"
    admin.send(page, page=page, name="Far North")
    admin.send(f"{page}/units", page=page, unit_name="School", unit_parent_id="")
    unit = f"{page}/units/{town.care}"
    admin.send(unit, page=unit, name="Elder care", parent_id=town.office)
    new = trail(app)[before:]
    assert [kind for kind, _actor, _person, _said in new] == [
        "organisation.added",
        "organisation.changed",
        "unit.added",
        "unit.renamed",
        "unit.moved",
    ]
    assert {actor for _kind, actor, _person, _said in new} == {town.admin}
    assert new[-1][3]["path"] == f"/{town.office}/{town.care}/"


def test_what_changes_nothing_is_not_an_event(app: Flask, town: House) -> None:
    before = len(trail(app))
    with app.app_context(), writing():
        services.add_membership(town.coach, "learner", town.north, town.home)
        services.resume_person(town.coach)
        services.move_unit(town.home, town.care)
        services.rename_unit(town.home, "Home care")
        services.set_protected(town.coach, protected=False)
        services.change_organisation(town.north, name="North", closed_catalogue=False)
    assert trail(app)[before:] == []


def test_what_a_stranger_is_refused_is_noted_as_that_and_nothing_else(
    app: Flask, town: House, browser_of: Callable[[str], FlaskClient]
) -> None:
    before, path = len(trail(app)), f"/admin/people/{town.coach}/suspend"
    strangers = (town.colleague, town.stranger_hr)
    for who in strangers:
        assert Browser(browser_of(who)).send(path, page="/account").status_code == 404
    noted = [("access.refused", who, None, {"address": path}) for who in strangers]
    assert trail(app)[before:] == noted


def test_who_has_no_desk_and_names_nobody_is_only_lost(
    app: Flask, town: House, browser_of: Callable[[str], FlaskClient]
) -> None:
    before = len(trail(app))
    for path in ("/hr", "/admin", "/hr/matrix"):
        assert browser_of(town.coach).get(path).status_code == 404
    assert trail(app)[before:] == []
