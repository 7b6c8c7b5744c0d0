"""The innocap-lms command: one module per noun, loaded when it is called."""

import gc
import importlib
import os
import sys

import click

from innocap_lms import __version__
from innocap_lms.config import SettingsError

NOUNS = {
    "course": "begin, check and publish courses",
    "credential": "check credentials of anybody; the keys of this site",
    "db": "upgrade, back up and restore the database",
    "demo": "a small believable municipality to try the site with",
    "explain": "what a problem code means and how to mend it",
    "hr": "take in what an earlier system knew of completions",
    "ledger": "verify, keep checkpoints and dispose",
    "plugin": "which plugins are loaded, why others are not; their tables; try and release them",
    "run": "serve the site",
    "user": "add people",
    "worker": "carry out the outbox in a process of its own",
}


class Nouns(click.Group):
    """Loads a command's module only when it is called, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NOUNS:
            return None
        module = importlib.import_module(f"innocap_lms.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(NOUNS.items()))


@click.group(cls=Nouns, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="innocap-lms")
def cli() -> None:
    """The learning system for innovation coaches and digital coaches.

    Example: innocap-lms demo && innocap-lms run
    """


def main() -> None:
    """The console script. A setting that cannot be used ends with status 2 and says which."""
    gc.set_threshold(50_000, 20, 20)  # starting makes what stays: a quarter of it went into looking
    os.umask(0o077)  # what commands write is for the user who runs the site, nobody else
    try:
        cli()
    except SettingsError as error:
        click.echo(f"innocap-lms: {error}", err=True)
        sys.exit(2)
