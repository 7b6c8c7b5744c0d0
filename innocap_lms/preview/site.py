"""The site of a preview: made for it, with the plugins of the real one, and gone with it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flask import Flask

from innocap_lms.app import create_app
from innocap_lms.config import Settings
from innocap_lms.extensions import db, writing
from innocap_lms.ids import new_id
from innocap_lms.migrations import steps
from innocap_lms.plugin_host.contract import CourseSource, Track
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.preview.drafts import PLUGIN, Before, Drafts, State
from innocap_lms.preview.people import add_people
from innocap_lms.preview.tables import make_tables
from innocap_lms.preview.views import views


def make_site(settings: Settings, folder: Path, address: str) -> Flask:
    """A site in an empty folder, with `settings` but for whatever leads elsewhere: database, mail.
    Somebody of each role is there."""
    own = replace(
        settings,
        data_dir=folder,
        database_url="",
        secret_key=new_id() * 2,
        public_url=address,
        smtp_url="",
        trusted_proxies=0,
    )
    app = create_app(own, also=(views,))
    # Cookies know no ports: those of a real site on this machine stay untouched.
    app.config["SESSION_COOKIE_NAME"] = "innocap-preview"
    with app.app_context():
        steps.upgrade()
        make_tables(app)
        with writing():
            add_people()
        db.session.remove()
    return app


def follow(app: Flask, sources: Mapping[Path, CourseSource], past: Before, state: State) -> Drafts:
    """Give the site the drafts in these folders, and no other course; none has been read yet."""
    host: PluginHost = app.extensions["innocap_host"]
    host.courses[:] = [(PLUGIN, source) for source in sources.values()]
    for source in sources.values():  # a folder that is no track's yet is one of its own
        track = source.track
        host.tracks.setdefault(
            track,
            Track(track, {"en": track}, {"en": ""}, "#0B5F66", "#6FC7C9", ((0, 50), (100, 50))),
        )
    host.programmes.clear()
    drafts = Drafts(app, sources, past, state)
    app.extensions["innocap_drafts"] = drafts
    return drafts
