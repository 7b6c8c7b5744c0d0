"""Static files of the shell: addressed by content, kept in memory, compressed once."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from flask import Response, request

from innocap_lms.plugin_host.contract import Track

ROOT = files("innocap_lms.web") / "static"
FOR_EVER = "public, max-age=31536000, immutable"
STYLE = "web/innocap.css"


@dataclass(frozen=True)
class Asset:
    """A file as it goes out. `digest` is part of its address."""

    content: bytes
    compressed: bytes
    media_type: str
    digest: str


class Assets:
    """The files of one site: those of the shell, and a style sheet with the tracks' colours."""

    def __init__(self, tracks: Iterable[Track]) -> None:
        style = (ROOT / STYLE).read_bytes() + colours(tracks).encode()
        self._made = {STYLE: _prepare(style, "text/css")}

    def get(self, path: str) -> Asset | None:
        """The file at that path, or None."""
        return self._made.get(path) or _load(path)

    def address(self, path: str) -> str:
        """The address of a file; it changes with the content. Raises LookupError."""
        asset = self.get(path)
        if asset is None:
            raise LookupError(f"there is no static file {path}")
        return f"/assets/{asset.digest}/{path}"


def colours(tracks: Iterable[Track]) -> str:
    """The colours of the tracks as their plugins give them, on paper the light ones. No nesting:
    older phones skip that."""
    light, dark = "", ""
    for track in tracks:
        light += f'[data-track="{track.slug}"]{{--track:{track.hue_light}}}'
        own = f'[data-track="{track.slug}"]{{--track:{track.hue_dark}}}'
        dark += f'@media screen{{:root[data-theme="dark"] {own}}}'
        dark += f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme]) {own}}}"
    return light + dark


@lru_cache(maxsize=200)
def _load(path: str) -> Asset | None:
    """The file at `path` under static/, or None. A path may not leave the folder."""
    if ".." in path.split("/") or path.startswith("/"):
        return None
    place = ROOT.joinpath(path)
    if not place.is_file():
        return None
    return _prepare(place.read_bytes(), mimetypes.guess_type(path)[0] or "application/octet-stream")


def _prepare(content: bytes, media_type: str) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content, gzip.compress(content, 9, mtime=0), media_type, digest)


def send(asset: Asset) -> Response:
    """An asset as a response that may be kept for ever."""
    small = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(asset.compressed if small else asset.content, mimetype=asset.media_type)
    if small:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER
    return response
