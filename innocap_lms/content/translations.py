"""Questions in several languages: equal ids, and rules only in the lead language."""

from collections.abc import Iterable, Sequence

from innocap_lms.content.codes import Place, problem
from innocap_lms.content.identifiers import is_id, nearest, slug
from innocap_lms.content.kinds import QuestionBlock
from innocap_lms.content.problems import Problem
from innocap_lms.content.views import Entry


def block_ids(questions: Sequence[QuestionBlock]) -> list[Problem]:
    """Ids of questions, and of what stands under them, that are badly formed or stand twice."""
    problems = _ids(((block.id, Place(block.file, block.line)) for block in questions), "question")
    for block in questions:
        for what, entries in _entries(block).items():
            places = ((name, Place(block.file, line)) for name, line in entries)
            problems += _ids(places, what, once=what != "definition")
        problems += _term_or_definition(block)
    return problems


def _term_or_definition(block: QuestionBlock) -> list[Problem]:
    """What is shown and said of a term and of a definition is kept by id alone."""
    terms = {pair.id for pair in block.pairs if pair.id}
    definitions = [(pair.target, pair.line) for pair in block.pairs]
    strays = [(option.id, option.line) for option in block.options]
    advice = "give the definition another id"
    return [
        problem("C031", Place(block.file, line), f"“{name}” is a term and a definition", advice)
        for name, line in dict.fromkeys([*definitions, *strays])
        if name in terms
    ]


def _entries(block: QuestionBlock) -> dict[str, list[tuple[str, int]]]:
    """Everything with an id under a question: (id, line) by what it is."""
    return {
        "option": [(option.id, option.line) for option in block.options],
        "item": [(item.id, item.line) for item in block.items],
        "term": [(pair.id, pair.line) for pair in block.pairs],
        "definition": [(pair.target, pair.line) for pair in block.pairs],
    }


def _ids(found: Iterable[tuple[str, Place]], kind: str, *, once: bool = True) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for name, place in found:
        if name and not is_id(name):
            advice = f"write {{#{slug(name, kind)}}}"
            problems.append(problem("C030", place, f"“{name}” is not an id", advice))
        elif once and name and name in seen:
            advice = "give one of them another id"
            problems.append(problem("C031", place, f"the {kind} “{name}” stands twice", advice))
        seen.add(name)
    return problems


def follow_lead(lead: QuestionBlock, block: QuestionBlock) -> list[Problem]:
    """Where a translated question says something else than the lead language."""
    return [*_same_entries(lead, block), *_same_order(lead, block), *_same_marks(lead, block)]


def _same_entries(lead: QuestionBlock, block: QuestionBlock) -> list[Problem]:
    problems: list[Problem] = []
    place = Place(block.file, block.line)
    for what, entries in _entries(block).items():
        expected = [name for name, _line in _entries(lead)[what]]
        got = [name for name, _line in entries]
        problems += [
            problem(
                "C032", place, f"the {what} “{name}” is missing", "translate it, with the same id"
            )
            for name in dict.fromkeys(expected)
            if name and name not in got
        ]
        for name, line in entries:
            if name and name not in expected:
                near = nearest(name, set(expected) - set(got))
                advice = (
                    f"did you mean {{#{near}}}?" if near else "use the ids of the lead language"
                )
                said = f"the lead language has no {what} “{name}”"
                problems.append(problem("C032", Place(block.file, line), said, advice))
    return problems


def _same_order(lead: QuestionBlock, block: QuestionBlock) -> list[Problem]:
    """A numbered list and a list of pairs are a key: a translation repeats it."""
    problems = []
    wanted, got = [item.id for item in lead.items], [item.id for item in block.items]
    if got and got != wanted and sorted(got) == sorted(wanted):
        said, advice = "the order differs from the lead language", "keep the order of its ids"
        problems.append(problem("C035", Place(block.file, block.items[0].line), said, advice))
    targets = {pair.id: pair.target for pair in lead.pairs}
    for pair in block.pairs:
        if targets.get(pair.id, pair.target) != pair.target:
            said = f"“{pair.id}” has another definition than in the lead language"
            advice = f"write {{#{targets[pair.id]}}} after the definition"
            problems.append(problem("C035", Place(block.file, pair.line), said, advice))
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


def untold(lead: QuestionBlock, block: QuestionBlock) -> list[Problem]:
    """Hints and feedback that the lead language has and the translation has not."""
    entries: list[Entry] = [*lead.options, *lead.items, *lead.pairs]
    translated: list[Entry] = [*block.options, *block.items, *block.pairs]
    here = {each.id: each for each in translated}
    pairs = [("hint", lead.hint, block.hint, block.line)]
    pairs += [("feedback", lead.feedback, block.feedback, block.line)]
    for each in entries:
        if found := here.get(each.id):
            pairs.append((f"feedback on “{each.id}”", each.feedback, found.feedback, found.line))
    return [
        problem("C003", Place(block.file, line), f"the {what} is not translated", "translate it")
        for what, wanted, got, line in pairs
        if wanted and not got
    ]
