"""A requirement's rule in words: what, of whom, by when, on which ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from innocap_lms.requirements.rules import Audience, Ground, Rule


@dataclass(frozen=True)
class RuleWords:
    """The parts of a rule, each as a sentence or a few words."""

    audience: str
    due: str
    validity: str
    ground: str
    days: str


def rule_words(rule: Rule, units: Mapping[str, str]) -> RuleWords:
    """The rule for its readers; `units` names units by id."""
    return RuleWords(
        audience_words(rule.audience, units),
        due_words(rule),
        _validity_words(rule),
        _ground_words(rule),
        _days_words(rule),
    )


def ground_names() -> dict[Ground, str]:
    """The grounds by name."""
    return {
        "law": _("Required by law"),
        "employer": _("Required by the employer"),
        "own": _("Own wish"),
    }


def role_names() -> dict[str, str]:
    """The roles that an audience may name."""
    return {
        "learner": _("Learners"),
        "manager": _("Unit managers"),
        "trainer": _("Trainers"),
        "assessor": _("Assessors"),
        "hr": _("HR"),
    }


def audience_words(audience: Audience, units: Mapping[str, str]) -> str:
    """Whom it is for, such as "Learners in Care and below, with the tag coach"."""
    roles = [role_names().get(role, role) for role in audience.roles]
    parts = [", ".join(roles) or _("Everybody")]
    if audience.units:
        names = ", ".join(units.get(unit, unit) for unit in audience.units)
        parts.append(_("in %(units)s and below", units=names))
    if audience.tags:
        parts.append(_("with the tag %(tags)s", tags=", ".join(audience.tags)))
    if audience.started_from:
        parts.append(_("who began on or after %(day)s", day=_long(audience.started_from)))
    if audience.started_until:
        parts.append(_("who began on or before %(day)s", day=_long(audience.started_until)))
    return " ".join(parts)


def due_words(rule: Rule) -> str:
    """By when."""
    if rule.due:
        return _("Due on %(day)s", day=_long(rule.due))
    if rule.due_days is not None:
        return ngettext(
            "Due %(num)s day after it begins to ask somebody",
            "Due %(num)s days after it begins to ask somebody",
            rule.due_days,
        )
    return _("No due date")


def _validity_words(rule: Rule) -> str:
    if rule.validity_months is None:
        return _("As long as the course's own validity")
    return ngettext(
        "At most %(num)s month, then it is to be renewed",
        "At most %(num)s months, then it is to be renewed",
        rule.validity_months,
    )


def _ground_words(rule: Rule) -> str:
    name = ground_names()[rule.ground]
    return f"{name}: {rule.provision}" if rule.provision else name


def _days_words(rule: Rule) -> str:
    if rule.ends:
        return _("From %(day)s to before %(end)s", day=_long(rule.starts), end=_long(rule.ends))
    return _("From %(day)s", day=_long(rule.starts))


def _long(day: date) -> str:
    return str(format_date(day, "long"))
