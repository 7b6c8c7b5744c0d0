"""Whether the outer addresses of a course can be reached now: `course check --online`."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from innocap_lms import __version__
from innocap_lms.content.codes import Place, problem
from innocap_lms.content.problems import Problem

AT_ONCE: Final = 8
PATIENCE: Final = 10.0  # seconds
# Where a site refuses programs, or asks for a sign-in, there is a page for people.
_THERE_ALL_THE_SAME: Final = (401, 403, 405, 406, 429)
_ADDRESS: Final = re.compile(r"https?://[^\s<>()\"'\]}]+[^\s<>()\"'\]}.,;:!?]")


def unreachable(texts: Mapping[str, str]) -> list[Problem]:
    """A warning for each place of an address that gives no page. Each address is asked once."""
    places: dict[str, list[Place]] = {}
    for address, place in _addresses(texts):
        places.setdefault(address, []).append(place)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = dict(zip(places, pool.map(_why_not, places), strict=True))
    advice = "open it in a browser; write where the page is now, or leave it out"
    return [
        problem("C088", place, f"{address[:80]} cannot be reached: {told[address]}", advice)
        for address, found in places.items()
        if told[address]
        for place in found
    ]


def _addresses(texts: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
    for file, text in texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            for match in _ADDRESS.finditer(line):
                yield match.group(), Place(file, number, match.start() + 1)


def _why_not(address: str) -> str:
    """Why an address gives no page; "" where it gives one."""
    for method in ("HEAD", "GET"):  # some servers know no HEAD
        headers = {"User-Agent": f"innocap-lms/{__version__} (link check)"}
        request = Request(address, headers=headers, method=method)  # noqa: S310 - http(s) only
        try:
            with urlopen(request, timeout=PATIENCE):  # noqa: S310 - as above
                return ""
        except HTTPError as error:
            error.close()
            if error.code in _THERE_ALL_THE_SAME:
                return ""
            said = f"{error.code} {error.reason}"
        except (OSError, ValueError) as error:
            return str(getattr(error, "reason", error))[:80]
    return said
