"""Whether something required of a person asks for what they have completed already.

A requirement may be stricter than the course: it then asks for it anew while the course itself
still counts. Whoever is asked has to be able to take it again.
"""

from innocap_lms.requirements.asking_why import why
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.requirements.periods import GROUPS
from innocap_lms.requirements.queries import own_standings

ASKING = ("to_do", "late")


def is_required_again(person_id: str, course_id: str) -> bool:
    """Whether somebody who has completed a course or programme stands as if they had not, or not
    for long enough. One statement; a few more where that is so, since what is stored follows a
    completion within a minute, and nobody is to be asked anew in that minute.
    """
    day, zone = today(), site_zone()
    for own in own_standings(person_id, day):
        if course_id not in (own.rule.target_id, *own.rule.equivalents):
            continue
        if GROUPS[own.state] not in ASKING:
            continue
        period = why(person_id, own.requirement_id, own.organisation_id, zone, day).period
        if period is not None and period.group in ASKING:
            return True
    return False
