"""Settings of plugins: declared in a schema, set by an administrator, read by their plugin."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from innocap_lms.admin import plugin_settings
from innocap_lms.admin.models import PluginSetting
from innocap_lms.config import Settings
from innocap_lms.extensions import db
from innocap_lms.ledger.models import LedgerContent, LedgerEvent
from innocap_lms.plugin_api import Plugin, Setting, own_settings
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.testing.calls import called_as
from tests.conftest import House
from tests.plugin_host.conftest import Folder, state_of
from tests.plugin_host.test_isolation import LEARNER

Site = Callable[..., Flask]
ALL_KINDS = """
plugin = Plugin("{name}", "1", settings=(
    Setting("greeting", "text", "Hello", {{"en": "Greeting", "sv": "Hälsning"}}, most=20),
    Setting("cards", "number", 3, {{"en": "Cards"}}, {{"en": "At most five."}},
            least=0, most={most}),
    Setting("loud", "yes_no", True, {{"en": "Speak up"}}),
    Setting("tone", "choice", "calm", {{"en": "Tone"}},
            choices={{"calm": {{"en": "Calm"}}, "brisk": {{"en": "Brisk"}}}}),
))
@hookimpl
def dashboard_cards(learner):
    return [Card("{name}", repr(dict(own_settings())))]
"""
DEFAULTS = {"greeting": "Hello", "cards": 3, "loud": True, "tone": "calm"}
SENT = {
    "setting-greeting": " Välkommen ", "setting-cards": "5", "setting-tone": "brisk",
}  # fmt: skip


@pytest.fixture
def site(settings: Settings, make_app: Callable[..., Flask], folder: Folder) -> Site:
    """Makes the site anew, with its plugins: those given, or one with every kind of setting."""

    def make(**bodies: str) -> Flask:
        place = Folder(folder.path / str(len(list(folder.path.iterdir()))))
        place.path.mkdir()
        for name, body in (bodies or {"polite": ALL_KINDS.format(name="polite", most=5)}).items():
            place.write(name, body)
        return make_app(using=replace(settings, plugin_dirs=(place.path,)))

    return make


@pytest.fixture
def admin_of(house: House, sign_in: Callable[..., FlaskClient]) -> Callable[[Flask], FlaskClient]:
    return lambda app: sign_in(app.test_client(), house.admin)


def used(app: Flask) -> dict[str, str]:
    """What each plugin reads as its settings."""
    host: PluginHost = app.extensions["innocap_host"]
    with app.app_context():
        found = host.call("dashboard_cards", learner=LEARNER)
    return {name: card.text for name, (card,) in found}


def test_an_administrator_sets_them_and_the_plugin_reads_them_at_once(
    site: Site, admin_of: Callable[[Flask], FlaskClient]
) -> None:
    app = site()
    admin = admin_of(app)
    assert used(app) == {"polite": repr(DEFAULTS)}
    assert "/admin/plugins/polite/settings" in admin.get("/admin/plugins").text
    page = admin.get("/admin/plugins/polite/settings").text
    for words in ("Greeting", "At most five.", "Speak up", "Calm", "Brisk", 'value="Hello"'):
        assert words in page
    assert admin.post("/admin/plugins/polite/settings", data=SENT).status_code == 303
    wanted = {"greeting": "Välkommen", "cards": 5, "loud": False, "tone": "brisk"}
    assert used(app) == {"polite": repr(wanted)}


def test_the_form_speaks_the_readers_language_as_far_as_the_plugin_does(
    site: Site, admin_of: Callable[[Flask], FlaskClient]
) -> None:
    admin = admin_of(site())
    admin.get("/language/sv")
    page = admin.get("/admin/plugins/polite/settings").text
    assert "Hälsning" in page
    assert "Speak up" in page


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("greeting", "x" * 21, "Write at most 20 characters."),
        ("cards", "many", "Write a whole number, such as 10."),
        ("cards", "2.5", "Write a whole number, such as 10."),
        ("cards", "-1", "Write a number that is at least 0."),
        ("cards", "6", "Write a number that is at most 5."),
        ("tone", "shrill", "Choose one of those in the list."),
    ],
)
def test_what_does_not_fit_stands_beside_its_field_and_nothing_is_saved(
    site: Site, admin_of: Callable[[Flask], FlaskClient], field: str, typed: str, message: str
) -> None:
    app = site()
    answer = admin_of(app).post(
        "/admin/plugins/polite/settings", data={**SENT, f"setting-{field}": typed}
    )
    assert answer.status_code == 422
    assert f'href="#field-setting-{field}">{message}' in answer.text
    assert re.search(rf'id="field-setting-{field}"[^>]* aria-invalid="true"', answer.text)
    assert used(app) == {"polite": repr(DEFAULTS)}


def test_the_ledger_says_who_changed_what_and_nothing_when_nothing_changed(
    site: Site, admin_of: Callable[[Flask], FlaskClient], house: House
) -> None:
    app = site()
    admin = admin_of(app)
    for _ in range(2):
        admin.post("/admin/plugins/polite/settings", data={**SENT, "setting-loud": "yes"})
    with app.app_context():
        found = db.session.execute(
            select(LedgerContent.actor_id, LedgerContent.content)
            .join(LedgerEvent, LedgerEvent.id == LedgerContent.event_id)
            .where(LedgerEvent.kind == "plugin.settings_changed")
        ).all()
    ((actor, content),) = found
    assert actor == house.admin
    assert content == {
        "plugin": "polite",
        "changed": {
            "greeting": {"from": "Hello", "to": "Välkommen"},
            "cards": {"from": 3, "to": 5},
            "tone": {"from": "calm", "to": "brisk"},
        },
    }


def test_a_value_that_a_changed_schema_refuses_gives_way_to_the_default_and_the_form_says_so(
    site: Site, admin_of: Callable[[Flask], FlaskClient]
) -> None:
    admin_of(site()).post("/admin/plugins/polite/settings", data=SENT)
    app = site(polite=ALL_KINDS.format(name="polite", most=4).replace('"brisk":', '"swift":'))
    assert "'cards': 3" in used(app)["polite"]
    assert "'tone': 'calm'" in used(app)["polite"]
    assert "'greeting': 'Välkommen'" in used(app)["polite"]
    page = admin_of(app).get("/admin/plugins/polite/settings").text
    said = "What was set before no longer fits. The plugin uses the value shown here."
    assert page.count(f">{said}</a>") == 2
    assert 'href="#field-setting-tone"' in page


def test_settings_of_a_plugin_that_is_gone_wait_for_its_return(
    site: Site, admin_of: Callable[[Flask], FlaskClient]
) -> None:
    admin_of(site()).post("/admin/plugins/polite/settings", data=SENT)
    gone = site(other="")
    assert admin_of(gone).get("/admin/plugins/polite/settings").status_code == 404
    assert "'cards': 5" in used(site())["polite"]


def test_what_equals_the_default_follows_the_plugin_when_its_default_changes(
    site: Site, admin_of: Callable[[Flask], FlaskClient]
) -> None:
    app = site()
    for greeting in ("Welcome", "Hello"):
        data = {**SENT, "setting-greeting": greeting}
        admin_of(app).post("/admin/plugins/polite/settings", data=data)
    with app.app_context():
        assert "greeting" not in set(db.session.scalars(select(PluginSetting.name)))
    later = site(polite=ALL_KINDS.format(name="polite", most=5).replace('"Hello"', '"Hi"'))
    assert "'greeting': 'Hi'" in used(later)["polite"]


def test_each_plugin_reads_its_own(site: Site, admin_of: Callable[[Flask], FlaskClient]) -> None:
    app = site(
        polite=ALL_KINDS.format(name="polite", most=5), rude=ALL_KINDS.format(name="rude", most=5)
    )
    admin_of(app).post("/admin/plugins/rude/settings", data=SENT)
    assert used(app)["polite"] == repr(DEFAULTS)
    assert "'cards': 5" in used(app)["rude"]


def test_however_often_plugins_ask_a_page_costs_one_statement_for_all_settings(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {name: ALL_KINDS.format(name=name, most=5) for name in ("polite", "rude")}
    app, asked = site(**both), list[object]()
    fetch = plugin_settings.fetch
    monkeypatch.setattr(
        plugin_settings, "fetch", lambda *what: (asked.append(what), fetch(*what))[1]
    )
    host: PluginHost = app.extensions["innocap_host"]
    with app.app_context():
        for _ in range(2):
            assert len(host.call("dashboard_cards", learner=LEARNER)) == 2
    assert len(asked) == 1


def test_settings_are_not_there_while_plugins_register(folder: Folder) -> None:
    folder.write("hasty", "@hookimpl\ndef register_tracks(): return [own_settings()]")
    assert "not while plugins are imported and register" in state_of(folder.host(), "hasty").reason
    with pytest.raises(LookupError, match="while the site calls a hook"):
        own_settings()


@pytest.mark.parametrize("who", ["coach", "trainer", "hr", "manager", "stranger"])
def test_for_others_the_settings_are_not_there(
    site: Site, house: House, sign_in: Callable[[FlaskClient, str], FlaskClient], who: str
) -> None:
    app = site()
    browser = sign_in(app.test_client(), getattr(house, who))
    assert browser.get("/admin/plugins/polite/settings").status_code == 404
    assert browser.post("/admin/plugins/polite/settings", data=SENT).status_code == 404
    assert used(app) == {"polite": repr(DEFAULTS)}


def test_a_plugin_without_settings_has_no_form(
    site: Site, admin_of: Callable[[Flask], FlaskClient]
) -> None:
    admin = admin_of(site(plain=""))
    for name in ("plain", "nobody"):
        assert admin.get(f"/admin/plugins/{name}/settings").status_code == 404
        assert admin.post(f"/admin/plugins/{name}/settings", data=SENT).status_code == 404


ONE = Setting("cards", "number", 3, {"en": "Cards"})
FAULTS = [
    (replace(ONE, name="Cards!"), "its name is not a_name of a-z"),
    (replace(ONE, kind="colour"), "its kind 'colour' is not text, number"),  # type: ignore[arg-type]
    (replace(ONE, labels={}), "labels and hints map languages to text"),
    (replace(ONE, hints={"en": " "}), "labels and hints map languages to text"),
    (replace(ONE, default=True), "refuse the default True (kind)"),
    (replace(ONE, default="3"), "refuse the default '3' (kind)"),
    (replace(ONE, least=4), "refuse the default 3 (least)"),
    (replace(ONE, most=2.5), "least and most are whole numbers"),  # type: ignore[arg-type]
    (replace(ONE, choices={"a": {"en": "A"}}), "a choice, and nothing else, has choices"),
    (replace(ONE, kind="choice", default="a"), "a choice, and nothing else, has choices"),
    (
        replace(ONE, kind="choice", default="b", choices={"a": {"en": "A"}}),
        "refuse the default 'b' (choice)",
    ),
]


@pytest.mark.parametrize(("setting", "reason"), FAULTS, ids=[reason for _, reason in FAULTS])
def test_a_schema_that_no_form_could_be_made_of_keeps_its_plugin_out(
    folder: Folder, setting: Setting, reason: str
) -> None:
    folder.write("odd", f"plugin = Plugin('odd', '1', settings=({setting!r},))")
    status = state_of(folder.host(), "odd")
    assert status.state == "rejected"
    assert reason in status.reason


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("[]", "are not a tuple of Setting"),
        ("('cards',)", "hold 'cards', not a Setting"),
        (f"({ONE!r},) * 2", "there are two settings named cards"),
    ],
)
def test_settings_that_are_none_keep_their_plugin_out(
    folder: Folder, settings: str, reason: str
) -> None:
    folder.write("odd", f"plugin = Plugin('odd', '1', settings={settings})")
    assert reason in state_of(folder.host(), "odd").reason


def test_authors_try_their_plugin_with_other_settings() -> None:
    plugin = Plugin("mine", "1", settings=(ONE,))
    with called_as(plugin, cards=5):
        assert own_settings() == {"cards": 5}
    with called_as(plugin):
        assert own_settings() == {"cards": 3}
    with (
        pytest.raises(ValueError, match="mine cannot be set so: cards"),
        called_as(plugin, cards="x"),
    ):
        pass
    with pytest.raises(ValueError, match="mine cannot be set so: card"), called_as(plugin, card=1):
        pass
