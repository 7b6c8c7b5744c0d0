"""Which questions can serve a draw: held against trying every way there is."""

from collections.abc import Collection, Iterator
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.content.draws import Short, serve
from innocap_lms.content.model import Draw, Question

TAGS = ("a", "b", "c")
BANKS = st.lists(st.sets(st.sampled_from(TAGS), max_size=3), max_size=6)
DRAWS = st.builds(
    Draw,
    bank=st.just("bank"),
    tags=st.dictionaries(st.sampled_from(TAGS), st.integers(1, 2), max_size=3),
    count=st.integers(0, 2),
)


def bank(*tags: Collection[str]) -> list[Question]:
    return [
        Question(f"q{number}", "single", 1.0, "", True, {}, tuple(each), "bank")
        for number, each in enumerate(tags)
    ]


def places(draw: Draw) -> list[str]:
    return [tag for tag, many in draw.tags.items() for _ in range(many)] + [""] * draw.count


def every_way(draw: Draw, questions: list[Question]) -> Iterator[tuple[Question, ...]]:
    """All ways to serve a draw, by brute force."""
    wanted = places(draw)
    for way in permutations(questions, len(wanted)):
        if all(not tag or tag in each.tags for tag, each in zip(wanted, way, strict=True)):
            yield way


@given(DRAWS, BANKS)
def test_a_draw_is_served_exactly_where_some_way_to_serve_it_exists(
    draw: Draw, tags: list[set[str]]
) -> None:
    questions = bank(*tags)
    served = serve(draw, questions)
    assert bool(served.short) == (not any(True for _ in every_way(draw, questions)))
    if not served.short:
        assert served.questions in list(every_way(draw, questions))


@given(DRAWS, BANKS)
def test_what_is_short_is_told_with_numbers_that_prove_it(draw: Draw, tags: list[set[str]]) -> None:
    for short in serve(draw, bank(*tags)).short:
        assert short.has < short.wants
        if short.tags:
            assert short.has == sum(not each.isdisjoint(short.tags) for each in tags)
            assert short.wants == sum(draw.tags[tag] for tag in short.tags)
        else:
            assert (short.has, short.wants) == (len(tags), draw.total)


@given(DRAWS, st.lists(st.sets(st.sampled_from(TAGS), max_size=3), max_size=4))
def test_each_question_that_can_be_drawn_is_drawn_in_some_order(
    draw: Draw, tags: list[set[str]]
) -> None:
    questions = bank(*tags)
    can = {each.id for way in every_way(draw, questions) for each in way}
    drawn = {
        each.id
        for order in permutations(questions)
        for each in serve(draw, order).questions
        if not serve(draw, order).short
    }
    assert drawn == can


def test_a_question_with_two_tags_makes_way_where_only_it_can_serve_the_other() -> None:
    both, only = bank(["a", "b"], ["a"])
    assert serve(Draw("bank", {"a": 1, "b": 1}), [both, only]).questions == (only, both)


def test_counting_would_promise_what_a_matching_knows_to_be_impossible() -> None:
    draw = Draw("bank", {"a": 1, "b": 1, "c": 1})
    served = serve(draw, bank(["a", "b", "c"], ["a", "b", "c"], []))
    assert served.short == (Short(("a", "b", "c"), 2, 3),)


@pytest.mark.parametrize(
    ("draw", "short"),
    [
        (Draw("bank", {"a": 2}), Short(("a",), 1, 2)),
        (Draw("bank", {"c": 1}), Short(("c",), 0, 1)),
        (Draw("bank", {"a": 1}, 3), Short((), 3, 4)),
        (Draw("bank", {"a": 1, "b": 2}), Short(("a", "b"), 2, 3)),
    ],
)
def test_what_is_short_is_named(draw: Draw, short: Short) -> None:
    assert serve(draw, bank(["a", "b"], ["b"], [])).short == (short,)


def test_two_hundred_questions_are_served_without_deep_recursion() -> None:
    chain = bank(*([f"t{number}", f"t{number + 1}"] for number in range(200)))
    draw = Draw("bank", {f"t{number}": 1 for number in range(1, 201)})
    assert len(serve(draw, chain).questions) == 200
