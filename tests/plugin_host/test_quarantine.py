"""A plugin that failed too often stays out: in every process, after a restart, until let go."""

import logging
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from innocap_lms.cli import cli
from innocap_lms.config import Settings
from innocap_lms.plugin_host import watch, watchdog
from innocap_lms.plugin_host.contract import Learner
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.quarantine import Quarantine
from innocap_lms.plugin_host.watch import STRIKES
from tests.conftest import Until
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


def test_once_let_out_it_has_all_its_strikes_again(folder: Folder, kept: Path) -> None:
    folder.write("bad", BAD)
    host = folder.host(quarantine=kept)
    for _ in range(STRIKES):
        call(host)
    assert host.quarantine.release("bad")
    for _ in range(STRIKES - 1):
        call(host)
        assert state_of(host, "bad").state == "loaded"
    call(host)
    assert state_of(host, "bad").state == "quarantined"


def test_the_strikes_of_every_process_are_forgotten(folder: Folder, kept: Path) -> None:
    folder.write("bad", BAD)
    here, there = folder.host(quarantine=kept), folder.host(quarantine=kept)
    for _ in range(STRIKES - 1):
        call(there)
    for _ in range(STRIKES):
        call(here)
    call(there)  # it is not called; that process has learnt of it
    assert here.quarantine.release("bad")
    call(there)
    assert state_of(there, "bad").state == "loaded"


def test_what_could_not_be_written_is_remembered_whatever_else_is(
    folder: Folder, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_path: object, **_how: object) -> None:
        raise OSError(28, "No space left on device")

    folder.write("bad", BAD)
    host = folder.host(quarantine=kept)
    with monkeypatch.context() as disk:
        disk.setattr(tempfile, "mkstemp", full)
        for _ in range(STRIKES):
            call(host)
    assert state_of(host, "bad").state == "quarantined"
    Quarantine(kept).add("other", "its own reason")
    assert state_of(host, "bad").state == "quarantined"
    assert sorted(kept.iterdir()) == [kept / "other"]
    assert [file.name for file in kept.parent.glob("quarantine-*")] == []


def test_a_folder_that_cannot_be_listed_for_a_moment_lets_nobody_out(
    shut_out: Callable[[], PluginHost], kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = shut_out()
    assert state_of(running, "bad").state == "quarantined"
    Quarantine(kept).add("other", "its own reason")
    with monkeypatch.context() as short_of_files:
        short_of_files.setattr(Path, "iterdir", _out_of_files)
        assert state_of(running, "bad").state == "quarantined"
    assert set(running.quarantine.reasons()) == {"bad", "other"}


def _out_of_files(_folder: Path) -> None:
    raise OSError(24, "Too many open files")


def test_in_strict_mode_slow_calls_are_no_strikes(
    folder: Folder, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "SLOW_SECONDS", -1)
    folder.write("slow", "@hookimpl\ndef dashboard_cards(learner): return []\n")
    host = folder.host(strict=True, quarantine=kept)
    for _ in range(STRIKES * 2):
        call(host)
    assert state_of(host, "slow").state == "loaded"


def test_an_entry_that_cannot_be_read_keeps_its_plugin_out_and_no_other(
    folder: Folder, kept: Path
) -> None:
    folder.write("bad", BAD)
    folder.write("good", BAD)
    (kept / "bad").mkdir(parents=True)
    (kept / "gone").symlink_to("nowhere")
    host = folder.host(quarantine=kept)
    assert state_of(host, "bad").state == "quarantined"
    assert "cannot be read" in state_of(host, "bad").reason
    assert state_of(host, "good").state == "loaded"


def test_an_error_whose_own_words_fail_is_told_by_its_kind(folder: Folder, kept: Path) -> None:
    folder.write(
        "bad",
        """
        class Mute(Exception):
            def __repr__(self): raise OSError
        @hookimpl
        def dashboard_cards(learner): raise Mute
        """,
    )
    host = folder.host(quarantine=kept)
    for _ in range(STRIKES):
        call(host)
    assert "raised Mute" in state_of(host, "bad").reason


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
        told.clear()
        assert not told.wait(0.2)  # and it is told once, however long it takes
    finally:
        release(host)
        caught.join()


def release(host: PluginHost) -> None:
    """Let the call that waits in the plugin `stuck` come back."""
    hooks = host._contributions["stuck"].hooks
    hooks["dashboard_cards"][0].__globals__["go_on"].set()


def test_in_strict_mode_a_call_that_takes_long_is_only_named(
    folder: Folder, kept: Path, monkeypatch: pytest.MonkeyPatch, until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Whoever writes a plugin may have stopped it at a line."""
    monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(watchdog, "STUCK_SECONDS", 0.0)
    folder.write("stuck", STUCK)
    host, told = folder.host(strict=True, quarantine=kept), threading.Event()
    host.when_stuck(told.set)
    caught = threading.Thread(target=call, args=(host,))
    caught.start()
    until(lambda: "does not come back" in caplog.text)
    release(host)
    caught.join()
    assert not told.is_set()
    assert state_of(host, "stuck").state == "loaded"
