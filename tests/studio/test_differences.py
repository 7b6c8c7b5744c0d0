"""What two texts say differently, as a page shows it."""

from innocap_lms.studio.differences import difference

LINES = [f"line {number}\n" for number in range(1, 10)]


def shown(before: list[str], now: list[str]) -> list[str]:
    pairs = difference("".join(before).encode(), "".join(now).encode())
    return ["…" if sign == "@" else f"{sign}{text}" for sign, text in pairs]


def test_lines_that_are_left_out_are_told_and_only_those() -> None:
    assert shown(LINES[:3], [*LINES[:2], "last\n"]) == [" line 1", " line 2", "-line 3", "+last"]
    assert shown(LINES[:4], [*LINES[:3], "last\n"])[0] == "…"
    assert shown(LINES, ["first\n", *LINES[1:8], "last\n"]) == [
        "-line 1",
        "+first",
        " line 2",
        " line 3",
        "…",
        " line 7",
        " line 8",
        "-line 9",
        "+last",
    ]
    assert shown([], ["new\n"]) == ["+new"]
    assert shown(["old\n"], []) == ["-old"]


def test_what_is_no_text_has_no_lines() -> None:
    assert difference(b"\xff", b"text") == []
    assert difference(None, None) == []
