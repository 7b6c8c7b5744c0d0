"""Tables of a plugin in a test: empty, made by its own steps, on an SQLite of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from innocap_lms.engines import engine_options
from innocap_lms.extensions import db, init_database
from innocap_lms.migrations.plugin_rows import PluginRows
from innocap_lms.migrations.plugin_steps import upgrade


@contextmanager
def tables_by(plugin: str, steps: Path) -> Iterator[PluginRows]:
    """The tables that the steps in this folder make; gone at the end. Raises PluginStepFailed."""
    with TemporaryDirectory() as folder:
        app = Flask(__name__, static_folder=None)
        address = f"sqlite:///{Path(folder) / 'tables.sqlite'}"
        app.config["SQLALCHEMY_BINDS"] = engine_options(address, pool_size=1)
        init_database(app)
        with app.app_context():
            try:
                upgrade(plugin, steps)
                yield PluginRows()
            finally:
                for engine in db.engines.values():
                    engine.dispose()
