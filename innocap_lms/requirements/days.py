"""Where the days of standings are counted, and which day it is there."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app

from innocap_lms import clock
from innocap_lms.config import Settings


def site_zone() -> ZoneInfo:
    """Days are the organisations': those of the site."""
    settings: Settings = current_app.extensions["innocap_settings"]
    return ZoneInfo(settings.timezone)


def start_of(day: date) -> datetime:
    """The moment at which a day begins there, in UTC."""
    return datetime.combine(day, time.min, site_zone()).astimezone(UTC)


def today() -> date:
    """The day it is there."""
    return clock.utcnow().astimezone(site_zone()).date()
