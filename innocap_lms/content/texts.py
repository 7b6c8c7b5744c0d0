"""The front page and the lessons of a course: one file in one language at a time, then together."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.fields import Fields
from innocap_lms.content.fingerprints import of_course_text, of_lesson_text
from innocap_lms.content.frontmatter import Document
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.model import CourseText, LessonText, Outcome, Source
from innocap_lms.content.problems import Problem
from innocap_lms.content.targets import target


@dataclass(frozen=True)
class LessonFile:
    """One language of a lesson as its file says it; None where a translation leaves a field out."""

    document: Document
    id: str
    title: str
    minutes: int | None
    goals: tuple[str, ...] | None
    sources: tuple[Source, ...] | None
    review_by: str | None
    goals_place: Place
    review_place: Place
    id_place: Place


@dataclass(frozen=True)
class Front:
    """The front page in one language; `places` says where each outcome stands, `place` where they
    all begin."""

    text: CourseText
    place: Place
    places: Mapping[str, Place]


def read_front(document: Document, problems: list[Problem]) -> Front:
    """Read the front page in one language."""
    fields = Fields(document.node, document.file, problems)
    fields.text("compared", required=False)
    title = fields.text("title")
    summary = fields.text("summary")
    places: dict[str, Place] = {}
    outcomes = tuple(_outcomes(fields, places))
    place = fields.place("outcomes")
    fields.finish()
    text = CourseText(title or "", summary or "", outcomes, document.body, "")
    return Front(replace(text, fingerprint=of_course_text(text)), place, places)


def _outcomes(fields: Fields, places: dict[str, Place]) -> Iterable[Outcome]:
    seen: set[str] = set()
    for inside in fields.mappings("outcomes"):
        outcome_id, text = inside.identifier("id"), inside.text("text")
        inside.finish()
        if outcome_id in seen:
            inside.note("C031", "id", f"the outcome “{outcome_id}” stands twice", "rename one")
        if outcome_id is not None:
            seen.add(outcome_id)
            places[outcome_id] = inside.place("id")
            yield Outcome(outcome_id, text or "")


def same_outcomes(
    lead: CourseText, other: CourseText, place: Place, language: str
) -> list[Problem]:
    """Problems where a translation of the front page has other outcomes than the lead language."""
    expected, got = _ids(lead), _ids(other)
    advice = "give every language the same outcome ids"
    problems = [
        problem("C032", place, f"the outcome “{name}” is missing in {language}", advice)
        for name in expected
        if name not in got
    ]
    problems += [
        problem("C032", place, f"the lead language has no outcome “{name}”", advice)
        for name in got
        if name not in expected
    ]
    return problems


def _ids(text: CourseText) -> list[str]:
    return [outcome.id for outcome in text.outcomes]


def read_lesson(document: Document, *, is_lead: bool, problems: list[Problem]) -> LessonFile:
    """Read one language of a lesson. In a translation only `id` and `title` must stand."""
    fields = Fields(document.node, document.file, problems)
    fields.text("compared", required=False)
    lesson_id = fields.identifier("id")
    title = fields.text("title")
    minutes = fields.whole("minutes", required=is_lead, high=600)
    goals = fields.texts("goals", required=False)
    sources = _sources(fields) if "sources" in fields else None
    review_by = fields.date("review_by", required=False)
    places = [fields.place(name) for name in ("goals", "review_by", "id")]
    # `sources` is known even where it is absent, so that a misspelt one gets the right advice.
    fields.says("sources", "")
    fields.finish()
    if document.node is not None and not document.body:
        advice = "write the lesson under the front matter"
        here = Place(document.file, document.body_line)
        problems.append(problem("C068", here, "the lesson has no text", advice))
    return LessonFile(
        document, lesson_id or "", title or "", minutes, goals, sources, review_by, *places
    )


def _sources(fields: Fields) -> tuple[Source, ...]:
    found = []
    for inside in fields.mappings("sources"):
        title, fact = inside.text("title"), inside.text("fact", required=False)
        publisher = inside.text("publisher", required=False)
        url = inside.text("url", required=False)
        year = inside.whole("year", required=False, low=1000, high=2999)
        inside.finish()
        if url and (target(url).kind != "web" or not url.lower().startswith("http")):
            inside.note("C073", "url", f"“{url[:60]}” is no web address", "write https://…")
        found.append(Source(title or "", fact or "", publisher or "", url or "", year))
    return tuple(found)


def lesson_texts(
    files: Mapping[str, LessonFile], lead: str, problems: list[Problem]
) -> dict[str, LessonText]:
    """All languages of a lesson; a translation takes from the lead what it leaves out."""
    first = files.get(lead) or next(iter(files.values()))
    texts = {}
    for language, file in files.items():
        if file is not first:
            problems += _same_rules(first, file)
        text = LessonText(
            title=file.title,
            minutes=file.minutes or first.minutes or 1,
            goals=first.goals or (),
            sources=(first.sources or ()) if file.sources is None else file.sources,
            review_by=file.review_by or first.review_by or "",
            body=file.document.body,
            fingerprint="",
        )
        texts[language] = replace(text, fingerprint=of_lesson_text(text))
    return texts


def _same_rules(first: LessonFile, file: LessonFile) -> list[Problem]:
    problems = []
    if file.id and first.id and file.id != first.id:
        advice = f"write id: {first.id}"
        said = f"the lesson's id is “{first.id}” in the lead language"
        problems.append(problem("C032", file.id_place, said, advice))
    if file.goals is not None and set(file.goals) != set(first.goals or ()):
        advice = f"write goals: [{', '.join(first.goals or ())}] or leave the field out"
        said = "the goals differ from those of the lead language"
        problems.append(problem("C035", file.goals_place, said, advice))
    return problems


def check_lesson(file: LessonFile, outcomes: Sequence[str], today: dt.date | None) -> list[Problem]:
    """Goals that are no outcomes, and a review that is due."""
    problems = []
    for goal in file.goals or ():
        if goal not in outcomes:
            near = nearest(goal, outcomes)
            advice = (
                f"did you mean “{near}”?" if near else f"known: {', '.join(outcomes) or 'none'}"
            )
            said = f"“{goal}” is no outcome of this course"
            problems.append(problem("C037", file.goals_place, said, advice))
    if today and file.review_by and file.review_by < today.isoformat():
        advice = "check the facts, then set a new date"
        said = f"the text was due for review on {file.review_by}"
        problems.append(problem("C082", file.review_place, said, advice))
    return problems
