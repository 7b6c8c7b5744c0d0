"""What each report is held to: a plugin tests its own by `class TestReports(ReportTests)` and its
module as `plugin_module`."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from types import ModuleType
from typing import ClassVar

from innocap_lms.plugin_host.quarantine import Quarantine
from innocap_lms.plugin_host.report_types import Report, ReportAsked, ReportRow
from innocap_lms.plugin_host.reports import WatchedReport, fault_of_report
from innocap_lms.plugin_host.watch import Watch
from innocap_lms.testing.calls import called_as

TODAY = date(2028, 2, 29)  # a year ago there was no such day
LANGUAGES = ("sv", "en", "fi")  # the last for one that no plugin speaks
STATES = ("valid", "credited", "exempt", "not_due", "due_soon", "in_progress", "renewal_open",
          "overdue", "expired", "paused")  # fmt: skip


class ReportTests:
    """Sound in both languages, for each choice, on any day, and the same each time it is asked."""

    plugin_module: ClassVar[ModuleType]

    def reports(self) -> list[WatchedReport]:
        plugin = self.plugin_module.plugin
        watch = Watch(
            strict=True,
            may_call=lambda: None,
            quarantine=Quarantine(None),
            called_as=lambda _name: called_as(plugin),
        )
        found = self.plugin_module.register_reports()
        return [WatchedReport(plugin.name, report, watch) for report in found]

    def asked(self, report: Report) -> Iterator[ReportAsked]:
        """Every way in which the report can be asked for."""
        names = [choice.name for choice in report.choices]
        for chosen in product(*(choice.choices for choice in report.choices)):
            for language in LANGUAGES:
                yield ReportAsked(TODAY, language, dict(zip(names, chosen, strict=True)))

    def rows(self, report: Report, asked: ReportAsked, watched: WatchedReport) -> list[ReportRow]:
        """Rows of every state and of days on both edges of what the report wishes for."""
        wish = watched.wish(asked)
        days = [wish.first or TODAY - timedelta(days=800), wish.last or TODAY, TODAY]
        states = (wish.states or STATES) if report.of == "standings" else ("",)
        found = [
            ReportRow(f"p{number % 4}", "North", "Care", "A track", "A course", day, state, 1.5)
            for number, (day, state) in enumerate(product(days, states))
            if (wish.first or day) <= day <= (wish.last or day)
        ]
        return sorted(found, key=lambda row: row.day or TODAY)

    def test_each_report_is_sound(self) -> None:
        for watched in self.reports():
            assert fault_of_report(watched.report) == ""

    def test_words_are_there_in_swedish_and_english(self) -> None:
        for watched in self.reports():
            report = watched.report
            labels = [each.labels for each in report.columns]
            labels += [each.labels for each in report.choices]
            choices = [words for each in report.choices for words in each.choices.values()]
            for words in (report.titles, report.summaries, *labels, *choices):
                assert {"sv", "en"} <= words.keys(), f"{report.name}: {dict(words)}"

    def test_lines_fit_the_columns_whatever_is_asked_and_are_the_same_each_time(self) -> None:
        for watched in self.reports():
            for asked in self.asked(watched.report):
                rows = self.rows(watched.report, asked, watched)
                made = watched.lines(rows, asked)
                assert made, f"{watched.report.name} makes nothing of what it wishes for: {asked}"
                assert watched.lines(rows, asked) == made

    def test_rows_may_come_in_any_portions(self) -> None:
        for watched in self.reports():
            for asked in self.asked(watched.report):
                rows = self.rows(watched.report, asked, watched)
                whole = watched.lines(rows, asked)
                parts = [line for row in rows for line in watched.lines([row], asked)]
                assert parts == whole, f"{watched.report.name} adds up what the site adds up"

    def test_no_rows_give_no_lines(self) -> None:
        for watched in self.reports():
            for asked in self.asked(watched.report):
                assert watched.lines([], asked) == []
