"""What scores come to: agreement, the need for a third, pass or not. Pure."""

from collections.abc import Mapping

from innocap_lms.content.model import Task

Scores = Mapping[str, str]  # criterion id → level id


def agreement(task: Task, one: Scores, other: Scores) -> float:
    """The share of criteria, from 0 to 1, on which both chose the same level."""
    same = sum(one[criterion.id] == other[criterion.id] for criterion in task.criteria)
    return same / len(task.criteria)


def disagree(task: Task, one: Scores, other: Scores) -> bool:
    """Whether a criterion is met for one and not for the other: then a third decides."""
    return any(
        criterion.is_met_by(one[criterion.id]) != criterion.is_met_by(other[criterion.id])
        for criterion in task.criteria
    )


def passes(task: Task, scores: Scores) -> bool:
    """Whether every criterion is met."""
    return all(criterion.is_met_by(scores[criterion.id]) for criterion in task.criteria)
