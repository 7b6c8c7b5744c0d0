"""What was learnt elsewhere, for the scenes: a completion that HR noted, and corrected since."""

from datetime import date, timedelta

from innocap_lms.catalogue.queries import offering
from innocap_lms.extensions import writing
from innocap_lms.recognition import queries
from innocap_lms.recognition.corrections import correct_day
from innocap_lms.requirements.days import today
from innocap_lms.requirements.noting import Done, complete, moment_of
from innocap_lms.requirements.services import About
from tests.browser.town import Someone, Town


def prepare(town: Town, course: str, coach: Someone, hr: Someone) -> dict[str, str]:
    """Let HR note that the coach took a course before, and correct its day; the note's id."""
    organisation, _units = town.organisation("Nordviks kommun")
    app = town.site.app
    with app.app_context():
        found = offering(course)
        assert found is not None
        about = About(coach.id, organisation, hr.id)
        done = Done(
            moment_of(date(2024, 3, 12)),
            "Kursen gavs i sal av kommunens utbildningsenhet",
            "Närvarolista, dnr KS 2024/117",
        )
        with writing():
            noted = complete(about, found, done)
        entry = next(each for each in queries.entries(coach.id) if each.id == noted)
        with writing():
            settings = app.extensions["innocap_settings"]
            day = today() - timedelta(days=400)
            correct_day(about, entry, day, "Fel år i närvarolistan", settings)
    return {"noted": noted}
