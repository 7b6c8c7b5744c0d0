"""What a plugin raised, told in bounded words: an error's own are a plugin's too, and may fail or
have no end."""

import threading
import traceback
from typing import Final

LONGEST_REASON: Final = 500  # characters
LONGEST_FRAME, LONGEST_TRACE = 2_000, 20_000  # characters


def in_one_line(error: BaseException) -> str:
    """The error as Python writes it, on one line."""
    try:
        return " ".join(repr(error).split())[:LONGEST_REASON]
    except BaseException:
        return type(error).__name__


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
