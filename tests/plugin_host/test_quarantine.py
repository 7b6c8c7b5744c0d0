"""A plugin that failed too often stays out: in every process, after a restart, until let go."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from innocap_lms.cli import cli
from innocap_lms.config import Settings
from innocap_lms.plugin_host import watchdog
from innocap_lms.plugin_host.contract import Learner
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.watch import STRIKES
from tests.plugin_host.conftest import Folder, state_of

BAD = """
@hookimpl
def dashboard_cards(learner):
    raise OSError("no disk")
"""
STUCK = """
import threading
began, go_on = threading.Event(), threading.Event()
@hookimpl
def dashboard_cards(learner):
    began.set()
    go_on.wait(30)
    return []
"""


def call(host: PluginHost) -> None:
    host.call("dashboard_cards", learner=Learner("en", frozenset()))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "quarantine"


@pytest.fixture
def shut_out(folder: Folder, kept: Path) -> Callable[[], PluginHost]:
    """Makes hosts that share a quarantine; the plugin `bad` has been put into it."""
    folder.write("bad", BAD)
    first, beside = folder.host(quarantine=kept), folder.host(quarantine=kept)
    assert state_of(beside, "bad").state == "loaded"
    for _ in range(STRIKES):
        call(first)
    assert state_of(beside, "bad").state == "quarantined"
    return lambda: folder.host(quarantine=kept)


def test_a_restart_does_not_let_it_out(
    shut_out: Callable[[], PluginHost], caplog: pytest.LogCaptureFixture
) -> None:
    restarted = shut_out()
    assert "no disk" in state_of(restarted, "bad").reason
    caplog.clear()
    call(restarted)
    assert caplog.text == ""


def test_letting_it_out_reaches_the_processes_that_run(
    shut_out: Callable[[], PluginHost], settings: Settings, kept: Path, tmp_path: Path
) -> None:
    running = shut_out()
    environ = {"INNOCAP_DATA_DIR": str(kept.parent), "INNOCAP_SECRET_KEY": settings.secret_key}
    done = CliRunner().invoke(cli, ["plugin", "release", "bad"], env=environ)
    assert (done.exit_code, done.output) == (0, "bad is called again\n")
    assert state_of(running, "bad").state == "loaded"
    again = CliRunner().invoke(cli, ["plugin", "release", "bad"], env=environ)
    assert again.exit_code == 1
    assert "is not in quarantine" in again.output


def test_where_the_folder_cannot_be_written_it_stays_out_of_this_process(
    folder: Folder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    folder.write("bad", BAD)
    host = folder.host(quarantine=tmp_path / "file" / "quarantine")
    for _ in range(STRIKES):
        call(host)
    assert "holds in this process only" in caplog.text
    assert state_of(host, "bad").state == "quarantined"


def test_a_call_that_does_not_come_back_is_named_and_its_process_told_to_leave(
    folder: Folder,
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(watchdog, "STUCK_SECONDS", 0.0)
    caplog.set_level(logging.ERROR)
    folder.write("stuck", STUCK)
    host, told = folder.host(quarantine=kept), threading.Event()
    host.when_stuck(told.set)
    caught = threading.Thread(target=call, args=(host,))
    caught.start()
    try:
        assert told.wait(20)
        assert "plugin stuck does not come back from dashboard_cards" in caplog.text
        assert "dashboard_cards did not come back" in state_of(host, "stuck").reason
        call(host)  # nobody else is caught: this comes back at once
    finally:
        release(host)
        caught.join()


def release(host: PluginHost) -> None:
    """Let the call that waits in the plugin `stuck` come back."""
    hooks = host._contributions["stuck"].hooks
    hooks["dashboard_cards"][0].__globals__["go_on"].set()


def test_two_sites_do_not_share_a_quarantine(folder: Folder) -> None:
    folder.write("bad", BAD)
    here, there = folder.host(), folder.host()
    for _ in range(STRIKES):
        call(here)
    assert state_of(there, "bad").state == "loaded"
