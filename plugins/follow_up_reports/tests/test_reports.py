"""The two reports that ship."""

from datetime import date

import plugins.follow_up_reports
from innocap_lms.plugin_api import ReportAsked, ReportRow
from innocap_lms.testing.reports import ReportTests
from plugins.follow_up_reports import expiring, participation

TODAY = date(2027, 3, 10)


class TestReports(ReportTests):
    plugin_module = plugins.follow_up_reports


def row(day: date, state: str = "valid") -> ReportRow:
    return ReportRow("maja", "North", "Care", "A track", "First steps", day, state, 1.5)


def test_what_ends_on_a_bound_is_within_it() -> None:
    asked = ReportAsked(TODAY, "en", {"within": "90"})
    days = (date(2027, 4, 9), date(2027, 4, 10), date(2027, 6, 8))
    assert [line[-1] for line in expiring.lines([row(day) for day in days], asked)] == [
        "within 30 days",
        "within 60 days",
        "within 90 days",
    ]
    wish = expiring.wish(asked)
    assert (wish.first, wish.last) == (TODAY, days[-1])
    assert "expired" not in wish.states


def test_last_year_ends_with_its_last_day() -> None:
    wish = participation.wish(ReportAsked(TODAY, "sv", {"year": "last"}))
    assert (wish.first, wish.last) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_participation_counts_one_with_its_person_and_hours() -> None:
    asked = ReportAsked(TODAY, "sv", {"year": "this"})
    assert participation.lines([row(date(2027, 2, 1), "")], asked) == [
        ("2027-02", "Care", 1, "maja", 1.5)
    ]
