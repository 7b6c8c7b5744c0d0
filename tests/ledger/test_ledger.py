"""The ledger: whatever happens it verifies, and whatever is changed is found and named."""

import json
import threading
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Integer, Table, delete, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from innocap_lms.columns import UtcDateTime
from innocap_lms.engines import WRITING
from innocap_lms.extensions import Base, db, writing
from innocap_lms.ledger import services as ledger
from innocap_lms.ledger.hashes import content_hash
from innocap_lms.ledger.models import LedgerContent, LedgerEvent, LedgerSeal
from innocap_lms.ledger.services import DISPOSAL, DisposalError, dispose, record, seal
from innocap_lms.ledger.verification import verify

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TABLES: tuple[Table, ...] = tuple(
    Base.metadata.tables[name] for name in ("ledger_seal", "ledger_content", "ledger_event")
)
FIELDS = [(table.name, column.name) for table in TABLES for column in table.columns]
quick = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def note(number: int = 1, **content: Any) -> str:
    return record(
        "noted",
        person_id=f"person-{number % 3}",
        actor_id=None if number % 2 else "somebody",
        organisation_id=None if number % 5 == 0 else "north",
        happened_at=NOON + timedelta(minutes=number),
        content=content or {"number": number},
    )


def empty() -> None:
    with writing():
        for table in TABLES:
            db.session.execute(delete(table))


def sealed(count: int) -> list[str]:
    """So many events, each with its place; their ids in the chain's order."""
    with writing():
        for number in range(count):
            note(number)
        seal()
    return in_order()


def in_order() -> list[str]:
    return list(db.session.scalars(select(LedgerSeal.event_id).order_by(LedgerSeal.sequence)).all())


def tamper(*statements: Any) -> None:
    """Change tables as somebody who has the whole database in hand: no constraint holds."""
    db.session.close()
    engine = db.engines[WRITING]
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.driver_connection.execute("PRAGMA foreign_keys=OFF")
        finally:
            raw.close()
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    engine.dispose()


# ------------------------------------------------------------------ what holds

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("åäöab", max_size=3), inner)
    ),
    max_leaves=6,
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("note"), st.dictionaries(st.text("xyzö", max_size=4), JSON_VALUES)),
        st.tuples(st.just("seal"), st.none()),
        st.tuples(st.just("dispose"), st.tuples(st.integers(0, 9), st.integers(0, 9))),
    ),
    max_size=25,
)


@quick
@given(steps=STEPS)
def test_any_order_of_events_seals_and_disposals_verifies(in_app: Flask, steps: list[Any]):
    empty()
    written: list[str] = []
    disposed = 0
    for number, (step, value) in enumerate(steps):
        with writing():
            if step == "note":
                written.append(note(number, **value))
            elif step == "seal":
                seal()
            elif written:
                chosen = {written[place % len(written)] for place in value}
                disposed += dispose(sorted(chosen), f"KS {number}")
        report = verify()
        assert report.ok, report
    with writing():
        seal()
    report = verify()
    assert report.ok
    assert report.unsealed == 0
    assert report.sealed == db.session.scalar(select(func.count()).select_from(LedgerEvent))
    assert sum(count for _decision, count in report.disposed) == disposed


def test_an_empty_ledger_verifies(in_app: Flask):
    report = verify()
    assert (report.ok, report.sealed, report.unsealed, report.disposed) == (True, 0, 0, ())


def test_the_report_tells_sealed_from_the_tail_and_names_decisions(in_app: Flask):
    ids = sealed(4)
    with writing():
        dispose(ids[:2], " KS 2027:14 ")
        note(5)
    report = verify()
    assert (report.ok, report.sealed, report.unsealed) == (True, 4, 2)
    assert report.disposed == (("KS 2027:14", 2),)


def test_the_sealer_works_in_batches(in_app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledger, "BATCH", 3)
    with writing():
        for number in range(7):
            note(number)
    sizes = []
    for _turn in range(4):
        with writing():
            sizes.append(seal())
    assert sizes == [3, 3, 1, 0]
    assert verify().ok


def test_two_sealers_at_once_lose_nothing(in_app: Flask):
    with writing():
        for number in range(60):
            note(number)
    ready, outcomes = threading.Barrier(3), []

    def work() -> None:
        with in_app.app_context():
            ready.wait(30)
            try:
                with writing():
                    outcomes.append(seal())
            except IntegrityError:
                outcomes.append(0)

    threads = [threading.Thread(target=work) for _sealer in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.close()
    assert sorted(outcomes) == [0, 0, 60]
    assert (verify().ok, verify().sealed) == (True, 60)


def test_recording_waits_for_no_other_recording(in_app: Flask):
    if db.engine.dialect.name == "sqlite":
        return  # SQLite has one writer at a time, whatever is written
    other_done = threading.Event()

    def other() -> None:
        with in_app.app_context():
            with writing():
                note(2)
            other_done.set()

    with writing():
        note(1)
        thread = threading.Thread(target=other)
        thread.start()
        assert other_done.wait(30), "it waited for a transaction that is still open"
    thread.join(30)


# ------------------------------------------------------------------ disposal


def test_disposal_empties_what_an_event_says_of_people(in_app: Flask):
    ids = sealed(3)
    with writing():
        assert dispose([ids[1], ids[1]], "KS 2027:14", actor_id="archivist") == 1
    assert db.session.get(LedgerContent, ids[1]) is None
    said = db.session.execute(
        select(LedgerContent)
        .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
        .filter(LedgerEvent.kind == DISPOSAL)
    ).scalar_one()
    assert said.content == {"decision": "KS 2027:14", "events": [ids[1]]}
    assert said.actor_id == "archivist"


def test_disposing_twice_keeps_the_first_decision(in_app: Flask):
    ids = sealed(2)
    with writing():
        dispose(ids[:1], "first")
        assert dispose(ids[:1], "second") == 0
    assert verify().disposed == (("first", 1),)


@pytest.mark.parametrize("decision", ["", "   "])
def test_disposal_needs_a_decision(in_app: Flask, decision: str):
    ids = sealed(1)
    with pytest.raises(DisposalError, match="decision"), writing():
        dispose(ids, decision)


def test_disposal_of_what_is_not_there_changes_nothing(in_app: Flask):
    ids = sealed(1)
    with pytest.raises(DisposalError, match="no event nowhere"), writing():
        dispose([*ids, "nowhere"], "KS 1")
    assert db.session.get(LedgerContent, ids[0]) is not None


def test_a_disposal_itself_stays(in_app: Flask):
    ids = sealed(1)
    with writing():
        dispose(ids, "KS 1")
    disposal = db.session.execute(select(LedgerEvent.id).filter_by(kind=DISPOSAL)).scalar_one()
    with pytest.raises(DisposalError, match="stays"), writing():
        dispose([disposal], "KS 2")


# ------------------------------------------------------------------ what is found


def another(table: Table, name: str, value: Any) -> Any:
    """A value of the column's type that is not `value`."""
    kind = table.c[name].type
    if isinstance(kind, UtcDateTime):
        return value + timedelta(seconds=1)
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, Integer):
        return 1_000_000
    if isinstance(value, dict):
        return {**value, "number": "another"}
    return f"{value}x"


@pytest.mark.parametrize(("table_name", "name"), FIELDS)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_change_of_any_field_of_any_row_is_found_and_named(
    in_app: Flask, table_name: str, name: str, place: int
):
    ids = sealed(5)
    with writing():
        dispose([ids[4]], "KS 1")
        seal()
    table = Base.metadata.tables[table_name]
    key = table.c["id" if table_name == "ledger_event" else "event_id"]
    row = db.session.execute(select(table).where(key == ids[place])).mappings().first()
    if row is None:
        return  # what was disposed of has no content left to change
    value = another(table, name, row[name])
    tamper(table.update().where(key == ids[place]).values({name: value}))
    changed = verify().changed
    if (table_name, name) == ("ledger_seal", "sequence"):
        # Moved to the end: the first that does not fit is the next one, or itself at the end.
        assert changed is not None
    elif (table_name, name) == ("ledger_seal", "event_id"):
        assert changed == value
    else:
        assert changed == ids[place]


def test_content_that_is_gone_without_a_decision_of_the_ledger_is_found(in_app: Flask):
    ids = sealed(3)
    content = LedgerContent.__table__
    tamper(
        content.delete().where(content.c.event_id == ids[1]),
        LedgerEvent.__table__.update()
        .where(LedgerEvent.__table__.c.id == ids[1])
        .values(disposed_under="invented"),
    )
    assert verify().changed == ids[1]


def test_an_event_that_was_removed_is_found(in_app: Flask):
    ids = sealed(3)
    tamper(
        LedgerContent.__table__.delete().where(LedgerContent.event_id == ids[1]),
        LedgerEvent.__table__.delete().where(LedgerEvent.id == ids[1]),
    )
    assert verify().changed == ids[1]


@quick
@given(data=st.data(), count=st.integers(2, 8))
def test_a_seal_that_was_removed_moved_or_put_in_between_is_found(
    in_app: Flask, data: st.DataObject, count: int
):
    empty()
    ids, seals = sealed(count), LedgerSeal.__table__
    head = verify().head
    how = data.draw(st.sampled_from(["remove", "swap", "insert"]))
    place = data.draw(st.integers(1, count))
    if how == "remove":
        tamper(seals.delete().where(seals.c.sequence == place))
    elif how == "insert":
        with writing():
            added = note(99)
        forged = {"sequence": place, "event_id": added, "chain_hash": "f" * 64}
        after = seals.c.sequence >= place
        tamper(
            seals.update().where(after).values(sequence=seals.c.sequence + 1000),
            seals.update().where(after).values(sequence=seals.c.sequence - 999),
            seals.insert().values(forged),
        )
    else:
        other = data.draw(st.integers(1, count).filter(lambda other: other != place))
        move = [(place, -1), (other, place), (-1, other)]
        tamper(*(seals.update().where(seals.c.sequence == a).values(sequence=b) for a, b in move))
    found = verify(head)
    assert not found.ok
    if how == "swap":
        first = min(place, other)
        assert found.changed == ids[max(place, other) - 1]
        assert ids[first - 1] != found.changed


def test_a_chain_computed_anew_is_found_by_the_head_that_was_noted(in_app: Flask):
    sealed(4)
    head = verify().head
    with writing():
        note(5)
        seal()
    assert verify(head).ok, "a ledger that has grown still passes through its old head"
    event = LedgerEvent.__table__
    tamper(
        LedgerSeal.__table__.delete(),
        event.update().values(sealed=False),
        event.update().where(event.c.kind == "noted").values(kind="invented"),
    )
    with writing():
        seal()
    assert verify().ok, "without a noted head nobody can tell"
    report = verify(head)
    assert not report.ok
    assert head in (report.changed or "")


@pytest.mark.slow
def test_a_hundred_thousand_events_are_verified_in_little_memory(in_app: Flask):
    count, events, contents = 100_000, [], []
    for number in range(count):
        content = {"number": number}
        events.append(
            {
                "id": f"event-{number:06}",
                "kind": "noted",
                "happened_at": NOON,
                "recorded_at": NOON + timedelta(seconds=number),
                "organisation_id": None,
                "content_hash": content_hash("salt", "a", None, content),
                "disposed_under": None,
                "sealed": False,
            }
        )
        contents.append(
            {
                "event_id": f"event-{number:06}",
                "person_id": "a",
                "actor_id": None,
                "salt": "salt",
                "content": content,
            }
        )
    with writing():
        db.session.execute(insert(LedgerEvent), events)
        db.session.execute(insert(LedgerContent), contents)
    del events, contents
    while True:
        with writing():
            if not seal():
                break
    tracemalloc.start()
    report = verify()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (report.ok, report.sealed) == (True, count)
    assert peak < 30_000_000, f"{json.dumps(peak)} bytes"
