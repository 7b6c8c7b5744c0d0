"""Is a self-assessment of a plugin one that pages can show and tables can keep?"""

from collections.abc import Iterator
from typing import Final

from innocap_lms.plugin_host.contract import Competence, CompetenceArea, SelfAssessment
from innocap_lms.plugin_host.words import SLUG, are_words

LEVELS: Final = range(2, 7)  # how many can be told apart
MOST_COMPETENCES: Final = 60


def fault_of_self_assessment(found: SelfAssessment) -> str:
    """What makes a self-assessment unusable, or "" when nothing does."""
    if not isinstance(found.name, str) or not SLUG.match(found.name):
        said = "is not lower-case letters, digits and hyphens"
        return f"the self-assessment {found.name!r:.80} {said}"
    fault = next(_faults(found), "")
    return f"self-assessment {found.name}: {fault}" if fault else ""


def _faults(found: SelfAssessment) -> Iterator[str]:
    if not are_words(found.titles) or not are_words(found.summaries):
        yield "titles and summaries map languages to text"
    if not isinstance(found.levels, tuple) or not all(map(are_words, found.levels)):
        yield "levels are a tuple of words by language"
    elif len(found.levels) not in LEVELS:
        yield f"it has {LEVELS[0]} to {LEVELS[-1]} levels"
    if not isinstance(found.areas, tuple) or not found.areas:
        yield "areas are a tuple of CompetenceArea"
        return
    for area in found.areas:
        if type(area) is not CompetenceArea or not are_words(area.titles):
            yield "each area is a CompetenceArea with titles by language"
        elif not isinstance(area.competences, tuple) or not area.competences:
            yield "each area has a tuple of Competence"
        else:
            yield from (fault for each in area.competences if (fault := _of_competence(each)))
            continue
        return
    ids = [each.id for area in found.areas for each in area.competences]
    if len(set(ids)) < len(ids):
        yield "two competences have the same id"
    if len(ids) > MOST_COMPETENCES:
        yield f"it has more than {MOST_COMPETENCES} competences"


def _of_competence(found: object) -> str:
    if type(found) is not Competence or not isinstance(found.id, str) or not SLUG.match(found.id):
        return "each competence is a Competence with an id of a-z, 0-9 and hyphens"
    if not are_words(found.titles) or not are_words(found.statements):
        return f"{found.id}: titles and statements map languages to text"
    return ""
