"""The job that carries out a list of people, some rows at a time, each once.

It moves a mark in the transaction that writes the rows: killed in the middle it goes on from there,
and of two at once one finds the mark moved and writes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from time import monotonic
from typing import Any, Final

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import update

from innocap_lms import clock
from innocap_lms.admin.import_plan import Change
from innocap_lms.admin.importing import IMPORT_JOB, plan_of
from innocap_lms.admin.models import PeopleImport
from innocap_lms.extensions import db, writing
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people import services
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.queries import viewer_of
from innocap_lms.people.scope import admin_scope
from innocap_lms.people.trail import note
from innocap_lms.requirements.days import start_of, today

AT_A_TIME: Final = 5  # rows in one transaction: learners who save meanwhile wait for no more
SECONDS: Final = 60.0  # after which the job leaves the rest to the next


def carry_out(payload: dict[str, Any]) -> None:
    """Outbox kind IMPORT_JOB; payload: list. What is not done in a minute is the next job's."""
    sent = db.session.get(PeopleImport, payload["list"])
    if sent is None or sent.done_at is not None:
        return
    work = _Work(sent)
    with force_locale(sent.language):
        is_over = _carry_on(work, plan_of(sent).changes)
    if is_over:
        work.end()
    else:
        with writing():
            mark = f"{work.done_row}-{work.closed}"
            enqueue(IMPORT_JOB, f"people-import:{work.id}:{mark}", {"list": work.id})


def _carry_on(work: "_Work", changes: Sequence[Change]) -> bool:
    """Go on for a minute; whether all is done. Where another job has been here, that goes on."""
    until = monotonic() + SECONDS
    left = [change for change in changes if change.said.row > work.done_row]
    for start in range(0, len(left), AT_A_TIME):
        if monotonic() > until or not work.rows(left[start : start + AT_A_TIME]):
            return False
    while work.closed < len(work.closing):
        if monotonic() > until or not work.leavers():
            return False
    return True


class _Work:
    """The list as far as it is carried out."""

    def __init__(self, sent: PeopleImport) -> None:
        self.id, self.organisation_id, self.actor_id = sent.id, sent.organisation_id, sent.made_by
        self.language, self.closing = sent.language, list(sent.closing)
        self.renaming = frozenset(sent.renaming)
        self.moves_on = sent.moves_on or today()
        self.done_row, self.closed = sent.done_row, sent.closed
        self.counts, self.failures = dict(sent.counts), list(sent.failures)
        self.scope = admin_scope(viewer_of(sent.made_by))

    def rows(self, changes: Sequence[Change]) -> bool:
        """Carry out some rows; False where another job has been here."""
        with writing():
            if not self._move(done_row=changes[-1].said.row):
                return False
            for change in changes:
                self._try(change.kind, change.said.row, partial(self._do, change))
            self._keep_counts()
        return True

    def leavers(self) -> bool:
        """End the time of some who are not in the list; False where another job has been here."""
        some = self.closing[self.closed : self.closed + AT_A_TIME]
        with writing():
            if not self._move(closed=self.closed + len(some)):
                return False
            for person in some:
                self._try("leaves", 0, partial(self._end, person, today()))
            self._keep_counts()
        return True

    def end(self) -> None:
        with writing():
            db.session.execute(
                update(PeopleImport)
                .where(PeopleImport.id == self.id, PeopleImport.done_at.is_(None))
                .values(done_at=clock.utcnow(), content="")
            )
            note(
                "people.imported",
                self.actor_id,
                organisation_id=self.organisation_id,
                **self.counts,
            )

    def _move(self, **mark: int) -> bool:
        moved = db.session.execute(
            update(PeopleImport)
            .where(
                PeopleImport.id == self.id,
                PeopleImport.done_row == self.done_row,
                PeopleImport.closed == self.closed,
                PeopleImport.done_at.is_(None),
            )
            .values(**mark)
            .returning(PeopleImport.id)
        )
        if moved.first() is None:
            return False
        self.done_row, self.closed = (
            mark.get("done_row", self.done_row),
            mark.get("closed", self.closed),
        )
        return True

    def _try(self, kind: str, row: int, do: Callable[[], None]) -> None:
        """Do it, and count it; what cannot be done is told beside its row, and the rest goes on."""
        try:
            with db.session.begin_nested():
                do()
        except InvalidInputError as error:
            self.failures.append([row, str(error)])
            kind = "failed"
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def _keep_counts(self) -> None:
        db.session.execute(
            update(PeopleImport)
            .where(PeopleImport.id == self.id)
            .values(counts=self.counts, failures=self.failures)
        )

    def _do(self, change: Change) -> None:
        if not self.scope.may_give("learner", self.organisation_id):
            raise InvalidInputError({"": _("Whoever sent the list is no longer HR here.")})
        said, person = change.said, change.person
        if change.kind == "joins":
            person = self._join(change)
        elif change.kind == "moves":
            services.move_person(
                person,
                self.organisation_id,
                said.unit or None,
                start_of(self.moves_on),
                actor_id=self.actor_id,
            )
        elif change.kind == "left_out":
            return
        if said.number:
            services.set_number(person, self.organisation_id, said.number, actor_id=self.actor_id)
        if said.last is not None and change.kind in ("joins", "ends"):
            self._end(person, said.last + timedelta(days=1))
        if change.rename and person in self.renaming:
            services.rename_person(person, change.rename, actor_id=self.actor_id)
            self.counts["renames"] = self.counts.get("renames", 0) + 1

    def _join(self, change: Change) -> str:
        said = change.said
        begins = start_of(said.first) if said.first else clock.utcnow()
        if change.person:
            services.add_membership(
                change.person,
                "learner",
                self.organisation_id,
                said.unit or None,
                valid_from=begins,
                actor_id=self.actor_id,
            )
            return change.person
        return services.invite_person(
            name=said.name,
            email=said.email or None,
            login=said.login or None,
            language=said.language or self.language,
            role="learner",
            organisation_id=self.organisation_id,
            unit_id=said.unit or None,
            valid_from=begins,
            send_mail=False,
            actor_id=self.actor_id,
        )

    def _end(self, person: str, after: date) -> None:
        services.end_person(
            person,
            self.organisation_id,
            start_of(after),
            self.scope.may_give,
            actor_id=self.actor_id,
        )
