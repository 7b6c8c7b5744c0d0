"""innocap-lms plugin …"""

import click

from innocap_lms.cli.site import site


@click.group()
def command() -> None:
    """Which plugins are loaded, and why others are not."""


@command.command("list")
def list_() -> None:
    """One line a plugin: state, name, version, origin, and the reason when it is not loaded.

    Example: innocap-lms plugin list
    """
    for status in site().extensions["innocap_host"].statuses:
        click.echo(f"{status.state:<12} {status.name:<24} {status.version:<8} {status.origin}")
        if status.reason:
            click.echo(f"{'':<12} {status.reason}")
