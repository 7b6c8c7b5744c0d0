"""Whatever a text holds, no page runs it, and no input makes the library raise."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innocap_lms.content.rendering import render, render_inline
from innocap_lms.content.sanitising import sanitised
from innocap_lms.content.targets import target
from tests.content.courses import read, sound_course

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext>",
    "<a href='javascript:alert(1)'>a</a>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](<java\nscript:alert(1)>)",
    "[a](&#106;avascript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](%6Aavascript:alert(1))",
    "[a](\x01javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "![a](javascript:alert(1))",
    "![a](data:image/svg+xml;base64,PHN2Zy8+)",
    '![" onerror="alert(1)](images/x.svg)',
    '![a](images/x.svg "\\" onerror=\\"alert(1)")',
    '[a](https://e.org "\\" onmouseover=\\"alert(1)")',
    '[a](https://e.org/"onmouseover="alert(1))',
    "[a]{onclick=alert(1)}",
    "[a]{style=position:fixed}",
    "[a]{lang='\" onclick=\"alert(1)'}",
    "![a](images/x.svg){onload=alert(1) style=x}",
    '## A {#x" onclick="alert(1)}',
    "## A {#x onclick=alert(1)}",
    '*[HTML]: " onclick="alert(1)\n\nHTML',
    "*[<b>]: x\n\n<b>",
    '| a |\n|---|\n| b |\n: " onclick="alert(1) <script>alert(1)</script>',
    "> [!NOTE] <script>alert(1)</script>\n> x",
    '> [!NOTE" onclick="alert(1)]\n> x',
    '```"><script>alert(1)</script>\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "$\\text{<script>alert(1)</script>}$",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\style{background:url(javascript:alert(1))}{x}$",
    '$\\class{" onclick="alert(1)}{x}$',
    "$$\n</math><script>alert(1)</script>\n$$",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    '[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: x',
    "- [ ] <script>alert(1)</script>",
    "Term\n: <script>alert(1)</script>",
    '![a](files/x.mp4"onerror=alert(1))',
    "<!--><script>alert(1)</script>-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
]

ALLOWED_TAGS = re.compile(
    r"(a|abbr|aside|audio|blockquote|br|caption|code|d[dlt]|del|div|em|fig(ure|caption)|h[1-6]|hr|"
    r"img|input|label|li|m[a-z]+|[ou]l|p|pre|section|span|strong|su[bp]|t(able|body|head|d|h|r)|track|video)\Z"
)


class Inspector(HTMLParser):
    """Reads HTML as a browser would and fails on anything that could run."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert ALLOWED_TAGS.match(tag), tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("style", "srcdoc", "srcset", "action", "formaction"), name
            if name in ("href", "src"):
                assert re.match(r"(https?://|mailto:|/c/|#)", value or "", re.IGNORECASE), value


def inspect(html: str) -> None:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()


def resolve(path: str) -> str:
    return f"/c/{path}"


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "frame", ["{}", "> {}", "- {}", "## {}", "Words {} more", "| {} |\n|---|\n"]
)
def test_nothing_that_an_author_writes_can_run(payload: str, frame: str) -> None:
    text = frame.format(payload)
    inspect(render(text, resolve=resolve, language="sv").html)
    inspect(render_inline(text, resolve=resolve, language="sv"))


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p style='position:fixed' onclick='x()'>a</p>",
        "<iframe src='https://example.org'></iframe>",
        "<input type='password' name='p'><form action='/x'></form>",
        "<a href='javascript:x'>a</a><object data='x'></object>",
        "<math><mi href='javascript:x' xlink:href='javascript:x'>a</mi><maction>b</maction></math>",
        "<svg><style>*{}</style><a href='#'></a></svg><base href='//x'><meta http-equiv='refresh'>",
    ],
)
def test_what_a_faulty_plugin_rule_writes_is_cleaned(html: str) -> None:
    cleaned = sanitised(html)
    inspect(cleaned)
    assert "password" not in cleaned
    assert "<form" not in cleaned


PIECES = st.sampled_from(
    [
        *PAYLOADS,
        "# ",
        "## ",
        "- ",
        "- [ ] ",
        "- [x] ",
        "> ",
        "> [!NOTE] ",
        "\n",
        "\n\n",
        "| a |\n|---|\n",
        ": ",
        "[^1]",
        "[^1]: ",
        "$",
        "$$",
        "```",
        "{#id}",
        "{.x",
        "}",
        "*[A]: b",
        "[",
        "](",
        ")",
        "![",
        "    ",
        "\t",
        "\\",
        "`",
        "<",
        "---",
        "***",
        "_",
        "1. ",
        "\u2028",
        "\x00",
        "é",
        "{lang=sv}",
        "\\frac{",
        "\r",
    ]
)
MARKDOWN = st.lists(PIECES | st.text(max_size=6), max_size=25).map("".join)
CALM = settings(max_examples=150)


@CALM
@given(MARKDOWN)
def test_no_text_makes_rendering_raise_or_run(text: str) -> None:
    rendered = render(text, resolve=resolve, language="sv")
    inspect(rendered.html)
    ids = re.findall(r'\sid="([^"]*)"', rendered.html)
    assert len(ids) == len(set(ids))
    inspect(render_inline(text, resolve=resolve, language="sv"))


NAMES = st.sampled_from(
    [
        *sound_course(),
        "03-a.sv.md",
        "a.quiz.sv.md",
        "images/a.png",
        "files/a.mp4",
        "captions/a.sv.vtt",
        "x.md",
    ]
)
FRONT = st.text(max_size=60) | st.sampled_from(
    [
        "id: a",
        "id: [a]",
        "languages: [sv]",
        "a: {b: [c, {d: e}]}",
        "completion: {lessons: all}",
        "a: *b",
        "]",
    ]
)
FILES = st.builds(lambda front, body: f"---\n{front}\n---\n{body}", FRONT, MARKDOWN) | st.binary(
    max_size=40
)


@CALM
@given(
    st.dictionaries(NAMES, FILES, max_size=4),
    st.sets(st.sampled_from(sorted(sound_course())), max_size=2),
)
def test_no_files_make_reading_raise(changes: dict[str, str | bytes], missing: set[str]) -> None:
    files = {name: text for name, text in (sound_course() | changes).items() if name not in missing}
    reading = read(files)
    for problem in reading.problems:
        assert problem.line >= 1
        assert problem.column >= 1


@CALM
@given(MARKDOWN)
def test_no_text_of_a_quiz_or_lesson_makes_reading_raise(text: str) -> None:
    files = sound_course()
    for name in ("final.quiz.sv.md", "final.quiz.en.md", "02-interview.sv.md"):
        head = str(files[name]).partition("\n## ")[0]
        files[name] = f"{head}\n{text}"
    read(files)


@given(st.text(max_size=30) | st.lists(PIECES, max_size=3).map("".join))
def test_every_link_address_means_something(address: str) -> None:
    goal = target(address)
    if goal.kind == "asset":
        assert ".." not in goal.path.split("/")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 8_000,
        "> " * 5_000,
        "*a_" * 5_000,
        "`" * 8_000 + "a",
        "<" * 8_000,
        "<!--" * 5_000,
        "<a " * 5_000,
        "- " * 5_000,
        "$" * 8_000,
        "|" * 5_000 + "\n" + "|-" * 5_000,
        "[^1]" * 5_000,
        "![](" * 5_000,
        "{" * 8_000,
        "[a]{" * 5_000,
        "\\(" * 5_000,
        "## {#a " * 3_000,
        "*[a]: b\n" * 3_000,
    ],
)
def test_hostile_repetition_ends_soon(text: str) -> None:
    started = time.process_time()
    inspect(render(text, resolve=resolve, language="sv").html)
    assert time.process_time() - started < 5
