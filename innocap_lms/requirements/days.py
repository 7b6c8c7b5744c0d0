"""Where the days of standings are counted, and which day it is there."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import current_app

from innocap_lms import clock
from innocap_lms.config import Settings


def site_zone() -> ZoneInfo:
    """Days are the organisations': those of the site."""
    settings: Settings = current_app.extensions["innocap_settings"]
    return ZoneInfo(settings.timezone)


def today() -> date:
    """The day it is there."""
    return clock.utcnow().astimezone(site_zone()).date()
