"""A plugin asks others by a hook of its own; whoever fails is left out, and may as well be gone."""

import threading
import time
from collections.abc import Callable

import pytest

from innocap_lms.plugin_api import Plugin, call_hook
from innocap_lms.plugin_host import watchdog
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.watch import STRIKES
from innocap_lms.testing.calls import called_as
from tests.plugin_host.conftest import Folder, state_of
from tests.plugin_host.test_isolation import LEARNER

ASKS = """
from collections.abc import Sequence
@hookspec
def more_walks(language: str, length: int = 3) -> Sequence[str]:
    \"\"\"Walks that others know of.\"\"\"
@hookimpl
def dashboard_cards(learner):
    return [Card(by, " ".join(walks)) for by, walks in call_hook("more_walks", language="en")]
"""
KNOWS = """
@implements("coast.more_walks")
def walks(language): return [f"The lighthouse ({language})"]
"""
SEES_MORE = """
@implements("coast.more_walks")
def walks(length, language): return ["The pier"] * length
"""


def cards_of(host: PluginHost) -> dict[str, str]:
    """What stands on the cards of the plugin that asks, by the plugin that gave it."""
    return {
        card.title: card.text
        for _name, cards in host.call("dashboard_cards", learner=LEARNER)
        for card in cards
    }


@pytest.fixture
def with_others(folder: Folder) -> Callable[..., PluginHost]:
    """A host of the plugin that asks, between those that are given: one loads before it."""

    def make(*, strict: bool = False, **others: str) -> PluginHost:
        for name, body in {"coast": ASKS, **others}.items():
            folder.write(name, body)
        return folder.host(strict=strict)

    return make


def test_each_plugin_that_implements_it_is_asked_whatever_the_order_of_loading(
    with_others: Callable[..., PluginHost],
) -> None:
    host = with_others(strict=True, a_guide=KNOWS, pier=SEES_MORE, silent="")
    assert cards_of(host) == {
        "a_guide": "The lighthouse (en)",
        "pier": "The pier The pier The pier",
    }
    assert all(status.notes == () for status in host.statuses)


def test_where_the_plugin_that_asks_is_not_there_the_others_are_loaded_all_the_same(
    folder: Folder,
) -> None:
    folder.write("guide", KNOWS)
    host = folder.host(strict=True)
    assert state_of(host, "guide").state == "loaded"
    assert state_of(host, "guide").notes == ()
    assert cards_of(host) == {}


BAD = {
    "raises": ("raise OSError('lost')", "OSError('lost')"),
    "exits": ("raise SystemExit(1)", "SystemExit(1)"),
    "none": ("return None", "coast.more_walks gave None, not a list of str"),
    "numbers": ("return [1]", "coast.more_walks gave 1, not a str"),
    "halfway": ("yield 'A walk'\n    raise OSError('halfway')", "halfway"),
}


@pytest.mark.parametrize("how", BAD)
def test_one_that_fails_is_left_out_counted_and_in_the_end_quarantined_alone(
    with_others: Callable[..., PluginHost], how: str
) -> None:
    body, reason = BAD[how]
    bad = f"@implements('coast.more_walks')\ndef walks():\n    {body}\n"
    host = with_others(bad=bad, guide=KNOWS)
    for _ in range(STRIKES + 1):
        assert cards_of(host) == {"guide": "The lighthouse (en)"}
    assert state_of(host, "bad").state == "quarantined"
    assert "coast.more_walks" in state_of(host, "bad").reason
    assert reason in state_of(host, "bad").reason
    assert state_of(host, "coast").state == state_of(host, "guide").state == "loaded"


def test_in_strict_mode_it_is_raised_and_says_by_which_plugin(
    with_others: Callable[..., PluginHost],
) -> None:
    bad = "@implements('coast.more_walks')\ndef walks(): raise OSError('lost')\n"
    host = with_others(strict=True, bad=bad)
    with pytest.raises(OSError, match="lost") as raised:
        cards_of(host)
    assert raised.value.__notes__[0] == "raised by plugin bad in coast.more_walks"


class Clock:
    """The clock that calls are measured by. A plugin puts it ahead instead of being slow."""

    def __init__(self) -> None:
        self.real, self.ahead, self.told = time.perf_counter, 0.0, threading.Event()

    def __call__(self) -> float:
        return self.real() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(time, "perf_counter", made)
    return made


LATE = "    import time; time.perf_counter.ahead += {seconds}\n"
SLOW = "@implements('coast.more_walks')\ndef walks():\n{late}    return ['A long walk']\n"


@pytest.mark.usefixtures("clock")
def test_a_slow_one_is_a_fault_of_its_own_and_not_of_the_plugin_that_waits(
    with_others: Callable[..., PluginHost],
) -> None:
    host = with_others(slow=SLOW.format(late=LATE.format(seconds=3)), guide=KNOWS)
    for _ in range(STRIKES):
        assert len(cards_of(host)) == 2
    assert state_of(host, "slow").state == "quarantined"
    assert state_of(host, "coast").state == "loaded"
    assert cards_of(host) == {"guide": "The lighthouse (en)"}


@pytest.mark.usefixtures("clock")
def test_a_slow_plugin_is_told_even_where_it_asks_quick_ones(folder: Folder) -> None:
    start = "    return [Card(by"
    folder.write("coast", ASKS.replace(start, LATE.format(seconds=3) + start))
    folder.write("guide", KNOWS)
    host = folder.host()
    for _ in range(STRIKES):
        cards_of(host)
    assert state_of(host, "coast").state == "quarantined"
    assert state_of(host, "guide").state == "loaded"


def test_of_one_that_does_not_come_back_the_watchdog_names_that_one_alone(
    with_others: Callable[..., PluginHost], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0.01)
    late = LATE.format(seconds=11) + "    assert time.perf_counter.told.wait(20)\n"
    host = with_others(stuck=SLOW.format(late=late))
    host.when_stuck(clock.told.set)
    cards_of(host)
    assert "did not come back" in state_of(host, "stuck").reason
    assert state_of(host, "coast").state == "loaded"


@pytest.mark.parametrize(
    ("name", "arguments", "note"),
    [
        ("coast.more_wlaks", "", "it implements coast.more_wlaks, which coast does not have"),
        (
            "coast.more_walks",
            "language, weather",
            "its coast.more_walks asks for weather, which it is not given",
        ),
    ],
)
def test_what_would_never_be_called_is_told_and_the_plugin_works_all_the_same(
    with_others: Callable[..., PluginHost], name: str, arguments: str, note: str
) -> None:
    host = with_others(
        guide=f"@implements('{name}')\ndef walks({arguments}): return ['A walk']\n"
        "@hookimpl\ndef register_tracks(): return [NORTH]\n"
    )
    assert state_of(host, "guide").state == "loaded"
    assert state_of(host, "guide").notes == (note,)
    assert list(host.tracks) == ["north"]
    assert cards_of(host) == {}


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("call_hook('other')", "plugin coast declares no hook other: write @hookspec"),
        ("call_hook('more_walks')", "missing a required argument: 'language'"),
        ("call_hook('more_walks', language='en', app=1)", "unexpected keyword argument 'app'"),
    ],
)
def test_a_plugin_calls_its_own_hooks_with_their_own_arguments(
    folder: Folder, call: str, reason: str
) -> None:
    folder.write("coast", ASKS.replace('call_hook("more_walks", language="en")', call))
    with pytest.raises((LookupError, TypeError), match=reason):
        cards_of(folder.host(strict=True))


def test_a_hook_that_does_not_say_what_it_gives_keeps_its_plugin_out(folder: Folder) -> None:
    folder.write("vague", "@hookspec\ndef more_walks(language): ...")
    status = state_of(folder.host(), "vague")
    assert status.state == "rejected"
    assert status.reason.startswith("its own hook more_walks: its signature does not say")


def test_authors_try_their_plugin_where_nobody_else_is_there() -> None:
    with called_as(Plugin("coast", "1")):
        assert call_hook("more_walks", language="en") == []
    with pytest.raises(LookupError, match="call_hook"):
        call_hook("more_walks", language="en")


def test_each_plugin_reads_its_own_settings_also_while_another_waits_for_it(
    folder: Folder,
) -> None:
    setting = (
        'PLACE = Setting("place", "text", "{0}", {{"en": "Place"}})\n'
        'plugin = Plugin("{0}", "1", settings=(PLACE,))\n'
    )
    asks = ASKS.replace('" ".join(walks)', '" ".join([*walks, own_settings()["place"]])')
    folder.write("coast", setting.format("coast") + asks)
    folder.write(
        "guide",
        setting.format("guide")
        + "@implements('coast.more_walks')\ndef walks(): return [own_settings()['place']]\n",
    )
    assert cards_of(folder.host(strict=True)) == {"guide": "guide coast"}
