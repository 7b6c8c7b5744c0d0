"""Addresses in a course. They never change, and a site is at the root of its host."""

from functools import lru_cache

from flask import url_for


@lru_cache(maxsize=2000)
def course_address(course_id: str) -> str:
    """The address of a course's front page."""
    return url_for("web.course", course_id=course_id)


def activity_address(course_id: str, activity_id: str) -> str:
    """The address of a part of a course, below that of its front page."""
    return f"{course_address(course_id)}/{activity_id}"


def attempt_url(course_id: str, quiz_id: str, attempt_id: str) -> str:
    """The address of an attempt, its owner's alone."""
    return f"{activity_address(course_id, quiz_id)}/attempts/{attempt_id}"


def question_url(course_id: str, quiz_id: str, attempt_id: str, number: int) -> str:
    """The address of question `number`, from 1, of an attempt."""
    return f"{attempt_url(course_id, quiz_id, attempt_id)}/questions/{number}"
