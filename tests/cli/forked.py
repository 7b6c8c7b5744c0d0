"""A process that has imported the program, and forks for each command: its start costs nothing.

    python -W error -m tests.cli.forked

reads one request a line from its input, as JSON, and answers each with the status of its end.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]


class Forked:
    """The program, ready to be run; each run is a process of its own."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="innocap-forked-")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.cli.forked"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(
        self, words: list[str], environ: Mapping[str, str], folder: Path
    ) -> subprocess.CompletedProcess[str]:
        """Run `innocap-lms` with these words, in that environment and folder."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        out, err = (Path(self._folder.name) / name for name in ("out", "err"))
        request = {"words": words, "environ": dict(environ), "folder": str(folder)}
        print(json.dumps(request | {"out": str(out), "err": str(err)}), file=self._process.stdin)
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(words, status, out.read_text(), err.read_text())

    def close(self) -> None:
        self._process.communicate()
        self._folder.cleanup()


def serve() -> None:
    """Answer requests until there are no more."""
    from innocap_lms.cli import main
    from innocap_lms.cli.site import site  # noqa: F401 - with it comes nearly everything else

    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _become(request)
            sys.exit(main())
        _child, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(request: Mapping[str, Any]) -> None:
    """Be the process that was asked for."""
    own = {name: text for name, text in os.environ.items() if "COVERAGE" in name}
    os.environ.clear()
    os.environ.update(own | request["environ"])
    os.chdir(request["folder"])
    sys.path[:] = [path for path in sys.path if path != str(ROOT)]
    sys.path.insert(0, "")
    sys.argv[:] = ["innocap-lms", *request["words"]]
    for stream, name in ((1, "out"), (2, "err")):
        file = os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, stream)
        os.close(file)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


if __name__ == "__main__":
    serve()
