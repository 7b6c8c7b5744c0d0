"""Each row of the lesson table in docs/course-format.md, as a reader's browser gets it."""

import time
from functools import partial

import pytest

from innocap_lms.content import rendering
from innocap_lms.content.rendering import Heading, picture_sizes, render_inline
from tests.content.courses import read, sound_course

KNOWN = {
    "interview",
    "images/x.svg",
    "files/x.mp4",
    "files/x.mp3",
    "files/a.pdf",
    "captions/x.sv.vtt",
    "captions/x.en.vtt",
    "captions/x.sv.md",
}


def resolve(path: str) -> str | None:
    return f"/c/{path}" if path in KNOWN else None


render = partial(rendering.render, resolve=resolve, language="sv")


def html(markdown: str, **options: object) -> str:
    return render(markdown, **options).html.strip()  # type: ignore[arg-type]


def test_a_heading_has_the_anchor_that_its_author_gave_it() -> None:
    rendered = render("## Two *words* {#two}\n\n### Ån `x`\n")
    assert (
        rendered.html
        == '<h2 id="two">Two <em>words</em></h2>\n<h3 id="an-x">Ån <code>x</code></h3>\n'
    )
    assert rendered.headings == (Heading(2, "two", "Two words"), Heading(3, "an-x", "Ån x"))


def test_ids_are_unique_and_those_of_the_author_come_first() -> None:
    rendered = render("## A\n\n## A\n\n## B {#a}\n\n## C {#a}\n\n## …\n\n## …\n")
    assert [each.id for each in rendered.headings] == [
        "a-2",
        "a-3",
        "a",
        "a-4",
        "section",
        "section-2",
    ]


def test_a_picture_in_a_heading_gives_it_its_words() -> None:
    assert render("## A ![mark](images/x.svg)\n").headings == (Heading(2, "a-mark", "A mark"),)


def test_a_prefix_keeps_two_texts_on_one_page_apart() -> None:
    text = "## A\n\n[a](#a)[^1]\n\n> [!NOTE]\n> x\n\n[^1]: n\n"
    rendered = render(text, prefix="q1-")
    assert rendered.headings[0].id == "q1-a"
    for piece in ('id="q1-a"', 'href="#q1-a"', 'id="q1-footnote_1"', 'id="q1-admonition_1"'):
        assert piece in rendered.html


def test_a_table_scrolls_by_keyboard_and_has_a_caption() -> None:
    text = "| a | b |\n|---|--:|\n| x | y |\n: A *good* table\n"
    assert html(text).replace("\n", "") == (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="A good table"><table>'
        "<caption>A <em>good</em> table</caption>"
        '<thead><tr><th scope="col">a</th><th scope="col" class="align-right">b</th></tr></thead>'
        '<tbody><tr><td>x</td><td class="align-right">y</td></tr></tbody></table></div>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "| a |\n|---|\n| x |\n\n: After a blank line\n",
        "> | a |\n> |---|\n> | x |\n> : After a blank line\n",
        "- item\n\n  | a |\n  |---|\n  | x |\n  : After a blank line\n",
    ],
)
def test_a_caption_is_found_wherever_the_table_stands(text: str) -> None:
    assert "<caption>After a blank line</caption>" in html(text)
    assert html(text).count("<tr>") == 2


def test_a_table_without_a_caption_still_has_a_name() -> None:
    assert 'aria-label="Tabell"' in html("| a |\n|---|\n| x |\n")
    assert "<caption>" not in html("| a |\n|---|\n")


def test_a_table_keeps_a_last_row_that_is_no_caption() -> None:
    assert "<td>:x</td>" in html("| a |\n|---|\n| :x |\n")
    assert "<p>: words</p>" in html("Text\n\n> q\n\n: words\n")
    assert "<caption>" not in html("| a |\n|---|\n| x |\n\nAfterwards\n")


def test_an_empty_header_cell_is_no_header() -> None:
    assert "<td></td>\n<th" in html("|  | b |\n|---|---|\n| x | y |\n")


def test_footnotes_lead_there_and_back() -> None:
    page = html("A[^n] and again[^n].\n\n[^n]: The note.\n")
    assert '<a href="#footnote_1" id="ref_1" aria-label="Fotnot 1">1</a>' in page
    assert 'id="ref_1_2"' in page
    assert page.count("<li") == 1
    assert '<section class="footnotes" aria-label="Fotnoter">' in page
    assert '<li id="footnote_1" class="footnote-item">' in page
    assert (
        '<a href="#ref_1_2" class="footnote-back" aria-label="Tillbaka till texten">↩</a>' in page
    )


def test_the_text_of_a_footnote_may_stand_in_another_block() -> None:
    for text in ("> A[^1]\n>\n> [^1]: x\n", "- A[^1]\n\n  [^1]: x\n"):
        assert '<li id="footnote_1" class="footnote-item"><p>x ' in html(text)


def test_a_footnote_inside_a_footnote_leaves_no_block_open() -> None:
    page = html("A[^1]\n\n[^1]: > [^2]: x\n")
    assert page.count("<blockquote") == page.count("</blockquote>")
    assert page.count("<li") == page.count("</li>")


def test_an_admonition_is_named_by_its_title() -> None:
    assert html("> [!TRY] Do *this*\n> now\n>\n> - and that\n").replace("\n", "") == (
        '<aside class="admonition try" aria-labelledby="admonition_1">'
        '<p class="admonition-title" id="admonition_1">Do <em>this</em></p>'
        "<p>now</p><ul><li>and that</li></ul></aside>"
    )


@pytest.mark.parametrize(
    ("kind", "swedish", "english"),
    [
        ("NOTE", "Observera", "Note"),
        ("TIP", "Tips", "Tip"),
        ("WARNING", "Varning", "Warning"),
        ("EXAMPLE", "Exempel", "Example"),
        ("TRY", "Pröva nu", "Try it now"),
        ("MISTAKES", "Vanliga misstag", "Common mistakes"),
        ("SUMMARY", "Sammanfattning", "Summary"),
        ("ZEBRA", "Observera", "Note"),
    ],
)
def test_an_admonition_without_a_title_gets_one_in_the_language_of_the_text(
    kind: str, swedish: str, english: str
) -> None:
    text = f"> [!{kind}]\n> words\n"
    assert f">{swedish}</p>" in html(text)
    assert f">{english}</p>" in html(text, language="en-GB")
    assert f">{english}</p>" in html(text, language="is")


def test_words_can_be_given_from_outside() -> None:
    text = "> [!NOTE]\n> x\n"
    assert ">Huom</p>" in html(text, language="fi", words={"fi": {"note": "Huom"}})


def test_nested_admonitions_and_quotations_end_where_they_should() -> None:
    page = html("> [!NOTE] A\n>\n> > plain\n>\n> > [!TIP] B\n> > x\n\n> last\n")
    assert page.count("<aside") == page.count("</aside>") == 2
    assert page.count("<blockquote") == page.count("</blockquote>") == 2


def test_a_task_is_a_labelled_box_for_the_readers_own_use() -> None:
    assert html("- [ ] a *b*\n- [x] c\n").replace("\n", "") == (
        '<ul><li class="task-list-item"><label><input type="checkbox"> a <em>b</em>'
        '</label></li><li class="task-list-item"><label><input type="checkbox" '
        'checked=""> c</label></li></ul>'
    )


def test_a_definition_list() -> None:
    assert html("Term\n: Words\n").replace("\n", "") == "<dl><dt>Term</dt><dd>Words</dd></dl>"


def test_a_picture_alone_is_a_figure_with_its_caption() -> None:
    page = html('![Alt "text"](images/x.svg "A *caption*")', sizes={"images/x.svg": (30, 20)})
    assert page == (
        '<figure><img src="/c/images/x.svg" alt="Alt &quot;text&quot;" width="30" height="20" '
        'loading="lazy" decoding="async"><figcaption>A <em>caption</em></figcaption></figure>'
    )


def test_a_picture_without_a_title_has_no_caption() -> None:
    assert "figcaption" not in html("![Alt](images/x.svg)")


def test_a_picture_in_a_sentence_is_no_figure() -> None:
    page = html('Look ![Alt](images/x.svg "T") here')
    assert "<figure" not in page
    assert 'title="T"' in page


def test_a_decorative_picture_has_an_empty_alternative() -> None:
    assert 'alt=""' in html("![](images/x.svg){.decorative}")


@pytest.mark.parametrize("address", ["images/none.svg", "https://example.org/a.png", "files/a.pdf"])
def test_a_picture_that_cannot_be_shown_becomes_its_words(address: str) -> None:
    assert '<span class="missing">Alt &lt;b&gt;</span>' in html(f"a ![Alt &lt;b&gt;]({address})")


def test_a_film_has_every_caption_track_that_exists() -> None:
    page = html("![What it shows](files/x.mp4)")
    assert (
        '<video controls="" src="/c/files/x.mp4" preload="metadata" aria-label="What it shows">'
        in page
    )
    assert 'src="/c/captions/x.sv.vtt" srclang="sv" label="Svenska" default=""' in page
    assert 'src="/c/captions/x.en.vtt" srclang="en" label="English">' in page
    assert page.count("<track") == 2


def test_sound_has_a_link_to_its_transcript_when_there_is_one() -> None:
    assert 'href="/c/captions/x.sv.md" class="transcript">Läs vad som sägs</a>' in html(
        "![Said](files/x.mp3)"
    )
    assert "transcript" not in html("![Said](files/x.mp3)", language="en")


def test_code_is_highlighted_by_classes_and_reachable_by_keyboard() -> None:
    page = html('```python\nx = "<b>"\n```\n')
    assert page.startswith(
        '<pre class="highlight" tabindex="0" role="region" aria-label="Kod (python)">'
    )
    assert '<span class="s2">"&lt;b&gt;"</span>' in page
    assert "style=" not in page


@pytest.mark.parametrize("text", ["```nonsense\n<b>\n```\n", "```\n<b>\n```\n", "    <b>\n"])
def test_code_in_an_unknown_language_is_shown_plain(text: str) -> None:
    assert "<code>&lt;b&gt;\n</code>" in html(text)


def test_very_long_code_is_not_coloured() -> None:
    assert "<span" not in html("```python\n" + "x = 1\n" * 5000 + "```\n")


def test_formulas_become_mathml() -> None:
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">' in html("$a^2$")
    assert 'display="block"' in html("A $$b$$ c")
    assert '<div class="formula" tabindex="0"' in html("$$\n\\frac{a}{b}\n$$")


def test_a_formula_that_cannot_be_set_is_shown_as_written() -> None:
    for source in ("\\zebra", "\\left( a", "\\text{<b>}", "\\href{javascript:a}{x}", "a" * 2001):
        assert '<code class="formula-source">' in html(f"${source}$")


def test_prices_are_no_formulas() -> None:
    assert "math" not in html("It costs $5 and then $6, or $7.")


def test_an_abbreviation_is_explained_wherever_it_stands() -> None:
    text = 'GDPR, *GDPR* and GDPRs.\n\n*[GDPR]: A "regulation"\n*[GDPR]: twice\n\n    *[X]: code\n'
    page = html(text)
    assert page.count('<abbr title="A &quot;regulation&quot;">GDPR</abbr>') == 2
    assert "GDPRs" in page
    assert "*[X]: code" in page


def test_an_abbreviation_may_follow_a_paragraph_directly() -> None:
    assert "<abbr" in html("GDPR here\n*[GDPR]: x\n")


def test_the_longest_abbreviation_wins() -> None:
    page = html("AI Act and AI\n\n*[AI]: short\n*[AI Act]: long\n")
    assert '<abbr title="long">AI Act</abbr> and <abbr title="short">AI</abbr>' in page


def test_words_in_another_language_say_so() -> None:
    assert '<span lang="sv">samskapande</span>' in html("[samskapande]{lang=sv}")
    assert "<span>x</span>" in html("[x]{lang=swedish .danger}")


def test_links_inside_the_course_are_resolved() -> None:
    page = html("[a](interview) [b](02-interview#how) [c](files/a.pdf) [d](#x)")
    for piece in (
        'href="/c/interview"',
        'href="/c/interview#how"',
        'href="/c/files/a.pdf"',
        'href="#x"',
    ):
        assert piece in page


def test_links_to_other_sites_say_so() -> None:
    assert html('[a](https://example.org/å "T")') == (
        '<p><a href="https://example.org/%C3%A5" title="T" class="external" rel="noopener">'
        "a</a></p>"
    )
    assert 'href="mailto:a@example.org"' in html("<a@example.org>").replace("MAILTO", "mailto")


@pytest.mark.parametrize(
    "address", ["nowhere", "../up", "ftp://example.org", "/etc", "//example.org"]
)
def test_a_link_that_leads_nowhere_keeps_only_its_words(address: str) -> None:
    assert html(f"[words]({address})") == "<p><a>words</a></p>"


def test_raw_html_is_shown_as_text() -> None:
    assert html("a <b>c</b> <!-- d -->") == "<p>a &lt;b&gt;c&lt;/b&gt; &lt;!-- d --&gt;</p>"
    assert html("<div>\n*a*\n</div>") == "<p>&lt;div&gt;\n<em>a</em>\n&lt;/div&gt;</p>"


def test_inline_text_has_no_paragraph() -> None:
    assert render_inline("A *b* `c` [d](interview) ![e](images/x.svg)", language="sv") == (
        'A <em>b</em> <code>c</code> <a>d</a> <span class="missing">e</span>'
    )
    assert render_inline("[d](interview)", language="sv", resolve=resolve) == (
        '<a href="/c/interview">d</a>'
    )


def test_a_rule_of_a_plugin_takes_part() -> None:
    def loud(md: object) -> None:
        md.renderer.rules["text"] = lambda tokens, i, *_: tokens[i].content.upper()  # type: ignore[attr-defined]

    assert html("a", rules=[loud]) == "<p>A</p>"
    assert html("a") == "<p>a</p>"


def test_the_sizes_of_a_courses_pictures_are_ready_for_the_renderer() -> None:
    course = read(sound_course() | {"images/b.gif": b"GIF"}).course
    assert course is not None
    assert picture_sizes(course) == {"images/map.svg": (120, 80)}


@pytest.mark.slow  # a time, so no gate at each change
def test_a_lesson_of_900_words_renders_in_a_few_milliseconds() -> None:
    part = "Words about **one** thing and [another](interview), said *well* enough. " * 8 + "\n\n"
    text = ("## Part\n\n" + part + "- one\n- two\n\n| a | b |\n|---|---|\n| x | y |\n\n") * 9
    render(text)
    started = time.perf_counter()
    for _ in range(5):
        render(text)
    # Measured 3 ms on an idle core; the limit leaves room for a busy machine.
    assert (time.perf_counter() - started) / 5 < 0.1
