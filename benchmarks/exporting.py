"""Take one file as a browser would, in a process that does nothing else: its time and memory.

Called by `follow_up` with the address; data folder, database and session come on standard input.
"""

import json
import resource
import sys
import time
from pathlib import Path

from innocap_lms.app import create_app
from innocap_lms.config import Settings


def main() -> None:
    """Print seconds to the first byte and to the last, the CPU of them, lines, and the peak of
    memory in MiB."""
    data_dir, database, token = json.load(sys.stdin)
    settings = Settings(
        data_dir=Path(data_dir), database_url=database, secret_key="k" * 52, relay=False
    )
    client = create_app(settings).test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    client.get("/hr/matrix")  # warm
    began, computed = time.perf_counter(), time.process_time()
    parts = iter(client.get(sys.argv[1]).response)
    first = next(parts)
    start, lines = time.perf_counter() - began, _lines(first)
    lines += sum(map(_lines, parts))
    print(
        json.dumps(
            {
                "first": start,
                "seconds": time.perf_counter() - began,
                "computed": time.process_time() - computed,
                "lines": lines,
                "peak": _peak(),
            }
        )
    )


def _peak() -> float:
    """MiB. Not `ru_maxrss` where Linux says more: that holds what the process that started this one
    had, until this program took its place."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(said["VmHWM"].split()[0]) / 1024


def _lines(part: str | bytes) -> int:
    return part.count(b"\n" if isinstance(part, bytes) else "\n")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
