"""How often a rule names a question that has no fault: a class is made up, many times over."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from math import exp

import pytest

from innocap_lms.analysis.figures import figures_of
from innocap_lms.analysis.findings import KEY, LURE, TRANSLATION, WEAK, findings_of
from innocap_lms.analysis.queries import Answers, Group

CLASSES = 100
AT_MOST = 0.05
EASY, HARD = (-2.5, -2.0, -1.6, -1.2, -1.0), (0.5, 0.9, 1.2, 1.6, 2.0)
MIXED = (-1.5, -0.7, 0.0, 0.7, 1.5)
TELLING = 1.2


def answered(
    chance: random.Random,
    learners: int,
    others: Sequence[float],
    *,
    stratum: int,
    ability: float = 0.0,
    fault: float = 0.0,
    telling: float = TELLING,
) -> Iterator[Group]:
    """Answers to a good question of middling difficulty, beside others so hard; with a fault, it
    is harder by so much."""
    counted: dict[float, list[float]] = defaultdict(list)
    for _one in range(learners):
        able = chance.gauss(ability, 1)
        right = sum(chance.random() < 1 / (1 + exp(hard - able)) for hard in others)
        mark = chance.random() < 1 / (1 + exp(fault - telling * able))
        counted[float(mark)].append(right / len(others))
    for share, rest in counted.items():
        squares = sum(each * each for each in rest)
        chosen = ("right" if share else "wrong",)
        yield Group(chosen, share, len(rest), len(rest), sum(rest), squares, stratum)


def alarms(made: Callable[[random.Random], dict[str, tuple[Group, ...]]], *rules: int) -> float:
    """The share of classes in which one of these rules fires."""
    chance = random.Random(20)
    fired = 0
    for _class in range(CLASSES):
        answers = {name: Answers(groups) for name, groups in made(chance).items()}
        found = findings_of(figures_of(answers, ["right", "wrong"], ["right"]), None)
        fired += any(finding.rule in rules for finding in found)
    return fired / CLASSES


@pytest.mark.parametrize("learners", [30, 100, 300])
def test_a_good_question_in_an_easy_and_in_a_hard_quiz_is_left_alone(learners: int) -> None:
    def shared(chance: random.Random) -> dict[str, tuple[Group, ...]]:
        beginners = answered(chance, learners, EASY, stratum=1)
        later = answered(chance, learners, HARD, stratum=2, ability=0.6)
        return {"sv": (*beginners, *later)}

    assert alarms(shared, KEY, LURE, WEAK) <= AT_MOST


@pytest.mark.parametrize("learners", [30, 100, 300])
@pytest.mark.parametrize("weaker", [0.0, 0.5, 1.0])
def test_weaker_readers_of_a_good_translation_are_not_its_fault(
    learners: int, weaker: float
) -> None:
    def read(chance: random.Random) -> dict[str, tuple[Group, ...]]:
        swedish = answered(chance, learners, MIXED, stratum=1)
        english = answered(chance, learners, MIXED, stratum=1, ability=-weaker)
        return {"sv": tuple(swedish), "en": tuple(english)}

    assert alarms(read, TRANSLATION) <= AT_MOST


@pytest.mark.parametrize("learners", [100, 300])
def test_readers_who_take_another_quiz_are_not_the_translations_fault(learners: int) -> None:
    """Most read Swedish in the easy quiz and English in the hard one, or the other way about."""

    def read(chance: random.Random, one: Sequence[float], other: Sequence[float]) -> Answers:
        most = answered(chance, learners, one, stratum=1)
        few = answered(chance, learners // 4, other, stratum=2)
        return Answers((*most, *few))

    def crossed(chance: random.Random) -> dict[str, tuple[Group, ...]]:
        swedish = read(chance, EASY, HARD).groups
        beginners = answered(chance, learners // 4, EASY, stratum=1)
        later = answered(chance, learners, HARD, stratum=2)
        return {"sv": swedish, "en": (*beginners, *later)}

    assert alarms(crossed, TRANSLATION) <= AT_MOST


def test_a_translation_with_a_fault_is_found() -> None:
    def faulty(chance: random.Random) -> dict[str, tuple[Group, ...]]:
        swedish = answered(chance, 100, MIXED, stratum=1)
        english = answered(chance, 100, MIXED, stratum=1, fault=2.0)
        return {"sv": tuple(swedish), "en": tuple(english)}

    assert alarms(faulty, TRANSLATION) >= 0.8


def test_a_wrong_key_is_found() -> None:
    def wrong(chance: random.Random) -> dict[str, tuple[Group, ...]]:
        return {"sv": tuple(answered(chance, 100, MIXED, stratum=1, telling=-TELLING))}

    assert alarms(wrong, KEY) >= 0.7
