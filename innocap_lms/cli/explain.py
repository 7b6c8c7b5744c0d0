"""innocap-lms explain CODE"""

import sys

import click

from innocap_lms.content.codes import explain


@click.command()
@click.argument("code")
def command(code: str) -> None:
    """What a problem code means and how to mend it.

    Example: innocap-lms explain C012
    """
    text = explain(code.upper())
    if text is None:
        click.echo(f"There is no problem code {code}; docs/problems.md lists them all.", err=True)
        sys.exit(1)
    click.echo(text)
