"""What plugins import: little, light, and the same from one version to the next."""

import subprocess
import sys

from innocap_lms import plugin_api

PUBLIC = [
    "PLUGIN_API",
    "AddRow",
    "AnswerBlock",
    "AnswerRefused",
    "Card",
    "CertificateDesign",
    "ChangeRows",
    "Competence",
    "CompetenceArea",
    "Course",
    "CourseSource",
    "Learner",
    "Mark",
    "OptionBlock",
    "PairBlock",
    "Parsed",
    "Plugin",
    "Problem",
    "ProgrammeSource",
    "QuestionBlock",
    "QuestionKind",
    "RemoveRows",
    "Report",
    "ReportAsked",
    "ReportChoice",
    "ReportColumn",
    "ReportRow",
    "ReportWish",
    "SelfAssessment",
    "Setting",
    "Track",
    "call_hook",
    "courses_in",
    "hookimpl",
    "hookspec",
    "implements",
    "own_rows",
    "own_settings",
    "programmes_in",
    "write_rows",
]


def test_the_public_names_are_these_and_all_are_there() -> None:
    assert plugin_api.__all__ == PUBLIC
    assert all(hasattr(plugin_api, name) for name in PUBLIC)
    assert plugin_api.PLUGIN_API == "1.7"


def test_it_brings_neither_the_web_framework_nor_the_database() -> None:
    program = (
        "import sys, innocap_lms.plugin_api\n"
        "heavy = {'flask', 'werkzeug', 'jinja2', 'sqlalchemy', 'alembic', 'babel'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
