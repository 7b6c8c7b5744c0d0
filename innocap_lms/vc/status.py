"""Status lists: one bit for each credential, so that asking after one tells nobody which.

Source: Bitstring Status List 1.0, sections 2 and 3.
"""

import base64
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from innocap_lms.vc.shape import listed, types_of

LEAST_BITS = 131_072  # a smaller list would tell too much of whose bit is read
MOST_UNPACKED = 2 * 1024 * 1024
MOST_ENTRIES = 4  # each may have to be fetched
# What is said of a credential whose bit is set in a list for that purpose.
ENDS: Mapping[str, Literal["revoked", "suspended"]] = {
    "revocation": "revoked",
    "suspension": "suspended",
}
ENTRY, LIST = "BitstringStatusListEntry", "BitstringStatusListCredential"


class StatusError(ValueError):
    """A status list that answers nothing; the message says why."""


def encoded_list(indexes: Iterable[int]) -> str:
    """A list in which these bits are set: gzip, in base64url with its `u`. The same bits always
    give the same text."""
    bits = bytearray(LEAST_BITS // 8)
    for index in indexes:
        if index >= len(bits) * 8:
            bits.extend(bytes(index // 8 + 1 - len(bits)))
        bits[index // 8] |= 0x80 >> index % 8
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)  # gzip, without a time
    packed = packer.compress(bytes(bits)) + packer.flush()
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def entries_of(credential: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], bool]:
    """The entries that say where the credential's bits lie, of whichever ends it; and whether it
    names no other way to ask, which is not known here."""
    entries = listed(credential.get("credentialStatus"))
    known = [one for one in entries if isinstance(one, Mapping) and ENTRY in types_of(one)]
    told = [one for one in known if isinstance(_purpose(one), str)]
    return [one for one in told if _purpose(one) in ENDS], len(told) == len(entries)


def _purpose(entry: Mapping[str, Any]) -> Any:
    return entry.get("statusPurpose")


def is_set(entry: Mapping[str, Any], status_list: Mapping[str, Any]) -> bool:
    """Whether the entry's bit is set in a status list, whose proof was checked before.

    Raises StatusError.
    """
    subjects = listed(status_list.get("credentialSubject"))
    subject = subjects[0] if len(subjects) == 1 else None
    if LIST not in types_of(status_list) or not isinstance(subject, Mapping):
        raise StatusError("it is no status list")
    if entry.get("statusListCredential") != status_list.get("id"):
        raise StatusError("it is another list than the credential names")
    if entry.get("statusSize", 1) != 1:
        raise StatusError("it has more than a bit for each credential")
    if _purpose(entry) not in listed(subject.get("statusPurpose")):
        raise StatusError("it is a list for another purpose")
    bits = _unpacked(subject.get("encodedList"))
    try:
        index = int(str(entry.get("statusListIndex")))
        if not 0 <= index < len(bits) * 8:
            raise ValueError
    except ValueError:
        raise StatusError("the credential's place is not in the list") from None
    return bool(bits[index // 8] & 0x80 >> index % 8)


def _unpacked(text: Any) -> bytes:
    if not isinstance(text, str) or not text.startswith("u"):
        raise StatusError("the list is not in base64url")
    try:
        packed = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), "-_", validate=True)
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        bits = reader.decompress(packed, MOST_UNPACKED)
    except (ValueError, zlib.error):
        raise StatusError("the list cannot be unpacked") from None
    if reader.unconsumed_tail or not reader.eof:
        raise StatusError("the list is broken, or larger than a list can be")
    if len(bits) * 8 < LEAST_BITS:
        raise StatusError("the list is shorter than a list has to be")
    return bits
