"""Designs of certificates are looked at when their plugin starts."""

import pytest

from tests.plugin_host.conftest import Folder, state_of


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("hue='red'", "not #RRGGBB"),
        ("track=7", "other than text"),
        ("signatory_roles={'en': 7}", "does not map"),
        ("logo=Path('/nowhere.svg'), logo_words={'en': 'x'}", "cannot be read"),
        ("logo=Path(__file__)", "in words"),
        ("logo=Path(__file__), logo_words={'en': 'x'}", "no SVG"),
    ],
)
def test_a_design_that_cannot_be_used_keeps_its_plugin_out(
    folder: Folder, fields: str, said: str
) -> None:
    folder.write(
        "designs",
        f"""
        from pathlib import Path
        @hookimpl
        def register_certificate_designs(): return [CertificateDesign({fields})]
        """,
    )
    state = state_of(folder.host(), "designs")
    assert state.state != "loaded"
    assert said in state.reason


def test_a_design_that_can_be_used_is_there(folder: Folder) -> None:
    folder.write(
        "designs",
        """
        @hookimpl
        def register_certificate_designs(): return [CertificateDesign(track="north", hue="#123456")]
        """,
    )
    host = folder.host()
    assert state_of(host, "designs").state == "loaded"
    assert [design.hue for design in host.designs] == ["#123456"]
