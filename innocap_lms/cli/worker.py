"""innocap-lms worker"""

import signal
import sys

import click

from innocap_lms.cli.site import close_connections, opened, settle
from innocap_lms.jobs.relay import Relay

ENDINGS = {signal.SIGINT, signal.SIGTERM}


@click.command()
@click.option("--once", is_flag=True, help="carry out what is due and end")
def command(once: bool) -> None:
    """Carry out the outbox in a process of its own. Set INNOCAP_RELAY=off for the web processes.

    With --once, exit status 1 says that something failed; it is tried again later.

    Example: innocap-lms worker
    """
    with opened() as app:
        relay: Relay = app.extensions["innocap_relay"]
        if once:
            done = relay.run_due()
            click.echo(f"{done} carried out, {relay.failed} failed")
            sys.exit(1 if relay.failed else 0)
    settle()
    # The signals wait for this thread alone; the relay works in its own, to the end of its job.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    relay.start()
    click.echo("worker is running; Ctrl-C ends it")
    signal.sigwait(ENDINGS)
    click.echo("ending after the job in hand")
    relay.stop()
    close_connections(app)
