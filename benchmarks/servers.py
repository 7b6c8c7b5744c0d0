"""The servers under test: app and floor, on the same gunicorn settings, each on a free port."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONGEST_START = 30.0  # seconds
BIN = Path(sys.executable).parent
APP = (str(BIN / "innocap-lms"), "run", "--port", "{port}", "--workers", "2", "--threads", "4")
FLOOR = (
    str(BIN / "gunicorn"),
    "--worker-class",
    "gthread",
    "--workers",
    "2",
    "--threads",
    "4",
    "--bind",
    "127.0.0.1:{port}",
    "--log-level",
    "warning",
    "benchmarks.floor:create_floor()",
)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(port: int, path: str, cookie: str = "") -> tuple[int, bytes, float]:
    """Status, body and seconds of one GET on a connection of its own."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, body, time.perf_counter() - began
    finally:
        connection.close()


class Server:
    """A server from `with` to its end. `cold` is its seconds from process start to a first page."""

    def __init__(self, command: Sequence[str], first_page: str, environ: Mapping[str, str]) -> None:
        self.port = free_port()
        self.command = [part.format(port=self.port) for part in command]
        self.first_page = first_page
        self.environ = {**os.environ, **environ}
        self.cold = 0.0

    @property
    def pid(self) -> int:
        """The process at the top of the server's tree."""
        return self._process.pid

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, cookie: str = "") -> tuple[bytes, float]:
        """Body and seconds of a page. Raises RuntimeError unless it is 200."""
        status, body, seconds = fetch(self.port, path, cookie)
        if status != 200:
            raise RuntimeError(f"{status} at {path}: {body[:500]!r}")
        return body, seconds

    def __enter__(self) -> "Server":
        began = time.perf_counter()
        self._process = subprocess.Popen(self.command, cwd=ROOT, env=self.environ)
        try:
            self._await_first_page(began)
        except BaseException:
            self._stop()
            raise
        return self

    def _await_first_page(self, began: float) -> None:
        while True:
            try:
                self.get(self.first_page)
            except OSError:
                if self._process.poll() is not None:
                    raise RuntimeError(f"the server ended: {self._process.returncode}") from None
                if time.perf_counter() - began > LONGEST_START:
                    raise RuntimeError("the server does not answer") from None
                time.sleep(0.005)
            else:
                self.cold = time.perf_counter() - began
                return

    def _stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __exit__(self, *_error: object) -> None:
        self._stop()
