"""innocap-lms run"""

import ctypes
import os
import signal
import socket
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from babel import Locale
from flask import Flask
from flask_babel import force_locale, gettext
from gunicorn.app.base import BaseApplication
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from innocap_lms.app import create_app
from innocap_lms.catalogue.queries import everything
from innocap_lms.cli.senders import bear_with, limit_silence
from innocap_lms.cli.site import (
    close_connections,
    database_words,
    refuse_old_tables,
    settle,
    speaking,
)
from innocap_lms.config import Settings, load_settings, make_secret_key
from innocap_lms.people.language import LANGUAGES, locale_of

PORTS = click.IntRange(1, 65535)
LARGE_BYTES = 128 * 1024  # what glibc begins with, before it learns from what is freed
GRACE_SECONDS = 10  # for requests that are being answered when the site is told to end


def served_on(settings: Settings, host: str, port: int) -> Settings:
    """The settings; people use the address that the site is served on, unless they name another."""
    if "INNOCAP_PUBLIC_URL" in os.environ:
        return settings
    here = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared
    return replace(settings, public_url=f"http://{here}:{port}")


class Site(BaseApplication):  # type: ignore[misc]
    """The site under gunicorn: threads that wait for the database do not hold up others."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until a signal ends it. Raises SettingsError or ClickException before it starts."""
    settings = served_on(load_settings(os.environ), host, port)
    make_secret_key(settings)
    refuse_used_port(host, port)
    give_memory_back()
    # Made once: what cannot start is said once, and the processes share its memory.
    app = create_app(settings)
    keep_compiled(app, settings.data_dir / "cache" / "templates")
    bear_with(app)
    with speaking(app):
        refuse_old_tables()
        read_ahead()
    database, warning = database_words(settings)
    click.echo(f"innocap-lms serves on http://{host}:{port} with {database}; Ctrl-C ends it")
    if warning:
        click.echo(warning, err=True)
    app.extensions["innocap_host"].when_stuck(leave)
    settle()
    Site(
        app,
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "graceful_timeout": GRACE_SECONDS,
            "control_socket_disable": True,  # nobody else steers it
            "forwarder_headers": "",  # no header says where the site is mounted
            "accesslog": None,
            "loglevel": "warning",
            "umask": 0o077,
            "proc_name": "innocap-lms",
            "when_ready": lambda server: limit_silence(each.sock for each in server.LISTENERS),
            "worker_exit": lambda _server, _worker: _end(app),
        },
    ).run()


def give_memory_back() -> None:
    """Let the threads of a process share one heap, and large blocks go back to the system as soon
    as they are free: each thread's own heap kept room for the longest list it had ever made. One
    thread computes at a time anyway. Source: mallopt(3); without glibc nothing happens."""
    arena_max, trim_threshold, mmap_threshold = -8, -1, -3
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(arena_max, 1)
        mallopt(trim_threshold, LARGE_BYTES)
        mallopt(mmap_threshold, LARGE_BYTES)


def read_ahead() -> None:
    """Read once, for all processes that are forked, what each would read for its first pages: the
    courses in service, the words of the interface and what Babel knows. In an app context."""
    everything()
    for language in LANGUAGES:
        spoken = locale_of(language)
        with force_locale(spoken):
            _ = gettext(""), Locale.parse(spoken).display_name


def keep_compiled(app: Flask, folder: Path) -> None:
    """Keep the compiled templates there: half of a process's first page was compiling. They are
    code, in a folder as private as the secret key's."""
    folder.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = _Compiled(str(folder))


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates in a folder; where it takes none, on a full disk, pages come without."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def leave() -> None:
    """End this process once its other threads have answered; gunicorn starts a new one."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)  # the thread that does not come back would be waited for


def _end(app: Flask) -> None:
    """In each process, after its last answer."""
    app.extensions["innocap_relay"].stop()
    close_connections(app)


def refuse_used_port(host: str, port: int) -> None:
    """Raise ClickException when the site cannot listen there."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _name, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}:{port} ({error.strerror}): name another port, "
            f"such as PORT={port + 1 if port < 65535 else port - 1}"
        ) from None


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port", type=PORTS, envvar="PORT", show_envvar=True, default=8000, show_default=True
)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="processes")
@click.option(
    "--threads",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="threads in each process",
)
def command(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the site. PORT and every INNOCAP_* setting are honoured.

    Example: PORT=8080 INNOCAP_DATA_DIR=/srv/innocap innocap-lms run
    """
    serve(host, port, workers, threads)
