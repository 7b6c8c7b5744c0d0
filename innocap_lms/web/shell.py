"""What every template can use: the person, the site, menus, assets."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from innocap_lms.config import Settings
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import current_viewer
from innocap_lms.pieces import init_pieces
from innocap_lms.web.assets import Assets
from innocap_lms.web.calls import Calls
from innocap_lms.web.menus import desks, spoken, theme
from innocap_lms.web.texts import init_texts


@dataclass(frozen=True)
class Site:
    """What pages say of the site."""

    name: str
    contact: str
    logo_url: str = ""


def init_shell(app: Flask, settings: Settings) -> None:
    """Give templates their context, words and filters."""
    site = Site(settings.site_name, settings.contact)

    @app.context_processor
    def shell() -> dict[str, Any]:
        viewer = current_viewer()
        return {
            "viewer": viewer,
            "site": site,
            "desks": desks(viewer),
            "lang": request_language(),
            "languages": spoken(),
            "theme": theme(),
        }

    app.jinja_env.context_class = Calls
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets = Assets(app.extensions["innocap_host"].tracks.values())
    app.extensions["innocap_assets"] = assets
    app.jinja_env.globals["asset"] = assets.address
    init_texts(app)
    init_pieces(app)
