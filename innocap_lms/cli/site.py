"""The site a command works on."""

import os
from dataclasses import replace

from flask import Flask

from innocap_lms.app import create_app
from innocap_lms.config import Settings, load_settings, make_secret_key


def site(*, relay: bool = False) -> Flask:
    """The app of the environment's settings, ready for `app.app_context()`."""
    settings: Settings = replace(load_settings(os.environ), relay=relay)
    make_secret_key(settings)
    return create_app(settings)
