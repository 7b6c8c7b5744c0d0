"""The certificate of the track's programme."""

from xml.etree import ElementTree

from plugins import digital_technology


def test_the_programme_names_the_design_that_is_its_own() -> None:
    (design,) = digital_technology.register_certificate_designs()
    (source,) = digital_technology.register_programmes()
    shared = source.folder.joinpath(f"{source.id}.programme.md").read_text(encoding="utf-8")
    assert f"certificate: {design.name}\n" in shared
    assert design.track == source.track


def test_its_drawing_is_there_and_told_in_each_language_of_a_certificate() -> None:
    (design,) = digital_technology.register_certificate_designs()
    assert design.logo is not None
    assert ElementTree.fromstring(design.logo.read_text(encoding="utf-8")).tag.endswith("svg")
    assert set(design.logo_words) == {"sv", "en", "fi"}
