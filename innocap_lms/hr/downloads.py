"""Files that are made while they are read."""

from collections.abc import Iterator
from typing import Any

from flask import Response, stream_with_context

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(pieces: Iterator[Any], kind: str, name: str) -> Response:
    """A file to keep, under that name."""
    return Response(
        stream_with_context(pieces),
        mimetype=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
