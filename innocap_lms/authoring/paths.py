"""The names that files of a course may have when they come from a browser or an archive."""

from collections import Counter
from collections.abc import Collection, Iterable

from innocap_lms.content.files import ASSET_FOLDERS, MAX_DEPTH, MEDIA_TYPES
from innocap_lms.content.naming import bank_of

MOST_LETTERS = 100  # of a name
MOST_PARTS = MAX_DEPTH + 1


def is_fit(path: str) -> bool:
    """Whether a file may be called so: a Markdown file of the course itself, a text of one of its
    banks, or a file of a kind that can be shown in one of its folders. No name is hidden or leads
    anywhere else."""
    parts = path.split("/")
    if not all(map(_is_name, parts)) or len(parts) > MOST_PARTS:
        return False
    if is_text(path):
        return True
    return parts[0] in ASSET_FOLDERS and path.rpartition(".")[2].lower() in MEDIA_TYPES


def is_text(path: str) -> bool:
    """Whether the file is written, not uploaded."""
    return ("/" not in path and path.endswith(".md")) or bool(bank_of(path))


def _is_name(part: str) -> bool:
    return (
        0 < len(part) <= MOST_LETTERS
        and part.isprintable()
        and part.strip(" .") == part
        and not part.startswith("__")
        and not set(part) & set('<>:"|?*\\')
    )


def clash(paths: Iterable[str]) -> str:
    """A path that is both a file and the folder of another, or differs from another in case alone;
    "" where there is none. Not every disk could hold both."""
    known = set(paths)
    folded = Counter(path.casefold() for path in known)
    for path in sorted(known):
        above = path.rpartition("/")[0]
        while above:
            if above in known:
                return path
            above = above.rpartition("/")[0]
        if folded[path.casefold()] > 1:
            return path
    return ""


def is_beside(path: str, others: Collection[str]) -> bool:
    """Whether there is one among the others that not every disk could hold beside this path."""
    mine = path.casefold()
    for other in others:
        theirs = other.casefold()
        if theirs == mine and other != path:
            return True
        if theirs.startswith(f"{mine}/") or mine.startswith(f"{theirs}/"):
            return True
    return False
