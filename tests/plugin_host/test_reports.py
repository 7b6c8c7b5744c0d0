"""Reports of plugins are looked at when they start, and whatever they give when they are asked."""

from datetime import date

import pytest

from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.report_types import ReportAsked, ReportRow
from innocap_lms.plugin_host.reports import UnusableReport
from innocap_lms.plugin_host.watch import PluginFailed
from tests.plugin_host.conftest import Folder, state_of

SOUND = """
from dataclasses import replace
from datetime import date
REPORT = Report(
    name="odd",
    titles={{"en": "Odd"}},
    summaries={{"en": "It is odd."}},
    of="standings",
    columns=(
        ReportColumn("person", {{"en": "Name"}}, "person"),
        ReportColumn("unit", {{"en": "Unit"}}),
        ReportColumn("day", {{"en": "Day"}}, "day"),
        ReportColumn("number", {{"en": "Number"}}, "number"),
    ),
    wish=lambda asked: {wish},
    lines=lambda rows, asked: {lines},
    choices=(ReportChoice("span", {{"en": "Span"}}, {{"30": {{"en": "30 days"}}}}),),
    chart=("unit", "number"),
)
@hookimpl
def register_reports(): return [replace(REPORT{changes})]
"""
GOOD = "[(row.person, row.unit, row.day, 1) for row in rows]"
ROWS = [ReportRow("maja", "North", "Care", "A track", "A course", date(2027, 3, 1))]
ASKED = ReportAsked(date(2027, 3, 1), "en", {"span": "30"})


def host_with(
    folder: Folder, *, wish: str = "ReportWish()", lines: str = GOOD, changes: str = ""
) -> PluginHost:
    folder.write("reports", SOUND.format(wish=wish, lines=lines, changes=changes))
    return folder.host()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("name='Odd one'", "lower-case"),
        ("titles='Odd'", "titles and summaries"),
        ("summaries={}", "titles and summaries"),
        ("of='people'", "standings or completions"),
        ("wish=None", "functions"),
        ("adds_up=1", "True or False"),
        ("columns=()", "tuple of ReportColumn"),
        ("columns=(REPORT.columns[0],) * 2", "two are named person"),
        ("columns=(ReportColumn('Unit', {'en': 'Unit'}),)", "a name of"),
        ("columns=(ReportColumn('unit', 'Unit'),)", "labels"),
        ("columns=(ReportColumn('unit', {'en': 'Unit'}, 'money'),)", "one of text, day"),
        ("choices=(ReportChoice('span', {'en': 'Span'}, {}),)", "choices do not map"),
        (
            "choices=(ReportChoice('unit', {'en': 'U'}, {'x': {'en': 'X'}}),)",
            "the site itself uses",
        ),
        ("chart='unit'", "chart is"),
        ("chart=('number', '')", "text or days"),
        ("chart=('unit', 'day')", "numbers or people"),
    ],
)
def test_a_report_that_cannot_be_used_keeps_its_plugin_out(
    folder: Folder, changes: str, said: str
) -> None:
    state = state_of(host_with(folder, changes=f", {changes}"), "reports")
    assert state.state == "rejected"
    assert said in state.reason


def test_a_report_that_can_be_used_makes_its_lines(folder: Folder) -> None:
    report = host_with(folder).reports["odd"]
    assert report.lines(ROWS, ASKED) == [("maja", "Care", date(2027, 3, 1), 1)]
    assert report.wish(ASKED).states == ()


def test_of_two_that_claim_a_report_the_second_stays_out(folder: Folder) -> None:
    host_with(folder)
    folder.write("second", SOUND.format(wish="ReportWish()", lines=GOOD, changes=""))
    reason = state_of(folder.host(), "second").reason
    assert reason == "the report odd belongs to plugin reports; second claims it too"


@pytest.mark.parametrize(
    "lines",
    [
        "None",
        "'maja'",
        "[('maja',)]",
        "[('erik', 'Care', None, 1)]",
        "[('maja', 7, None, 1)]",
        "[('maja', 'Care', '2027-03-01', 1)]",
        "[('maja', 'Care', None, float('nan'))]",
        "[('maja', 'Care', None, True)]",
        "[('maja', 'x' * 10_000_000, None, 1)]",
        "1 / 0",
    ],
)
def test_lines_that_do_not_fit_or_name_somebody_else_are_a_fault(
    folder: Folder, lines: str
) -> None:
    with pytest.raises(PluginFailed):
        host_with(folder, lines=lines).reports["odd"].lines(ROWS, ASKED)


@pytest.mark.parametrize("wish", ["None", "ReportWish('soon')", "ReportWish(states='valid')"])
def test_a_wish_that_is_none_is_a_fault(folder: Folder, wish: str) -> None:
    with pytest.raises(PluginFailed):
        host_with(folder, wish=wish).reports["odd"].wish(ASKED)


def test_who_writes_a_report_sees_what_it_gave_wrong(folder: Folder) -> None:
    folder.write("reports", SOUND.format(wish="ReportWish()", lines="[()]", changes=""))
    with pytest.raises(UnusableReport, match="a tuple of 4 values"):
        folder.host(strict=True).reports["odd"].lines(ROWS, ASKED)


def test_a_report_cannot_write_to_the_rows_of_the_site(folder: Folder) -> None:
    rows = list(ROWS)
    host_with(folder, lines="[rows.clear() for _ in (1,)] and []").reports["odd"].lines(rows, ASKED)
    assert rows == ROWS
