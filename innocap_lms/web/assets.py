"""Static files of the shell: addressed by content, kept in memory, compressed once."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from flask import Response, abort, request

ROOT = files("innocap_lms.web") / "static"
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A file as it goes out. `digest` is part of its address."""

    content: bytes
    compressed: bytes
    media_type: str
    digest: str


@lru_cache(maxsize=200)
def load(path: str) -> Asset | None:
    """The file at `path` under static/, or None. A path may not leave the folder."""
    if ".." in path.split("/") or path.startswith("/"):
        return None
    place = ROOT.joinpath(path)
    if not place.is_file():
        return None
    return prepare(place.read_bytes(), mimetypes.guess_type(path)[0] or "application/octet-stream")


def prepare(content: bytes, media_type: str) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content, gzip.compress(content, 9, mtime=0), media_type, digest)


@lru_cache(maxsize=200)
def _address(path: str, prefix: str) -> str:
    asset = load(path)
    if asset is None:
        raise LookupError(f"there is no static file {path}")
    return f"{prefix}/assets/{asset.digest}/{path}"


def address(path: str) -> str:
    """The address of a static file; it changes with its content. Raises LookupError."""
    return _address(path, request.script_root)


def send(asset: Asset) -> Response:
    """An asset as a response that may be kept for ever."""
    small = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(asset.compressed if small else asset.content, mimetype=asset.media_type)
    if small:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER
    return response


def serve(digest: str, path: str) -> Response:
    """The view of /assets/<digest>/<path>; another digest than the file's is not found."""
    asset = load(path)
    if asset is None or asset.digest != digest:
        abort(404)
    return send(asset)
