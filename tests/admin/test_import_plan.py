"""The plan of a list: every row becomes one thing, whatever the rows say."""

from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from innocap_lms.admin.import_plan import Terms, plan
from innocap_lms.people.roll import Member, Roll
from innocap_lms.spreadsheets.columns import Chosen
from innocap_lms.spreadsheets.table import Row

HEADER = ("name", "email", "number", "unit", "last", "protected")
CHOSEN = Chosen({name: at for at, name in enumerate(HEADER)}, HEADER)
TERMS = Terms(
    {"care": {"u1"}, "office": {"u2"}, "home": {"u3", "u4"}},
    {},
    date(2036, 1, 1),
    ZoneInfo("Europe/Stockholm"),
)
ROLL = Roll(
    {"1": "anna", "2": "bo", "9": "gone"},
    {"anna@x.se": "anna", "cia@x.se": "cia", "away@x.se": "away"},
    {
        "anna": Member("Anna", frozenset({"learner"}), frozenset({"u1"}), None),
        "bo": Member("", frozenset({"learner"}), frozenset({"u2"}), None),
        "cia": Member("Cia", frozenset({"hr"}), frozenset(), None),
    },
    {"anna", "bo", "cia", "gone"},
)
words = st.sampled_from
row = st.tuples(
    words(["Anna", "Bo", "", "811218-9876", "=1+1", "x" * 300]),
    words(["", "anna@x.se", "cia@x.se", "away@x.se", "new@x.se", "no mail"]),
    words(["", "1", "2", "3", "9", "y" * 50]),
    words(["", "Care", "office", "home", "nowhere"]),
    words(["", "2036-05-01", "2001-01-01", "soon"]),
    words(["", "ja"]),
)


@settings(max_examples=300)
@given(st.lists(row, max_size=8))
def test_every_row_is_a_change_or_an_error_and_nobody_is_in_two(
    rows: list[tuple[str, ...]],
) -> None:
    found = plan(CHOSEN, [Row(at, cells) for at, cells in enumerate(rows, 2)], TERMS, ROLL)
    changed = [change.said.row for change in found.changes]
    wrong = {problem.row for problem in found.problems}
    assert sorted([*changed, *wrong]) == list(range(2, len(rows) + 2))
    known = [change.person for change in found.changes if change.person]
    assert len(set(known)) == len(known)
    assert "away" not in known, "whoever belongs to others alone"
    leaving = {person for person, _name in found.leavers}
    assert not leaving & set(known)
    assert "cia" not in leaving, "HR is not HR's to end"
    assert all(change.name == "" for change in found.changes if change.person == "bo")
