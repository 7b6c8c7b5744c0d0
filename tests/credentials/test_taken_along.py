"""What outsiders keep: the learner's own record, and where the ledger stood."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from innocap_lms import clock
from innocap_lms.credentials import checkpoints, record
from innocap_lms.credentials.issuers import own_keys
from innocap_lms.extensions import db, writing
from innocap_lms.ledger.models import LedgerSeal
from innocap_lms.ledger.services import seal
from innocap_lms.ledger.verification import verify
from innocap_lms.vc.canonical import BASE, UnreadableError
from innocap_lms.vc.verifying import verdict_on
from tests.conftest import House
from tests.vc.made import DID, as_json, signed

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_a_learner_takes_the_whole_record_along_signed(
    house: House, issued: Callable[..., str], browser_of: Callable[[str], FlaskClient]
) -> None:
    issued(house.coach)
    answer = browser_of(house.coach).post("/certificates/record")
    assert "attachment" in answer.headers["Content-Disposition"]
    found = verdict_on(answer.data, clock.utcnow())
    assert (found.standing, found.details) == ("valid", ())
    (taken,) = json.loads(answer.data)["credentialSubject"]["courseTaken"]
    assert (taken["courseId"], taken["workload"]) == ("first-steps", "PT1H30M")
    inside = verdict_on(taken["certificate"].encode(), NOW)
    assert inside.valid
    altered = answer.data.replace(b"PT1H30M", b"PT9H30M")
    assert verdict_on(altered, clock.utcnow()).standing == "altered"


@pytest.mark.parametrize(
    ("taken_in", "asked", "title", "spoken"),
    [
        ("sv", "fi", "De första stegen", "sv"),
        ("en", "fi", "First steps", "en"),
        ("sv", "en", "First steps", "en"),
    ],
)
def test_a_title_is_in_the_language_asked_for_else_in_the_one_it_was_taken_in_and_says_which(
    house: House,
    issued: Callable[..., str],
    browser_of: Callable[[str], FlaskClient],
    taken_in: str,
    asked: str,
    title: str,
    spoken: str,
) -> None:
    issued(house.coach, taken_in)
    coach = browser_of(house.coach)
    coach.get(f"/language/{asked}")
    answer = coach.post("/certificates/record")
    (taken,) = json.loads(answer.data)["credentialSubject"]["courseTaken"]
    assert taken["courseTitle"] == {"@value": title, "@language": spoken}
    assert verdict_on(answer.data, clock.utcnow()).valid
    other = answer.data.replace(f'"@language": "{spoken}"'.encode(), b'"@language": "de"')
    assert verdict_on(other, clock.utcnow()).standing == "altered"


def test_the_record_is_of_whoever_asks_alone(
    house: House, issued: Callable[..., str], browser_of: Callable[[str], FlaskClient]
) -> None:
    issued(house.coach)
    mine = browser_of(house.colleague).post("/certificates/record")
    assert json.loads(mine.data)["credentialSubject"]["courseTaken"] == []


def test_a_record_is_signed_while_others_may_write(
    house: House,
    issued: Callable[..., str],
    browser_of: Callable[[str], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issued(house.coach)
    signing = record.sign_document

    def meanwhile(*given: Any) -> dict[str, Any]:
        with writing():  # refuses where the record's own is still open
            pass
        return signing(*given)

    monkeypatch.setattr(record, "sign_document", meanwhile)
    assert browser_of(house.coach).post("/certificates/record").status_code == 200


def test_a_record_that_cannot_be_made_is_said_to_be_so(
    house: House,
    browser_of: Callable[[str], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_given: Any) -> dict[str, Any]:
        raise UnreadableError("too many nameless parts that look alike")

    monkeypatch.setattr(record, "sign_document", refused)
    page = browser_of(house.coach).post("/certificates/record", follow_redirects=True)
    assert page.status_code == 200
    assert "cannot be made now" in page.text


def kept(app: Flask) -> dict[str, object]:
    with app.app_context():
        with writing():
            seal()
        with writing():
            return checkpoints.checkpoint(app.extensions["innocap_settings"])


def test_a_checkpoint_that_was_kept_proves_the_chain_and_shows_a_new_one(
    app: Flask, house: House, issued: Callable[..., str]
) -> None:
    issued(house.coach)
    document = kept(app)
    head = checkpoints.head_in(document)
    with app.app_context():
        keys = own_keys(app.extensions["innocap_settings"])
        moment = clock.utcnow() + timedelta(seconds=1)
        assert verdict_on(json.dumps(document).encode(), moment, keys).valid
        assert verify(head).ok
        with writing():
            # Somebody changes what happened and computes the whole chain anew.
            last = db.session.query(LedgerSeal).order_by(LedgerSeal.sequence.desc()).first()
            assert last is not None
            db.session.execute(delete(LedgerSeal).where(LedgerSeal.event_id == last.event_id))
        report = verify(head)
    assert not report.ok


def test_each_day_has_one_checkpoint_which_anyone_may_keep(
    app: Flask, client: FlaskClient, house: House, issued: Callable[..., str]
) -> None:
    issued(house.coach)
    assert client.get("/ledger/checkpoint.json").status_code == 404
    with app.app_context():
        with writing():
            seal()
        with clock.at(NOW):
            checkpoints.note_daily()
        first = checkpoints.latest()
        with clock.at(NOW + timedelta(hours=1)):
            checkpoints.note_daily()
        assert checkpoints.latest() == first
        with clock.at(NOW + timedelta(days=1)):
            checkpoints.note_daily()
        second = checkpoints.latest()
    assert second not in (None, first)
    assert client.get("/ledger/checkpoint.json").text == second
    assert "Coach" not in (second or "")


def test_a_record_of_a_long_working_life_can_be_proved() -> None:
    taken = [
        {"type": "CourseTaken", "courseId": f"c{one}", "begun": "2026-01-01T00:00:00Z"}
        for one in range(250)
    ]
    document = {
        "@context": [BASE, record.TERMS],
        "type": ["VerifiableCredential", record.TYPE],
        "issuer": DID,
        "credentialSubject": {"learner": "Coach", "courseTaken": taken},
    }
    assert verdict_on(as_json(signed(document)), NOW).valid
