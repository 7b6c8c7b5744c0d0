"""Each row of the quiz table in docs/course-format.md."""

from innocap_lms.content.dialect import dialect
from innocap_lms.content.grammar import cut_questions
from innocap_lms.content.kinds import QuestionBlock
from innocap_lms.content.problems import Problem
from innocap_lms.content.sheet import Sheet


def cut(text: str, *, translation: bool = False) -> tuple[list[QuestionBlock], list[Problem]]:
    problems: list[Problem] = []
    sheet = Sheet("q.md", text.split("\n"), 10, translation=translation)
    return cut_questions(dialect().parse(text, {}), sheet, problems), problems


def one(text: str) -> QuestionBlock:
    questions, problems = cut(text)
    assert problems == []
    assert len(questions) == 1
    return questions[0]


OPTIONS = "- [ ] No {#no}\n- [x] Yes {#yes}\n"


def test_a_level_2_heading_is_a_question_and_its_text() -> None:
    block = one("## What *now*? {#now}\n\n" + OPTIONS)
    assert (block.id, block.text, block.line) == ("now", "What *now*?", 10)


def test_a_heading_inside_code_is_no_question() -> None:
    fenced = one("## Q {#q}\n\n```\n## not me\n```\n\n" + OPTIONS)
    indented = one("## Q {#q}\n\n    ## not me\n\n" + OPTIONS)
    assert "## not me" in fenced.stem
    assert "## not me" in indented.stem


def test_a_heading_inside_a_quotation_or_a_list_is_no_question() -> None:
    assert "> ## not me" in one("## Q {#q}\n\n> ## not me\n\n" + OPTIONS).stem
    assert "1. ## not me" in one("## Q {#q}\n\n1. ## not me\n\n" + OPTIONS).stem


def test_an_underlined_heading_is_no_question() -> None:
    assert one("## Q {#q}\n\nNot me\n------\n\n" + OPTIONS).stem.startswith("Not me")


def test_deeper_headings_belong_to_the_question() -> None:
    assert one("## Q {#q}\n\n### Part\n\nText\n\n" + OPTIONS).stem == "### Part\n\nText"


def test_braces_hold_id_classes_and_attributes() -> None:
    block = one('## Q {#q .multiple .fixed points=2 note="two words" empty=""}\n\n' + OPTIONS)
    assert block.classes == {"multiple", "fixed"}
    assert block.attributes == {"points": "2", "note": "two words", "empty": ""}


def test_braces_that_are_text_stay_text() -> None:
    questions, _ = cut("## The set {a, b}\n\n## Code `{#x}`\n\n## A\\{#x}\n\n## {}\n")
    assert [block.text for block in questions] == [
        "The set {a, b}",
        "Code `{#x}`",
        "A\\{#x}",
        "{}",
    ]


def test_marks_say_which_options_are_right() -> None:
    block = one("## Q {#q}\n\n- [ ] A {#a}\n- [x] B {#b}\n- [X] C {#c}\n")
    assert [(option.id, option.text, option.ticked) for option in block.options] == [
        ("a", "A", False),
        ("b", "B", True),
        ("c", "C", True),
    ]
    assert [option.line for option in block.options] == [12, 13, 14]


def test_a_quotation_under_an_option_is_its_feedback() -> None:
    text = (
        "## Q {#q}\n\n- [ ] No {#no}\n  > Not *here*:\n  >\n  > - since\nlazy\n- [x] Yes {#yes}\n"
    )
    block = one(text)
    assert block.options[0].feedback == "Not *here*:\n\n- since\nlazy"
    assert block.options[1].feedback == ""


def test_a_quotation_after_the_options_is_feedback_on_the_question() -> None:
    block = one("## Q {#q}\n\n" + OPTIONS + "\n> All\n> of it.\n")
    assert block.feedback == "All\nof it."
    assert block.options[1].feedback == ""


def test_an_admonition_counts_as_a_quotation() -> None:
    block = one("## Q {#q}\n\n" + OPTIONS + "\n> [!TIP] Look\n> here\n")
    assert block.feedback == "[!TIP] Look\nhere"


def test_a_quotation_before_the_options_belongs_to_the_question() -> None:
    block = one("## Q {#q}\n\n> Said somebody.\n\n" + OPTIONS)
    assert (block.stem, block.feedback) == ("> Said somebody.", "")


def test_a_list_without_marks_belongs_to_the_question() -> None:
    block = one("## Q {#q}\n\n- a\n- b\n\nText\n\n" + OPTIONS)
    assert block.stem == "- a\n- b\n\nText"
    assert len(block.options) == 2


def test_a_quotation_at_the_end_of_a_question_without_options_is_its_feedback() -> None:
    block = one("## Q {#q}\n\n> Said.\n\nText\n\n> quoted\n")
    assert (block.stem, block.options, block.feedback) == ("> Said.\n\nText", (), "quoted")
    assert one("## Q {#q}\n\n> A [[gap]].\n").stem == "> A [[gap]]."


def test_an_option_may_run_over_several_lines() -> None:
    block = one("## Q {#q}\n\n- [ ] A long\n  answer {#a}\n- [x] B {#b}\n")
    assert block.options[0].text == "A long\nanswer"
    assert block.options[0].id == "a"


def test_options_with_blank_lines_between_them_are_one_list() -> None:
    assert len(one("## Q {#q}\n\n- [ ] A {#a}\n\n- [x] B {#b}\n").options) == 2


def test_a_task_in_an_option_list_of_a_translation_is_found_by_its_ids() -> None:
    questions, problems = cut("## Q {#q}\n\n- A {#a}\n- B {#b}\n", translation=True)
    assert problems == []
    assert [option.id for option in questions[0].options] == ["a", "b"]


def test_a_second_list_of_options_is_text_in_the_wrong_place() -> None:
    _, problems = cut("## Q {#q}\n\n" + OPTIONS + "\n* [ ] C {#c}\n")
    assert [(each.code, each.line) for each in problems] == [("C044", 15)]


def test_an_empty_option_has_no_text_and_no_id() -> None:
    questions, problems = cut("## Q {#q}\n\n- [ ]\n- [x] B {#b}\n")
    assert questions[0].options[0].text == ""
    assert [each.code for each in problems] == ["C033"]


def test_footnotes_and_abbreviations_are_refused_and_disturb_nothing() -> None:
    text = "## Q[^1] {#q}\n\n*[GDPR]: Regulation\n\n" + OPTIONS + "\n[^1]: note\n"
    questions, problems = cut(text)
    assert [each.code for each in problems] == ["C121", "C121"]
    assert len(questions[0].options) == 2
