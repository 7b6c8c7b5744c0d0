"""The timeline of a course somebody chose to take: its own validity, and no due day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from innocap_lms.content.model import Course
from innocap_lms.requirements.periods import Event, Period, Requirement
from innocap_lms.requirements.timeline import timeline

Record = tuple[str, datetime]  # the id of an enrolment or completion, and when


def course_timeline(
    course: Course,
    timezone: str,
    enrolled: Record,
    completed: Record | None,
    called: date | None = None,
    revoked: datetime | None = None,
) -> list[Period]:
    """The periods of one person in one course, of the edition that person is in. `called` is the
    day on which those who had completed it were asked to take it again, `revoked` when the
    certificate for the completion was revoked."""
    requirement = Requirement(
        course_id=course.id,
        since=enrolled[1].astimezone(ZoneInfo(timezone)).date(),
        timezone=timezone,
        validity_months=course.validity.months if course.validity else None,
        renewal_opens_days=course.validity.renewal_opens_days if course.validity else 0,
        renewal_called=called,
    )
    events = [Event(enrolled[0], "enrolled", enrolled[1])]
    if completed:
        events.append(Event(completed[0], "completed", completed[1]))
        if revoked:
            ending = f"{completed[0]} revoked"
            events.append(Event(ending, "revoked", revoked, target=completed[0]))
    return timeline(requirement, events)
