"""Practical tasks: the files of all languages read, compared, and put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.fields import Fields
from innocap_lms.content.fingerprints import of_task
from innocap_lms.content.frontmatter import Document
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.model import Criterion, Level, Task
from innocap_lms.content.problems import Problem
from innocap_lms.content.rubrics import CriterionBlock, LevelBlock, cut_rubric
from innocap_lms.content.sheet import Sheet

ANSWER_DAYS = 14
ASSESSORS = 2
RULES = ("minutes", "answer_days", "assessors", "goals")


@dataclass(frozen=True)
class TaskFile:
    """One language of a task as its file says it; None where a rule is left out."""

    document: Document
    id: str
    title: str
    minutes: int | None
    answer_days: int | None
    assessors: int | None
    goals: tuple[str, ...] | None
    brief: str
    criteria: tuple[CriterionBlock, ...]
    places: Mapping[str, Place]


def read_task(
    document: Document, tokens: Sequence[Token], *, is_lead: bool, problems: list[Problem]
) -> TaskFile:
    """Read one language of a task. In a translation only ids and words must stand."""
    fields = Fields(document.node, document.file, problems)
    fields.text("compared", required=False)
    task_id, title = fields.identifier("id"), fields.text("title")
    minutes = fields.whole("minutes", required=is_lead, high=6000)
    answer_days = fields.whole("answer_days", required=False, high=365)
    assessors = fields.whole("assessors", required=False, high=2)
    goals = fields.texts("goals", required=False)
    places = {name: fields.place(name) for name in ("id", *RULES)}
    fields.finish()
    sheet = Sheet(document.file, document.body.split("\n"), document.body_line)
    brief, criteria = cut_rubric(tokens, sheet, problems)
    if document.node is not None:
        problems += _nothing_there(Place(document.file, document.body_line), brief, criteria)
    return TaskFile(
        document,
        task_id or "",
        title or "",
        minutes,
        answer_days,
        assessors,
        goals,
        brief,
        tuple(criteria),
        places,
    )


def _nothing_there(here: Place, brief: str, criteria: Sequence[CriterionBlock]) -> list[Problem]:
    problems = []
    if not brief:
        said, advice = "the task has no brief", "say what to document before the first criterion"
        problems.append(problem("C094", here, said, advice))
    if not criteria:
        said, advice = "the task has no criteria", "write each as a heading: ## … {#id}"
        problems.append(problem("C090", here, said, advice))
    return problems


def one_task(
    files: Mapping[str, TaskFile], lead: str, outcomes: Sequence[str], problems: list[Problem]
) -> Task:
    """One task of all its languages: ids and rules of the lead language, words of each."""
    first = files.get(lead) or next(iter(files.values()))
    for criterion in first.criteria:
        problems += _enough(criterion)
    for language, file in files.items():
        if file is not first:
            problems += [*_same_rules(first, file), *_same_rubric(first, file, language)]
    problems += _unknown_goals(first, outcomes)
    task = Task(
        id=first.id,
        minutes=first.minutes or 1,
        answer_days=first.answer_days or ANSWER_DAYS,
        assessors=first.assessors or ASSESSORS,
        goals=first.goals or (),
        titles={language: file.title for language, file in files.items()},
        briefs={language: file.brief for language, file in files.items()},
        criteria=tuple(_criterion(block, files) for block in first.criteria),
        fingerprint="",
    )
    return replace(task, fingerprint=of_task(task))


def _criterion(lead: CriterionBlock, files: Mapping[str, TaskFile]) -> Criterion:
    found = {
        language: block
        for language, file in files.items()
        for block in file.criteria
        if block.id == lead.id
    }
    levels = tuple(
        Level(
            level.id,
            {
                language: each.text
                for language, block in found.items()
                for each in block.levels
                if each.id == level.id
            },
        )
        for level in lead.levels
    )
    return Criterion(
        lead.id,
        {language: block.title for language, block in found.items()},
        {language: block.text for language, block in found.items()},
        levels,
        next((level.id for level in lead.levels if level.meets), ""),
    )


def _enough(criterion: CriterionBlock) -> list[Problem]:
    """One level says what is enough, and it is not the one that everybody reaches."""
    marked = [number for number, level in enumerate(criterion.levels) if level.meets]
    if len(criterion.levels) < 2 or (len(marked) == 1 and marked[0] > 0):
        return []
    advice = "write {#id .meets} after the lowest level that is enough"
    if len(marked) > 1:
        said = "several levels are marked with .meets"
    else:
        said = (
            "the weakest level is marked with .meets" if marked else "no level is marked as enough"
        )
    return [problem("C092", criterion.place, said, advice)]


def _same_rules(first: TaskFile, file: TaskFile) -> list[Problem]:
    problems = []
    if file.id and first.id and file.id != first.id:
        said = f"the task's id is “{first.id}” in the lead language"
        problems.append(problem("C032", file.places["id"], said, f"write id: {first.id}"))
    for name in RULES:
        rule = getattr(file, name)
        if rule is not None and rule != getattr(first, name):
            said = f"“{name}” differs from the lead language"
            advice = "leave it out: the rule of the lead language counts"
            problems.append(problem("C035", file.places[name], said, advice))
    return problems


def _same_rubric(first: TaskFile, file: TaskFile, language: str) -> list[Problem]:
    end = Place(file.document.file, file.document.body_line)
    problems = _same_ids(first.criteria, file.criteria, end, ("criterion", language))
    leads = {block.id: block for block in first.criteria}
    for block in file.criteria:
        lead = leads.get(block.id)
        if lead is None:
            continue
        problems += _same_ids(lead.levels, block.levels, block.place, ("level", language))
        enough = [level.id for level in block.levels if level.meets]
        if enough and enough != [level.id for level in lead.levels if level.meets]:
            said = "another level is marked with .meets than in the lead language"
            problems.append(problem("C035", block.place, said, "mark the same level, or none"))
    return problems


def _same_ids(
    expected: Sequence[CriterionBlock | LevelBlock],
    got: Sequence[CriterionBlock | LevelBlock],
    place: Place,
    names: tuple[str, str],
) -> list[Problem]:
    kind, language = names
    wanted, there = _ids(expected), _ids(got)
    problems = [
        problem("C032", place, f"the {kind} “{name}” is missing in {language}", "translate it")
        for name in wanted
        if name not in there
    ]
    for each in got:
        if each.id and each.id not in wanted:
            near = nearest(each.id, set(wanted) - set(there))
            advice = f"did you mean {{#{near}}}?" if near else "add it to the lead language first"
            said = f"the lead language has no {kind} “{each.id}”"
            problems.append(problem("C032", each.place, said, advice))
    return problems


def _ids(blocks: Sequence[CriterionBlock | LevelBlock]) -> list[str]:
    return [block.id for block in blocks if block.id]


def _unknown_goals(file: TaskFile, outcomes: Sequence[str]) -> list[Problem]:
    problems = []
    for goal in file.goals or ():
        if goal not in outcomes:
            near = nearest(goal, outcomes)
            known = ", ".join(outcomes) or "none"
            advice = f"did you mean “{near}”?" if near else f"known: {known}"
            said = f"“{goal}” is no outcome of this course"
            problems.append(problem("C037", file.places["goals"], said, advice))
    return problems
