"""What is told by counting or comparing: reading level, contrast, tells, translations."""

from collections.abc import Callable
from pathlib import Path

import pytest

from innocap_lms.content.codes import Place
from innocap_lms.content.contrast import contrast, faint_text
from innocap_lms.content.craft import FEWEST_QUESTIONS
from innocap_lms.content.dialect import checking_dialect
from innocap_lms.content.frontmatter import split
from innocap_lms.content.readability import check_reading, count, running_words
from innocap_lms.content.versions import check_version, note_compared, version_of
from tests.content.courses import Files, changed, codes, lesson, quiz, read, sound_course

HARD = "Verksamhetsutvecklingen förutsätter förvaltningsövergripande samverkansöverenskommelser. "
PLAIN = "Du frågar en kollega. Ni går dit och ser hur de gör. Skriv ner vad du ser. "
ENGLISH = "The organisational transformation necessitates interdepartmental coordination, "


# ------------------------------------------------------------------ reading level


def test_the_indices_are_those_of_the_published_formulas() -> None:
    # 12 words in 2 sentences, 4 of them of more than six letters.
    found = count(["Kommunen söker tre personer. De ska arbeta med digitala verktyg i skolan."])
    assert (found.words, found.sentences, found.long_words) == (12, 2, 4)
    assert found.lix == pytest.approx(12 / 2 + 100 * 4 / 12)
    assert found.ari == pytest.approx(4.71 * found.letters / 12 + 0.5 * 12 / 2 - 21.43)


def test_each_block_ends_a_sentence_and_a_decimal_does_not() -> None:
    assert count(["One two", "Three: four", "It costs 3.50 here"]).sentences == 4
    assert count(["", "—"]).words == 0


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        (HARD * 40, "sv", True),
        (PLAIN * 20, "sv", False),
        (HARD * 3, "sv", False),  # too short to say
        ("| A |\n|---|\n| " + HARD * 40 + " |", "sv", False),
        ("## " + HARD * 40, "sv", False),
        (ENGLISH * 30 + ".", "en", True),
        ("You ask a colleague. You go and look. You write it down. " * 20, "en", False),
        (HARD * 40, "fi", False),  # no limit is known
    ],
)
def test_a_text_that_is_hard_to_read_is_told(text: str, language: str, told: bool) -> None:
    tokens = checking_dialect().parse(text, {})
    assert bool(check_reading(tokens, language, Place("a.md"))) is told
    assert "C087" in codes(read(lesson(HARD * 40)))


def test_what_is_looked_at_is_not_counted_among_the_words_that_are_read() -> None:
    table, picture = "| not | these |\n|---|---|", "![Nor this](images/map.svg)"
    boxes, short = "> - [ ] nor a box\n- [ ] nor this", "*[API]: nor what it is short for"
    text = "## Two words {#not-this}\n\nand [e-mail](not/this.md) in *one*"
    assert running_words("\n\n".join((text, table, picture, boxes, short))) == 6


# ------------------------------------------------------------------ contrast


def svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>'.encode()


TEXT = '<text x="5" y="5" fill="{}">Words</text>'


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        (TEXT.format("#777"), True),
        (TEXT.format("#767676"), False),
        (TEXT.format("white"), True),
        ('<rect width="9" height="9" fill="#003"/>' + TEXT.format("white"), False),
        ('<rect width="100%" height="100%" fill="#003"/>' + TEXT.format("black"), True),
        ('<rect width="2" height="2" fill="#003"/>' + TEXT.format("white"), True),
        ('<rect width="9" height="9" fill="none"/>' + TEXT.format("white"), True),
        ('<circle cx="5" cy="5" r="3" fill="#003"/>' + TEXT.format("white"), False),
        ('<g fill="#888">' + TEXT.replace(' fill="{}"', "") + "</g>", True),
        ('<text x="5" y="5" style="fill: rgb(200, 200, 200)">Words</text>', True),
        # What cannot be worked out is taken to be good.
        ('<path d="M0 0H9V9H0z" fill="#003"/>' + TEXT.format("white"), False),
        ('<path d="M0 0H9" stroke="#003"/>' + TEXT.format("#222"), False),
        ('<g transform="scale(2)">' + TEXT.format("white") + "</g>", False),
        ('<text x="5" y="5" class="pale">Words</text>', False),
        ('<text x="5" y="5" fill="url(#pale)">Words</text>', False),
        ('<text x="a" y="5" fill="white">Words</text>', False),
        ('<text x="5" y="5" fill="white"> </text>', False),
        ("<style>text{fill:#fff}</style>" + TEXT.format("#eee"), False),
        ('<g fill="#003"><path d="M0 0H9V9H0z"/></g>' + TEXT.format("white"), False),
        ('<path d="M0 0H9V9H0z"/>' + TEXT.format("white"), False),
        ('<svg x="2" y="2">' + TEXT.format("white") + "</svg>", False),
        ('<text x="5" y="5" fill="white" display="none">Words</text>', False),
        ('<text x="5" y="5" fill="#777" font-size="24">Words</text>', False),
        ('<text x="5" y="5" fill="#999" font-size="24">Words</text>', True),
        (
            '<rect x="4" y="4" width="3" height="3" fill="#003"/>'
            '<text fill="white"><tspan x="5" y="5">Words</tspan></text>',
            False,
        ),
        (TEXT.format("rgb(" + "9" * 5000 + ",0,0)"), False),
        ("<g>" * 9000 + TEXT.format("white") + "</g>" * 9000, False),
        ("<text", False),
    ],
)
def test_faint_words_in_a_picture_are_told(inside: str, told: bool) -> None:
    assert bool(faint_text(svg(inside))) is told


# ------------------------------------------------------------------ right answers that are told


def questions(number: int, ask: Callable[[int], str]) -> Files:
    return quiz("\n".join(f"## Q{n}? {{#q{n}}}\n\n{ask(n)}\n" for n in range(number)))


def options(*words: str, right: int) -> str:
    return "\n".join(
        f"- [{'x' if place == right else ' '}] {text} {{#o{place}}}"
        for place, text in enumerate(words, 1)
    )


def by_length(n: int) -> str:
    words = ["short one", "other one", "third one"]
    words[n % 3] = "a long one that says more than the others"
    return options(*words, right=n % 3 + 1)


def even(n: int) -> str:
    return options("short one", "other one", "third one", right=n % 3 + 1)


def one_digit_more(n: int) -> str:
    numbers = ["5", "7", "8"]
    numbers[n % 3] = "11"
    return options(*numbers, right=n % 3 + 1)


def test_right_options_that_are_always_the_longest_are_told_in_each_language() -> None:
    reading = read(questions(FEWEST_QUESTIONS, by_length))
    told = [each.message for each in reading.problems if each.code == "C118"]
    assert told == [
        f"the right option is the longest in 5 of 5 questions ({name})" for name in ("en", "sv")
    ]
    assert {each.file for each in reading.problems} == {"final.quiz.sv.md"}


def test_right_options_that_always_stand_first_are_told() -> None:
    first = questions(FEWEST_QUESTIONS, lambda _n: options("one", "two", "six", right=1))
    assert codes(read(first)) == {"C119"}


@pytest.mark.parametrize(
    "files",
    [
        lambda: questions(FEWEST_QUESTIONS, even),
        lambda: questions(FEWEST_QUESTIONS - 1, by_length),
        lambda: questions(8, lambda n: by_length(n) if n < 3 else even(n)),
        lambda: questions(8, lambda n: options("one", "two", "six", right=1 if n < 4 else 2)),
        lambda: questions(8, lambda _n: options("a longer one", "b", right=1)),
        lambda: questions(6, one_digit_more),
    ],
)
def test_what_chance_would_do_is_not_told(files: Callable[[], Files]) -> None:
    assert codes(read(files())) == set()


# ------------------------------------------------------------------ translations


def test_a_translation_compared_with_the_lead_is_out_of_date_once_that_changes() -> None:
    files = sound_course()
    version = version_of(split("a", str(files["02-interview.sv.md"])))
    files["02-interview.en.md"] = str(files["02-interview.en.md"]).replace(
        "minutes: 10", f"compared: {version}"
    )
    assert codes(read(files)) == set()
    minutes = str(files["02-interview.sv.md"]).replace("minutes: 10", "minutes: 11")
    assert codes(read(files | {"02-interview.sv.md": minutes})) == set()
    words = str(files["02-interview.sv.md"]).replace("More words", "Other words")
    assert codes(read(files | {"02-interview.sv.md": words})) == {"C013"}


def test_noting_a_comparison_changes_one_line(tmp_path: Path) -> None:
    lead, translation = tmp_path / "a.sv.md", tmp_path / "a.en.md"
    lead.write_text("---\ntitle: Å\n---\nText.\n", encoding="utf-8")
    text = "---\n# mine\ntitle: A\ncompared: old\n---\nText.\n---\nMore.\n"
    translation.write_text(text, encoding="utf-8")
    version = note_compared(translation, lead)
    assert translation.read_text(encoding="utf-8") == (
        f"---\n# mine\ntitle: A\ncompared: {version}\n---\nText.\n---\nMore.\n"
    )
    crlf = text.replace("\n", "\r\n").encode()
    translation.write_bytes(b"\xef\xbb\xbf" + crlf)
    note_compared(translation, lead)
    assert translation.read_bytes() == crlf.replace(b"old", version.encode())
    documents = [split(file.name, file.read_text(encoding="utf-8")) for file in (lead, translation)]
    assert check_version(documents[0], documents[1]) == []
    lead.write_text("no front matter", encoding="utf-8")
    with pytest.raises(ValueError, match="no front matter"):
        note_compared(lead, translation)


# ------------------------------------------------------------------ what follows from the lead


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"final.quiz.sv": ("pass: 80 %", "pass: 180 %")}, {"C050"}),
        ({"final.quiz.sv": ("- [x] Settle", "- [ ] Settle")}, {"C042"}),
        ({"final.quiz.sv": (" {#consent}", "")}, {"C033"}),
        ({"01-question.sv": ("goals: [ask]", "goals: [asks]")}, {"C037"}),
        # Elsewhere, or the other way round, it is told.
        (
            {
                "final.quiz.sv": ("pass: 80 %", "pass: 180 %"),
                "final.quiz.en": ("{#consent}", "{#agree}"),
            },
            {"C050", "C032"},
        ),
        ({"final.quiz.en": ("pass: 80 %", "pass: 70 %")}, {"C035"}),
        ({"final.quiz.en": ("{#consent}", "{#agree}")}, {"C032"}),
    ],
)
def test_a_fault_of_the_lead_is_not_told_again_of_the_translation(
    changes: dict[str, tuple[str, str]], expected: set[str]
) -> None:
    assert codes(read(changed(changes))) == expected
