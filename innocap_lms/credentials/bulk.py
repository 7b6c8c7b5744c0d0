"""Many certificates at once: as a ZIP that is made while it is read."""

import io
import logging
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask_babel import gettext as _

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.credentials import pdf, queries
from innocap_lms.credentials.queries import CertificateView
from innocap_lms.credentials.signing import verify_address
from innocap_lms.plugin_host.host import PluginHost

log = logging.getLogger(__name__)

MISSING = "missing.txt"
BATCH = 50  # certificates in memory at once


class _Sink(io.RawIOBase):
    """What is written to it is taken from it, so no more than one file is held."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken


def zipped(
    ids: Sequence[str],
    settings: Settings,
    plugins: PluginHost,
    *,
    done: Callable[[], None] = lambda: None,
    failed: Callable[[str], None] = lambda _name: None,
) -> Iterator[bytes]:
    """A ZIP with the PDF of each certificate of these ids that may be handed on, piece by piece.

    Left out are certificates of people who are not named to others, withdrawn ones, and those that
    were revoked or superseded. One whose PDF cannot be made keeps nobody from the others: it is
    logged, named in a text file inside, and told to `failed`. `done` is called after each.
    """
    sink, missing = _Sink(), list[str]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for start in range(0, len(ids), BATCH):
            for found in queries.certificates_by_ids(ids[start : start + BATCH]):
                if _may_be_handed_on(found):
                    try:
                        archive.writestr(*_entry(found, settings, plugins))
                    except RuntimeError:
                        log.exception("the PDF of certificate %s cannot be made", found.id)
                        missing.append(_name(found))
                        failed(_name(found))
                done()
                yield sink.take()
        if missing:
            archive.writestr(MISSING, "\n".join([_("These could not be made:"), "", *missing, ""]))
    yield sink.take()


def _may_be_handed_on(found: CertificateView) -> bool:
    counts = found.standing(clock.utcnow()) in ("valid", "expired")
    return counts and not found.not_named and not found.withdrawn


def _entry(found: CertificateView, settings: Settings, plugins: PluginHost) -> tuple[str, bytes]:
    """Name and content of one file. A PDF holds its own compression."""
    forms = queries.signed_forms(found.id)
    content = pdf.certificate_pdf(
        found,
        plugins.tracks.get(found.track),
        verify_address(settings, found.id),
        settings.timezone,
        forms.credential if forms else "",
        plugins.designs,
    )
    return _name(found), content


def _name(found: CertificateView) -> str:
    return f"{found.course_id}/{found.id}.pdf"
