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
from innocap_lms.plugin_host.contract import CourseSource, ProgrammeSource, Track
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.preview.drafts import PLUGIN, Before, Drafts, Source, State
from innocap_lms.preview.people import add_people
from innocap_lms.preview.tables import make_tables
from innocap_lms.preview.views import views


def make_site(settings: Settings, folder: Path, address: str, database: str = "") -> Flask:
    """A site in an empty folder, with `settings` but for whatever leads elsewhere: database, mail.
    Somebody of each role is there. `database` is the address of an empty one on a server; without
    it the site has one in its folder."""
    own = replace(
        settings,
        data_dir=folder,
        database_url=database,
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


def follow(app: Flask, sources: Mapping[Path, Source], past: Before, state: State) -> Drafts:
    """Give the site the drafts at these places, and no other course or programme; none has been
    read yet."""
    host: PluginHost = app.extensions["innocap_host"]
    all_ = sources.values()
    host.courses[:] = [(PLUGIN, each) for each in all_ if isinstance(each, CourseSource)]
    host.programmes[:] = [(PLUGIN, each) for each in all_ if isinstance(each, ProgrammeSource)]
    for source in sources.values():  # a folder that is no track's yet is one of its own
        track = source.track
        host.tracks.setdefault(
            track,
            Track(track, {"en": track}, {"en": ""}, "#0B5F66", "#6FC7C9", ((0, 50), (100, 50))),
        )
    drafts = Drafts(app, sources, past, state)
    app.extensions["innocap_drafts"] = drafts
    return drafts
