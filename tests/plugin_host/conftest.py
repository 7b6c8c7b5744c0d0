"""Plugins written for one test, and hosts that load them alone."""

import textwrap
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from innocap_lms.config import Settings
from innocap_lms.plugin_host import discovery
from innocap_lms.plugin_host.host import PluginHost, PluginStatus
from tests.conftest import SignInAs
from tests.plugin_host.town import Town, settled

WALKS = Path(__file__).parent / "plugins" / "walk_log"  # a plugin that brings tables
WRITTEN_FIRST = """
from innocap_lms.plugin_api import *
plugin = Plugin(name="{name}", version="2.1")
NORTH = Track("north", {{"en": "North"}}, {{"en": "Up."}}, "#112233", "#DDEEFF", ((0, 0), (9, 9)))
"""


class Folder:
    """A folder of plugins. `write` adds one whose body follows a manifest and a track NORTH."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, body: str = "", *, whole: bool = False) -> Path:
        file = self.path / f"{name}.py"
        start = "" if whole else WRITTEN_FIRST.format(name=name)
        file.write_text(start + textwrap.dedent(body), encoding="utf-8")
        return file

    def host(self, *, strict: bool = False, **options: Any) -> PluginHost:
        host = PluginHost(strict=strict, **options)
        host.load({}, [self.path])
        return host


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    """The entry points of installed distributions: none, until a test adds one."""
    found: list[EntryPoint] = []
    monkeypatch.setattr(discovery, "entry_points", lambda group: found)
    return found


@pytest.fixture
def folder(tmp_path: Path, points: list[EntryPoint]) -> Folder:
    """An empty folder of plugins; no others are found beside it."""
    place = tmp_path / "plugins"
    place.mkdir()
    return Folder(place)


def state_of(host: PluginHost, name: str) -> PluginStatus:
    return next(status for status in host.statuses if status.name == name)


@pytest.fixture
def town(
    settings: Settings,
    make_app: Callable[..., Flask],
    sign_in: SignInAs,
    tmp_path: Path,
    points: list[EntryPoint],
) -> Town:
    """Without the tracks that ship: each of their courses is another call that fails."""
    lax = replace(settings, strict_plugins=False, plugin_dirs=(tmp_path / "town",))
    return settled(lax, make_app, sign_in)
