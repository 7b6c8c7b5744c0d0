"""Where the days of follow-up are counted."""

from zoneinfo import ZoneInfo

from flask import current_app

from innocap_lms.config import Settings


def site_zone() -> ZoneInfo:
    """Days are the organisation's: those of the site."""
    settings: Settings = current_app.extensions["innocap_settings"]
    return ZoneInfo(settings.timezone)
