"""What a plugin raised, told in bounded words: an error's own are a plugin's too, and may fail or
have no end."""

import threading
import traceback
from pathlib import Path
from typing import Final

CORE: Final = str(Path(__file__).parents[1])
LONGEST_REASON: Final = 500  # characters
LONGEST_FRAME, LONGEST_TRACE = 2_000, 20_000  # characters


def in_one_line(error: BaseException) -> str:
    """The error as Python writes it and where the plugin raised it, on one line."""
    try:
        return " ".join(f"{_what(error)}{_where(error)}".split())[:LONGEST_REASON]
    except BaseException:
        return type(error).__name__


def _what(error: BaseException) -> str:
    # Python writes a SyntaxError with its place inside, as a tuple.
    return f"SyntaxError({error.msg!r})" if isinstance(error, SyntaxError) else repr(error)


def _where(error: BaseException) -> str:
    """The innermost place that is the plugin's, or nothing: it may have been raised by the core."""
    if isinstance(error, SyntaxError) and error.filename:
        return f", {error.filename} line {error.lineno}"
    places = [(tb.f_code.co_filename, line) for tb, line in traceback.walk_tb(error.__traceback__)]
    theirs = [each for each in places if not each[0].startswith((CORE, "<frozen"))]
    return f", {theirs[-1][0]} line {theirs[-1][1]}" if theirs else ""


def with_its_frames(error: BaseException) -> str:
    """The error with where it came from, the nearest part of it."""
    try:
        frames = [frame[:LONGEST_FRAME] for frame in traceback.format_exception(error)]
    except BaseException:
        return in_one_line(error)
    return "".join(frames)[-LONGEST_TRACE:]


def is_the_operators(error: BaseException) -> bool:
    """Whether it is Ctrl-C, which Python raises in the main thread; elsewhere it is a plugin's."""
    here = threading.current_thread()
    return isinstance(error, KeyboardInterrupt) and here is threading.main_thread()
