"""The names that files of a course may have when they come from a browser or an archive."""

from innocap_lms.content.files import ASSET_FOLDERS, MEDIA_TYPES

MOST_LETTERS = 100  # of a name
MOST_FOLDERS = 3


def is_fit(path: str) -> bool:
    """Whether a file may be called so: a Markdown file of the course itself, or a file of a kind
    that can be shown in one of its folders. No name is hidden or leads anywhere else."""
    parts = path.split("/")
    if not all(map(_is_name, parts)) or len(parts) > MOST_FOLDERS:
        return False
    if len(parts) == 1:
        return path.endswith(".md")
    return parts[0] in ASSET_FOLDERS and path.rpartition(".")[2].lower() in MEDIA_TYPES


def is_text(path: str) -> bool:
    """Whether the file is written, not uploaded."""
    return "/" not in path and path.endswith(".md")


def _is_name(part: str) -> bool:
    return (
        0 < len(part) <= MOST_LETTERS
        and part.isprintable()
        and part.strip(" .") == part
        and not part.startswith(("_", "-"))
        and not set(part) & set('<>:"|?*\\')
    )
