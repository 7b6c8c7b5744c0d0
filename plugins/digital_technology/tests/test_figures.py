"""The figures of the track that are published are those of its courses."""

from pathlib import Path

from innocap_lms.testing.courses import figures_of
from plugins import digital_technology

PAGE = Path(__file__).parents[3] / "docs" / "digital-technology.md"


def test_the_page_of_figures_tells_of_the_courses_as_they_are() -> None:
    """`innocap-lms course figures courses/digital-technology` writes its tables."""
    kinds, page = digital_technology.register_question_kinds(), PAGE.read_text(encoding="utf-8")
    for source in digital_technology.register_courses():
        assert figures_of(source, kinds) in page, source.folder.name
