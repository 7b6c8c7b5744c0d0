"""How often one address may have a credential checked, compare a name, and ask for certificates
that are not there.

Counted in memory, so each process counts for itself: this protects the site. A number has 130
random bits, and is safe from guessing without it.
"""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from werkzeug.exceptions import TooManyRequests

from innocap_lms import clock
from innocap_lms.people.throttle import network_of

WINDOW = timedelta(minutes=1)
MOST_IN_WINDOW = 30  # checks, each of some milliseconds; and names, which few people have to try
MOST_MISSES = 120
MOST_ADDRESSES = 10_000

_lock = threading.Lock()
_seen: OrderedDict[str, deque[datetime]] = OrderedDict()


def count(address: str, what: str = "check", most: int = MOST_IN_WINDOW) -> None:
    """Count something. Raises TooManyRequests, with the time to wait in its Retry-After."""
    now, place = clock.utcnow(), f"{what} {network_of(address)}"
    with _lock:
        times = _seen.setdefault(place, deque())
        _seen.move_to_end(place)
        if len(_seen) > MOST_ADDRESSES:
            _seen.popitem(last=False)
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= most:
            wait = times[0] + WINDOW - now
            raise TooManyRequests(retry_after=int(wait.total_seconds()) + 1)
        times.append(now)


def forget() -> None:
    """Forget all counts."""
    with _lock:
        _seen.clear()
