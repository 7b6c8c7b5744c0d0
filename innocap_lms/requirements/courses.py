"""The timeline of a course somebody chose to take: its own validity, and no due day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from innocap_lms.content.model import Course
from innocap_lms.learning.calls import Call
from innocap_lms.requirements.periods import Event, Period, Requirement
from innocap_lms.requirements.timeline import timeline

Record = tuple[str, datetime]  # the id of an enrolment or completion, and when


def course_timeline(
    course: Course,
    timezone: str,
    enrolled: Record,
    completed: Record | None,
    call: Call | None = None,
    revoked: datetime | None = None,
) -> list[Period]:
    """The periods of one person in one course, of the edition that person is in. `call` is the one
    that asked whoever completed it then to take it again, `revoked` when the certificate for the
    completion was revoked."""

    def day(moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(timezone)).date()

    requirement = Requirement(
        course_id=course.id,
        since=day(enrolled[1]),
        timezone=timezone,
        validity_months=course.validity.months if course.validity else None,
        renewal_opens_days=course.validity.renewal_opens_days if course.validity else 0,
        renewal_called=day(call.at) if call else None,
        renewal_taken_back=day(call.taken_back_at) if call and call.taken_back_at else None,
    )
    events = [Event(enrolled[0], "enrolled", enrolled[1])]
    if completed:
        events.append(Event(completed[0], "completed", completed[1]))
        if revoked:
            ending = f"{completed[0]} revoked"
            events.append(Event(ending, "revoked", revoked, target=completed[0]))
    return timeline(requirement, events)
