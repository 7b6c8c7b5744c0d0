"""Small things made to cost much: /verify is open to everybody."""

import time
import tracemalloc
import zlib
from typing import Any

import pytest

from innocap_lms.vc.verifying import verdict_on
from tests.vc.made import NOW, as_json, badge, signed

PROOF = signed(badge())["proof"]
# Longer than anything honest takes, on a machine with much else to do.
SECONDS = 3


@pytest.mark.parametrize(
    "data",
    [b"<!---->" * 285, b"<" * 3_000_000, b'{"a": ' + b"9" * 400 + b"}", b'{"a": 1e999}'],
    ids=["comments", "brackets", "digits", "no end"],
)
def test_nothing_small_takes_long(data: bytes) -> None:
    assert verdict_on(data, NOW).standing == "unreadable"


def test_a_pdf_of_a_few_kilobytes_is_not_unpacked_into_hundreds_of_megabytes() -> None:
    packed = zlib.compress(b" " * (1 << 20), 9)
    markers = b"/Type/EmbeddedFile\n" * 100
    data = b"%PDF-1.7\n" + markers + b"/FlateDecode stream\n" + packed + b"endstream"
    tracemalloc.start()
    found = verdict_on(data, NOW)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.standing == "unreadable"
    assert most < 10 * 1024 * 1024


def nameless(part: Any) -> dict[str, Any]:
    context = [*badge()["@context"], {"e": "https://x.example/e", "f": "https://x.example/f"}]
    evidence = [{"type": ["Evidence"], "narrative": "x", "e": part}]
    return badge(**{"@context": context}, evidence=evidence, proof=PROOF)


def all_alike(count: int) -> list[Any]:
    leaf = {"f": {"type": "Evidence"}}
    return [{"f": [leaf for _ in range(count)]} for _ in range(count)]


def in_a_row(count: int) -> dict[str, Any]:
    context = [
        *badge()["@context"],
        {"e": {"@id": "https://x.example/e", "@container": "@list"}},
    ]
    evidence = [{"type": ["Evidence"], "e": ["x"] * count}]
    return badge(**{"@context": context}, evidence=evidence, proof=PROOF)


GRAPHS = {
    "all alike": nameless(all_alike(6)),
    "proved again and again": {**nameless(all_alike(6)), "proof": [PROOF] * 6},
    "a ring": nameless(
        [{"id": f"_:b{one}", "e": {"id": f"_:b{(one + 1) % 400}"}} for one in range(400)]
    ),
    "a long list": in_a_row(1_000),
    "a longer list": in_a_row(1_900),
}


@pytest.mark.parametrize("how", GRAPHS)
def test_no_graph_of_a_few_kilobytes_takes_seconds(how: str) -> None:
    began = time.process_time()
    found = verdict_on(as_json(GRAPHS[how]), NOW)
    assert found.standing == "malformed"
    assert time.process_time() - began < SECONDS


def test_a_few_proofs_may_stand_side_by_side() -> None:
    proved = signed(badge())
    assert verdict_on(as_json({**proved, "proof": [proved["proof"]] * 4}), NOW).valid
    many = verdict_on(as_json({**proved, "proof": [proved["proof"]] * 5}), NOW)
    assert (many.standing, many.details) == ("malformed", ("more than 4 proofs",))
