"""The history of the tables, a step a file in versions/, and which of them a database has.

What serves pages asks here and does without Alembic, which is large; `steps` has it.
"""

from sqlalchemy import Connection, column, inspect, select, table

HEAD = "0041"  # the newest step; a test compares it with versions/
VERSION_TABLE = "alembic_version"


def revision_of(connection: Connection) -> str | None:
    """The step the tables of a database are at, or None where there are none yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(
        select(column("version_num")).select_from(table(VERSION_TABLE))
    )
    return found
