"""Where to go next: only to a page of this site."""

from urllib.parse import urlsplit

_LONGEST = 2000


def local_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None.

    Browsers read a backslash as a slash and skip tabs and line ends, so either makes it refused
    (CWE-601, open redirect).
    """
    if not target or len(target) > _LONGEST or not target.startswith("/"):
        return None
    if target.startswith("//") or "\\" in target or not target.isprintable():
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
