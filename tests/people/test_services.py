"""Organisations, units, people and their roles."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from innocap_lms import clock
from innocap_lms.extensions import db, writing
from innocap_lms.people import directory, mail, queries, services
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.models import Membership, Person, Unit
from innocap_lms.people.scope import AdminScope
from tests.conftest import House
from tests.people.test_links import Jobs

ALL = AdminScope(everything=True, organisation_ids=frozenset())


def _path(unit_id: str) -> str | None:
    return db.session.scalar(db.select(Unit.path).where(Unit.id == unit_id))


def test_a_unit_moves_with_everything_below_it(in_app: Flask, house: House) -> None:
    with writing():
        deep = services.create_unit(house.north, "Night", house.home)
        services.move_unit(house.care, house.office)
    assert _path(deep) == f"/{house.office}/{house.care}/{house.home}/{deep}/"
    with writing():
        services.move_unit(house.care, None)
    assert _path(deep) == f"/{house.care}/{house.home}/{deep}/"


@pytest.mark.parametrize("below", ["care", "home"])
def test_a_unit_cannot_lie_below_itself(in_app: Flask, house: House, below: str) -> None:
    with pytest.raises(InvalidInputError, match="below itself"), writing():
        services.move_unit(house.care, getattr(house, below))


def test_a_unit_that_is_made_below_one_that_moves_lies_where_that_comes_to_lie(
    app: Flask, house: House
) -> None:
    made = list[str]()
    moved, wait = threading.Event(), threading.Event()

    def make() -> None:
        with app.app_context():
            moved.wait(10)
            wait.set()
            with writing():
                made.append(services.create_unit(house.north, "Night", house.care))

    other = threading.Thread(target=make)
    other.start()
    with app.app_context():
        with writing():
            services.move_unit(house.care, house.office)
            moved.set()
            wait.wait(10)
            other.join(0.3)
            assert other.is_alive(), "it waits for the move"
        other.join(10)
        assert _path(made[0]) == f"/{house.office}/{house.care}/{made[0]}/"


def test_a_unit_stays_in_its_organisation(in_app: Flask, house: House) -> None:
    for change in (
        lambda: services.move_unit(house.care, house.far),
        lambda: services.create_unit(house.north, "New", house.far),
        lambda: services.create_unit(house.north, "New", "nowhere"),
    ):
        with pytest.raises(InvalidInputError) as refused, writing():
            change()
        assert list(refused.value.errors) == ["parent_id"]


def test_names_are_there_once(in_app: Flask, house: House) -> None:
    for change in (
        lambda: services.create_organisation(" North "),
        lambda: services.change_organisation(house.south, name="North", closed_catalogue=False),
        lambda: services.create_unit(house.north, "Care"),
        lambda: services.create_unit(house.north, "Home  care", house.care),
        lambda: services.rename_unit(house.office, "Care"),
    ):
        with pytest.raises(InvalidInputError) as refused, writing():
            change()
        assert list(refused.value.errors) == ["name"]
    with writing():
        services.create_unit(house.north, "Care", house.care)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "811228-9874"])
def test_a_name_is_checked_wherever_it_is_given(in_app: Flask, house: House, name: str) -> None:
    for change in (
        lambda: services.create_organisation(name),
        lambda: services.create_unit(house.north, name),
        lambda: services.rename_unit(house.care, name),
        lambda: services.change_organisation(house.north, name=name, closed_catalogue=False),
        lambda: services.invite_person(
            name=name, email="new@example.org", role="learner", organisation_id=house.north
        ),
    ):
        with pytest.raises(InvalidInputError) as refused, writing():
            change()
        assert list(refused.value.errors) == ["name"]


def test_a_closed_catalogue_closes_the_site(in_app: Flask, house: House) -> None:
    assert not queries.catalogue_is_closed()
    with writing():
        services.change_organisation(house.north, name="North", closed_catalogue=True)
    assert queries.catalogue_is_closed()


def test_an_invitation_is_mailed_where_there_is_mail(
    in_app: Flask, house: House, jobs: Jobs
) -> None:
    with writing():
        asa = services.invite_person(
            name=" Åsa   Ek ",
            email=" ASA@Example.org",
            role="learner",
            organisation_id=house.north,
            unit_id=house.care,
        )
        services.invite_person(
            name="Kim", login="Kim.Sand", role="learner", organisation_id=house.north
        )
    assert [job["person_id"] for job in jobs(mail.INVITATION_JOB)] == [asa]
    account = queries.find_account("asa@EXAMPLE.org")
    assert account
    assert (account.id, account.name, account.email) == (asa, "Åsa Ek", "asa@example.org")
    kim = queries.find_account("KIM.SAND")
    assert kim
    assert kim.email is None


def test_whoever_has_an_account_keeps_it(in_app: Flask, house: House, jobs: Jobs) -> None:
    with writing():
        again = services.invite_person(
            name="Another name",
            email="COACH@example.org",
            role="learner",
            organisation_id=house.south,
        )
    assert again == house.coach
    assert not jobs(mail.INVITATION_JOB)
    viewer = queries.viewer_of(house.coach)
    assert viewer.name == "Coach"
    assert {role.organisation_id for role in viewer.roles} == {house.north, house.south}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "email"),
        ({"email": "not an address"}, "email"),
        ({"login": "no spaces here"}, "login"),
        ({"login": "811228-9874"}, "login"),
        ({"email": "coach@example.org", "login": "taken"}, "login"),
        ({"email": "new@example.org", "role": "king"}, "role"),
        ({"email": "new@example.org", "organisation_id": None}, "organisation_id"),
        ({"email": "new@example.org", "organisation_id": "nowhere"}, "organisation_id"),
        ({"email": "new@example.org", "unit_id": "nowhere"}, "unit_id"),
        ({"email": "new@example.org", "role": "manager"}, "unit_id"),
        ({"email": "new@example.org", "role": "admin"}, "role"),
    ],
)
def test_an_impossible_invitation_leaves_nothing_behind(
    in_app: Flask, house: House, fields: dict[str, str], named: str
) -> None:
    with writing():
        services.invite_person(
            name="Taken", login="taken", role="learner", organisation_id=house.north
        )
    before = db.session.scalar(db.select(db.func.count(Person.id)))
    given = {"role": "learner", "organisation_id": house.north, **fields}
    with pytest.raises(InvalidInputError) as refused, writing():
        services.invite_person(name="New", **given)  # type: ignore[arg-type]
    assert list(refused.value.errors) == [named]
    assert db.session.scalar(db.select(db.func.count(Person.id))) == before


def test_a_role_is_given_once_and_its_end_is_kept(in_app: Flask, house: House) -> None:
    with writing():
        first = services.add_membership(house.coach, "trainer", house.north)
        assert services.add_membership(house.coach, "trainer", house.north) == first
        services.end_membership(first)
    kept = db.session.get(Membership, first)
    assert kept
    assert kept.valid_until
    with writing():
        assert services.add_membership(house.coach, "trainer", house.north) != first


def test_two_who_give_a_role_at_once_give_it_once(app: Flask, house: House) -> None:
    start = threading.Barrier(4)

    def give() -> None:
        with app.app_context():
            start.wait()
            with writing():
                services.add_membership(house.coach, "trainer", house.north)

    threads = [threading.Thread(target=give) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        query = db.select(Membership.id).where(Membership.role == "trainer")
        held = db.session.scalars(query.where(Membership.person_id == house.coach)).all()
    assert len(held) == 1


def test_a_role_that_had_not_begun_never_begins(in_app: Flask, house: House) -> None:
    soon = clock.utcnow() + timedelta(days=3)
    with writing():
        planned = services.add_membership(house.coach, "hr", house.north, valid_from=soon)
        services.end_membership(planned)
    with clock.at(soon + timedelta(days=1)):
        assert not queries.viewer_of(house.coach).has("hr")
    with pytest.raises(InvalidInputError) as refused, writing():
        services.add_membership(house.coach, "hr", house.north, valid_from=soon, valid_until=soon)
    assert list(refused.value.errors) == ["valid_until"]


def test_the_last_administrator_stays(in_app: Flask, house: House) -> None:
    [held] = directory.person_card(ALL, house.admin).roles  # type: ignore[union-attr]
    for change in (
        lambda: services.suspend_person(house.admin),
        lambda: services.end_membership(held.id),
    ):
        with pytest.raises(InvalidInputError, match="only administrator"), writing():
            change()
    with writing():
        services.add_membership(house.hr, "admin")
        services.suspend_person(house.admin)


def test_people_are_found_by_part_of_a_name_in_any_case(in_app: Flask, house: House) -> None:
    with writing():
        services.invite_person(
            name="Åsa Öberg", email="ao@example.org", role="learner", organisation_id=house.north
        )
    for search in ("åsa", "ÅSA", "öberg", "Åsa  Öb", "AO@exam"):
        [row] = directory.find_people(ALL, search).rows
        assert row.name == "Åsa Öberg", search
    for search in ("%", "c_ach", "nobody at all", "'; drop table person; --"):
        assert not directory.find_people(ALL, search).rows


def test_pages_of_people_hold_everybody_once(in_app: Flask, house: House) -> None:
    with writing():
        for number in range(60):
            services.invite_person(
                name="Same Name",
                login=f"same{number}",
                role="learner",
                organisation_id=house.north,
            )
    seen, after = [], ""
    while True:
        page = directory.find_people(ALL, after=after)
        assert len(page.rows) <= directory.PAGE
        seen += [row.id for row in page.rows]
        after = page.after
        if not after:
            break
    total = db.session.scalar(db.select(db.func.count(Person.id)))
    assert len(seen) == len(set(seen)) == total


def test_a_page_begins_after_nobody_who_is_another_organisations(
    in_app: Flask, house: House
) -> None:
    own = AdminScope(everything=False, organisation_ids=frozenset({house.north}))
    assert directory.find_people(own, after=house.coach).rows
    for after in (house.stranger, "nobody"):
        with pytest.raises(LookupError):
            directory.find_people(own, after=after)


def test_a_protected_identity_is_neither_named_nor_found(in_app: Flask, house: House) -> None:
    with writing():
        db.session.get_one(Person, house.coach).protected = True
    for search in ("Coach", "coach@example.org"):
        assert house.coach not in {row.id for row in directory.find_people(ALL, search).rows}
    row = next(row for row in directory.find_people(ALL).rows if row.id == house.coach)
    assert (row.protected, row.name, row.account) == (True, "", "")
