"""Questions whose answer is a few words: accepted variants, and a tolerance of typing errors."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from innocap_lms.content.checks import check, setting
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.grading import MAX_LINE, UNANSWERED, in_words, read_field
from innocap_lms.content.kinds import (
    AnswerBlock,
    Json,
    Mark,
    Parsed,
    QuestionBlock,
    QuestionKind,
    shuffle_options,
)
from innocap_lms.content.numeric import is_numeric
from innocap_lms.content.problems import Problem
from innocap_lms.content.views import feedback_of, view_of

MAX_TYPOS: Final = 5
_TEMPLATES: Final = dict.fromkeys(("ask", "review", "print"), "learning/kinds/short_text.html")
_MARKS: Final = re.compile(r"\*\*|``?|^\*.+\*$|^_.+_$|\]\(")  # of Markdown
_QUOTED: Final = re.compile(r"(\"[^\"]*\"|'[^']*'|[“”„«»][^“”„«»]*[“”«»])")
# Phones write these by themselves.
_TYPOGRAPHY: Final = str.maketrans("’‘“”„–—", '\'\'"""--')
_ENDS: Final = " .,;:!?…"
_AROUND: Final = {('"', '"'), ("'", "'"), ("«", "»"), ("»", "«"), ("»", "»")}


def plain(text: str) -> str:
    """A text as answers are compared: without case, extra spaces, what nobody sees, quotation marks
    around it, and punctuation at its end."""
    text = "".join(each for each in text if unicodedata.category(each) != "Cf")
    words = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY).casefold()
    words = " ".join(unicodedata.normalize("NFC", words).split())
    bare = words.rstrip(_ENDS)
    if len(bare) > 2 and (bare[0], bare[-1]) in _AROUND:
        bare = bare[1:-1].strip().rstrip(_ENDS)
    return bare or words


def accepts(accepted: Sequence[str], typos: int, given: str) -> bool:
    """Whether an answer is one of the accepted, or that with at most so many typing errors.

    Errors are forgiven in letters alone: another digit is another article, day or year.
    """
    words = plain(given)
    return any(
        words == wanted
        or (typos > 0 and _digits(words) == _digits(wanted) and within(words, wanted, typos))
        for wanted in map(plain, accepted)
    )


def _digits(words: str) -> list[str]:
    return re.findall(r"\d+", words)


def within(one: str, other: str, limit: int) -> bool:
    """Whether at most `limit` edits (a letter more, less, another, or two swapped) part two texts.

    Optimal string alignment distance: L. Boytsov, "Indexing methods for approximate dictionary
    searching", ACM JEA 16 (2011), 2.1; only the band of `limit` around the diagonal is looked at,
    so the time grows with length × limit.
    """
    if abs(len(one) - len(other)) > limit:
        return False
    far = limit + 1
    before: dict[int, int] = {}
    row = {place: place for place in range(min(len(other), limit) + 1)}
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, {}
        for j in range(max(0, i - limit), min(len(other), i + limit) + 1):
            steps = [before.get(j, far) + 1, row.get(j - 1, far) + 1]
            if j:
                steps.append(before.get(j - 1, far) + (letter != other[j - 1]))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other[j - 1]:
                steps.append(older.get(j - 2, far) + 1)
            row[j] = min(steps)
        if min(row.values()) > limit:
            return False
    return row.get(len(other), far) <= limit


def typos_of(block: QuestionBlock, accepted: Iterable[str], problems: list[Problem]) -> int:
    """How many typing errors the author forgives. A problem where so many would make another
    word of an accepted answer: at most a third of its letters may be wrong."""
    typos = int(setting(block, "typos", MAX_TYPOS, problems, whole=True) or 0)
    shortest = min(map(plain, accepted), key=len, default="")
    if typos and shortest and typos * 3 > len(shortest):
        enough = len(shortest) // 3
        advice = f"write typos={enough}" if enough else "leave typos= out"
        said = f"with typos={typos} other words pass for “{shortest[:40]}”"
        problems.append(problem("C103", Place(block.file, block.line), said, advice))
    return typos


def too_long(place: Place, text: str) -> list[Problem]:
    """A problem where an accepted answer is longer than any answer may be."""
    if len(text) <= MAX_LINE:
        return []
    said = f"nobody may answer with more than {MAX_LINE} characters"
    return [problem("C105", place, said, "accept something shorter")]


def _claims(block: QuestionBlock) -> bool:
    forced = "text" in block.classes
    return block.classes <= {"text"} and (forced or bool(block.answers and not is_numeric(block)))


def _meant_otherwise(answer: AnswerBlock, file: str) -> list[Problem]:
    if answer.text.lstrip("+-−")[:1].isdigit():
        said = f"“{answer.text[:40]}” is compared letter by letter, not as a number"
        advice = "write a number alone or before its unit (= 42 km), or {.text} on the heading"
    elif "|" in answer.text:
        said, advice = "the | belongs to the answer", "write one answer a line, each after ="
    elif _MARKS.search(answer.text):
        said, advice = "stars and backticks belong to the answer", "write it as plain text"
    elif _QUOTED.fullmatch(answer.text.strip()):
        said, advice = "quotation marks around an answer do not count", "write it without them"
    elif answer.text.rstrip().endswith("}") and "{" in answer.text:
        said, advice = "what stands in braces belongs to the answer", "leave it out"
    elif ";" in answer.text:
        said, advice = "the ; belongs to the answer", "write one answer a line, each after ="
    else:
        return []
    return [problem("C116", Place(file, answer.line), said, advice)]


def _parse(block: QuestionBlock) -> Parsed:
    problems = check(block, ["answers"], ("typos",))
    if not block.answers:
        said, advice = "the question accepts no answer", "write one a line: = text"
        problems.append(problem("C100", Place(block.file, block.line), said, advice))
    for answer in block.answers:
        problems += too_long(Place(block.file, answer.line), answer.text)
        if "text" not in block.classes:
            problems += _meant_otherwise(answer, block.file)
    accepted = [answer.text for answer in block.answers]
    return Parsed(
        view=view_of(block),
        key={
            "accepted": accepted,
            "typos": typos_of(block, accepted, problems),
        },
        feedback=feedback_of(block),
        problems=tuple(problems),
    )


def _grade(key: Json, answer: Sequence[str]) -> Mark:
    given = answer[0] if answer else ""
    if not given.strip():
        return UNANSWERED
    return in_words(float(accepts(key["accepted"], key["typos"], given)))


def _compare(_lead: QuestionBlock, block: QuestionBlock) -> tuple[Problem, ...]:
    if block.answers:
        return ()
    said = "the translation accepts no answer in its own language"
    advice = "write the accepted answers, one a line: = text"
    return (problem("C107", Place(block.file, block.line), said, advice),)


SHORT_TEXT: Final = QuestionKind(
    "text",
    _claims,
    _parse,
    _grade,
    shuffle_options,
    _TEMPLATES,
    read=read_field,
    compare=_compare,
    counted=False,
)
