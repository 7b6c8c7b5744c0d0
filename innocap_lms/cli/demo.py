"""innocap-lms demo"""

import json

import click
from flask import Flask

from innocap_lms.cli.db import upgrade_tables
from innocap_lms.cli.municipality import PASSWORD, describe, is_empty, populate
from innocap_lms.cli.publish import publish_all
from innocap_lms.cli.run import PORTS, refuse_used_port, serve, served_on
from innocap_lms.cli.site import environment, opened

HOST = "127.0.0.1"
ROLE_WORDS = {
    "admin": "administrator",
    "coordinator": "coordinator",
    "hr": "HR",
    "manager": "unit manager",
    "trainer": "trainer",
    "assessor": "assessor",
    "learner": "coach",
}


@click.command()
@click.option("--describe", "only_describe", is_flag=True, help="print people and courses as JSON")
@click.option("--serve", "then_serve", is_flag=True, help="serve the site afterwards")
@click.option(
    "--port", type=PORTS, envvar="PORT", show_envvar=True, default=8000, show_default=True
)
def command(only_describe: bool, then_serve: bool, port: int) -> None:
    """Load a small believable municipality into an empty site, and say how to sign in.

    A site where somebody is already keeps its data as it is.

    Example: innocap-lms demo --serve
    """
    if only_describe:
        with opened() as app:
            click.echo(json.dumps(describe(), ensure_ascii=False, indent=2))
        return
    if then_serve:
        refuse_used_port(HOST, port)
    with opened(migrated=False, settings=served_on(environment(), HOST, port)) as app:
        upgrade_tables(app)
        publish_all(app, only_new=True)
        if is_empty():
            click.echo("loading the demo municipality …")
            populate(app)
        _welcome(app, port)
    if then_serve:
        serve(HOST, port, workers=2, threads=4)


def _welcome(app: Flask, port: int) -> None:
    found = describe()
    address = f"http://{HOST}:{port}"
    click.echo(f"\nThe site:          {address}")
    click.echo(f"Data:              {app.extensions['innocap_settings'].data_dir.absolute()}")
    if found["certificate"]:
        click.echo(f"A certificate:     {address}/verify/{found['certificate']}")
    click.echo(f"\nSign in at {address}/login. Everybody's password is: {PASSWORD}\n")
    for person in found["people"]:
        role = ROLE_WORDS[person["role"]]
        place = ", ".join(part for part in (person["unit"], person["organisation"]) if part)
        click.echo(f"  {role:<14} {person['email']:<38} {person['name']}, {place or 'whole site'}")
    click.echo("")
