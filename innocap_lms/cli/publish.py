"""innocap-lms course publish"""

import sys

import click
from flask import Flask

from innocap_lms.catalogue.publishing import SourceReport, publish_sources
from innocap_lms.cli.site import opened
from innocap_lms.content.report import as_text, summary


@click.command("publish")
@click.argument("courses", nargs=-1)
def command(courses: tuple[str, ...]) -> None:
    """Publish the courses that plugins supply: all, or those named by folder.

    A course whose files hold an error keeps its last good edition; exit status 1 says so.

    Example: innocap-lms course publish frame-and-explore
    """
    with opened() as app:
        reports = publish_all(app, only=courses)
    unknown = set(courses) - {report.source.folder.name for report in reports}
    if unknown:
        click.echo(f"no plugin supplies: {', '.join(sorted(unknown))}", err=True)
    failed = unknown or any(report.published is None for report in reports)
    sys.exit(1 if failed else 0)


def publish_all(
    app: Flask, *, only: tuple[str, ...] = (), only_new: bool = False
) -> list[SourceReport]:
    """Publish and say of each course what became of it."""
    host = app.extensions["innocap_host"]
    files = app.extensions["innocap_settings"].data_dir / "files"
    reports = []
    for report in publish_sources(host, files, only=only, only_new=only_new):
        reports.append(report)
        if report.published:
            word = "published" if report.published.new else "unchanged,"
            problems = f" ({summary(report.problems)})" if report.problems else ""
            click.echo(f"{report.course_id}: {word} edition {report.published.number}{problems}")
        elif report.refused:
            click.echo(f"{report.course_id}: not published, {report.refused}", err=True)
        elif report.course is None:
            click.echo(f"{report.course_id}: not published, its files hold errors", err=True)
            click.echo(as_text(report.problems, {}), err=True, nl=False)
    return reports
