"""Programmes are looked at when their plugin starts; their files, when somebody checks."""

import pytest

from tests.plugin_host.conftest import Folder, state_of


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("7, Path(__file__).parent, 'coach'", "not a slug"),
        ("'north', Path(__file__).parent, 'Två ord'", "the id of a programme"),
        ("'north', '/nowhere', 'coach'", "use Path"),
    ],
)
def test_a_programme_that_cannot_be_found_keeps_its_plugin_out(
    folder: Folder, fields: str, said: str
) -> None:
    folder.write(
        "coaches",
        f"""
        from pathlib import Path
        @hookimpl
        def register_programmes(): return [ProgrammeSource({fields})]
        """,
    )
    state = state_of(folder.host(), "coaches")
    assert state.state != "loaded"
    assert said in state.reason


def test_the_programmes_beside_the_courses_of_a_track_are_found(folder: Folder) -> None:
    for name in ("b.programme.md", "a.programme.md", "a.programme.sv.md", "programme.md"):
        (folder.path / name).write_text("", encoding="utf-8")
    folder.write(
        "coaches",
        """
        from pathlib import Path
        NORTH = Track("north", {"en": "N"}, {"en": "N."}, "#112233", "#DDEEFF", ((0, 0), (9, 9)))
        @hookimpl
        def register_tracks(): return [NORTH]
        @hookimpl
        def register_programmes(): return programmes_in(NORTH, Path(__file__).parent)
        """,
    )
    found = folder.host(strict=True).programmes
    assert [(plugin, each.track, each.id) for plugin, each in found] == [
        ("coaches", "north", "a"),
        ("coaches", "north", "b"),
    ]
