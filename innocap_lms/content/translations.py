"""Questions in several languages: equal ids, and rules only in the lead language."""

from collections.abc import Iterable, Sequence

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.identifiers import is_id, nearest, slug
from innocap_lms.content.kinds import QuestionBlock
from innocap_lms.content.problems import Problem


def block_ids(questions: Sequence[QuestionBlock]) -> list[Problem]:
    """Ids of questions and options that are badly formed or stand twice."""
    problems = _ids(((block.id, Place(block.file, block.line)) for block in questions), "question")
    for block in questions:
        places = ((option.id, Place(block.file, option.line)) for option in block.options)
        problems += _ids(places, "option")
    return problems


def _ids(found: Iterable[tuple[str, Place]], kind: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for name, place in found:
        if name and not is_id(name):
            advice = f"write {{#{slug(name, kind)}}}"
            problems.append(problem("C030", place, f"“{name}” is not an id", advice))
        elif name and name in seen:
            advice = "give one of them another id"
            problems.append(problem("C031", place, f"the {kind} “{name}” stands twice", advice))
        seen.add(name)
    return problems


def follow_lead(lead: QuestionBlock, block: QuestionBlock) -> list[Problem]:
    """Where a translated question says something else than the lead language."""
    return [*_same_options(lead, block), *_same_marks(lead, block)]


def _same_options(lead: QuestionBlock, block: QuestionBlock) -> list[Problem]:
    expected = [option.id for option in lead.options]
    got = [option.id for option in block.options]
    place = Place(block.file, block.line)
    problems = [
        problem("C032", place, f"the option “{name}” is missing", "translate it, with the same id")
        for name in expected
        if name and name not in got
    ]
    for option in block.options:
        if option.id and option.id not in expected:
            near = nearest(option.id, set(expected) - set(got))
            advice = f"did you mean {{#{near}}}?" if near else "use the ids of the lead language"
            said = f"the lead language has no option “{option.id}”"
            problems.append(problem("C032", Place(block.file, option.line), said, advice))
    return problems


def _same_marks(lead: QuestionBlock, block: QuestionBlock) -> list[Problem]:
    problems = []
    place = Place(block.file, block.line)
    ticked = {option.id for option in block.options if option.ticked}
    if ticked and ticked != {option.id for option in lead.options if option.ticked}:
        said = "other options are marked as right than in the lead language"
        problems.append(problem("C035", place, said, "mark the same options with [x], or none"))
    for name, value in block.attributes.items():
        if lead.attributes.get(name) != value:
            said = f"{name}={value} differs from the lead language"
            problems.append(problem("C035", place, said, f"leave {name}= out here"))
    if block.classes and block.classes != lead.classes:
        said = "the classes in braces differ from the lead language"
        problems.append(problem("C035", place, said, "leave them out here"))
    return problems
