"""innocap-lms course publish"""

import sys
from collections.abc import Mapping

import click
from flask import Flask

from innocap_lms.catalogue.publishing import (
    SourceReport,
    check_programmes,
    check_sources,
    publish_sources,
)
from innocap_lms.catalogue.queries import edition as edition_view
from innocap_lms.catalogue.queries import editions_of, kind_of, offering, with_keys
from innocap_lms.catalogue.services import Published, put_back
from innocap_lms.cli.site import opened
from innocap_lms.content.report import as_text, summary
from innocap_lms.extensions import writing
from innocap_lms.learning.calls import call_for_renewal, take_back
from innocap_lms.learning.moving import move_readers
from innocap_lms.studio.impact import CHOICES, Impact, impact_of


@click.command("publish")
@click.argument("courses", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Only say what would change, and for how many.")
@click.option("--edition", type=click.IntRange(1), help="Put an older edition back: undo.")
@click.option(
    "--in-the-middle",
    "middle",
    type=click.Choice(CHOICES),
    default="keep",
    show_default=True,
    help="Learners in the middle keep their edition, or reread what changed in the new one.",
)
@click.option("--renew", is_flag=True, help="Ask who has completed it to take it again.")
@click.option(
    "--ask-no-longer",
    is_flag=True,
    help="Of what is undone: take back that it asked to be taken again.",
)
@click.option(
    "--weigh",
    "weighed",
    multiple=True,
    metavar="PART=WEIGHT",
    help="A change is only wording, or substance: interviews=wording.",
)
def command(
    courses: tuple[str, ...],
    dry_run: bool,
    edition: int | None,
    middle: str,
    renew: bool,
    ask_no_longer: bool,
    weighed: tuple[str, ...],
) -> None:
    """Publish the courses and programmes that plugins supply: all, or those named by folder, and
    programmes by id.

    A course whose files hold an error keeps its last good edition; exit status 1 says so. Who has
    completed a course keeps completion and certificate as they are; with --renew they are asked to
    take it again where it has changed. Where an older edition takes the place of one that asked so,
    --ask-no-longer takes that back for those who have not done it yet.

    Example: innocap-lms course publish frame-and-explore --dry-run
    """
    weights = _weights(weighed)
    if weights and not dry_run and middle == "keep":
        raise click.UsageError("--weigh says what is read again: it needs --in-the-middle reread")
    if edition is not None and len(courses) != 1:
        raise click.UsageError("name the one course whose edition is to be put back")
    if renew and ask_no_longer:
        raise click.UsageError("--renew asks and --ask-no-longer takes it back: choose one")
    chosen = _Chosen(middle, weights, renew=renew, ask_no_longer=ask_no_longer)
    with opened() as app:
        if edition is not None:
            _put_back(courses[0], edition, chosen, dry_run=dry_run)
            return
        if dry_run:
            reports = _say_impacts(app, courses, chosen)
        else:
            reports = publish_all(app, only=courses, chosen=chosen)
    unknown = set(courses) - {report.name for report in reports}
    if unknown:
        click.echo(f"no plugin supplies: {', '.join(sorted(unknown))}", err=True)
    done = all(report.published or (dry_run and report.course) for report in reports)
    sys.exit(0 if done and not unknown else 1)


def _weights(weighed: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for each in weighed:
        part, _equals, weight = each.partition("=")
        if weight not in ("wording", "substance"):
            raise click.UsageError(f"--weigh {each}: write {part or 'PART'}=wording or =substance")
        found[part] = weight
    return found


def publish_all(
    app: Flask,
    *,
    only: tuple[str, ...] = (),
    only_new: bool = False,
    chosen: "_Chosen | None" = None,
) -> list[SourceReport]:
    """Publish and say of each course what became of it."""
    host = app.extensions["innocap_host"]
    files = app.extensions["innocap_settings"].data_dir / "files"
    reports, chosen = [], chosen or _Chosen("keep", {})
    for report in publish_sources(host, files, only=only, only_new=only_new, then=chosen.then):
        reports.append(report)
        if report.published:
            word = "published" if report.published.new else "unchanged,"
            problems = f" ({summary(report.problems)})" if report.problems else ""
            click.echo(f"{report.course_id}: {word} edition {report.published.number}{problems}")
        else:
            _say_refused(report)
    chosen.say()
    return reports


def _say_refused(report: SourceReport) -> None:
    if report.refused:
        click.echo(f"{report.course_id}: not published, {report.refused}", err=True)
    elif report.course is None:
        click.echo(f"{report.course_id}: not published, its files hold errors", err=True)
        click.echo(as_text(report.problems, {}), err=True, nl=False)


class _Chosen:
    """What was chosen for people where a course is put in service: those in the middle are moved,
    and those who have completed it are asked to take it again, or no longer."""

    def __init__(
        self,
        middle: str,
        weights: Mapping[str, str],
        *,
        renew: bool = False,
        ask_no_longer: bool = False,
    ) -> None:
        self.weights, self.renew, self.ask_no_longer = weights, renew, ask_no_longer
        self._middle, self._moved, self._asked = middle, dict[str, int](), list[str]()
        self._spared = dict[str, int]()

    def then(self, made: Published) -> None:
        if self._middle == "reread":
            view = edition_view(made.edition_id)
            self._moved[view.course.id] = move_readers(view, self.weights, made.before, None)
        if self.renew and made.before not in ("", made.edition_id):
            view = edition_view(made.edition_id)
            call_for_renewal(view, None)
            self._asked.append(view.course.id)
        if self.ask_no_longer:
            view = edition_view(made.edition_id)
            if spared := take_back(view, None):
                self._spared[view.course.id] = spared

    def say(self) -> None:
        for course, count in self._moved.items():
            click.echo(f"{course}: {count} in the middle {_goes(count)} on in it")
        for course in self._asked:
            click.echo(f"{course}: who has completed it is asked to take it again")
        for course, count in self._spared.items():
            click.echo(f"{course}: {count} need not take it again any more")


def _goes(count: int) -> str:
    return "goes" if count == 1 else "go"


def _put_back(course_id: str, number: int, chosen: _Chosen, *, dry_run: bool) -> None:
    """Put an older edition in service again, or say what that would change."""
    serving = offering(course_id)
    found = next((each for each in editions_of(course_id) if each.number == number), None)
    if serving is None or found is None:
        raise click.UsageError(f"the course {course_id} has no edition {number}")
    if dry_run:
        _say_impact(impact_of(serving.edition, with_keys(found), chosen.weights), chosen)
        return
    with writing():
        chosen.then(put_back(course_id, number))
    click.echo(f"{course_id}: edition {number} is in service again")
    chosen.say()


def _say_impacts(app: Flask, courses: tuple[str, ...], chosen: _Chosen) -> list[SourceReport]:
    """What publishing would change, course by course."""
    host = app.extensions["innocap_host"]
    reports = [*check_sources(host, courses), *check_programmes(host, courses)]
    for report in reports:
        kind = kind_of(report.course) if report.course else "course"
        serving = offering(report.course_id, kind)
        if report.course is None or report.refused:
            _say_refused(report)
        elif serving is None:
            click.echo(f"{report.course_id}: would be published for the first time")
        elif kind == "programme":
            same = report.course.fingerprint == serving.edition.course.fingerprint
            says = "nothing differs" if same else "differs"
            click.echo(f"{report.course_id}: {says} from edition {serving.edition.number}")
        else:
            _say_impact(impact_of(serving.edition, report.course, chosen.weights), chosen)
    return reports


def _say_impact(impact: Impact, chosen: _Chosen) -> None:
    course = impact.before.course.id
    if not impact.changed:
        click.echo(f"{course}: nothing differs from edition {impact.before.number}")
        _say_asked(impact, chosen)
        return
    click.echo(f"{course}: differs from edition {impact.before.number}, which is in service")
    for change in impact.changed:
        name = {"front": "front page", "rules": "", "files": ""}.get(change.kind, change.id)
        weight = change.weight if change.state == "changed" else ""
        words = f"  {change.kind:<7} {name:<24} {change.state:<8} {weight:<10}"
        click.echo(f"{words} {', '.join(change.languages)}".rstrip())
    editions = ", ".join(f"{count} in edition {name}" for name, count in impact.middle.items())
    click.echo(f"  in the middle: {impact.in_the_middle}" + (f" ({editions})" if editions else ""))
    click.echo(f"    have read a lesson that changed in substance: {impact.readers}")
    click.echo(f"    have passed a quiz that changed in substance: {impact.passers} (it stays)")
    click.echo(f"  have completed it: {impact.completed}; nothing of theirs changes")
    _say_asked(impact, chosen)
    if chosen.renew:
        click.echo("    are asked to take it again; what they have counts until then")
    if impact.validity_changes:
        click.echo("  how long a completion counts changes, for completions from now on")


def _say_asked(impact: Impact, chosen: _Chosen) -> None:
    if impact.asked:
        does = "need not any more" if chosen.ask_no_longer else "stay asked: see --ask-no-longer"
        click.echo(f"    asked to take it again by what is undone: {impact.asked}; they {does}")
