"""What the matrix of people and requirements shows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup, escape

from innocap_lms.hr import queries, standings
from innocap_lms.hr.lens import Looked
from innocap_lms.hr.listing import around, files
from innocap_lms.hr.pages import all_titled, place_labels, unit_choices
from innocap_lms.hr.paging import Order
from innocap_lms.hr.progress import file_address
from innocap_lms.hr.reach import Reach, reach, sees_unit
from innocap_lms.hr.rule_words import rule_words
from innocap_lms.hr.scope import Lens
from innocap_lms.hr.sorting import NAME, Columns, column_of, is_from_end, read_sort
from innocap_lms.hr.standings import Cell, PersonLine, Required
from innocap_lms.hr.tree import as_on
from innocap_lms.hr.urgency import by_requirement
from innocap_lms.people.language import request_language
from innocap_lms.people.viewer import Viewer
from innocap_lms.requirements.asking_why import why
from innocap_lms.requirements.periods import GROUPS, Group, State
from innocap_lms.requirements.words import because, state_words


@dataclass(frozen=True)
class Line:
    """A row of the matrix: its cells are table cells."""

    id: str
    name: str
    place: str
    cells: Markup


def titles_of(required: Iterable[Required], language: str) -> dict[str, str]:
    """What each requirement is called: as the course or programme that it asks for."""
    known = all_titled(language)
    return {
        each.id: known.get(each.rule.target_id, ("", each.rule.target_id))[1] for each in required
    }


def matrix_page(viewer: Viewer, looked: Looked, after: str, before: str) -> dict[str, Any]:
    """The context of hr/matrix.html: five statements besides the session's, six for a name."""
    required = standings.requirements(viewer, looked.lens.day)
    titles = titles_of(required, request_language())
    found = _chosen(required, looked)
    places = as_on(queries.places(viewer), looked.lens.day, looked.lens.known)
    labels = place_labels(places)
    asked, late = standings.people_in_order(viewer, looked.lens)
    anybody = replace(looked.lens, name="")
    every = standings.people_in_order(viewer, anybody)[0] if looked.lens.name else asked
    columns = sorted_by(found)
    order = order_of(viewer, looked, columns)
    page = standings.lines(viewer, looked.lens, every, after, before, order)
    write = _cell_writer(looked)
    names = {place.organisation_id: place.organisation for place in places}
    whose = names if len(names) > 1 else {}

    address = looked.address()
    return {
        "columns": [
            (each.id, titles[each.id], whose.get(each.organisation_id, "")) for each in found
        ],
        "rows": [_line(person, found, labels, write) for person in page.people],
        "asked": asked,
        "late": late,
        "looked": looked,
        **around(".matrix", address, page, columns),
        **files("matrix", address, asked, asked),
        "long_url": file_address("matrix-long", asked, address),
        "can_require": viewer.has("hr", "admin"),
        **choices(titles, places, labels),
    }


def shown(viewer: Viewer, looked: Looked) -> list[Required]:
    """The requirements that are columns. One statement."""
    return _chosen(standings.requirements(viewer, looked.lens.day), looked)


def sorted_by(required: Iterable[Required]) -> Columns:
    """The columns of the matrix: the name, and each requirement."""
    return {NAME: False} | {each.id: False for each in required}


def order_of(viewer: Viewer, looked: Looked, columns: Columns) -> Order:
    """In which order its people are."""
    sort = read_sort(looked.sort, columns)
    if (column := column_of(sort)) == NAME:
        return Order(backwards=is_from_end(sort))
    of_column = replace(looked.lens, state="", name="", requirement=column)
    return by_requirement(viewer, of_column, sort)


def _chosen(required: Iterable[Required], looked: Looked) -> list[Required]:
    return [
        each
        for each in required
        if looked.lens.requirement in ("", each.id)
        and looked.lens.organisation in ("", each.organisation_id)
    ]


def choices(
    titles: Mapping[str, str], places: Iterable[queries.Place], labels: Mapping[str, str]
) -> dict[str, Any]:
    """Options of the form's lists as (value, text), each headed by "all"."""
    groups: dict[Group, str] = {
        "in_order": _("In order"), "to_do": _("To do"), "late": _("Late"), "paused": _("Paused")
    }  # fmt: skip
    states = [
        (state, f"{groups[group]}: {state_words()[state]}") for state, group in GROUPS.items()
    ]
    return {
        **unit_choices(places, labels),
        "required": [("", _("All requirements")), *titles.items()],
        "states": [("", _("All states")), *groups.items(), *states],
    }


def _line(
    person: PersonLine,
    columns: Iterable[Required],
    labels: Mapping[str, str],
    write: Callable[[str, str, Cell | None], str],
) -> Line:
    cells = "".join(write(person.id, each.id, person.cells.get(each.id)) for each in columns)
    return Line(
        person.id,
        person.name,
        labels.get(person.unit_id, ""),
        Markup(cells),  # noqa: S704 - see _cell_writer
    )


def _cell_writer(looked: Looked) -> Callable[[str, str, Cell | None], str]:
    """Writes a table cell. A page has thousands, so what repeats is made once.

    Ids are the site's own, states and days too: nothing of it needs to be escaped.
    """
    words = {state: escape(word) for state, word in state_words().items()}
    base = url_for(".matrix")
    query = url_for(".why", person_id="-", requirement_id="-", **_when(looked)).partition("?")[2]
    query = str(escape(f"?{query}")) if query else ""

    @cache
    def shown(state: State, deadline: Any) -> str:
        group = GROUPS[state].replace("_", "-")
        day = f" <small>{escape(format_date(deadline, 'd MMM yyyy'))}</small>" if deadline else ""
        sign = f'<svg width="14" height="14" aria-hidden="true"><use href="#{group}"/></svg>'
        return f'<span class="chip {group}">{sign} {words[state]}</span>{day}'

    def write(person_id: str, requirement_id: str, cell: Cell | None) -> str:
        if cell is None:
            return "<td></td>"
        address = f"{base}/{person_id}/{requirement_id}{query}"
        return f'<td><a href="{address}">{shown(cell.state, cell.deadline)}</a></td>'

    return write


def _when(looked: Looked) -> dict[str, Any]:
    return {name: value for name, value in looked.address().items() if name in ("on", "known")}


def why_page(
    viewer: Viewer, person_id: str, required: Required, looked: Looked, zone: ZoneInfo
) -> dict[str, Any] | None:
    """The context of hr/why.html; None where the viewer follows up nothing of this person."""
    lens = looked.lens
    reached, where = reach(viewer, person_id, lens.day), required.organisation_id
    if reached is None or not _answered_for(viewer, person_id, required, reached, lens.day):
        return None
    sees = sees_unit(viewer, where)
    answer = why(person_id, required.id, where, zone, lens.day, lens.known, sees)
    title = titles_of([required], request_language())[required.id]
    units = queries.unit_names([where])
    return {
        "who": reached.name,
        "person_id": person_id,
        "title": title,
        "looked": looked,
        "answer": answer,
        "because": because(answer.period.because) if answer.period else "",
        "rule": rule_words(answer.stretch.rule, units) if answer.stretch else None,
        "ways": [
            (period.state, period.valid_from, period.valid_until, because(period.because))
            for period in answer.all
        ],
    }


def _answered_for(
    viewer: Viewer, person_id: str, required: Required, reached: Reach, day: date
) -> bool:
    """Whether the viewer may ask why: HR of whatever they require, a manager of what asks that
    day."""
    where = required.organisation_id
    if where in reached.decided:
        return True
    on_day = Lens(day, organisation=where)
    return where in reached.led and required.id in standings.standings_of(viewer, person_id, on_day)
