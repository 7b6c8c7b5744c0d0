"""How long the list of a ZIP's parts is, before anybody reads it.

Readers make an object of each part: a list of some megabytes would take hundreds of them.
"""

import os
import struct
from typing import IO, Final

_BEGIN: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"  # .ZIP File Format Specification 6.3.10, section 4.3.16
_END_BYTES: Final = 22
_LONGEST_COMMENT: Final = 65_535
_FAR: Final = b"PK\x06\x07"  # ZIP64, for files of more than 4 GB, section 4.3.15
_FAR_BYTES: Final = 20


def list_bytes(archive: IO[bytes]) -> int | None:
    """How many bytes the list takes by the archive's own end, which is where readers look. None for
    what is no plain ZIP: it does not begin or end as one, or is for more than 4 GB."""
    archive.seek(0)
    begins = archive.read(len(_BEGIN)) == _BEGIN
    size = archive.seek(0, os.SEEK_END)
    archive.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT - _FAR_BYTES))
    tail = archive.read()
    archive.seek(0)
    at = tail.rfind(_END)
    if not begins or at < 0 or len(tail) - at < _END_BYTES:
        return None
    if tail[max(0, at - _FAR_BYTES) : at].startswith(_FAR):
        return None
    (found,) = struct.unpack_from("<L", tail, at + 12)
    return int(found)
