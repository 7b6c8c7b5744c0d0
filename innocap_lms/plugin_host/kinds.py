"""Question kinds as the site calls them: functions watched, what they are given and give copied.

The core's own write to nothing they are given, and are trusted like the rest of the core.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from innocap_lms.content.kinds import AnswerRefused, QuestionKind
from innocap_lms.plugin_host.checking import PARTS_OF_A_KIND, part_of_kind
from innocap_lms.plugin_host.crossing import copied
from innocap_lms.plugin_host.errors import LONGEST_REASON
from innocap_lms.plugin_host.watch import Watch


def watched(plugin: str, kind: QuestionKind, watch: Watch) -> QuestionKind:
    """The kind, with each of its functions watched; they raise PluginFailed."""
    parts: Any = {part: _over(plugin, kind, part, watch) for part in PARTS_OF_A_KIND}
    return replace(kind, **parts)


def named(part: str, kind: str) -> str:
    """How a function of a kind is called in logs and reasons."""
    return f"{part} of question kind {kind}"


def _over(plugin: str, kind: QuestionKind, part: str, watch: Watch) -> Callable[..., Any]:
    function, what = getattr(kind, part), named(part, kind.name)

    def as_it_is(*given: Any) -> Any:
        watch.may_call()
        return function(*given)

    if plugin in watch.exempt:
        return as_it_is

    def called(given: tuple[Any, ...]) -> Any:
        try:
            result = function(*copied(given))
        except AnswerRefused as refused:
            if part != "read":
                raise
            return AnswerRefused(str(refused)[:LONGEST_REASON])  # to refuse an answer is no fault
        return part_of_kind(part, given, result)

    def over(*given: Any) -> Any:
        found = watch.run(plugin, what, lambda: called(given))
        if isinstance(found, AnswerRefused):
            raise found
        return found

    return over
