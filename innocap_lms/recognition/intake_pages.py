"""What the pages of lists show, put together from the rooms below."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import request
from flask_babel import gettext as _

from innocap_lms.hr import standings
from innocap_lms.hr.lens import look
from innocap_lms.hr.reach import reach
from innocap_lms.people.language import request_language
from innocap_lms.people.policy import require_viewer
from innocap_lms.people.viewer import Viewer
from innocap_lms.recognition import intake_queries
from innocap_lms.recognition.checking import NONE_OF_OURS
from innocap_lms.recognition.lists import COLUMNS, NAMES
from innocap_lms.recognition.models import Intake
from innocap_lms.recognition.queries import requirement_titles, subject_titles
from innocap_lms.requirements.days import site_zone, today
from innocap_lms.spreadsheets.columns import proposed
from innocap_lms.spreadsheets.problems import of_file
from innocap_lms.spreadsheets.table import TableError, letters

WORKING: Final = ("reading", "checking", "adding")


def course_choices() -> dict[str, str]:
    """The courses and programmes in service by id, by title."""
    titles = subject_titles(request_language())
    by_title = sorted(titles.items(), key=lambda pair: pair[1])
    return {subject.partition(":")[2]: title for subject, title in by_title}


def requirement_choices(viewer: Viewer) -> dict[str, str]:
    """What the viewer's organisations require, by id."""
    titles = requirement_titles(request_language())
    found = standings.requirements(viewer, today())
    return {each.id: titles[each.id] for each in found}


def _form(errors: Mapping[str, str]) -> dict[str, Any]:
    viewer = require_viewer()
    organisations = intake_queries.organisations(viewer)
    return {
        "organisations": list(organisations.items()) if len(organisations) > 1 else [],
        "courses": [("", _("Choose")), *course_choices().items()],
        "requirements": [("", _("Choose")), *requirement_choices(viewer).items()],
        "whats": [
            ("completion", _("Completion of a course or programme")),
            ("credit", _("Credit towards a requirement, for what was learnt elsewhere")),
        ],
        "today": today(),
        "errors": errors,
        "typed": request.form,
    }


def many(errors: Mapping[str, str]) -> dict[str, Any] | None:
    """The context of recognition/many.html: the people that the matrix shows under the same
    address, to choose from, or the one whose card led here. None where the viewer does not decide
    about that one."""
    asked, viewer = request.args, require_viewer()
    looked, after, chosen = look(asked, site_zone()), "", request.form.getlist("person")
    people: list[tuple[str, str]] = []
    if only := asked.get("person", ""):
        reached = reach(viewer, only, today())
        if reached is None or not reached.decided:
            return None
        people, chosen = [(only, reached.name)], chosen or [only]
    elif "people" in asked:
        number, _late = standings.people_in_order(viewer, replace(looked.lens, name=""))
        found = standings.lines(viewer, looked.lens, number, asked.get("after", ""))
        people, after = [(each.id, each.name) for each in found.people], found.after
    return {
        **_form(errors),
        "people": people,
        "chosen": chosen,
        "address": looked.address(),
        "after": after,
    }


def overview(errors: Mapping[str, str]) -> dict[str, Any]:
    """The context of recognition/lists.html."""
    viewer = require_viewer()
    return {
        **_form(errors),
        "lists": intake_queries.intakes(viewer),
        "states": state_words(),
    }


def state_words() -> dict[str, str]:
    """Where a list is, in words."""
    return {
        "columns": _("Choose its columns"),
        "reading": _("Being read"),
        "checking": _("Being checked"),
        "checked": _("Ready to look at"),
        "adding": _("Being added"),
        "done": _("Done"),
        "refused": _("Cannot be read"),
    }


def one(found: Intake, errors: Mapping[str, str]) -> dict[str, Any]:
    """The context of recognition/list.html."""
    counts = intake_queries.outcomes(found.id)
    titles = subject_titles(request_language())
    required = requirement_choices(require_viewer())
    titles |= {f"requirement:{name}": title for name, title in required.items()}
    looking = found.state in ("checked", "done")
    return {
        **_form(errors),
        "intake": found,
        "working": found.state in WORKING,
        "state": state_words()[found.state],
        "counts": counts,
        "total": sum(counts.values()),
        "looked_at": sum(counts.values()) - counts.get("", 0),
        "refused": of_file(TableError(*found.refused)) if found.refused else "",
        "columns": _columns(found) if found.state == "columns" else [],
        "examples": intake_queries.examples(found, titles) if found.state == "checked" else [],
        "faults": intake_queries.faults(found) if looking else [],
        "unknown": intake_queries.unknown_courses(found.id) if found.state == "checked" else {},
        "meant": [
            ("", _("Choose")),
            (NONE_OF_OURS, _("None of ours: leave these rows out")),
            *course_choices().items(),
        ],
    }


def _columns(found: Intake) -> list[tuple[str, str, str, list[tuple[str, str]], bool]]:
    """For each thing a list can say: its name, its words, the column that seems to be it, all
    columns, and whether it is needed."""
    seems = proposed(found.header, COLUMNS)
    choices = [
        ("", _("Not in the list")),
        *((str(at), f"{letters(at)} {title}".strip()) for at, title in enumerate(found.header)),
    ]
    sent = request.form
    return [
        (
            column.name,
            str(NAMES[column.name]),
            sent.get(f"column-{column.name}", str(seems.get(column.name, ""))),
            choices,
            column.needed,
        )
        for column in COLUMNS
    ]
