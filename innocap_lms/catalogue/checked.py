"""Reading a course with all that the core and plugins find in it; needs no database."""

from dataclasses import replace
from pathlib import Path

from innocap_lms import clock
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.files import legible
from innocap_lms.content.frontmatter import split
from innocap_lms.content.identifiers import nearest
from innocap_lms.content.lasting import Past
from innocap_lms.content.naming import PROGRAMME, SHARED
from innocap_lms.content.problems import Problem, errors
from innocap_lms.content.programme import Programme
from innocap_lms.content.reader import Reading, read_course
from innocap_lms.content.rules import read_rules
from innocap_lms.plugin_host.contract import CourseSource
from innocap_lms.plugin_host.host import PluginHost


def read_checked(source: CourseSource, host: PluginHost, past: Past | None = None) -> Reading:
    """Read and check a course, with what plugins find in it; `past` holds its editions."""
    kinds, today = list(host.kinds.values()), clock.utcnow().date()
    reading = read_course(source.folder, kinds, banks=source.banks, today=today, past=past)
    if reading.course is None:
        return reading
    found, silent = list(reading.problems), host.having("check_course")
    for plugin, more in host.call("check_course", course=reading.course, texts=reading.sources):
        found += more
        silent.remove(plugin)
    found += [_unmade(plugin) for plugin in silent]
    return replace(
        reading, problems=sorted(found), course=None if errors(found) else reading.course
    )


def _unmade(plugin: str) -> Problem:
    said = f"the check of plugin {plugin} could not be made"
    advice = "ask whoever runs the site: its list of plugins says why"
    return problem("C123", Place(SHARED), said, advice)


def course_id_in(shared: str) -> str:
    """The id in the text of a course.md, or "" when there is none that can be used."""
    return read_rules(split(SHARED, shared), []).id


def id_taken(reading: Reading, other: Path) -> Problem:
    """That a course or programme which could be read has the id of the one at `other`."""
    place, said = _id_of(reading)
    advice = "give one of them another id"
    return problem("C031", place, f"{legible(str(other))} has the id “{said}” too", advice)


def id_changed(reading: Reading, course_id: str) -> Problem:
    """That a course which could be read is called otherwise than it was begun."""
    place, said = _id_of(reading)
    return problem(
        "C012", place, f"the course “{course_id}” is called “{said}” here", f"write id: {course_id}"
    )


def _id_of(reading: Reading) -> tuple[Place, str]:
    """Where the id of what could be read stands, and what it is."""
    draft = reading.draft
    if draft is None:
        raise ValueError("what could not be read has no id")
    named = (each for each in reading.sources if each.endswith(PROGRAMME))
    file = next(named) if isinstance(draft, Programme) else SHARED
    rules = split(file, reading.sources[file]).node
    field = rules.value.get("id") if rules and isinstance(rules.value, dict) else None
    return Place(file, field.node.line, field.node.column) if field else Place(file), draft.id


def unknown_design(reading: Reading, host: PluginHost) -> list[Problem]:
    """A problem where a programme names a certificate design that no plugin registers."""
    draft, known = reading.draft, {design.name for design in host.designs if design.name}
    if not isinstance(draft, Programme) or draft.design in ("", *known):
        return []
    near = nearest(draft.design, known)
    advice = f"did you mean “{near}”?" if near else "leave it out: the track's design is taken then"
    said = f"no plugin has a certificate design “{draft.design}”"
    return [problem("C137", reading.rule_places["certificate"], said, advice)]
