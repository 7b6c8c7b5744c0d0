"""/admin/plugins: the same as `plugin list`, for administrators alone."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.config import Settings
from innocap_lms.plugin_host.watch import STRIKES
from tests.conftest import House
from tests.plugin_host.conftest import Folder
from tests.plugin_host.test_isolation import LEARNER


@pytest.fixture
def site(settings: Settings, make_app: Callable[..., Flask], folder: Folder) -> Flask:
    folder.write("broken", "raise OSError('no <b>disk</b>')")
    folder.write("failing", "@hookimpl\ndef dashboard_cards(learner): raise OSError('at work')")
    folder.write("sound", "@hookimpl\ndef register_tracks(): return [NORTH]")
    return make_app(using=replace(settings, strict_plugins=False, plugin_dirs=(folder.path,)))


def rows(page: str) -> dict[str, str]:
    """The text of each plugin's row, by the plugin's name."""
    found = re.findall(r'<h2 class="small">(\w+).*?</li>', page, re.DOTALL)
    parts = re.split(r'<h2 class="small">', page)[1:]
    return dict(zip(found, parts, strict=True))


def test_each_plugin_stands_with_its_state_and_the_reason(
    site: Flask, house: House, sign_in: Callable[[FlaskClient, str], FlaskClient]
) -> None:
    admin = sign_in(site.test_client(), house.admin)
    host = site.extensions["innocap_host"]
    for _ in range(STRIKES):
        with site.app_context():
            host.call("dashboard_cards", learner=LEARNER)
    shown = rows(admin.get("/admin/plugins").text)
    assert list(shown) == ["question_kinds", "broken", "failing", "sound"]
    assert "In use" in shown["sound"]
    assert "Not loaded" in shown["broken"]
    assert "no &lt;b&gt;disk&lt;/b&gt;" in shown["broken"]
    assert "Stopped after faults" in shown["failing"]
    assert "at work" in shown["failing"]


@pytest.mark.parametrize("who", ["coach", "trainer", "hr", "manager", "stranger"])
def test_for_others_the_page_is_not_there(
    site: Flask, house: House, sign_in: Callable[[FlaskClient, str], FlaskClient], who: str
) -> None:
    browser = sign_in(site.test_client(), getattr(house, who))
    assert browser.get("/admin/plugins").status_code == 404


def test_who_is_not_signed_in_is_asked_to(site: Flask) -> None:
    answer = site.test_client().get("/admin/plugins")
    assert answer.headers["Location"] == "/login?next=/admin/plugins"
