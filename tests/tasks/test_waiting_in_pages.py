"""The list of cases that wait comes in pages, the first promised first."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from innocap_lms import clock
from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Enrolment
from innocap_lms.people import services as people
from innocap_lms.people.queries import viewer_of
from innocap_lms.tasks.models import Submission
from innocap_lms.tasks.waiting import PAGE, waiting_cases
from tests.conftest import House
from tests.tasks.conftest import Browser

MANY = PAGE + 3


@pytest.fixture
def waiting(app: Flask, house: House, real_work: OfferingView, browser_of: Browser) -> list[str]:
    """Ids of more cases than a page holds, in the order promised; three share each day."""
    browser_of(house.colleague).post("/courses/real-work/start")
    with app.app_context(), writing():
        enrolment = db.session.query(Enrolment).one()
        now = clock.utcnow()
        for number in range(MANY):
            db.session.add(
                Submission(
                    id=f"case{number:03}",
                    enrolment_id=enrolment.id,
                    task_id="own-case",
                    number=number + 1,
                    track="northern",
                    edition_id=enrolment.edition_id,
                    fingerprint="x",
                    language="en",
                    organisation_id=house.north,
                    text="SECRET",
                    state="handed_in",
                    started_at=now,
                    saved_at=now,
                    handed_in_at=now,
                    promised_at=now + timedelta(days=number // 3),
                )
            )
    return [f"case{number:03}" for number in range(MANY)]


def test_every_case_is_on_one_page_and_the_pages_lead_to_each_other(
    house: House, waiting: list[str], browser_of: Browser
) -> None:
    admin = browser_of(house.admin)
    first = admin.get("/assess/cases").text
    (further,) = re.findall(r'href="(/assess/cases\?after=\w+)"', first)
    second = admin.get(further).text
    seen = [re.findall(r"/assess/cases/(case\d+)/draw", page) for page in (first, second)]
    assert [len(page) for page in seen] == [PAGE, MANY - PAGE]
    assert seen[0] + seen[1] == waiting
    assert "?after=" not in second
    assert 'href="/assess/cases"' in second


def test_an_unknown_place_leads_to_the_first_page_and_so_does_one_beyond_the_last(
    house: House, waiting: list[str], browser_of: Browser
) -> None:
    admin = browser_of(house.admin)
    assert waiting[0] in admin.get("/assess/cases?after=none").text
    answer = admin.get(f"/assess/cases?after={waiting[-1]}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/assess/cases")


def test_a_trainer_of_another_track_gets_no_page_of_it(
    app: Flask, house: House, waiting: list[str]
) -> None:
    with app.app_context():
        with writing():
            other = people.invite_person(
                name="Another trainer",
                email="another@example.org",
                role="trainer",
                language="en",
                track="somewhere-else",
                organisation_id=house.north,
                send_mail=False,
            )
        assert waiting_cases(viewer_of(other)) == ([], False)
        assert waiting_cases(viewer_of(other), waiting[0]) == ([], False)
        assert len(waiting_cases(viewer_of(house.trainer))[0]) == PAGE
