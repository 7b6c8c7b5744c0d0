"""A plugin that does not come back holds up one process, and that one is replaced."""

import contextlib
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cli.conftest import Start, page
from tests.conftest import House

HANGS = """
import os, time
from pathlib import Path
from innocap_lms.plugin_api import *
plugin = Plugin(name="hangs", version="1")
@hookimpl
def dashboard_cards(learner):
    Path(__file__).with_suffix(".caught").write_text(str(os.getpid()))
    while True:
        time.sleep(1)
"""


@pytest.mark.slow
def test_the_process_is_replaced_and_the_others_serve_meanwhile(
    app: Flask,
    house: House,
    environ: dict[str, str],
    browser_of: Callable[[str], FlaskClient],
    start: Start,
    tmp_path: Path,
    until: Callable[..., object],
) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "hangs.py").write_text(HANGS)
    environ["INNOCAP_PLUGIN_DIRS"] = str(folder)
    process, address = start("run", "--workers", "2")
    assert page(f"{address}/healthz")[0] == 200
    cookie = browser_of(house.coach).get_cookie("innocap")
    assert cookie is not None
    mine = Request(f"{address}/me", headers={"Cookie": f"innocap={cookie.value}"})
    threading.Thread(target=_open, args=(mine,), daemon=True).start()
    caught = folder / "hangs.caught"
    first = until(lambda: caught.exists() and caught.read_text())
    workers = until(lambda: len(found := _workers(process)) == 2 and found)

    def is_replaced() -> bool:
        assert page(f"{address}/healthz")[0] == 200, "the others serve meanwhile"
        return first not in _workers(process)

    until(is_replaced, seconds=60)
    assert _workers(process) & workers, "the other process was left alone"
    with urlopen(mine, timeout=60) as answer:
        assert answer.status == 200  # by the new process, without the plugin's card
    assert caught.read_text() == first


def _open(request: Request) -> None:
    with contextlib.suppress(OSError):  # its process ends
        urlopen(request, timeout=60).close()


def _workers(process: "subprocess.Popen[str]") -> set[str]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return set(children.read_text().split())
