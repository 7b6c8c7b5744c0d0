"""innocap-lms course hand-over"""

import click

from innocap_lms.catalogue.services import PublishRefused, hand_over
from innocap_lms.catalogue.sources import course_id_of
from innocap_lms.cli.site import opened
from innocap_lms.extensions import writing
from innocap_lms.plugin_host.current import plugins
from innocap_lms.plugin_host.host import PluginHost


@click.command("hand-over")
@click.argument("courses", nargs=-1, required=True)
@click.option("--to", "plugin", required=True, metavar="PLUGIN", help="That supplies them now.")
def command(courses: tuple[str, ...], plugin: str) -> None:
    """Let another plugin supply COURSES, by their ids: after one was renamed, or when courses move.

    Editions, progress and certificates stay. Programmes are handed over in the same way. All of
    them are, or none.

    Example: innocap-lms course hand-over first-walk --to our_coast
    """
    with opened():
        host = plugins()
        if plugin not in host.manifests:
            raise click.ClickException(f"{plugin} is not loaded: `innocap-lms plugin list`")
        if lacking := set(courses) - _supplied_by(host, plugin):
            raise click.ClickException(f"{plugin} does not supply {', '.join(sorted(lacking))}")
        try:
            with writing():
                before = {course: hand_over(course, plugin) for course in courses}
        except PublishRefused as refused:
            raise click.ClickException(str(refused)) from None
        for course, name in before.items():
            click.echo(f"{course}: {plugin} supplies it in the place of {name}")


def _supplied_by(host: PluginHost, plugin: str) -> set[str]:
    """The ids of what a plugin supplies, or would."""
    courses = {course_id_of(source) for name, source in host.courses if name == plugin}
    return courses | {source.id for name, source in host.programmes if name == plugin}
