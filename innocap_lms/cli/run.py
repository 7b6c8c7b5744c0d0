"""innocap-lms run"""

import os
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from innocap_lms.app import create_app
from innocap_lms.config import load_settings, make_secret_key


class Site(BaseApplication):  # type: ignore[misc]
    """The site under gunicorn: threads that wait for the database do not hold up others."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(load_settings(os.environ))


def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until a signal ends it. Raises SettingsError before anything is started."""
    settings = load_settings(os.environ)
    make_secret_key(settings)
    Site(
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "accesslog": None,
            "loglevel": "warning",
            "proc_name": "innocap-lms",
        }
    ).run()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, envvar="PORT", default=8000, show_default=True)
@click.option("--workers", type=int, default=2, show_default=True, help="processes")
@click.option("--threads", type=int, default=8, show_default=True, help="threads in each process")
def command(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the site. PORT and every INNOCAP_* setting are honoured.

    Example: PORT=8080 INNOCAP_DATA_DIR=/srv/innocap innocap-lms run
    """
    serve(host, port, workers, threads)
