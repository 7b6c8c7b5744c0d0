"""The editions in service, read without the site: the checker of course files must start quickly.

Two tables are read by plain SQL; importing the database layer would cost more than a whole check.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from innocap_lms.config import Settings

_IN_SERVICE = "SELECT course_id, edition_id FROM offering"
_HOW_MANY = "(SELECT max(number) FROM edition WHERE edition.course_id = offering.course_id)"
_STATE = f"SELECT course_id, edition_id, {_HOW_MANY} FROM offering"  # noqa: S608 - all ours
_SNAPSHOT = "SELECT content FROM edition WHERE id = {}"
_SNAPSHOTS = "SELECT content FROM edition WHERE course_id = {} ORDER BY number DESC"


def in_service(settings: Settings) -> dict[str, str]:
    """The edition in service of each course, by the course's id; empty where there is no site, or
    it cannot be asked."""
    return dict(_rows(settings, _IN_SERVICE))


def state_of_editions(settings: Settings) -> list[list[Any]]:
    """What differs when something has been published since; JSON values."""
    return sorted(list(row) for row in _rows(settings, _STATE))


def snapshot(settings: Settings, edition: str) -> Any:
    """The snapshot of an edition (see `content.snapshot`), None where there is none of that id."""
    return next(_read(_rows(settings, _SNAPSHOT, edition)), None)


def every_snapshot(settings: Settings, course_id: str) -> Iterator[Any]:
    """The snapshots of every edition of a course, the newest first."""
    return _read(_rows(settings, _SNAPSHOTS, course_id))


def _read(rows: list[Any]) -> Iterator[Any]:
    for (content,) in rows:
        yield json.loads(content) if isinstance(content, str) else content


def _rows(settings: Settings, sql: str, *values: str) -> list[Any]:
    return (
        _of_server(settings, sql, values)
        if settings.database_url
        else _of_file(settings, sql, values)
    )


def _of_file(settings: Settings, sql: str, values: tuple[str, ...]) -> list[Any]:
    file = settings.data_dir / "innocap.db"
    if not file.exists():
        return []
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            return connection.execute(sql.format("?"), values).fetchall()
    except sqlite3.Error:  # made by another version, or being made
        return []


def _of_server(settings: Settings, sql: str, values: tuple[str, ...]) -> list[Any]:
    import psycopg

    try:
        with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
            return connection.execute(sql.format("%s").encode(), values).fetchall()
    except psycopg.Error:
        return []
