"""The site of tests/inquiries: a coach with an attempt, and trainers."""

from tests.inquiries.conftest import site  # noqa: F401 - a fixture
