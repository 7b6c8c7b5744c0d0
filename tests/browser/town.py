"""What the journeys need in the municipality, made by the site's own services."""

import itertools
import re
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

from sqlalchemy import update

from innocap_lms import clock
from innocap_lms.catalogue.queries import EditionView, everything, offering, quiz_keys
from innocap_lms.catalogue.services import publish
from innocap_lms.cli.municipality import PASSWORD
from innocap_lms.content.model import Quiz
from innocap_lms.credentials.queries import certificates_of
from innocap_lms.extensions import db, writing
from innocap_lms.learning import retention
from innocap_lms.learning import services as learning
from innocap_lms.learning.attempts import AnswerSheet, start_attempt, submit_attempt
from innocap_lms.learning.calls import call_for_renewal
from innocap_lms.learning.closing import hand_in
from innocap_lms.learning.drawing import draw
from innocap_lms.learning.grading import grade
from innocap_lms.learning.models import Attempt
from innocap_lms.learning.own_attempts import attempt_of, attempts_at
from innocap_lms.learning.queries import my_course
from innocap_lms.people import passes, services
from innocap_lms.people.directory import organisations
from innocap_lms.people.passwords import hash_password
from innocap_lms.people.queries import find_account, viewer_of
from innocap_lms.people.scope import admin_scope
from innocap_lms.self_assessment import services as self_assessment
from tests.answers import answer_of
from tests.browser.site import Site
from tests.learning.ruled import ruled_course, ticked_course

COURSE, EVERY_KIND = "digital-foundations", "every-kind"
MAIL_WITHIN_SECONDS = 10
CROWD, SCHOOLS, CROWDED = 101, 60, "Sjöviks kommun"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Someone:
    """A person of the town; `account` and PASSWORD sign in."""

    id: str
    account: str
    name: str


class Town:
    """The municipality behind a site."""

    def __init__(self, site: Site) -> None:
        self.site, self.crowded = site, False
        with site.app.app_context():
            memory = site.app.extensions["innocap_settings"].password_memory_kib
            self.password_hash = hash_password(PASSWORD, memory)
        self._simplify(COURSE)

    def person(self, account: str) -> Someone:
        """Somebody of the demo, by the part of the address before the @."""
        with self.site.app.app_context():
            found = find_account(f"{account}@example.org")
            assert found is not None, account
            return Someone(found.id, f"{account}@example.org", found.name)

    def organisation(self, name: str) -> tuple[str, list[str]]:
        """An organisation's id and those of its units."""
        with self.site.app.app_context():
            everywhere = admin_scope(viewer_of(self.person("ingrid.sjolund").id))
            found = next(item for item in organisations(everywhere) if item.name == name)
            return found.id, [unit.id for unit in found.units]

    def new_organisation(self, name: str) -> str:
        with self.site.app.app_context(), writing():
            return services.create_organisation(name)

    def newcomer(
        self,
        name: str,
        role: str = "learner",
        language: str = "en",
        organisation: str = "",
        password: bool = True,
    ) -> Someone:
        """A person nobody has met before, in Nordviks kommun unless an organisation is named."""
        organisation = organisation or self.organisation("Nordviks kommun")[0]
        account = f"{name.lower().replace(' ', '.')}.{next(_numbers)}@example.org"
        with self.site.app.app_context(), writing():
            person_id = services.invite_person(
                name=name,
                email=account,
                role=role,
                language=language,
                organisation_id=organisation,
                send_mail=False,
            )
            if password:
                services.set_password(person_id, self.password_hash)
        return Someone(person_id, account, name)

    def course(self, course_id: str = COURSE) -> EditionView:
        with self.site.app.app_context():
            found = offering(course_id)
            assert found is not None, course_id
            return found.edition

    def offered(self, track: str = "") -> int:
        """How many courses and programmes are in service, of the track if one is named."""
        with self.site.app.app_context():
            return sum(1 for each in everything() if track in ("", each.track))

    def _simplify(self, course_id: str) -> None:
        """Publish the course with its lessons and ten questions to tick: the journeys go through
        the site, and what they click does not depend on what the course says."""
        with self.site.app.app_context():
            found = offering(course_id)
            assert found is not None, course_id
            with writing():
                publish(
                    ticked_course(found.edition),
                    track=found.track,
                    plugin=found.plugin,
                    actor_id=None,
                )

    @contextmanager
    def ruled(self, course_id: str, **rules: Any) -> Iterator[None]:
        """Whoever enrols in the course meanwhile meets a quiz by these rules (fields of Quiz)."""
        with self.site.app.app_context():
            found = offering(course_id)
            assert found is not None, course_id
            usual = ruled_course(found.edition)
            for course in (ruled_course(found.edition, **rules), usual):
                with writing():
                    publish(course, track=found.track, plugin=found.plugin, actor_id=None)
                if course is not usual:
                    yield

    def ask_again(self, course_id: str) -> None:
        """Ask those who have completed the course to take it again, in the edition in service."""
        with self.site.app.app_context(), writing():
            call_for_renewal(self.course(course_id), None)

    def right_answers(self, course_id: str = COURSE) -> dict[str, list[str]]:
        """The options to choose, by question, for the course's only quiz."""
        edition = self.course(course_id)
        with self.site.app.app_context():
            keys = quiz_keys(edition.id, edition.course.quizzes[0].id)
        return {question: key["key"]["correct"] for question, key in keys.items()}

    def start(self, who: Someone, course_id: str = COURSE, language: str = "en") -> str:
        """Enrol; returns the enrolment's id."""
        with self.site.app.app_context(), writing():
            return learning.enrol(viewer_of(who.id), self.course(course_id), language)

    def read(self, who: Someone, lessons: int, course_id: str = COURSE) -> None:
        """Read so many lessons of a course."""
        edition, enrolment = self.course(course_id), self.start(who, course_id)
        with self.site.app.app_context(), writing():
            viewer = viewer_of(who.id)
            for lesson in edition.course.lessons[:lessons]:
                learning.read_lesson(viewer, enrolment, lesson, "en")

    def attempt(
        self,
        who: Someone,
        course_id: str = COURSE,
        *,
        send: bool = False,
        right: bool | Container[str] = True,
        quiz_id: str = "",
    ) -> str:
        """An attempt at the course's first quiz, or the one that is named, sent or still open;
        returns its id.

        `right` may name the kinds of question that are answered right.
        """
        edition, enrolment = self.course(course_id), self.start(who, course_id)
        quiz = next(each for each in edition.course.quizzes if quiz_id in ("", each.id))
        kinds = self.site.app.extensions["innocap_host"].kinds
        with self.site.app.app_context():
            asked = draw(quiz, kinds, "en")
            with writing():
                attempt_id = start_attempt(enrolment, edition, quiz, asked, "en")
            if send:
                self._send(who, edition, quiz, attempt_id, right)
        return attempt_id

    def _send(
        self,
        who: Someone,
        edition: EditionView,
        quiz: Quiz,
        attempt_id: str,
        right: bool | Container[str],
    ) -> None:
        attempt, keys = attempt_of(who.id, attempt_id), quiz_keys(edition.id, quiz.id)
        assert attempt is not None
        answers = {}
        for question, order in attempt.asked:
            kind = quiz.question(question).kind
            well = right if isinstance(right, bool) else kind in right
            answers[question] = answer_of(kind, keys[question]["key"], order, well)
        sheet = AnswerSheet(answers, {}, changed=True)
        assert hand_in(viewer_of(who.id), attempt, edition, quiz, sheet, "en")

    def answers(self, who: Someone, attempt_id: str) -> dict[str, list[str]]:
        """What is saved of an attempt."""
        with self.site.app.app_context():
            attempt = attempt_of(who.id, attempt_id)
            assert attempt is not None
            return dict(attempt.answers)

    def end_in(self, attempt_id: str, seconds: int) -> None:
        """Let the time of an attempt end so soon."""
        end = clock.utcnow() + timedelta(seconds=seconds)
        with self.site.app.app_context(), writing():
            db.session.execute(update(Attempt).where(Attempt.id == attempt_id).values(due_at=end))

    def complete(self, who: Someone, weeks_ago: int) -> None:
        """Let somebody have completed COURSE some weeks ago."""
        with clock.at(clock.utcnow() - timedelta(weeks=weeks_ago)):
            self.read(who, len(self.course().course.lessons))
            self.attempt(who, send=True)

    def check(self, who: Someone, *, send: bool = False) -> None:
        """Begin the check of what has stayed; when sent, the first answer is right."""
        kinds = self.site.app.extensions["innocap_host"].kinds
        with self.site.app.app_context():
            mine = my_course(who.id, COURSE)
            assert mine is not None
            edition, check = self.course(), retention.CHECKS[0]
            asked = retention.draw_check(mine, edition, kinds)
            with writing():
                retention.begin(mine, edition, check, asked, "sv")
            if not send:
                return
            names = [name for name, _order in asked]
            keys = retention.keys_of(edition, names)
            right = {name: keys[name]["key"]["correct"] for name in names}
            answers = {
                name: [next(option for option in order if option not in right[name])]
                for name, order in asked
            }
            answers[names[0]] = right[names[0]]
            quiz = retention.quiz_of(edition, check.id, names)
            (line,) = attempts_at(who.id, COURSE, check.id)
            attempt = attempt_of(who.id, line.id)
            result = grade(quiz, keys, kinds, names, answers)
            with writing():
                retention.hand_in(attempt, AnswerSheet(answers, {}, changed=True), result, "sv")

    def place(self, who: Someone, name: str) -> None:
        """Let somebody place themselves in a self-assessment, once."""
        found = self.site.app.extensions["innocap_host"].self_assessments[name]
        ids = [each.id for area in found.areas for each in area.competences]
        kept = {each: 1 + at % len(found.levels) for at, each in enumerate(ids)}
        with self.site.app.app_context(), writing():
            self_assessment.keep(who.id, name, "once", kept)

    def certificate(self, who: Someone) -> str:
        """The id of somebody's newest certificate."""
        with self.site.app.app_context():
            return certificates_of(who.id)[0].id

    def crowd(self) -> str:
        """More people than a page of the list holds, in an organisation of their own: its name.

        They are CROWD coaches who have completed one course each, made at the first call, beside
        more units than a list to choose from holds.
        """
        if not self.crowded:
            self._fill(self.new_organisation(CROWDED))
            self.crowded = True
        return CROWDED

    def _fill(self, organisation: str) -> None:
        edition = self.course()
        quiz, kinds = edition.course.quizzes[0], self.site.app.extensions["innocap_host"].kinds
        with self.site.app.app_context():
            keys, asked = quiz_keys(edition.id, quiz.id), draw(quiz, kinds, "en")
            answers = {name: keys[name]["key"]["correct"] for name, _options in asked}
            sheet, result = (
                AnswerSheet(answers, {}, changed=True),
                grade(quiz, keys, kinds, list(answers), answers),
            )
            with writing():
                for number in range(SCHOOLS):
                    services.create_unit(organisation, f"Skola {number:02}")
                for number in range(CROWD):
                    viewer = viewer_of(
                        services.invite_person(
                            name=f"Coach {number:03}",
                            email=f"coach.{next(_numbers)}@example.org",
                            role="learner",
                            organisation_id=organisation,
                            send_mail=False,
                        )
                    )
                    enrolment = learning.enrol(viewer, edition, "sv")
                    for lesson in edition.course.lessons:
                        learning.read_lesson(viewer, enrolment, lesson, "sv")
                    opened = start_attempt(enrolment, edition, quiz, asked, "sv")
                    attempt = attempt_of(viewer.id, opened)
                    assert attempt is not None
                    submit_attempt(viewer, attempt, edition, quiz, sheet, result, "sv")

    def link(self, who: Someone, purpose: str) -> str:
        """The address of a link to choose a password by; for passes.INVITATION or RESET."""
        door = {passes.INVITATION: "invite", passes.RESET: "reset"}[purpose]
        with self.site.app.app_context(), writing():
            return f"/{door}/{passes.make_link(who.id, purpose)}"

    def link_in_mail(self, to: str) -> str:
        """The address in the newest mail to somebody, which the relay sends in its own time."""
        deadline = time.monotonic() + MAIL_WITHIN_SECONDS
        while time.monotonic() < deadline:
            files = sorted((self.site.data_dir / "mail").glob("*"), key=lambda f: f.stat().st_mtime)
            for file in reversed(files):
                mail = message_from_bytes(file.read_bytes(), policy=default)
                if to in str(mail["To"]):
                    body = mail.get_body()
                    found = body and re.search(
                        r"https?://\S+/(?:invite|reset)/\S+", body.get_content()
                    )
                    if found:
                        return str(found[0])
            time.sleep(0.05)
        raise AssertionError(f"no mail came to {to}")

    def spend(self, link: str) -> None:
        """Use a link up, as if its password had been chosen."""
        with self.site.app.app_context(), writing():
            secret = link.rpartition("/")[2]
            passes.use(passes.find_link(secret, passes.INVITATION).id)

    def close(self) -> None:
        with self.site.app.app_context():
            for engine in db.engines.values():
                engine.dispose()
