"""Alembic's way into the tables, the core's or a plugin's: by the writing engine of the app."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection

from innocap_lms.engines import WRITING
from innocap_lms.extensions import Base, db


@contextmanager
def keys_let_go(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which needs the others not to hold on to it.

    Source: https://sqlite.org/lang_altertable.html, section 7: the switch does nothing within a
    transaction, and each step looks afterwards whether all keys hold.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def look_for_broken_keys(ctx: Any, **_step: object) -> None:
    """Raise RuntimeError, so that the step is undone, where a row refers to one that is gone."""
    if ctx.connection.dialect.name != "sqlite":
        return
    broken = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"a row of {broken[0]} would refer to one of {broken[2]} that is gone")


attributes = dict(context.config.attributes)
after_step = (*attributes.pop("on_version_apply", ()), look_for_broken_keys)
with db.engines[WRITING].connect() as connection, keys_let_go(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        on_version_apply=after_step,  # type: ignore[arg-type]  # one or several
        **attributes,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
