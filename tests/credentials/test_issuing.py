"""A certificate is issued once per completion, and pins what held that day."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select, update

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.credentials.models import Certificate
from innocap_lms.credentials.queries import certificate, certificates_of
from innocap_lms.credentials.services import UnknownCompletionError, issue, issue_certificate
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.people.models import Person
from tests.conftest import House


def issue_one(completion: str) -> str:
    with writing():
        return issue_certificate(completion, current_app.extensions["innocap_settings"])


def test_it_pins_names_words_rule_edition_and_validity(
    in_app: Flask, house: House, course: OfferingView, complete: Callable[..., str]
) -> None:
    found = certificate(issue_one(complete(house.coach)))
    assert found is not None
    assert (found.holder_name, found.issuer_name, found.language) == ("Coach", "North", "sv")
    assert (found.edition_number, found.fingerprint) == (1, course.edition.course.fingerprint)
    assert found.title == "De första stegen"
    assert found.details["outcomes"] == ["ta ett första steg"]
    assert found.details["hours"] == 1.5
    assert found.details["because"]
    # 24 months, to the end of that day in Stockholm
    assert found.valid_until == datetime(2028, 11, 23, 22, 59, 59, tzinfo=UTC)


def test_a_new_name_or_organisation_does_not_change_it(
    in_app: Flask, house: House, complete: Callable[..., str]
) -> None:
    number = issue_one(complete(house.coach))
    with writing():
        db.session.execute(update(Person).where(Person.id == house.coach).values(name="New Name"))
    found = certificate(number)
    assert found is not None
    assert found.holder_name == "Coach"


def test_issuing_twice_gives_the_same_certificate_and_one_ledger_event(
    in_app: Flask, house: House, complete: Callable[..., str]
) -> None:
    completion = complete(house.coach)
    first = issue_one(completion)
    issue({"completion_id": completion})
    assert issue_one(completion) == first
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 1
    events = db.session.execute(
        select(LedgerContent.content, LedgerContent.person_id)
        .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
        .where(LedgerEvent.kind == "certificate.issued")
    ).all()
    assert [(event.content["certificate"], event.person_id) for event in events] == [
        (first, house.coach)
    ]


def test_of_workers_that_race_all_find_one_certificate(
    app: Flask, house: House, complete: Callable[..., str]
) -> None:
    completion = complete(house.coach)
    barrier, found, errors = threading.Barrier(4), [], []

    def work() -> None:
        try:
            with app.app_context():
                barrier.wait(10)
                found.append(issue_one(completion))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(found) == 4
    assert len(set(found)) == 1


def test_it_bears_the_id_that_lists_already_show(
    in_app: Flask, house: House, complete: Callable[..., str]
) -> None:
    completion = complete(house.coach)
    shown = db.session.scalar(select(Completion.certificate_id).where(Completion.id == completion))
    assert issue_one(completion) == shown


def test_a_completion_outside_any_organisation_is_certified_by_the_site(
    in_app: Flask, house: House, complete: Callable[..., str]
) -> None:
    completion = complete(house.coach)
    with writing():
        db.session.execute(
            update(Completion).where(Completion.id == completion).values(organisation_id=None)
        )
    found = certificate(issue_one(completion))
    assert found is not None
    assert found.issuer_name == "innocap-lms"


def test_a_language_the_course_lacks_gives_the_nearest_one(
    in_app: Flask, house: House, complete: Callable[..., str]
) -> None:
    found = certificate(issue_one(complete(house.coach, language="fi")))
    assert found is not None
    assert (found.language, found.title) == ("en", "First steps")
    rule = "Completion rule met: 2 lessons read and 1 quiz passed."
    assert found.details["because"] == rule


def test_an_unknown_completion_is_refused(in_app: Flask) -> None:
    with pytest.raises(UnknownCompletionError):
        issue({"completion_id": "none"})


def test_a_person_finds_only_their_own(
    in_app: Flask, house: House, issued: Callable[..., str]
) -> None:
    number = issued(house.coach)
    assert [found.id for found in certificates_of(house.coach)] == [number]
    assert certificates_of(house.colleague) == []
