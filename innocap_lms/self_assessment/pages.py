"""What the pages of a self-assessment show: competences in the reader's language, first and latest
side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innocap_lms.catalogue.cards import in_words
from innocap_lms.plugin_host.contract import SelfAssessment
from innocap_lms.self_assessment.queries import SittingView


@dataclass(frozen=True)
class CompetenceRow:
    """A competence with the level chosen first and latest, from 1; None where none was chosen, and
    `first` too where there has been one sitting only."""

    id: str
    title: str
    statement: str
    first: int | None
    latest: int | None

    @property
    def change(self) -> int | None:
        """By how many levels it rose; negative where it fell."""
        if self.first is None or self.latest is None:
            return None
        return self.latest - self.first


@dataclass(frozen=True)
class AreaRows:
    """An area with its competences."""

    title: str
    rows: tuple[CompetenceRow, ...]


def levels_of(found: SelfAssessment, language: str) -> list[str]:
    """The words of its levels, from the lowest."""
    return [in_words(words, language) for words in found.levels]


def areas_of(
    found: SelfAssessment, sittings: Sequence[SittingView], language: str
) -> list[AreaRows]:
    """The areas, with the first sitting and the latest."""
    first = sittings[0].levels if len(sittings) > 1 else {}
    latest = sittings[-1].levels if sittings else {}
    highest = len(found.levels)

    def level(chosen: Mapping[str, int], competence: str) -> int | None:
        place = chosen.get(competence)
        return place if place is not None and place <= highest else None

    return [
        AreaRows(
            in_words(area.titles, language),
            tuple(
                CompetenceRow(
                    each.id,
                    in_words(each.titles, language),
                    in_words(each.statements, language),
                    level(first, each.id),
                    level(latest, each.id),
                )
                for each in area.competences
            ),
        )
        for area in found.areas
    ]


def summed_up(areas: Sequence[AreaRows]) -> Mapping[str, int]:
    """How many competences rose, stayed and fell between first and latest."""
    changes = [row.change for area in areas for row in area.rows if row.change is not None]
    return {
        "risen": sum(change > 0 for change in changes),
        "stayed": sum(change == 0 for change in changes),
        "fallen": sum(change < 0 for change in changes),
    }


def read_levels(found: SelfAssessment, sent: Mapping[str, str]) -> dict[str, int]:
    """The levels that a form sent, by competence; what is no level of this is left out."""
    places = {str(place): place for place in range(1, len(found.levels) + 1)}
    ids = [each.id for area in found.areas for each in area.competences]
    return {each: places[sent[each]] for each in ids if sent.get(each) in places}


def taken_along(found: SelfAssessment, sittings: Sequence[SittingView], language: str) -> Any:
    """Everything a person has kept of it, for a file of their own."""
    words = levels_of(found, language)
    titles = {row.id: row.title for area in areas_of(found, (), language) for row in area.rows}
    return {
        "title": in_words(found.titles, language),
        "sittings": [
            {
                "taken_at": each.taken_at.isoformat(),
                "levels": {
                    titles.get(competence, competence): words[place - 1]
                    for competence, place in each.levels.items()
                    if place <= len(words)
                },
            }
            for each in sittings
        ],
    }
