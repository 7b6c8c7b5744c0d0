"""innocap-lms course …"""

import importlib
from typing import Final

import click

VERBS: Final = {
    "check": "innocap_lms.cli.check",
    "compared": "innocap_lms.cli.compared",
    "export": "innocap_lms.cli.export",
    "figures": "innocap_lms.cli.figures",
    "hand-over": "innocap_lms.cli.handing_over",
    "new": "innocap_lms.cli.new",
    "print": "innocap_lms.cli.printing",
    "preview": "innocap_lms.cli.preview",
    "publish": "innocap_lms.cli.publish",
}


class CourseVerbs(click.Group):
    """Loads a verb only when it is called: `publish` needs the whole site, `check` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        found: click.Command = importlib.import_module(VERBS[cmd_name]).command
        return found


@click.group(cls=CourseVerbs)
def command() -> None:
    """Begin courses, check, count, preview and print their files, publish and export them.

    Example: innocap-lms course check
    """
