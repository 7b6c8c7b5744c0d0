"""Documents of other sites: from hosts that the operator allows, and from no others.

Who checks a credential tells its issuer nothing, and nobody can make this site ask an address.
"""

import json
import logging
from collections.abc import Iterable
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from innocap_lms.config import Settings
from innocap_lms.vc.bounds import MOST_BYTES, UnboundedError, read_json
from innocap_lms.vc.keys import KeyFormatError, did_web_address, keys_in
from innocap_lms.vc.verifying import Keys

log = logging.getLogger(__name__)

WAIT_SECONDS = 3


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_named: object) -> None:
        return None  # a host that is allowed cannot send us to one that is not


def fetched(address: str, settings: Settings) -> bytes | None:
    """What lies at an https address of an allowed host; None where it is not allowed, does not
    answer in time, or says too much."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    place = f"{host}:{port}" if port else host
    if parts.scheme != "https" or place not in settings.verify_hosts.split():
        return None
    request = Request(  # noqa: S310  # https alone, checked above
        address, headers={"Accept": "application/json, application/vc"}
    )
    try:
        with build_opener(_NoRedirects).open(request, timeout=WAIT_SECONDS) as answer:
            data: bytes = answer.read(MOST_BYTES + 1)
    except (URLError, OSError, HTTPException, ValueError):
        return None
    return data if len(data) <= MOST_BYTES else None


def keys_of(issuer: str, settings: Settings) -> Keys:
    """The keys of a did:web on an allowed host; none of any other issuer."""
    try:
        data = fetched(did_web_address(issuer), settings)
        found = keys_in(read_json(data)) if data else {}
    except (KeyFormatError, UnboundedError):
        return {}
    return {issuer: found[issuer]} if issuer in found else {}  # nobody speaks for another


def trusted_keys(settings: Settings) -> Keys:
    """The keys in the folder of trusted issuers: DID documents, as JSON files. One that cannot be
    used is logged: whoever put it there trusts that issuer."""
    folder = settings.trusted_issuers
    return (
        {} if folder is None else merged(_of_file(file) for file in sorted(folder.glob("*.json")))
    )


def _of_file(file: Path) -> Keys:
    try:
        found = keys_in(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        log.warning("no keys of a trusted issuer in %s: %s", file, error)
        return {}
    return {issuer: keys for issuer, keys in found.items() if issuer != "*"}


def merged(several: Iterable[Keys]) -> Keys:
    """Keys of several sources in one."""
    found: dict[str, dict[str, Ed25519PublicKey]] = {}
    for one in several:
        for issuer, keys in one.items():
            found.setdefault(issuer, {}).update(keys)
    return found
