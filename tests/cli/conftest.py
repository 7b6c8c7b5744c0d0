"""Running commands: in this process, and as the program they are."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from innocap_lms.config import Settings
from tests.cli.forked import Forked

Command = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., tuple[subprocess.Popen[str], str]]
PROGRAM = [sys.executable, "-W", "error", "-c", "from innocap_lms.cli import main; main()"]


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    """The environment in which a command works on the test's site, which is migrated and empty."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("INNOCAP_")}
    own.pop("PORT", None)
    return {
        **own,
        "INNOCAP_DATA_DIR": str(settings.data_dir),
        "INNOCAP_DATABASE_URL": settings.database_url,
        "INNOCAP_SECRET_KEY": settings.secret_key,
        "INNOCAP_PASSWORD_MEMORY_KIB": str(settings.password_memory_kib),
    }


@pytest.fixture(scope="session")
def forked() -> Iterator[Forked]:
    """The program, imported once."""
    made = Forked()
    yield made
    made.close()


@pytest.fixture
def innocap(environ: dict[str, str], tmp_path: Path, forked: Forked) -> Command:
    """Runs `innocap-lms` with these words, in a folder that holds nothing; `shipped=False` without
    the tracks, which `plugin doctor` walks through for a quarter of a minute."""

    def run(
        *words: Any, shipped: bool = True, **changed: str | None
    ) -> subprocess.CompletedProcess[str]:
        settings = {**environ, **{name: text for name, text in changed.items() if text is not None}}
        for name, text in changed.items():
            if text is None:
                settings.pop(name, None)
        return forked.run([str(word) for word in words], settings, tmp_path, shipped=shipped)

    return run


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def start(environ: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts the site by a command; gives the process and the site's address."""
    running: list[subprocess.Popen[str]] = []

    def run(*words: str, **changed: str) -> tuple[subprocess.Popen[str], str]:
        port = free_port()
        process = subprocess.Popen(
            [*PROGRAM, *words], env=environ | {"PORT": str(port)} | changed, cwd=tmp_path,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        running.append(process)
        return process, f"http://127.0.0.1:{port}"

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def page(address: str) -> tuple[int, str]:
    """Status and text, as soon as the server answers."""
    end = time.monotonic() + 60
    while True:
        try:
            with urlopen(address, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except URLError:
            assert time.monotonic() < end, "the site does not answer"
            time.sleep(0.05)
