"""People of the demo who have placed themselves, before and after what they learnt."""

import random
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from innocap_lms import clock
from innocap_lms.extensions import writing
from innocap_lms.plugin_host.contract import SelfAssessment
from innocap_lms.self_assessment.services import keep

DAYS_AGO: Final = (150, 5)
RISES: Final = (0, 0, 1, 1, 1, 2, -1)  # some fall: whoever learns sees more of what is left


def place_themselves(
    people: Iterable[str], there: Mapping[str, SelfAssessment], chance: random.Random
) -> None:
    """Let each of these people have done every self-assessment twice."""
    for person_id in people:
        for name, found in there.items():
            highest = len(found.levels)
            ids = [each.id for area in found.areas for each in area.competences]
            before = {each: chance.randint(1, max(1, highest - 1)) for each in ids}
            after = {
                each: min(highest, max(1, level + chance.choice(RISES)))
                for each, level in before.items()
            }
            for days_ago, levels in zip(DAYS_AGO, (before, after), strict=True):
                with clock.at(clock.utcnow() - timedelta(days=days_ago)), writing():
                    keep(person_id, name, f"demo-{days_ago}", levels)
