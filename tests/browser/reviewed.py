"""A draft under review, for the scenes: one with comments, one that has ended."""

from innocap_lms.catalogue.comparison import pieces
from innocap_lms.extensions import writing
from innocap_lms.reviews import services
from innocap_lms.reviews.queries import open_review
from tests.browser.town import Someone, Town

LESSON = "needs-question"
SAID = (
    (2, "Siv Lindqvist", "Här behövs ett exempel från äldreomsorgen, annars blir det abstrakt."),
    (2, "Per-Olof Ask", "Håller med. Ta gärna hemtjänstens larmknapp."),
    (5, "Áile Niia", "Ordet aktörskarta har inte förklarats än."),
)


def prepare(town: Town, course_id: str, trainer: Someone) -> dict[str, str]:
    """Make both reviews; ids by name."""
    found = town.course(course_id)
    ask = (found.course, found.track)
    note = (
        "Är lektion ett för lång? Och förstår ni alla ord? Jämför med "
        "https://kommunen.example/utbildning/underlag/innovationsledare-i-kommuner"
    )
    with town.site.app.test_request_context(), writing():
        made = services.ask_for_review(*ask, note, trainer.id)
        ended = services.ask_for_review(*ask, "", trainer.id)
    with town.site.app.test_request_context():
        review, over = open_review(made), open_review(ended)
        assert review is not None and over is not None  # noqa: PT018 - one thought
        said = pieces(review.course, LESSON, "sv")
        with writing():
            services.close(over)
            for piece, name, text in SAID:
                quote = said[piece - 1].html.removeprefix("<p>").partition("<")[0]
                services.say(
                    review, part=LESSON, language="sv", piece=piece,
                    quote=quote, name=name, text=text,
                )  # fmt: skip
    return {"review": made, "review_ended": ended}
