"""A process that has imported the program, and forks for each command: its start costs nothing.

    python -W error -m tests.cli.forked

reads one request a line from its input, as JSON, and answers each with the status of its end.
"""

import atexit
import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from innocap_lms.plugin_host import discovery
from tests import reuse

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
        self, words: list[str], environ: Mapping[str, str], folder: Path, *, shipped: bool
    ) -> subprocess.CompletedProcess[str]:
        """Run `innocap-lms` with these words, in that environment and folder; without the plugins
        that are installed unless they are `shipped`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        out, err = (Path(self._folder.name) / name for name in ("out", "err"))
        request = {"words": words, "environ": dict(environ), "folder": str(folder)}
        request |= {"out": str(out), "err": str(err), "shipped": shipped}
        print(json.dumps(request), file=self._process.stdin)
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(words, status, out.read_text(), err.read_text())

    def close(self) -> None:
        self._process.communicate()
        self._folder.cleanup()


def serve() -> None:
    """Answer requests until there are no more."""
    from innocap_lms.cli import main
    from innocap_lms.cli.site import site
    from innocap_lms.config import Settings

    reuse.begin()
    with TemporaryDirectory(prefix="innocap-warm-") as folder:  # with it comes nearly everything
        site(Settings(data_dir=Path(folder), relay=False))
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _become(request)
            os._exit(_carried_out(main))
        _child, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _carried_out(main: Callable[[], None]) -> int:
    """The status that the program ends with. To take apart what was imported, as an interpreter
    does at its end, would take longer than most commands."""
    try:
        main()
        status: Any = 0
    except SystemExit as end:
        status = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    atexit._run_exitfuncs()
    gc.collect()  # what was left open is told
    sys.stdout.flush()
    sys.stderr.flush()
    return int(status or 0)


def _become(request: Mapping[str, Any]) -> None:
    """Be the process that was asked for."""
    own = {name: text for name, text in os.environ.items() if "COVERAGE" in name}
    os.environ.clear()
    os.environ.update(own | request["environ"])
    if not request["shipped"]:
        discovery.entry_points = lambda **_group: []  # type: ignore[assignment,return-value]
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
