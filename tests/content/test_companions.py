"""Texts beside the lessons: read in each language, kept in the edition, no matter of completion."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from innocap_lms.content.changes import PartChange, changes_between
from innocap_lms.content.fixing import fix_course
from innocap_lms.content.lasting import Past
from innocap_lms.content.model import Course
from innocap_lms.content.snapshot import from_snapshot, to_snapshot
from tests.content.companion_cases import checklist, with_change, with_companions
from tests.content.courses import Files, on_disk, read


def course(files: Files) -> Course:
    reading = read(files)
    assert reading.course is not None, reading.problems
    assert reading.problems == []
    return reading.course


def test_each_text_is_there_in_each_language_templates_first() -> None:
    card, pocket, guide = course(with_companions()).companions
    assert (card.id, card.kind, card.layout) == ("need-card", "template", "card")
    assert card.titles == {"sv": "Kort", "en": "Card"}
    assert card.bodies["en"].startswith("Fill in before the interview")
    assert (pocket.id, pocket.kind, pocket.layout) == ("pocket-guide", "pocket-guide", "")
    assert (guide.id, guide.kind) == ("facilitator", "facilitator")


def test_a_translation_may_leave_the_layout_out() -> None:
    files = with_change("need-card.template.en.md", "layout: card\n", "")
    assert course(files).companion("need-card").layout == "card"


def test_a_checklist_is_counted_by_its_boxes() -> None:
    assert course(checklist("- [ ] One\n- [ ] Two\n")).companion("need-card").layout == "checklist"


def test_a_course_that_has_none_keeps_the_fingerprint_it_had() -> None:
    whole = course(with_companions())
    plain = {name: text for name, text in with_companions().items() if "need-card" not in name}
    plain = {name: text for name, text in plain.items() if not name.startswith(("poc", "fac"))}
    assert course(plain).fingerprint != whole.fingerprint
    assert '"companions"' not in json.dumps(sorted(vars(course(plain))["keys"]))
    without = {k: v for k, v in to_snapshot(course(plain)).items() if k != "companions"}
    assert from_snapshot(without) == replace(course(plain), keys={})


def test_an_edition_keeps_them() -> None:
    whole = course(with_companions())
    assert from_snapshot(json.loads(json.dumps(to_snapshot(whole)))).companions == whole.companions


def test_a_change_in_them_alone_is_an_edition_of_its_own_and_no_change_for_learners() -> None:
    before = course(with_companions())
    now = course(with_change("pocket-guide.sv.md", "Print", "Always print"))
    assert now.fingerprint != before.fingerprint
    found = [change for change in changes_between(before, now) if change.state != "same"]
    assert found == [PartChange("pocket-guide", "companion", "changed", "wording", ("sv", "en"))]


@pytest.mark.parametrize(("state", "order"), [("new", 1), ("gone", -1)])
def test_one_that_comes_or_goes_weighs_little(state: str, order: int) -> None:
    whole = course(with_companions())
    before, now = (replace(whole, companions=()), whole)[::order]
    found = [change for change in changes_between(before, now) if change.state != "same"]
    assert {(change.state, change.weight) for change in found} == {(state, "wording")}
    assert len(found) == 3


def test_the_id_of_a_template_stays() -> None:
    before = course(with_companions())
    files = with_companions()
    for language in ("sv", "en"):
        name = f"need-card.template.{language}.md"
        files[name] = str(files[name]).replace("id: need-card", "id: card")
        for other in ("pocket-guide", "facilitator"):
            text = str(files[f"{other}.{language}.md"])
            files[f"{other}.{language}.md"] = text.replace("(need-card)", "(card)")
    found = [(each.code, each.file) for each in read(files, past=Past(before)).problems]
    assert found == [("C012", "need-card.template.sv.md")]


def test_a_missing_id_is_that_of_the_file_and_fields_come_in_order(tmp_path: Path) -> None:
    fields = "id: need-card\ntitle: Kort\nlayout: card"
    mixed = with_change("need-card.template.sv.md", fields, "layout: card\ntitle: Kort")
    list(fix_course(on_disk(tmp_path, mixed)))
    mended = (tmp_path / "need-card.template.sv.md").read_text(encoding="utf-8")
    assert mended.startswith("---\nid: need-card\ntitle: Kort\nlayout: card\n---\n")
    assert "id:" not in (tmp_path / "pocket-guide.sv.md").read_text(encoding="utf-8")
