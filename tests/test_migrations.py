"""Migrations: from nothing to exactly the tables of the models, down again and up."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import JSON, create_engine, inspect, text
from sqlalchemy.engine import make_url

from innocap_lms.config import Settings
from innocap_lms.extensions import WRITING, Base, db
from innocap_lms.migrations import HEAD, revision_of, steps
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
