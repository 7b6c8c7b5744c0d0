"""A real site of its own: the demo municipality, served by `innocap-lms run` on a free port."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from innocap_lms.app import create_app
from innocap_lms.config import load_settings

COMMAND = (sys.executable, "-c", "from innocap_lms.cli import main; main()")
READY_WITHIN_SECONDS = 30
STOP_WITHIN_SECONDS = 15


@dataclass(frozen=True)
class Site:
    """Where it is served, where its data lies, and an app on the same data, to look inside."""

    address: str
    data_dir: Path
    app: Flask


@contextmanager
def demo_site(data_dir: Path) -> Iterator[Site]:
    """Fill `data_dir` with the demo municipality and serve it; stopped at the end.

    Raises RuntimeError, with what the site wrote, when it does not get ready in time.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    ours = {
        "INNOCAP_DATA_DIR": str(data_dir),
        "INNOCAP_PUBLIC_URL": address,
        "INNOCAP_CONTACT": "help@example.org",
    }
    environment = {name: value for name, value in os.environ.items() if "INNOCAP_" not in name}
    environment |= ours | {"PORT": str(port)}
    subprocess.run([*COMMAND, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
    # A course with a question of every kind, which nobody of the demo has taken.
    ours["INNOCAP_PLUGIN_DIRS"] = str(Path(__file__).parent / "plugins")
    environment |= ours
    publish = [*COMMAND, "course", "publish"]
    subprocess.run(publish, env=environment, check=True, stdout=subprocess.DEVNULL)
    log = data_dir / "served.log"
    with log.open("wb") as out:
        served = subprocess.Popen(
            [*COMMAND, "run", "--workers", "1"], env=environment, stdout=out, stderr=out
        )
    try:
        _wait_until_ready(served, address, log)
        yield Site(address, data_dir, create_app(load_settings(ours | {"INNOCAP_RELAY": "off"})))
    finally:
        served.terminate()
        try:
            served.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            served.kill()
            served.wait()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _wait_until_ready(served: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while served.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as answer:  # up, but nobody relays yet
            answer.close()
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"the site did not get ready: {log.read_text(errors='replace')}")
