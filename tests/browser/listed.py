"""A list of people for the scenes, which waits to be looked at."""

from innocap_lms.admin import importing
from innocap_lms.extensions import writing
from tests.browser.town import Someone, Town

ROWS = (
    "Namn;E-post;Anställningsnummer;Enhet",
    "Ny Medarbetare;ny@example.org;1001;Samhällsbyggnad",
    "Emma Berglund;emma.berglund@example.org;1002;Kommunledning",
    "Fel Rad;ingen adress;1003;Okänd enhet",
)


def prepare(town: Town, organisation: str, sender: Someone) -> dict[str, str]:
    """Send in somebody new, a mover, and a row with errors."""
    content = "\n".join(ROWS).encode()
    with town.site.app.app_context(), writing():
        name = "personal-november.csv"
        return {"list": importing.keep(organisation, sender.id, "sv", name, content)}
