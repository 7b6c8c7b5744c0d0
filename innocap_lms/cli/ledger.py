"""innocap-lms ledger …"""

import json
import sys
from pathlib import Path

import click

from innocap_lms import clock
from innocap_lms.cli.site import environment, opened
from innocap_lms.credentials import checkpoints, issuers
from innocap_lms.credentials.keystore import NoKeyError
from innocap_lms.extensions import writing
from innocap_lms.ledger.services import DisposalError, seal
from innocap_lms.ledger.services import dispose as dispose_of
from innocap_lms.ledger.verification import verify as verified
from innocap_lms.vc.saying import issuer_of
from innocap_lms.vc.verifying import claimed, verdict_on


@click.group()
def command() -> None:
    """The record of what happened: prove it whole, or dispose of what a decision names.

    Example: innocap-lms ledger verify
    """


@command.command()
@click.option(
    "--head", "noted", help="a head that was noted before: the chain must pass through it"
)
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="a signed checkpoint that was kept: the chain must pass through its head",
)
def verify(noted: str | None, checkpoint: Path | None) -> None:
    """Compute the chain anew. Exit status 0 when it holds, 1 when an event was changed.

    Note the head it prints outside the database: with it, not even somebody who computes the whole
    chain anew goes unseen.

    Example: innocap-lms ledger verify --head 1204:9f2c…
    """
    with opened():
        if checkpoint:
            noted = _head_of(checkpoint)
        report = verified(noted)
    click.echo(f"{report.sealed} events sealed, an unsealed tail of {report.unsealed}")
    for decision, count in report.disposed:
        click.echo(f"{count} disposed of under {decision}")
    click.echo(f"head {report.head}")
    if not report.ok:
        click.echo(f"CHANGED: event {report.changed} does not fit the chain", err=True)
        sys.exit(1)
    click.echo("ok")


def _head_of(file: Path) -> str:
    """The head in a checkpoint, signed by this site. Raises ClickException."""
    data = file.read_bytes()
    keys = {
        **issuers.own_keys(environment()),
        **issuers.own_under_another_address(*claimed(data)),
    }
    found = verdict_on(data, clock.utcnow(), keys)
    if not found.valid or found.credential is None:
        raise click.ClickException(f"{file}: {found.standing} ({'; '.join(found.details)})")
    if issuer_of(found) not in keys:
        raise click.ClickException(f"{file}: not by this site but by {issuer_of(found)}")
    head = checkpoints.head_in(found.credential)
    if not head:
        raise click.ClickException(f"{file}: no checkpoint of a ledger")
    click.echo(f"checkpoint of {found.credential.get('validFrom')}")
    return head


@command.command()
def checkpoint() -> None:
    """Print a signed checkpoint of the ledger as it is now, for somebody outside to keep.

    Example: innocap-lms ledger checkpoint > checkpoint-2026-11-27.json
    """
    with opened():
        while True:
            with writing():
                if not seal():
                    break
        try:
            with writing():
                made = checkpoints.checkpoint(environment())
        except NoKeyError as error:
            raise click.ClickException(str(error)) from None
    click.echo(json.dumps(made, indent=1))


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
