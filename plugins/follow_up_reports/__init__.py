"""Two reports that HR and project leads ask for: what expires soon, and participation by month."""

from collections.abc import Sequence

from innocap_lms.plugin_api import Plugin, Report, hookimpl
from plugins.follow_up_reports.expiring import EXPIRING
from plugins.follow_up_reports.participation import PARTICIPATION

plugin = Plugin(name="follow_up_reports", version="1.0.0", needs_api="1.4")


@hookimpl
def register_reports() -> Sequence[Report]:
    return [EXPIRING, PARTICIPATION]
