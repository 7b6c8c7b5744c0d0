"""Courses as archives in memory, for tests."""

import io
from collections.abc import Mapping

from innocap_lms.authoring.archives import pack, unpacked


def packed(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files in a folder of an archive."""
    out = io.BytesIO()
    pack(files, folder, out)
    return out.getvalue()


def files_of(archive: bytes) -> dict[str, bytes]:
    """The files of the course in an archive, by their paths."""
    return dict(unpacked(io.BytesIO(archive)))
