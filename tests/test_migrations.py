"""Migrations: from nothing to exactly the tables of the models, down again and up."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import JSON, create_engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.engines import WRITING
from innocap_lms.extensions import Base, db, writing
from innocap_lms.migrations import HEAD, revision_of, steps
from innocap_lms.people.models import Membership
from tests.conftest import ON_POSTGRES


@pytest.fixture
def unmigrated(
    make_app: Callable[..., Flask], settings: Settings, tmp_path: Path
) -> Iterator[Flask]:
    """A site on a database without a table."""
    if not ON_POSTGRES:
        (tmp_path / "nothing").mkdir()
        app = make_app(using=replace(settings, data_dir=tmp_path / "nothing"))
        with app.app_context():
            yield app
        return
    url = make_url(settings.database)
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE innocap_unmigrated"))
    address = url.set(drivername="postgresql", database="innocap_unmigrated")
    named = replace(settings, database_url=address.render_as_string(hide_password=False))
    app = make_app(using=named)
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE innocap_unmigrated WITH (FORCE)"))
    server.dispose()


def tables() -> set[str]:
    return set(inspect(db.engines[WRITING]).get_table_names()) - {"alembic_version"}


def difference() -> list[object]:
    with db.engines[WRITING].connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def test_upgrading_gives_exactly_the_tables_of_the_models(unmigrated: Flask):
    assert tables() == set()
    steps.upgrade()
    assert difference() == []
    assert tables() == set(Base.metadata.tables)


def test_the_newest_step_is_the_one_that_serving_asks_for(unmigrated: Flask):
    assert steps.head() == HEAD
    for known in (None, HEAD):
        with db.engines[WRITING].connect() as connection:
            assert revision_of(connection) == known
        steps.upgrade()


def test_down_to_nothing_and_up_again(unmigrated: Flask):
    steps.upgrade()
    steps.downgrade("base")
    assert tables() == set()
    steps.upgrade()
    assert difference() == []


def test_a_trainer_of_one_track_is_none_of_every_track_one_step_back(unmigrated: Flask):
    """Rows come along, up and down; nobody may do more than before."""
    steps.upgrade("0001")
    with db.engines[WRITING].begin() as connection:
        for statement in (
            "INSERT INTO organisation (id, name, country, closed_catalogue) "
            "VALUES ('north', 'North', 'SE', false)",
            "INSERT INTO person (id, name, email, language, protected, created_at) "
            "VALUES ('kim', 'Kim', 'kim@example.org', 'sv', false, '2026-01-01 00:00:00')",
            "INSERT INTO membership (id, person_id, organisation_id, role, valid_from) "
            "VALUES ('all', 'kim', 'north', 'trainer', '2026-01-01 00:00:00')",
        ):
            connection.execute(text(statement))
    steps.upgrade()
    with db.engines[WRITING].begin() as connection:
        connection.execute(
            text(
                "INSERT INTO membership (id, person_id, organisation_id, role, valid_from, track) "
                "VALUES ('one', 'kim', 'north', 'trainer', '2026-01-01 00:00:00', 'coast')"
            )
        )
    steps.downgrade("0001")
    steps.upgrade()
    with writing():
        held = {row.id: row for row in db.session.scalars(select(Membership))}
    assert held["all"].valid_until is None
    assert held["one"].track is None
    assert held["one"].valid_until is not None
    assert abs(held["one"].valid_until - clock.utcnow()) < timedelta(minutes=5)


ROW = (
    "INSERT INTO membership (id, person_id, organisation_id, role, valid_from, track) "
    "VALUES ('{id}', 'kim', {place}, '{role}', '2026-01-01 00:00:00', {track})"
)


def held(*rows: tuple[str, str, str, str]) -> None:
    """Give Kim roles: (id, role, place, track) of each."""
    with db.engines[WRITING].begin() as connection:
        for row_id, role, place, track in rows:
            connection.execute(text(ROW.format(id=row_id, role=role, place=place, track=track)))


def test_assessors_come_with_their_track_and_go_one_step_back_while_all_others_stay(
    unmigrated: Flask,
):
    steps.upgrade("0003")
    with db.engines[WRITING].begin() as connection:
        for statement in (
            "INSERT INTO organisation (id, name, country, closed_catalogue) "
            "VALUES ('north', 'North', 'SE', false)",
            "INSERT INTO person (id, name, email, language, protected, created_at) "
            "VALUES ('kim', 'Kim', 'kim@example.org', 'sv', false, '2026-01-01 00:00:00')",
        ):
            connection.execute(text(statement))
    held(("one", "trainer", "'north'", "'coast'"), ("two", "admin", "NULL", "NULL"))
    steps.upgrade()
    held(("three", "assessor", "'north'", "'coast'"))
    steps.downgrade("0003")
    with writing():
        kept = db.session.execute(text("SELECT id, track FROM membership ORDER BY id")).all()
    assert [tuple(row) for row in kept] == [("one", "coast"), ("two", None)]
    steps.upgrade()
    assert difference() == []


@pytest.mark.parametrize("step", ["0003", HEAD])
@pytest.mark.parametrize(
    "row",
    [
        ("wrong", "king", "'north'", "NULL"),
        ("wrong", "learner", "NULL", "NULL"),
        ("wrong", "manager", "'north'", "NULL"),
        ("wrong", "learner", "'north'", "'coast'"),
        ("wrong", "learner", "'nowhere'", "NULL"),
        ("twice", "learner", "'north'", "NULL"),
    ],
    ids=["role", "place", "unit", "track", "organisation", "id"],
)
def test_a_membership_is_held_to_the_same_rules_after_the_table_was_copied(
    unmigrated: Flask, step: str, row: tuple[str, str, str, str]
):
    steps.upgrade()
    if step != HEAD:
        steps.downgrade(step)
    with db.engines[WRITING].begin() as connection:
        for statement in (
            "INSERT INTO organisation (id, name, country, closed_catalogue) "
            "VALUES ('north', 'North', 'SE', false)",
            "INSERT INTO person (id, name, email, language, protected, created_at) "
            "VALUES ('kim', 'Kim', 'kim@example.org', 'sv', false, '2026-01-01 00:00:00')",
        ):
            connection.execute(text(statement))
    held(("twice", "learner", "'north'", "NULL"))
    with pytest.raises(IntegrityError):
        held(row)


def test_upgrading_twice_is_once(unmigrated: Flask):
    steps.upgrade()
    steps.upgrade()
    assert difference() == []


def test_nothing_is_stored_where_json_may_be_missing():
    """JSON's own null is not NULL: a missing value would be found by neither IS NULL nor a copy."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if column.nullable and isinstance(column.type, JSON):
                assert column.type.none_as_null, f"{table.name}.{column.name}"


def fill(table: str, **values: object) -> None:
    """Insert a row with these values, and something in each other column that has to have one."""
    with db.engines[WRITING].begin() as connection:
        for column in inspect(connection).get_columns(table):
            name, kind = column["name"], str(column["type"]).upper()
            if name in values or column["nullable"] or column.get("default") is not None:
                continue
            number = any(part in kind for part in ("INT", "FLOAT", "DOUBLE"))
            values[name] = (
                "2026-01-01 00:00:00"
                if "DATE" in kind or "TIMESTAMP" in kind
                else "{}"
                if "JSON" in kind
                else False
                if "BOOL" in kind
                else 0
                if number
                else name
            )
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def certify_kim() -> None:
    """Kim has completed a course and has its certificate."""
    fill("organisation", id="north", country="SE")
    fill("person", id="kim", email="kim@example.org", language="sv")
    fill("edition", id="ed", course_id="c")
    fill("enrolment", id="e", person_id="kim", course_id="c", edition_id="ed")
    fill("completion", id="c", enrolment_id="e", person_id="kim", edition_id="ed")
    fill("certificate", id="k", completion_id="c", person_id="kim", edition_id="ed")


def test_each_step_takes_people_in_the_middle_of_courses_along(unmigrated: Flask) -> None:
    """SQLite makes a table anew to change it: what refers to its rows must hold, and stay."""
    steps.upgrade("0009")
    certify_kim()
    for to in (HEAD, "0010", "0009", HEAD):
        (steps.downgrade if to < (revision() or "") else steps.upgrade)(to)
        with db.engines[WRITING].connect() as connection:
            for table in ("enrolment", "completion", "certificate"):
                assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1, (to, table)
    assert difference() == []


def revision() -> str | None:
    with db.engines[WRITING].connect() as connection:
        return revision_of(connection)


def test_what_an_older_version_cannot_tell_keeps_it_from_coming_back(unmigrated: Flask) -> None:
    """A revoked certificate would count again."""
    steps.upgrade()
    certify_kim()
    fill("certificate_revocation", certificate_id="k", revoked_by="kim")
    with pytest.raises(RuntimeError, match="restore a backup"):
        steps.downgrade("0009")
    assert revision() == "0010"
    steps.upgrade()
    assert difference() == []
