"""A plugin loads whole or not at all, and the list says why."""

from importlib.metadata import EntryPoint

import pytest

from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.plugin_host.loading import PluginRejected
from tests.plugin_host.conftest import Folder, state_of

TRACKS = """
@hookimpl
def register_tracks():
    return [NORTH]
"""
KIND = """
def nothing(*arguments): return None
@hookimpl
def register_question_kinds():
    pages = dict.fromkeys(("ask", "review", "print"), "learning/kinds/choice.html")
    return [QuestionKind("puzzle", nothing, nothing, nothing, nothing, pages)]
"""
TEMPLATES = (
    "@hookimpl\ndef register_question_kinds():\n"
    "    return [QuestionKind('x', len, len, len, len, {{{}}})]"
)
FAULTS = {
    "import_raises": ("raise KeyError('at import')", "at import"),
    "exits": ("raise SystemExit(3)", "SystemExit(3)"),
    "syntax": ("def broken(:", "SyntaxError"),
    "no_manifest": ("plugin = None", 'no `plugin = Plugin(name="…", version="…")`'),
    "bad_name": ("plugin = Plugin('Bad name', '1.0')", "'Bad name'"),
    "bad_version": ("plugin = Plugin('bad_version', 1.0)", "its version is 1.0, not text"),
    "needs_later": ("plugin = Plugin('needs_later', '1', '1.9')", "needs plugin API 1.9, this is"),
    "needs_next": ("plugin = Plugin('needs_next', '1', '2.0')", "needs plugin API 2.0, this is"),
    "needs_words": ("plugin = Plugin('needs_words', '1', 'new')", "'new' is not a version"),
    "misspelt": (
        "@hookimpl\ndef register_trakcs(): return []",
        "there is no hook register_trakcs; did you mean register_tracks?",
    ),
    "made_up": ("@hookimpl\ndef xyzzy(): return []", "there is no hook xyzzy; there are register_"),
    "unmarked": ("def register_tracks(): return [NORTH]", "write @hookimpl above it"),
    "arguments": (
        "@hookimpl\ndef dashboard_cards(learner, app): return []",
        "dashboard_cards asks for app; its signature is dashboard_cards(learner)",
    ),
    "wrapper": ("@hookimpl(wrapper=True)\ndef register_tracks(): yield", "one by one"),
    "order": ("@hookimpl(tryfirst=True)\ndef register_tracks(): return []", "one by one"),
    "raises": ("@hookimpl\ndef register_tracks(): raise OSError('no disk')", "no disk"),
    "none": ("@hookimpl\ndef register_tracks(): pass", "gave None, not a list of Track"),
    "text": ("@hookimpl\ndef register_tracks(): return 'north'", "gave 'north', not a list"),
    "wrong_thing": ("@hookimpl\ndef register_tracks(): return ['north']", "'north', not a Track"),
    "stops_halfway": (
        "@hookimpl\ndef register_tracks():\n    yield NORTH\n    raise OSError('halfway')",
        "halfway",
    ),
    "twice": ("@hookimpl\ndef register_tracks(): return [NORTH, NORTH]", "twice claims it too"),
    "folder_as_text": (
        "@hookimpl\ndef register_courses(): return [CourseSource('north', '/courses')]",
        "'/courses': use Path(…)",
    ),
    "banks_as_text": (
        "from pathlib import Path\n"
        "@hookimpl\ndef register_courses(): return [CourseSource('north', Path(), '/banks')]",
        "'/banks': use Path(…)",
    ),
    "not_callable": (
        "@hookimpl\ndef register_question_kinds():\n"
        "    return [QuestionKind('x', 1, 2, 3, 4, {'ask': '', 'review': ''})]",
        "question kind x: claims cannot be called",
    ),
    "no_print": (TEMPLATES.format("'ask': 'a', 'review': 'b'"), "templates lack one of ask,"),
    "no_template": (
        TEMPLATES.format("**dict.fromkeys(('ask', 'review', 'print'), 'no_template/x.html')"),
        "there is no template no_template/x.html; put it into templates/no_template/",
    ),
    "foreign": (
        TEMPLATES.format("**dict.fromkeys(('ask', 'review', 'print'), 'web/base.html')"),
        "there is no template web/base.html",
    ),
    "climbing": (
        TEMPLATES.format("**dict.fromkeys(('ask', 'review', 'print'), 'climbing/../x.html')"),
        "there is no template climbing/../x.html",
    ),
    "learning": ("plugin = Plugin('learning', '1')", "learning is that of a part of the core"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_plugin_is_left_out_with_its_reason_and_the_next_one_loads(
    folder: Folder, name: str
) -> None:
    body, reason = FAULTS[name]
    folder.write(name, body)
    folder.write("sound", TRACKS)
    host = folder.host()
    rejected = next(status for status in host.statuses if status.name != "sound")
    assert rejected.state == "rejected"
    assert reason in rejected.reason
    assert str(folder.path) in rejected.origin
    assert state_of(host, "sound").state == "loaded"
    assert list(host.tracks) == ["north"]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("raise KeyError('at import')", 5),
        ("def broken(:", 5),
        ("import a_module_that_is_not_there", 5),
        ("@hookimpl\ndef register_tracks():\n    raise OSError('no disk')", 7),
        ("@hookimpl\ndef register_tracks():\n    return [Track('too few')]", 7),
    ],
    ids=["import", "syntax", "missing module", "hook", "wrong call"],
)
def test_the_reason_says_where_in_the_plugin_it_was_raised(
    folder: Folder, body: str, line: int
) -> None:
    file = folder.write("faulty", body)
    reason = state_of(folder.host(), "faulty").reason
    assert reason.endswith(f", {file} line {line}")


@pytest.mark.parametrize("name", FAULTS)
def test_in_strict_mode_the_same_fault_is_raised_and_names_the_plugin(
    folder: Folder, name: str
) -> None:
    folder.write(name, FAULTS[name][0])
    with pytest.raises(PluginRejected) as raised:
        folder.host(strict=True)
    assert FAULTS[name][1] in str(raised.value)
    assert str(folder.path / name) in str(raised.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("slug='North!'", "slug 'North!'"),
        ("names='North'", "names does not map languages to text"),
        ("names={}", "names does not map"),
        ("summaries={'en': ' '}", "summaries does not map"),
        ("hue_light='blue'", "hue_light is 'blue', not #RRGGBB"),
        ("hue_dark='#fff;}'", "hue_dark"),
        ("line=((0, 0),)", "line is not"),
        ("line=((50, 0), (10, 0))", "left to right"),
        ("line=((0, 0), (101, 0))", "line is not"),
        ("line='straight'", "line is not"),
    ],
)
def test_a_track_that_pages_could_not_show_is_rejected(
    folder: Folder, change: str, reason: str
) -> None:
    folder.write(
        "odd",
        f"from dataclasses import replace\n@hookimpl\n"
        f"def register_tracks(): return [replace(NORTH, {change})]",
    )
    status = state_of(folder.host(), "odd")
    assert status.state == "rejected"
    assert reason in status.reason


def test_one_good_hook_does_not_save_a_plugin_whose_other_hook_fails(folder: Folder) -> None:
    folder.write("half", TRACKS + KIND + "@hookimpl\ndef register_courses(): raise OSError\n")
    host = folder.host()
    assert (host.tracks, host.kinds, host.courses) == ({}, {}, [])
    assert [status.state for status in host.statuses] == ["rejected"]


def test_what_a_generator_gives_counts_as_a_list(folder: Folder) -> None:
    folder.write("lazy", "@hookimpl\ndef register_tracks():\n    yield NORTH\n")
    assert list(folder.host().tracks) == ["north"]


def test_a_misspelt_hook_is_no_error_when_it_is_marked_as_optional(folder: Folder) -> None:
    folder.write("polite", "@hookimpl(optionalhook=True)\ndef other_plugins_hook(): return []\n")
    assert state_of(folder.host(), "polite").state == "loaded"


@pytest.mark.parametrize(
    ("body", "thing"), [(TRACKS, "track north"), (KIND, "question kind puzzle")]
)
def test_a_name_that_two_plugins_claim_stays_with_the_first_and_both_are_named(
    folder: Folder, body: str, thing: str
) -> None:
    folder.write("first", body)
    folder.write("second", body)
    host = folder.host()
    assert state_of(host, "first").state == "loaded"
    assert state_of(host, "second").reason == (
        f"the {thing} belongs to plugin first; second claims it too"
    )


def test_two_plugins_of_one_name_are_told_apart_by_where_they_come_from(folder: Folder) -> None:
    folder.write("a", "plugin = Plugin('same', '1')")
    folder.write("b", "plugin = Plugin('same', '2')")
    first, second = folder.host().statuses
    assert (first.state, first.version) == ("loaded", "1")
    assert (second.state, second.version) == ("rejected", "2")
    assert second.reason == f"a plugin named same is loaded already: {folder.path / 'a.py'}"
    assert second.origin == str(folder.path / "b.py")


@pytest.mark.parametrize("strict", [False, True])
def test_an_entry_point_whose_package_is_gone_is_listed_and_never_raises(
    folder: Folder, points: list[EntryPoint], caplog: pytest.LogCaptureFixture, strict: bool
) -> None:
    points.append(EntryPoint("gone", "no_such_package.inside", "innocap_lms.plugins"))
    points.append(EntryPoint("half", "innocap_lms.no_such_part", "innocap_lms.plugins"))
    host = folder.host(strict=strict)
    assert [status.state for status in host.statuses] == ["missing", "missing"]
    assert state_of(host, "gone").reason == "there is no package no_such_package"
    assert state_of(host, "half").reason == "there is no package innocap_lms.no_such_part"
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_plugin_that_lacks_another_package_is_rejected_not_missing(
    folder: Folder, points: list[EntryPoint]
) -> None:
    folder.write("needy", "import no_such_dependency")
    points.append(EntryPoint("attribute", "innocap_lms.ids:nothing", "innocap_lms.plugins"))
    host = folder.host()
    assert state_of(host, "needy").state == "rejected"
    assert "no_such_dependency" in state_of(host, "needy").reason
    assert state_of(host, "attribute").state == "rejected"


@pytest.mark.parametrize("strict", [False, True])
def test_a_folder_that_is_gone_is_listed_and_never_raises(folder: Folder, strict: bool) -> None:
    host = PluginHost(strict=strict)
    file = folder.write("a_file")
    host.load({}, [folder.path / "nowhere", file])
    assert [status.state for status in host.statuses] == ["missing", "missing"]
    assert host.statuses[0].reason == "No such file or directory"


def test_a_plugin_for_another_contract_is_listed_with_its_own_name_and_version(
    folder: Folder,
) -> None:
    folder.write("file", "plugin = Plugin('its_name', '4.2', '9.0')")
    (status,) = folder.host().statuses
    assert (status.name, status.version, status.state) == ("its_name", "4.2", "rejected")


def test_a_folder_gives_packages_and_single_modules_and_leaves_other_files_alone(
    folder: Folder,
) -> None:
    folder.write("single", TRACKS)
    package = folder.path / "with-parts"
    package.mkdir()
    written = folder.write("x").read_text(encoding="utf-8").replace('"x"', '"parts"')
    (folder.path / "x.py").unlink()
    (package / "__init__.py").write_text(f"from .names import NAME\n{written}", encoding="utf-8")
    (package / "names.py").write_text("NAME = 'parts'\n", encoding="utf-8")
    for other in ("notes.txt", "_draft.py", ".hidden.py"):
        (folder.path / other).write_text("raise OSError", encoding="utf-8")
    (folder.path / "__pycache__").mkdir(exist_ok=True)
    host = folder.host(strict=True)
    assert [(status.name, status.state) for status in host.statuses] == [
        ("single", "loaded"),
        ("parts", "loaded"),
    ]


def test_two_hosts_in_one_process_hold_different_plugins_of_one_name(folder: Folder) -> None:
    other = Folder(folder.path / "other")
    other.path.mkdir()
    for place, slug in ((folder, "north"), (other, "south")):
        package = place.path / "same"
        package.mkdir()
        start = place.write("x").read_text(encoding="utf-8").replace('"x"', '"same"')
        (place.path / "x.py").unlink()
        (package / "__init__.py").write_text(
            f"{start}\nfrom dataclasses import replace\nfrom .slug import SLUG\n@hookimpl\n"
            "def register_tracks(): return [replace(NORTH, slug=SLUG)]\n",
            encoding="utf-8",
        )
        (package / "slug.py").write_text(f"SLUG = '{slug}'\n", encoding="utf-8")
    assert list(folder.host(strict=True).tracks) == ["north"]
    assert list(other.host(strict=True).tracks) == ["south"]


def test_a_broken_file_that_has_been_mended_loads_at_the_next_start(folder: Folder) -> None:
    folder.write("mended", "raise OSError")
    assert state_of(folder.host(), "mended").state == "rejected"
    folder.write("mended", TRACKS + "# mended\n")
    assert state_of(folder.host(), "mended").state == "loaded"
