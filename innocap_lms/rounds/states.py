"""The states of an enrolment in a round, which may follow which, and what the days alone decide.

Source: hr-and-reporting, section 2, enrolment states. Pure.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, get_args

State = Literal[
    "invited",  # asked, and has not answered
    "enrolled",  # has a seat
    "in_progress",  # has a seat, the round has begun, and so has the person
    "completed",  # has completed the course within the round
    "failed",  # took part, and had not completed it on the last day
    "withdrawn",  # did not want to, or could not: own wish
    "cancelled",  # ended by who arranges the round, or by who asked
    "expired",  # did not answer in time, or never began
]
STATES: Final[tuple[State, ...]] = get_args(State)
Ground = Literal["own", "manager", "hr", "employer", "law"]
GROUNDS: Final[tuple[Ground, ...]] = get_args(Ground)
REQUIRED: Final = ("employer", "law")  # grounds that leave no choice
By = Literal["self", "manager", "hr", "organiser", "site"]

SEATED: Final = ("enrolled", "in_progress")  # hold a seat of a round that goes on
OPEN: Final = ("invited", *SEATED)
DECIDED: Final = ("completed", "failed")  # by whether the course was completed within the round
HAD_SEAT: Final = (*SEATED, *DECIDED, "expired")  # where a completion that is told of later counts
AGAIN: Final = ("withdrawn", "cancelled", "expired")  # may be asked, or enrol, once more

_FOLLOWING: Final[Mapping[State, frozenset[State]]] = {
    "invited": frozenset({"enrolled", "withdrawn", "cancelled", "expired"}),
    "enrolled": frozenset(
        {"in_progress", "completed", "failed", "withdrawn", "cancelled", "expired"}
    ),
    "in_progress": frozenset({"completed", "failed", "withdrawn", "cancelled"}),
    "completed": frozenset({"in_progress", "failed"}),  # by a correction alone, see `judged_anew`
    "failed": frozenset({"completed"}),
    **{state: frozenset({"invited", "enrolled"}) for state in AGAIN},
    "expired": frozenset({"invited", "enrolled", "completed"}),
}


def may_follow(before: State | None, after: State) -> bool:
    """Whether one state may follow another; None is who was never in the round."""
    if before is None:
        return after in ("invited", "enrolled")
    return after in _FOLLOWING[before]


def by_now(
    state: State, begun: bool, completed: bool, first_day: date, last_day: date, today: date
) -> State:
    """What somebody with a seat has come to: `completed` if they completed the course within the
    round, in progress from its first day for whoever has `begun`; after the last day failed, or
    expired where they never began."""
    if state not in SEATED:
        return state
    if completed:
        return "completed"
    begun = begun or state == "in_progress"
    if today > last_day:
        return "failed" if begun else "expired"
    return "in_progress" if begun and first_day <= today else state


def judged_anew(state: State, completed: bool, last_day: date, today: date) -> State:
    """What the place of somebody who had a seat comes to once a completion of the course was noted,
    corrected or withdrawn: `completed` is whether one lies within the round. A round that goes on
    is gone on with.

    Source: hr-and-reporting, section 2, correction.
    """
    if completed and state in HAD_SEAT:
        return "completed"
    if state != "completed":
        return state
    return "in_progress" if today <= last_day else "failed"
