"""Every function of the contract, with every fault: what the host gives back, logs and counts.

What people see of it is in test_fault_pages.py; the rows of the table in docs/plugins.md name both.
"""

import logging
import re
import threading

import pytest

from innocap_lms.plugin_host import bulkhead, starting, watch, watchdog
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.watch import STRIKES, PluginFailed
from tests.conftest import Until
from tests.plugin_host import faults
from tests.plugin_host.conftest import Folder, state_of
from tests.plugin_host.faults import AT_START, AT_WORK, GIVES, PLACES, RAISES, call, module, place

WELL = """
@hookimpl
def register_tracks(): return [replace(NORTH, slug="well")]
@hookimpl
def dashboard_cards(learner): return [Card("A good card", "It holds.")]
@hookimpl
def check_course(course, texts): return []
from dataclasses import replace
"""
TEXT = [name for name in PLACES if name not in faults.TEMPLATES]  # a macro gives text, always


def host_of(folder: Folder, name: str, body: str, *, strict: bool = False) -> PluginHost:
    faults.write(folder, name, body)
    folder.write("well", WELL)
    return folder.host(strict=strict)


def assert_left_out(host: PluginHost, name: str) -> None:
    """The plugin's part is not there; other plugins' is."""
    if name in AT_WORK:
        assert [plugin for plugin, _items in call(host, name)] == ["well"]
        return
    with pytest.raises(PluginFailed, match="plugin faulty"):
        call(host, name)


def assert_counted(host: PluginHost, name: str, log: pytest.LogCaptureFixture) -> None:
    """Each fault is logged with plugin and function, in bounded words; the last one is enough."""
    for number in range(1, STRIKES + 1):
        assert state_of(host, "faulty").state == "loaded", number
        log.clear()
        assert_left_out(host, name)
        assert f"plugin faulty failed in {place(name).called}: " in log.text
        assert len(log.text) < 30_000
    assert state_of(host, "faulty").state == "quarantined"
    assert (
        f"{STRIKES} faults, the last: {place(name).called} raised"
        in state_of(host, "faulty").reason
    )
    assert "plugin faulty is quarantined" in log.text
    log.clear()
    assert_left_out(host, name)
    assert log.text == "", "it is not called any more"
    assert state_of(host, "well").state == "loaded"


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (name, fault)
        for name in PLACES
        for fault in RAISES
        if (name, fault) != ("read", "a refusal of an answer")  # that is its right
    ],
)
def test_a_call_that_raises_is_left_out_logged_and_counted(
    folder: Folder, caplog: pytest.LogCaptureFixture, name: str, fault: str
) -> None:
    assert_counted(host_of(folder, name, RAISES[fault]), name, caplog)


@pytest.mark.parametrize("fault", GIVES)
@pytest.mark.parametrize("name", TEXT)
def test_a_call_that_gives_something_else_or_too_much_is_left_out_logged_and_counted(
    folder: Folder, caplog: pytest.LogCaptureFixture, name: str, fault: str
) -> None:
    assert_counted(host_of(folder, name, GIVES[fault]), name, caplog)


@pytest.mark.parametrize("name", faults.TEMPLATES)
def test_a_template_that_makes_too_much_is_left_out_logged_and_counted(
    folder: Folder, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    assert_counted(host_of(folder, name, GIVES["10 MB"]), name, caplog)


@pytest.mark.parametrize("name", AT_WORK)
def test_a_hook_that_never_ends_giving_is_left_out_logged_and_counted(
    folder: Folder, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    assert_counted(host_of(folder, name, faults.ENDLESS), name, caplog)


@pytest.mark.parametrize("name", PLACES)
def test_in_strict_mode_what_it_raised_is_raised_and_nothing_is_counted(
    folder: Folder, name: str
) -> None:
    host = host_of(folder, name, RAISES["an error"], strict=True)
    for _ in range(STRIKES + 1):
        with pytest.raises(OSError, match="no disk") as raised:
            call(host, name)
        assert raised.value.__notes__ == [f"raised by plugin faulty in {place(name).called}"]
    assert state_of(host, "faulty").state == "loaded"


@pytest.mark.parametrize("name", PLACES)
def test_a_slow_call_is_used_logged_and_counted(
    folder: Folder, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(watch, "SLOW_SECONDS", -1)
    host = host_of(folder, name, "return {good}")
    for _ in range(STRIKES):
        caplog.clear()
        assert call(host, name)
        assert re.search(rf"plugin faulty took [0-9.]+ s in {place(name).called}", caplog.text)
    assert f"{place(name).called} took" in state_of(host, "faulty").reason
    if name in AT_WORK:
        assert "faulty" not in [plugin for plugin, _items in call(host, name)]
    else:
        assert_left_out(host, name)


@pytest.mark.parametrize("name", PLACES)
def test_what_a_call_writes_to_its_arguments_stays_with_it(folder: Folder, name: str) -> None:
    arguments = ", ".join(faults.arguments(name))
    host = host_of(folder, name, f"good = {{good}}\n    spoil([{arguments}])\n    return good")
    first = call(host, name)  # which compares what the caller holds with what it held
    assert call(host, name) == first
    assert state_of(host, "faulty").state == "loaded"


@pytest.mark.parametrize("name", PLACES)
def test_two_threads_may_wait_in_a_call_and_further_ones_are_left_out_at_once(
    folder: Folder,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    until: Until,
    name: str,
) -> None:
    monkeypatch.setattr(bulkhead, "PATIENCE_SECONDS", 0.3)
    host = host_of(folder, name, "wait()\n    return {good}")
    inside, go_on = module(host)["inside"], module(host)["go_on"]
    caught = [faults.beside(lambda: call(host, name)) for _ in range(2)]
    try:
        until(lambda: len(inside) == 2)
        others = [faults.beside(lambda: assert_left_out(host, name)) for _ in range(6)]
        for other in others:
            other.join(20)
            assert not other.is_alive()
        assert len(inside) == 2
        assert caplog.text.count(f"faulty is left out of {place(name).called}: 2 calls wait") == 6
        assert state_of(host, "faulty").state == "loaded", "those who were left out are no faults"
    finally:
        go_on.set()
        for each in caught:
            each.join()
    assert call(host, name), "once they have come back it is called again"


@pytest.mark.parametrize("name", PLACES)
def test_a_call_that_does_not_come_back_is_named_and_its_plugin_quarantined(
    folder: Folder,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(watchdog, "STUCK_SECONDS", 0.2)
    host, replaced = host_of(folder, name, "wait()\n    return {good}"), threading.Event()
    host.when_stuck(replaced.set)
    caught = faults.beside(lambda: call(host, name))
    try:
        assert replaced.wait(20)
        assert f"plugin faulty does not come back from {place(name).called}" in caplog.text
        assert state_of(host, "faulty").reason == f"{place(name).called} did not come back"
        assert_left_out(host, name)
    finally:
        module(host)["go_on"].set()
        caught.join()


def test_many_quick_calls_at_once_are_all_answered(folder: Folder, until: Until) -> None:
    """The limit is for those that wait: nobody's answer may stay ungraded in a crowd."""
    host = host_of(folder, "grade", "import time\n    time.sleep(0.001)\n    return {good}")
    marks = list[object]()
    crowd = [
        faults.beside(lambda: marks.extend(call(host, "grade") for _ in range(20)))
        for _ in range(8)
    ]
    for each in crowd:
        each.join()
    assert len(marks) == 160


def test_ctrl_c_ends_a_command_and_is_no_fault_of_the_plugin(folder: Folder) -> None:
    """Python raises it in the main thread; in any other it is the plugin that does."""
    host = host_of(folder, "dashboard_cards", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        call(host, "dashboard_cards")
    beside = faults.beside(lambda: assert_left_out(host, "dashboard_cards"))
    beside.join()
    assert state_of(host, "faulty").state == "loaded"


@pytest.mark.parametrize("fault", [*RAISES, *GIVES, "endless"])
@pytest.mark.parametrize("name", AT_START)
def test_a_hook_that_fails_at_start_keeps_its_plugin_out_and_no_other(
    folder: Folder, caplog: pytest.LogCaptureFixture, name: str, fault: str
) -> None:
    host = host_of(folder, name, {**RAISES, **GIVES, "endless": faults.ENDLESS}[fault])
    status = state_of(host, "faulty")
    assert status.state == "rejected"
    assert 0 < len(status.reason) < 1_000
    assert f"plugin faulty ({status.origin}) is rejected: {status.reason}" in caplog.text
    assert len(caplog.text) < 30_000
    assert state_of(host, "well").state == "loaded"


@pytest.mark.parametrize("name", AT_START)
def test_a_hook_that_does_not_come_back_at_start_keeps_its_plugin_out_and_the_site_starts(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(starting, "START_SECONDS", 0.2)
    host = host_of(folder, name, "threading.Event().wait()")
    assert state_of(host, "faulty").state == "rejected"
    assert "has not come back after 0 seconds" in state_of(host, "faulty").reason
    assert list(host.tracks) == ["well"]


def test_a_module_that_does_not_come_back_from_its_import_is_left_out(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "START_SECONDS", 0.2)
    folder.write("faulty", "import threading\nthreading.Event().wait()")
    folder.write("well", WELL)
    host = folder.host()
    assert state_of(host, "faulty").state == "rejected"
    assert list(host.tracks) == ["well"]


def test_a_slow_start_is_told(
    folder: Folder, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr("innocap_lms.plugin_host.host.SLOW_SECONDS", -1)
    found = host_of(folder, "register_tracks", "return {good}")
    assert state_of(found, "faulty").state == "loaded"
    assert re.search(r"plugin faulty took [0-9.]+ s to start", caplog.text)


def test_words_that_call_themselves_html_are_shown_as_words(folder: Folder) -> None:
    body = "from markupsafe import Markup\n    return [Card(Markup('<script>'), 'text')]"
    host = host_of(folder, "dashboard_cards", body)
    (_plugin, (card,)), *_others = call(host, "dashboard_cards")
    assert type(card.title) is str


@pytest.mark.parametrize(
    "body",
    [
        "return ['a', 'a']",
        "return ['a', 'c']",
    ],
)
def test_an_order_of_options_that_the_question_lacks_is_left_out(folder: Folder, body: str) -> None:
    assert_left_out(host_of(folder, "order", body), "order")


@pytest.mark.parametrize(
    "body",
    [
        "return Parsed({}, {}, {})",
        "return Parsed({'text': 'Odd?', 'options': ['a']}, {}, {})",
        "return Parsed({'text': 'Odd?', 'terms': [{'id': 1, 'text': 'A'}]}, {}, {})",
        "return Parsed({'text': 'Odd?'}, {'correct': object()}, {})",
        "return Parsed({'text': 'Odd?'}, {'correct': float('nan')}, {})",
        "view = {'text': 'Odd?'}\n    view['view'] = view\n    return Parsed(view, {}, {})",
    ],
)
def test_a_question_that_no_page_could_show_is_left_out(folder: Folder, body: str) -> None:
    assert_left_out(host_of(folder, "parse", body), "parse")


@pytest.mark.parametrize(
    "body",
    [
        "return Mark(1.0, object())",
        "return Mark(1.0, 'right', ['yes'])",
        "return Mark(1.0, 'right', (1,))",
        "return Mark(10 ** 400, 'right')",
        "return Mark(-0.1, 'wrong')",
    ],
)
def test_a_mark_that_no_table_could_keep_is_left_out(folder: Folder, body: str) -> None:
    assert_left_out(host_of(folder, "grade", body), "grade")


def test_a_refusal_of_many_words_is_cut_short(folder: Folder) -> None:
    host = host_of(folder, "read", "raise AnswerRefused('x' * 10_000_000)")
    with pytest.raises(ValueError, match="x") as refused:
        call(host, "read")
    assert str(refused.value) == "x" * 500
    assert state_of(host, "faulty").state == "loaded"
