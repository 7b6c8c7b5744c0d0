"""The contract keeps what it has promised, and tells who uses what is to go."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms import plugin_api
from innocap_lms.cli.site import close_connections
from innocap_lms.config import Settings
from innocap_lms.plugin_host import contract
from innocap_lms.plugin_host.contract import Deprecated, Plugin
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.loading import PluginRejected, refuse_other_api
from innocap_lms.preview.examination import examine
from innocap_lms.preview.site import make_site
from tests.conftest import House
from tests.plugin_host.conftest import Folder, state_of
from tests.plugin_host.test_isolation import LEARNER
from tools.contract_versions import present, recorded
from tools.hook_reference import reference

PROMISED = recorded()


def first(version: str) -> str:
    return version.partition(".")[0]


def test_the_present_contract_is_written_down() -> None:
    """Whoever adds to it raises the second number and runs `python tools/contract_versions.py`."""
    assert PROMISED[contract.PLUGIN_API] == present()
    assert list(PROMISED)[-1] == contract.PLUGIN_API


def gone(promised: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """What of a promise does not hold any more."""
    for hook, parameters in promised["hooks"].items():
        if hook not in now["hooks"]:
            yield f"the hook {hook}"
        else:
            lost = (each for each in parameters if each not in now["hooks"][hook])
            yield from (f"{each} of the hook {hook}" for each in lost)
    yield from (name for name in promised["names"] if name not in now["names"])
    for kind, fields in promised["types"].items():
        there = now["types"].get(kind, [])
        more = there[len(fields) :]
        is_kept = there[: len(fields)] == fields and all(map(may_be_left_out, more))
        if kind in now["names"] and not is_kept:
            yield f"fields of {kind}"


def may_be_left_out(field: list[Any]) -> bool:
    return bool(field[1])


def unannounced(versions: dict[str, Any], at: str) -> list[str]:
    """What version `at` lacks and had no right to take away: of a version with its own first number
    anything, of the last one before that whatever was not deprecated there."""
    same = [version for version in versions if first(version) == first(at)]
    before = [version for version in versions if version not in same][-1:]
    allowed = [each for version in before for each in versions[version]["deprecated"]]
    return [each for version in same for each in gone(versions[version], versions[at])] + [
        each
        for version in before
        for each in gone(versions[version], versions[at])
        if each not in allowed
    ]


def test_what_earlier_versions_promised_still_holds() -> None:
    assert unannounced(PROMISED, contract.PLUGIN_API) == []


@pytest.mark.parametrize(
    ("part", "name", "value", "taken"),
    [
        ("hooks", "dashboard_cards", [], ["learner of the hook dashboard_cards"]),
        ("hooks", "dashboard_cards", ["learner", "more"], []),
        ("types", "Card", [["text", False]], ["fields of Card"]),
        ("types", "Card", [["title", False], ["text", False], ["x", False]], ["fields of Card"]),
        ("types", "Card", [["title", False], ["text", False], ["x", True]], []),
    ],
)
def test_a_second_number_adds_and_takes_nothing_away(
    part: str, name: str, value: Any, taken: list[str]
) -> None:
    old = {
        "hooks": {"dashboard_cards": ["learner"]},
        "names": ["Card"],
        "types": {"Card": [["title", False], ["text", False]]},
        "deprecated": ["learner of the hook dashboard_cards"],
    }
    new = {**old, part: {**old[part], name: value}}  # type: ignore[dict-item]
    assert unannounced({"1.0": old, "1.1": new}, "1.1") == taken


def test_a_first_number_takes_away_what_the_last_version_before_had_deprecated() -> None:
    old = {"hooks": {"a": [], "b": []}, "names": ["C", "D"], "types": {}, "deprecated": []}
    last = {**old, "deprecated": ["the hook a", "C"]}
    new = {**old, "hooks": {}, "names": []}
    assert unannounced({"1.0": old, "1.1": last, "2.0": new}, "2.0") == ["the hook b", "D"]


@pytest.mark.parametrize(
    ("needs", "have", "loads"),
    [
        ("1.0", "1.0", True),
        ("1.0", "1.1", True),
        ("1.9", "1.10", True),
        ("1.1", "1.0", False),
        ("1.10", "1.9", False),
        ("1.4", "2.0", False),
        ("2.0", "1.4", False),
    ],
)
def test_a_plugin_loads_where_its_first_number_is_spoken_and_nothing_it_needs_is_missing(
    monkeypatch: pytest.MonkeyPatch, needs: str, have: str, loads: bool
) -> None:
    monkeypatch.setattr(contract, "PLUGIN_API", have)
    manifest = Plugin("coast", "1", needs)
    if loads:
        refuse_other_api(manifest)
    else:
        with pytest.raises(PluginRejected, match=f"it needs plugin API {needs}, this is {have}"):
            refuse_other_api(manifest)


def test_a_plugin_that_names_no_version_was_written_for_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contract, "PLUGIN_API", "2.0")
    with pytest.raises(PluginRejected):
        refuse_other_api(Plugin("coast", "1"))


TO_GO = Deprecated("1.2", "register_cards gives the same")
NOTES = (
    "the hook dashboard_cards is deprecated since 1.2: register_cards gives the same",
    "texts of the hook check_course is deprecated since 1.2: register_cards gives the same",
    "Leaflet is deprecated since 1.2: register_cards gives the same",
)
USES_IT_ALL = """
import innocap_lms.plugin_api as api
Card = api.Leaflet
@hookimpl
def dashboard_cards(learner): return [Card("An old card", "It still comes.")]
@hookimpl
def check_course(texts): return []
"""


@pytest.fixture
def to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook, a parameter of another and a name of the facade are deprecated."""
    mark = f"{contract.NAMESPACE}_spec"
    monkeypatch.setitem(getattr(contract.dashboard_cards, mark), "warn_on_impl", TO_GO)
    args = {"texts": TO_GO}
    monkeypatch.setitem(getattr(contract.check_course, mark), "warn_on_impl_args", args)
    monkeypatch.setitem(plugin_api.DEPRECATED, "Leaflet", (plugin_api.Card, TO_GO))


@pytest.mark.usefixtures("to_go")
def test_a_plugin_that_uses_what_is_to_go_works_and_is_told_what_to_use_instead(
    folder: Folder,
) -> None:
    folder.write("old", USES_IT_ALL)
    folder.write("new", "@hookimpl\ndef check_course(course): return []")
    host: PluginHost = folder.host(strict=True)
    ((name, (card,)),) = host.call("dashboard_cards", learner=LEARNER)
    assert (name, card.title) == ("old", "An old card")
    assert state_of(host, "old").state == "loaded"
    assert state_of(host, "old").notes == NOTES
    assert state_of(host, "new").notes == ()


@pytest.mark.usefixtures("to_go")
def test_administrators_and_the_doctor_see_it_and_the_plugin_is_well(
    folder: Folder,
    settings: Settings,
    make_app: Callable[..., Flask],
    house: House,
    sign_in: Callable[[FlaskClient, str], FlaskClient],
) -> None:
    folder.write("old", USES_IT_ALL)
    here = replace(settings, plugin_dirs=(folder.path,))
    page = sign_in(make_app(using=here).test_client(), house.admin).get("/admin/plugins").text
    assert all(note in page for note in NOTES)
    site = folder.path.parent / "site"
    site.mkdir()
    app = make_site(here, site, "http://127.0.0.1")
    app.config["FORM_TOKENS"] = False
    (finding,) = examine(app, site / "files")
    close_connections(app)
    assert finding.is_well
    assert finding.notes == NOTES


@pytest.mark.usefixtures("to_go")
def test_the_reference_marks_what_is_to_go() -> None:
    text = reference()
    said = "eprecated since 1.2: register_cards gives the same"
    for line in (f"**D{said}.**", f"**`texts` is d{said}.**", f"- `Leaflet`: d{said}"):
        assert f"\n{line}\n" in text


def test_a_name_that_never_was_is_an_error_of_the_plugin(folder: Folder) -> None:
    folder.write("odd", "import innocap_lms.plugin_api as api\napi.Pamphlet")
    assert "has no attribute 'Pamphlet'" in state_of(folder.host(), "odd").reason
