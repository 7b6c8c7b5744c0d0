"""Running commands: in this process, and as the program they are."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from innocap_lms.config import Settings

Command = Callable[..., subprocess.CompletedProcess[str]]
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


@pytest.fixture
def innocap(environ: dict[str, str], tmp_path: Path) -> Command:
    """Runs `innocap-lms` with these words, in a folder that holds nothing."""

    def run(*words: Any, **changed: str | None) -> subprocess.CompletedProcess[str]:
        settings = {**environ, **{name: text for name, text in changed.items() if text is not None}}
        for name, text in changed.items():
            if text is None:
                settings.pop(name, None)
        return subprocess.run(
            [*PROGRAM, *map(str, words)],
            env=settings, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run
