"""Learners who answer the quiz of the test track's course, through the app's own services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from flask import Flask

from innocap_lms.catalogue.queries import EditionView, offering
from innocap_lms.content.model import Quiz
from innocap_lms.extensions import writing
from innocap_lms.learning import services as learning
from innocap_lms.learning.attempts import AnswerSheet, start_attempt
from innocap_lms.learning.closing import hand_in
from innocap_lms.learning.drawing import draw
from innocap_lms.learning.own_attempts import attempt_of
from innocap_lms.learning.responses import release
from innocap_lms.people import services as people
from innocap_lms.people.queries import viewer_of
from tests.conftest import House

Given = Mapping[str, Sequence[str]]

RIGHT: Given = {"one": ["right"], "two": ["first", "second"]}
WRONG: Given = {"one": ["wrong"], "two": ["not"]}
ONE_ONLY: Given = {"one": ["right"], "two": ["not"]}
TWO_ONLY: Given = {"one": ["wrong"], "two": ["second", "first"]}


@dataclass
class Class:
    """A class whose members are made as they answer; `course_id` is what they take."""

    app: Flask
    organisation: str
    course_id: str = "first-steps"
    members: list[str] = field(default_factory=list)

    def released(self) -> None:
        """What waits for others comes to be seen, where there are enough."""
        with self.app.app_context():
            release()

    def edition(self) -> EditionView:
        found = offering(self.course_id)
        assert found is not None
        return found.edition

    def answer(
        self, answers: Given, times: int = 1, *, language: str = "en", quiz_id: str = "final"
    ) -> None:
        """So many new members hand in these answers, each at a first attempt."""
        for _time in range(times):
            with self.app.app_context():
                member = self._newcomer()
            self.again(member, answers, language=language, quiz_id=quiz_id)

    def _newcomer(self) -> str:
        number = len(self.members)
        with writing():
            person = people.invite_person(
                name=f"Member Number{number}",
                email=f"member{number}@example.org",
                role="learner",
                organisation_id=self.organisation,
                send_mail=False,
            )
        self.members.append(person)
        return person

    def again(
        self, person: str, answers: Given, *, language: str = "en", quiz_id: str = "final"
    ) -> str:
        """This member hands in an attempt; returns its id."""
        with self.app.app_context():
            return self._hand_in(person, answers, language, quiz_id)

    def _hand_in(self, person: str, answers: Given, language: str, quiz_id: str) -> str:
        viewer, edition = viewer_of(person), self.edition()
        kinds = self.app.extensions["innocap_host"].kinds
        quiz = edition.course.activity(quiz_id)
        assert isinstance(quiz, Quiz)
        asked = draw(quiz, kinds, edition.course.languages[0])
        with writing():
            enrolment = learning.enrol(viewer, edition, language)
            attempt_id = start_attempt(enrolment, edition, quiz, asked, language)
        attempt = attempt_of(person, attempt_id)
        assert attempt is not None
        assert hand_in(viewer, attempt, edition, quiz, AnswerSheet(answers, {}, True), language)
        return attempt_id


@pytest.fixture
def pupils(house: House, app: Flask) -> Class:
    """A class in the organisation North."""
    return Class(app, house.north)
