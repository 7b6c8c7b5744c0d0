"""innocap-lms ledger …"""

import sys

import click

from innocap_lms.cli.site import site
from innocap_lms.extensions import writing
from innocap_lms.learning import ledger as book


@click.group()
def command() -> None:
    """The record of what happened: prove it whole, or dispose of what a decision names."""


@command.command()
def verify() -> None:
    """Compute the chain anew. Exit status 0 when it holds, 1 when an event was changed.

    Example: innocap-lms ledger verify
    """
    with site().app_context():
        report = book.verify()
    click.echo(f"{report.sealed} events sealed, an unsealed tail of {report.unsealed}")
    for decision, count in report.disposed:
        click.echo(f"{count} disposed of under {decision}")
    if not report.ok:
        click.echo(f"CHANGED: event {report.changed} does not fit the chain", err=True)
        sys.exit(1)
    click.echo("ok")


@command.command()
@click.argument("event_ids", nargs=-1, required=True)
@click.option("--decision", required=True, help="reference of the disposal decision")
def dispose(event_ids: tuple[str, ...], decision: str) -> None:
    """Empty what events say of people. The chain still verifies.

    Example: innocap-lms ledger dispose --decision "KS 2027:14" 3f9k…
    """
    with site().app_context(), writing():
        emptied = book.dispose(list(event_ids), decision)
    click.echo(f"{emptied} events emptied under {decision}")
