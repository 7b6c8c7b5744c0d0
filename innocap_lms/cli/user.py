"""innocap-lms user …"""

import click

from innocap_lms.cli.site import opened
from innocap_lms.extensions import writing
from innocap_lms.people import passes
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import LANGUAGES
from innocap_lms.people.mail import link_address
from innocap_lms.people.services import invite_person


@click.group()
def command() -> None:
    """Add people from the command line; the first administrator of a site comes this way.

    Example: innocap-lms user add "Maja Åström" maja@kommun.example
    """


@command.command()
@click.argument("name")
@click.argument("email")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="sv", show_default=True)
def add(name: str, email: str, language: str) -> None:
    """Add an administrator and print a link, good once, to choose a password with.

    Example: innocap-lms user add "Maja Åström" maja@kommun.example
    """
    with opened():
        try:
            with writing():
                person_id = invite_person(
                    name=name, email=email, role="admin", language=language, send_mail=False
                )
                secret = passes.make_link(person_id, passes.INVITATION)
        except InvalidInputError as error:
            raise click.ClickException(" ".join(error.errors.values())) from None
        click.echo(f"{name} is an administrator. To choose a password, open within 14 days:")
        click.echo(link_address(passes.INVITATION, secret))
