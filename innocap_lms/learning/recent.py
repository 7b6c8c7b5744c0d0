"""Attempts as this process last showed or saved them, so that the next answer needs no reading.

A browser keeps its connection, so the answers of an attempt mostly come to one process. What is
remembered may be out of date: whoever saves from it does so where the revision is still that one,
and reads anew when it is not. It proves nothing of who asks.
"""

from collections import OrderedDict

from flask import Flask, current_app

from innocap_lms.learning.own_attempts import AttemptView

KEPT = 200  # of some 10 KB each


def recall(attempt_id: str) -> AttemptView | None:
    """The attempt, once: it is remembered again when it has been saved again."""
    return _kept().pop(attempt_id, None)


def remember(attempt: AttemptView) -> None:
    """Keep an attempt as it has just been read or saved; the oldest of too many is forgotten."""
    kept = _kept()
    kept[attempt.id] = attempt
    while len(kept) > KEPT:
        kept.popitem(last=False)


def forget_all(app: Flask) -> None:
    """Be as a process that has met no attempt yet; for tests and benchmarks."""
    app.extensions.pop("innocap_recent_attempts", None)


def _kept() -> OrderedDict[str, AttemptView]:
    kept: OrderedDict[str, AttemptView] = current_app.extensions.setdefault(
        "innocap_recent_attempts", OrderedDict()
    )
    return kept
