"""innocap-lms worker"""

import signal
from types import FrameType

import click

from innocap_lms.cli.site import site
from innocap_lms.jobs.relay import Relay


@click.command()
@click.option("--once", is_flag=True, help="carry out what is due and end")
def command(once: bool) -> None:
    """Carry out the outbox in a process of its own. Set INNOCAP_RELAY=off for the web processes.

    Example: innocap-lms worker
    """
    relay: Relay = site().extensions["innocap_relay"]
    if once:
        click.echo(f"{relay.run_due()} carried out")
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        relay.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo("worker is running; Ctrl-C ends it")
    relay.run_forever()
