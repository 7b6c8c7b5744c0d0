"""What holds for every kind, whatever its question says and whatever is answered."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innocap_lms.content.built_in import BUILT_IN_KINDS
from innocap_lms.content.kinds import AnswerRefused, Parsed, QuestionBlock, QuestionKind
from tests.answers import answer_of
from tests.content.printed import blocks, printed, with_another_key, without_lines
from tests.content.test_quiz_grammar import cut

KINDS = {kind.name: kind for kind in BUILT_IN_KINDS}
NUMBERS = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2})?", fullmatch=True)
SENT = st.lists(
    NUMBERS | st.text(max_size=40) | st.sampled_from(["", "true", "1.1", "2.1"]), max_size=8
)
# A generator that looks at a filter now and then is no fault of what it tests.
by_chance = settings(max_examples=50)


def each_kind(test: Any) -> Any:
    return pytest.mark.parametrize("name", KINDS)(by_chance(test))


def made(name: str, data: st.DataObject) -> tuple[QuestionKind, QuestionBlock, Parsed, list[str]]:
    """A kind, a block of it, what it parses to, and the order of an attempt."""
    kind, block = KINDS[name], data.draw(blocks(name))
    parsed = kind.parse(block)
    chance = random.Random(data.draw(st.integers()))
    return kind, block, parsed, kind.order(parsed.view, chance.shuffle)


@each_kind
@given(data=st.data())
def test_what_is_printed_is_read_again(name: str, data: st.DataObject) -> None:
    block = data.draw(blocks(name))
    questions, problems = cut(printed(block))
    assert problems == []
    assert [without_lines(each) for each in questions] == [block]
    assert next(kind.name for kind in BUILT_IN_KINDS if kind.claims(questions[0])) == name
    assert KINDS[name].parse(questions[0]).problems == ()


@each_kind
@given(data=st.data())
def test_the_right_answer_earns_all(name: str, data: st.DataObject) -> None:
    kind, _block, parsed, order = made(name, data)
    if not kind.graded:
        return
    right = answer_of(name, parsed.key, order, True)
    assert kind.grade(parsed.key, right).share == 1
    assert kind.grade(parsed.key, right).because == "right"


@each_kind
@given(data=st.data(), sent=SENT)
def test_reading_refuses_or_gives_what_can_be_graded(
    name: str, data: st.DataObject, sent: list[str]
) -> None:
    kind, _block, parsed, order = made(name, data)
    try:
        answer = kind.read(parsed.view, order, sent)
    except AnswerRefused:
        return
    mark = kind.grade(parsed.key, answer)
    assert 0 <= mark.share <= 1
    assert answer or (mark.share, mark.because) == (0, "unanswered")
    assert json.loads(json.dumps(answer)) == list(answer)
    if kind.counted and answer and name != "ordering":
        known = json.dumps(parsed.view)
        assert all(part in known for value in answer for part in value.split(":"))


@each_kind
@given(data=st.data())
def test_the_view_is_the_same_whatever_is_right(name: str, data: st.DataObject) -> None:
    """So it cannot tell: the question with another key has an equal view."""
    kind, block, parsed, _order = made(name, data)
    changed = with_another_key(block)
    assert kind.parse(changed).view == parsed.view
    assert kind.parse(changed).key != parsed.key or changed == block


@by_chance
@given(data=st.data())
def test_the_order_of_ticks_does_not_count(data: st.DataObject) -> None:
    kind, block, parsed, _order = made("multiple", data)
    ticks = data.draw(st.lists(st.sampled_from([option.id for option in block.options])))
    turned = data.draw(st.permutations(ticks))
    assert kind.grade(parsed.key, ticks) == kind.grade(parsed.key, turned)


@by_chance
@given(data=st.data(), penalty=st.floats(0, 10))
def test_a_wrong_tick_more_never_earns_more_and_a_right_one_never_less(
    data: st.DataObject, penalty: float
) -> None:
    kind, block, parsed, _order = made("multiple", data)
    key = {**parsed.key, "penalty": penalty}
    ids = [option.id for option in block.options]
    ticks = data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    more = data.draw(st.sampled_from(ids))
    before, after = kind.grade(key, ticks).share, kind.grade(key, [*ticks, more]).share
    assert after >= before if more in key["correct"] else after <= before


@pytest.mark.parametrize("name", ["ordering", "matching", "cloze"])
@by_chance
@given(data=st.data())
def test_partial_credit_is_all_or_nothing_or_more(name: str, data: st.DataObject) -> None:
    kind, _block, parsed, order = made(name, data)
    for right in (True, False):
        answer = answer_of(name, parsed.key, order, right)
        whole = kind.grade({**parsed.key, "partial": False}, answer)
        part = kind.grade({**parsed.key, "partial": True}, answer)
        assert whole.share in (0, 1)
        assert part.share >= whole.share
        assert part.parts == whole.parts


@pytest.mark.parametrize("name", ["ordering", "matching", "cloze"])
@by_chance
@given(data=st.data())
def test_what_a_page_sends_is_read_back_to_the_answer_that_it_showed(
    name: str, data: st.DataObject
) -> None:
    kind, _block, parsed, order = made(name, data)
    answer = answer_of(name, parsed.key, order, True)
    assert list(kind.read(parsed.view, order, sent_for(name, parsed, order, answer))) == answer


def sent_for(name: str, parsed: Parsed, order: list[str], answer: list[str]) -> list[str]:
    """The values of the fields as the templates write them."""
    if name == "ordering":
        places = dict(value.split(":") for value in answer)
        return [f"{at}.{places[item]}" for at, item in enumerate(order, 1)]
    if name == "matching":
        terms = [term["id"] for term in parsed.view["terms"]]
        chosen = [value.split(":") for value in answer]
        return [f"{terms.index(term) + 1}.{order.index(target) + 1}" for term, target in chosen]
    values = []
    for number, (value, choice) in enumerate(zip(answer, parsed.view["gaps"], strict=True), 1):
        shown = [each for each in order if each.startswith(f"{number}.")]
        values.append(str(shown.index(value) + 1) if choice else value)
    return values
