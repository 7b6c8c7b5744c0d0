"""Which certificate counts, whatever happens in which order: random histories, and many at once."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from innocap_lms.credentials.queries import certificate, certificates_of
from innocap_lms.credentials.services import (
    StandingError,
    correct,
    issue,
    issue_certificate,
    revoke,
)
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from tests.conftest import House
from tests.credentials.conftest import Again

NOW = datetime(2028, 9, 1, tzinfo=UTC)


@pytest.fixture
def completions(house: House, complete: Callable[..., str], again: Again) -> list[str]:
    """Five completions of one course by the coach, a month apart, of which nothing is issued."""
    return [complete(house.coach), *(again(NOW + timedelta(days=30 * one)) for one in range(4))]


class History:
    """What was done to the certificates of some completions, and what has to follow from it."""

    def __init__(self, app: Flask, house: House, completions: list[str], seed: int) -> None:
        self.chance, self.house = random.Random(seed), house
        self.settings = app.extensions["innocap_settings"]
        self.waiting = self.chance.sample(completions, len(completions))
        self.numbers: dict[str, list[str]] = {}  # by completion: the first, then corrections
        self.days: dict[str, datetime] = {}
        self.revoked: set[str] = set()

    def go_on(self) -> None:
        """Issue, correct or revoke one of them."""
        what = self.chance.choice(["issue", "issue", "correct", "correct", "correct", "revoke"])
        with writing():
            if what == "issue" and self.waiting:
                name = self.waiting.pop()
                self.numbers[name] = [issue_certificate(name, self.settings)]
                self.days[name] = db.session.get_one(Completion, name).completed_at
            elif self.numbers:
                name = self.chance.choice(list(self.numbers))
                try:
                    self._correct(name) if what == "correct" else self._revoke(name)
                except StandingError:
                    assert name in self.revoked

    def _correct(self, name: str) -> None:
        day = NOW + timedelta(days=self.chance.randint(-300, 300), seconds=len(self.days))
        completion = db.session.get_one(Completion, name)
        if name not in self.revoked and self.chance.random() < 0.7:  # else the name alone
            completion.completed_at = self.days[name] = day
            db.session.flush()
        new = correct(self.numbers[name][-1], "x", self.house.hr, self.settings)
        self.numbers[name].append(new)

    def _revoke(self, name: str) -> None:
        revoke(self.numbers[name][-1], "x", self.house.hr)
        self.revoked.add(name)

    def expected(self) -> dict[str, tuple[str, str | None]]:
        """By number: its standing, and which number has taken its place."""
        counting = sorted(set(self.numbers) - self.revoked, key=self.days.__getitem__)
        found: dict[str, tuple[str, str | None]] = {}
        for name, own in self.numbers.items():
            for number in own[:-1]:
                found[number] = ("superseded", own[-1])
            found[own[-1]] = ("valid", None)
            if name in self.revoked:
                found |= {number: ("revoked", found[number][1]) for number in own}
            elif name != counting[-1]:
                after = counting[counting.index(name) + 1]
                found[own[-1]] = ("superseded", self.numbers[after][-1])
        return found


@pytest.mark.parametrize("seed", range(6))
def test_the_last_by_day_counts_and_each_other_leads_to_the_next(
    in_app: Flask, house: House, completions: list[str], seed: int
) -> None:
    history = History(in_app, house, completions, seed)
    for _step in range(25):
        history.go_on()
        for number, (standing, successor) in history.expected().items():
            found = certificate(number)
            assert found is not None
            assert (found.standing(NOW), found.superseded_by) == (standing, successor)


def test_of_completions_that_are_certified_at_once_each_has_its_place(
    app: Flask, house: House, completions: list[str]
) -> None:
    twice = completions * 2
    line = threading.Barrier(len(twice))

    def work(completion: str) -> None:
        with app.app_context():
            line.wait(30)
            issue({"completion_id": completion})

    with ThreadPoolExecutor(len(twice)) as threads:
        list(threads.map(work, twice))
    with app.app_context():
        newest_first = certificates_of(house.coach)
    assert len(newest_first) == len(completions)
    assert [each.superseded_by for each in newest_first] == [
        None,
        *(each.id for each in newest_first[:-1]),
    ]
