"""Standings as they are and as they were known, for whatever the ledger may say."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.requirements.history import STILL, Row, history, periods, stays
from innocap_lms.requirements.rules import Audience, Rule, as_json, rule_of
from tests.requirements.histories import ASKED, RULE, SINCE, Ledger, at, known, ledgers


def test_a_requirement_asks_from_the_day_somebody_joins_and_counts_their_days_from_it() -> None:
    ledger = Ledger()
    ledger.rule(Rule("course", "gdpr", "employer", SINCE, due_days=60))
    ledger.member(date(2026, 3, 1))
    assert ledger.now() == [
        ("not_due", date(2026, 3, 1), "u"),
        ("due_soon", date(2026, 3, 31), "u"),
        ("overdue", date(2026, 5, 1), "u"),
    ]


def test_a_short_break_does_not_begin_the_time_anew_and_a_long_one_does() -> None:
    ledger = Ledger()
    ledger.rule(Rule("course", "gdpr", "employer", SINCE, due_days=60))
    ledger.member(date(2026, 2, 1), date(2026, 2, 20))
    ledger.member(date(2026, 2, 21), date(2026, 3, 10), name="m2")
    ledger.member(date(2026, 9, 1), name="m3")
    found = list(stays(ASKED, ledger.land(), ledger.one))
    assert {stay.deadline for stay in found} == {date(2026, 4, 2), date(2026, 10, 31)}


def test_who_changes_unit_keeps_the_due_day_and_each_unit_its_own_days() -> None:
    ledger = Ledger()
    ledger.rule(RULE)
    ledger.member(date(2026, 2, 1))
    ledger.member(date(2026, 2, 1), date(2026, 4, 1))
    ledger.member(date(2026, 4, 1), unit="v", name="m2")
    assert ledger.now()[:2] == [
        ("not_due", date(2026, 2, 1), "u"),
        ("not_due", date(2026, 4, 1), "v"),
    ]


def test_nothing_is_asked_of_who_has_left_and_what_was_asked_stays() -> None:
    ledger = Ledger()
    ledger.rule(RULE)
    ledger.member(date(2026, 2, 1))
    ledger.member(date(2026, 2, 1), date(2026, 4, 1))
    assert [(stay.state, stay.valid_until) for stay in stays(ASKED, ledger.land(), ledger.one)] == [
        ("not_due", date(2026, 4, 1))
    ]


def test_a_unit_below_the_one_that_is_asked_is_asked_from_the_day_it_was_moved_there() -> None:
    ledger = Ledger()
    ledger.say("unit.added", date(2025, 1, 1), unit="care", path="/care/")
    ledger.say("unit.added", date(2025, 1, 1), unit="home", path="/home/")
    ledger.say("unit.added", date(2025, 1, 1), unit="u", path="/home/u/")
    ledger.rule(Rule("course", "gdpr", "law", SINCE, Audience(units=("care",))))
    ledger.member(date(2026, 2, 1))
    assert ledger.now() == []
    ledger.say("unit.moved", date(2026, 5, 1), unit="home", path="/care/home/")
    assert ledger.now() == [("not_due", date(2026, 5, 1), "u")]


def test_tag_role_and_first_day_of_work_narrow_whom_it_asks() -> None:
    wanted = Audience(roles=("manager",), tags=("coach",), started_from=date(2026, 1, 15))
    ledger = Ledger()
    ledger.rule(Rule("course", "gdpr", "own", SINCE, wanted))
    ledger.member(date(2026, 2, 1), role="manager")
    assert ledger.now() == []
    tag = {"tag_id": "t", "tag": "coach", "valid_from": at(date(2026, 3, 1)).isoformat()}
    ledger.say("tag.given", date(2026, 3, 1), **tag, valid_until=None)
    assert ledger.now() == [("not_due", date(2026, 3, 1), "u")]
    ledger.member(date(2025, 12, 1), date(2025, 12, 31), name="before", role="manager")
    assert ledger.now() == [], "began before the days that are asked for"


def test_a_new_version_rules_from_its_day_and_the_days_before_keep_theirs() -> None:
    ledger = Ledger()
    ledger.member(date(2026, 1, 1))
    ledger.rule(RULE)
    ledger.rule(Rule("course", "gdpr", "law", date(2026, 7, 15), due=date(2026, 12, 31)))
    assert [(state, day) for state, day, _unit in ledger.now()] == [
        ("not_due", SINCE),
        ("due_soon", date(2026, 5, 31)),
        ("overdue", date(2026, 7, 1)),
        ("not_due", date(2026, 7, 15)),
        ("due_soon", date(2026, 12, 1)),
        ("overdue", date(2027, 1, 1)),
    ]


def test_an_equivalent_counts_and_another_persons_requirement_or_course_does_not() -> None:
    ledger = Ledger()
    ledger.member(SINCE)
    ledger.rule(Rule("course", "gdpr", "law", SINCE, equivalents=("gdpr-2019",)))
    ledger.say("completed", date(2026, 2, 1), completion="k", course="other")
    assert [state for state, *_ in ledger.now()] == ["not_due"]
    ledger.say("completed", date(2026, 3, 1), completion="k2", course="gdpr-2019")
    assert [state for state, *_ in ledger.now()] == ["not_due", "valid"]
    ledger.say("exempted", date(2026, 4, 1), exemption="x", requirement="another")
    assert [state for state, *_ in ledger.now()] == ["not_due", "valid"]


def test_a_correction_is_shown_as_known_today_and_as_it_was_shown_that_day() -> None:
    ledger = Ledger()
    ledger.member(SINCE)
    ledger.rule(RULE)
    before = ledger.say("completed", date(2026, 8, 1), completion="k", course="gdpr")
    after = ledger.say(
        "completion.corrected",
        date(2026, 9, 1),
        completion="k",
        course="gdpr",
        instead=at(date(2026, 6, 1)).isoformat(),
    )

    def shown(place: int, day: date) -> str:
        (found,) = (
            row.stay.state
            for row in ledger.rows()
            if row.known_from <= place < row.known_until
            if row.stay.valid_from <= day < row.stay.valid_until
        )
        return found

    assert shown(before, date(2026, 7, 15)) == "overdue"
    assert shown(after, date(2026, 7, 15)) == "valid"


def test_what_was_done_under_another_employer_counts_while_one_belongs_here_too() -> None:
    ledger = Ledger()
    ledger.member(date(2026, 2, 1))
    ledger.rule(RULE)
    ledger.say("completed", date(2026, 1, 15), org="other", completion="k", course="gdpr")
    assert "valid" not in [state for state, *_ in ledger.now()], "before: its owner's to share"
    ledger.say("completed", date(2026, 3, 1), org="other", completion="l", course="gdpr")
    assert [state for state, *_ in ledger.now()][:2] == ["not_due", "valid"]
    ledger.say("paused", date(2026, 3, 5), org="other", pause="p")
    assert "paused" not in [state for state, *_ in ledger.now()]


def test_what_was_done_elsewhere_counts_also_where_the_belonging_became_known_later() -> None:
    ledger = Ledger()
    ledger.rule(RULE)
    ledger.say("completed", date(2026, 3, 1), org="other", completion="k", course="gdpr")
    ledger.member(date(2026, 2, 1))  # said in March: since February
    assert [state for state, *_ in ledger.now()][:2] == ["not_due", "valid"]


def test_a_revoked_certificate_counts_no_longer() -> None:
    ledger = Ledger()
    ledger.member(SINCE)
    ledger.rule(RULE)
    ledger.say("completed", date(2026, 2, 1), completion="k", course="gdpr")
    ledger.say("certificate.revoked", date(2026, 3, 1), completion="k", course="gdpr")
    assert [state for state, *_ in ledger.now()][:3] == ["not_due", "valid", "not_due"]
    (last, *_rest) = [period.because for period, _ in periods(ASKED, ledger.land(), ledger.one)][2:]
    assert [reason.code for reason in last] == ["revoked", "due"]


def test_a_rule_comes_back_from_its_json_as_it_was() -> None:
    rule = Rule(
        "programme",
        "digital",
        "law",
        SINCE,
        Audience(("u",), ("learner", "manager"), ("coach",), SINCE, date(2026, 12, 31)),
        provision="2025:1506, 3 kap. 4 §",
        ends=date(2027, 1, 1),
        due_days=30,
        equivalents=("a", "b"),
    )
    assert rule_of(as_json(rule)) == rule


# Whatever happens, in whatever order.


@given(ledgers())
def test_what_is_stored_is_what_was_known_at_every_place(ledger: Ledger) -> None:
    rows = ledger.rows()
    for place in range(ledger.last + 1):
        then = {row.stay for row in rows if row.known_from <= place < row.known_until}
        assert then == set(stays(ASKED, ledger.land(place), known(ledger.one, place)))


@given(ledgers())
def test_no_two_stays_of_one_time_overlap(ledger: Ledger) -> None:
    found = list(stays(ASKED, ledger.land(), ledger.one))
    assert all(stay.valid_from < stay.valid_until for stay in found)
    assert all(one.valid_until <= two.valid_from for one, two in pairwise(found))


@given(ledgers(), st.data())
def test_what_becomes_known_later_closes_rows_and_changes_none(
    ledger: Ledger, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, ledger.last))
    then = history(ASKED, ledger.land(place), known(ledger.one, place))
    now = [
        Row(row.stay, row.known_from, row.known_until if row.known_until <= place else STILL)
        for row in ledger.rows()
        if row.known_from <= place
    ]
    assert sorted(now) == then
