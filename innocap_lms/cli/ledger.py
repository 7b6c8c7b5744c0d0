"""innocap-lms ledger …"""

import sys

import click

from innocap_lms.cli.site import opened
from innocap_lms.extensions import writing
from innocap_lms.ledger.services import DisposalError
from innocap_lms.ledger.services import dispose as dispose_of
from innocap_lms.ledger.verification import verify as verified


@click.group()
def command() -> None:
    """The record of what happened: prove it whole, or dispose of what a decision names.

    Example: innocap-lms ledger verify
    """


@command.command()
@click.option(
    "--head", "noted", help="a head that was noted before: the chain must pass through it"
)
def verify(noted: str | None) -> None:
    """Compute the chain anew. Exit status 0 when it holds, 1 when an event was changed.

    Note the head it prints outside the database: with it, not even somebody who computes the whole
    chain anew goes unseen.

    Example: innocap-lms ledger verify --head 1204:9f2c…
    """
    with opened():
        report = verified(noted)
    click.echo(f"{report.sealed} events sealed, an unsealed tail of {report.unsealed}")
    for decision, count in report.disposed:
        click.echo(f"{count} disposed of under {decision}")
    click.echo(f"head {report.head}")
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
    with opened():
        try:
            with writing():
                emptied = dispose_of(event_ids, decision)
        except DisposalError as error:
            raise click.ClickException(f"{error}; nothing was disposed of") from None
    click.echo(f"{emptied} events emptied under {decision}")
