"""The form of a requirement: read into a rule, and filled in from one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from innocap_lms.requirements.rules import Audience, Ground, Rule, Target
from innocap_lms.requirements.services import LONGEST_TAG, MOST_TAGS

LONGEST_TEXT = 200

Problems = dict[str, str]


def read_form(form: "MultiDict[str, str]") -> tuple[Rule | None, Problems]:
    """The rule that was filled in, or what is wrong with it by field. What can only be seen of the
    whole rule, `services.check` tells."""
    problems: Problems = {}
    target, _colon, target_id = form.get("target", "").partition(":")
    if target not in ("course", "programme") or not target_id:
        problems["target"] = _("Choose what is required.")
    starts = _day(form, "starts", problems)
    if starts is None and "starts" not in problems:
        problems["starts"] = _("Choose the day from which it is required.")
    values: dict[str, Any] = {
        "due": _day(form, "due", problems),
        "due_days": _number(form, "due_days", problems),
        "soon_days": _number(form, "soon_days", problems, empty=30),
        "validity_months": _number(form, "validity_months", problems),
        "renewal_opens_days": _number(form, "renewal_opens_days", problems, empty=90),
        "ends": _day(form, "ends", problems),
    }
    audience, provision = _audience(form, problems), form.get("provision", "").strip()
    if len(provision) > LONGEST_TEXT:
        problems["provision"] = _("Use at most %(count)s characters.", count=LONGEST_TEXT)
    if problems or starts is None:
        return None, problems
    return (
        Rule(
            target=cast("Target", target),
            target_id=target_id,
            ground=cast("Ground", form.get("ground", "")),  # `services.check` looks at it
            starts=starts,
            audience=audience,
            provision=provision,
            equivalents=tuple(sorted(set(form.getlist("equivalents")) - {target_id, ""})),
            **values,
        ),
        {},
    )


def _audience(form: "MultiDict[str, str]", problems: Problems) -> Audience:
    tags = sorted({tag.strip() for tag in form.get("tags", "").split(",")} - {""})
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        words = _("At most %(most)s tags of %(long)s characters.", most=MOST_TAGS, long=LONGEST_TAG)
        problems["tags"] = words
    return Audience(
        units=tuple(sorted(set(form.getlist("units")) - {""})),
        roles=tuple(sorted(set(form.getlist("roles")) - {""})),
        tags=tuple(tags),
        started_from=_day(form, "started_from", problems),
        started_until=_day(form, "started_until", problems),
    )


def filled_in(rule: Rule) -> "MultiDict[str, str]":
    """The form as it would have been filled in for a rule."""
    audience = rule.audience
    one = {
        "target": f"{rule.target}:{rule.target_id}",
        "ground": rule.ground,
        "provision": rule.provision,
        "tags": ", ".join(audience.tags),
        **{
            name: _text(getattr(rule, name))
            for name in (
                "starts", "ends", "due", "due_days", "soon_days", "validity_months",
                "renewal_opens_days",
            )
        },
        "started_from": _text(audience.started_from),
        "started_until": _text(audience.started_until),
    }  # fmt: skip
    many = {"units": audience.units, "roles": audience.roles, "equivalents": rule.equivalents}
    return MultiDict(
        [*one.items(), *((name, each) for name, all_ in many.items() for each in all_)]
    )


def _text(value: date | int | None) -> str:
    return "" if value is None else str(value)


def _day(form: Mapping[str, str], name: str, problems: Problems) -> date | None:
    text = form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        words = _("%(text)s is not a date: write it as 2026-11-23.", text=text[:LONGEST_TEXT])
        problems[name] = words
        return None


def _number(
    form: Mapping[str, str], name: str, problems: Problems, empty: int | None = None
) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return empty
    if not text.isascii() or not text.isdecimal() or len(text) > 5:
        problems[name] = _("Write a whole number, such as 30.")
        return None
    return int(text)
