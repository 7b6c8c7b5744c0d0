"""Self-assessments of plugins are looked at when they start."""

import pytest

from innocap_lms.plugin_host.host import PluginHost
from tests.plugin_host.conftest import Folder, state_of

SOUND = """
from dataclasses import replace
WORDS = {{"en": "Odd"}}
ONE = Competence("odd", WORDS, WORDS)
AREA = CompetenceArea(WORDS, (ONE,))
OWN = SelfAssessment("odd", WORDS, WORDS, (WORDS, WORDS), (AREA,))
@hookimpl
def register_self_assessments(): return [replace(OWN{changes})]
"""


def host_with(folder: Folder, changes: str = "") -> PluginHost:
    folder.write("own", SOUND.format(changes=changes))
    return folder.host()


def test_one_that_can_be_shown_is_there(folder: Folder) -> None:
    host = host_with(folder)
    assert state_of(host, "own").state == "loaded"
    assert list(host.self_assessments) == ["odd"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("name='Odd one'", "lower-case"),
        ("titles='Odd'", "titles and summaries"),
        ("summaries={}", "titles and summaries"),
        ("levels=[WORDS, WORDS]", "a tuple of words"),
        ("levels=(WORDS, 'high')", "a tuple of words"),
        ("levels=(WORDS,)", "2 to 6 levels"),
        ("levels=(WORDS,) * 7", "2 to 6 levels"),
        ("areas=()", "a tuple of CompetenceArea"),
        ("areas=(WORDS,)", "each area is a CompetenceArea"),
        ("areas=(CompetenceArea('Odd', (ONE,)),)", "titles by language"),
        ("areas=(CompetenceArea(WORDS, ()),)", "a tuple of Competence"),
        ("areas=(CompetenceArea(WORDS, (WORDS,)),)", "each competence is a Competence"),
        ("areas=(CompetenceArea(WORDS, (replace(ONE, id='1.1'),)),)", "an id of a-z"),
        ("areas=(CompetenceArea(WORDS, (replace(ONE, titles=''),)),)", "odd: titles"),
        ("areas=(AREA, AREA)", "the same id"),
        (
            "areas=(CompetenceArea(WORDS, tuple(replace(ONE, id=f'c{n}') for n in range(61))),)",
            "more than 60",
        ),
    ],
)
def test_one_that_cannot_be_used_keeps_its_plugin_out_and_says_why(
    folder: Folder, changes: str, said: str
) -> None:
    state = state_of(host_with(folder, f", {changes}"), "own")
    assert state.state != "loaded"
    assert said in state.reason


def test_a_name_belongs_to_one_plugin(folder: Folder) -> None:
    folder.write("second", SOUND.format(changes=""))
    reason = state_of(host_with(folder), "second").reason
    assert reason == "the self-assessment odd belongs to plugin own; second claims it too"
