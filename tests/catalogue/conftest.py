"""Copies of the test track's course that a test may change and publish again."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from innocap_lms.catalogue.publishing import SourceReport, publish_sources
from innocap_lms.content.naming import banks_in
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.host import PluginHost
from tests.conftest import PLUGINS

ORIGINAL = PLUGINS / "northern_track" / "courses" / "first-steps"


class Desk:
    """A trainer's files, and the site they are published to."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder

    @property
    def host(self) -> PluginHost:
        host: PluginHost = self.app.extensions["innocap_host"]
        return host

    @property
    def files(self) -> Path:
        place: Path = self.app.extensions["innocap_settings"].data_dir / "files"
        return place

    def write(self, name: str, old: str, new: str) -> None:
        """Change some words of a file."""
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def supply(self, *courses: tuple[str, Path]) -> None:
        """Let the site's plugins supply these courses and nothing else."""
        self.host.programmes.clear()
        self.host.courses[:] = [
            (name, CourseSource("northern", path, banks_in(path.parent))) for name, path in courses
        ]

    def publish(self) -> SourceReport:
        """Publish the files as they stand; the last report."""
        with self.app.app_context():
            return list(publish_sources(self.host, self.files))[-1]


def desk_of(app: Flask, place: Path) -> Desk:
    """A desk with a copy of the course `first-steps` in a folder of that name."""
    folder = place / "first-steps"
    shutil.copytree(ORIGINAL, folder)
    desk = Desk(app, folder)
    desk.supply(("northern_track", folder))
    return desk


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    return desk_of(app, tmp_path)
