"""Load on a server: one measured window by locust, and the window again while others were busy."""

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_OTHERS = 0.15  # cores that other programs may use while a figure is taken
TRIES = 3
CONNECTIONS = 8
ROOT = Path(__file__).parent.parent


class LoadError(RuntimeError):
    """The load did not do what the workload is: the figure would mean something else."""


@dataclass(frozen=True)
class Workload:
    """What is asked of a server: each flow takes the next person; each round, another page."""

    flow: str  # page, attempt or saving
    base: str
    cookies: Sequence[str]
    paths: Sequence[str]
    needs: str  # text that a right answer holds
    distinct: bool = True  # whether a person may meet a page once only
    encoding: str = "identity"  # gzip: compressed, as browsers ask for
    database: int = 0  # the process of a database server that the server asks


@dataclass(frozen=True)
class Window:
    """A measured window. `cpu_ms` is the server's per flow, `p99_ms` per request; `pss_mb` is the
    memory of its workers, `tree_mb` that of all its processes."""

    cpu_ms: float
    p99_ms: float
    per_second: float
    requests_per_flow: float
    pss_mb: float
    tree_mb: float
    others: float
    driver: float

    @property
    def quiet(self) -> bool:
        """Whether other programs left the machine alone."""
        return self.others <= MOST_OTHERS


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of an ordered sequence does not exceed (nearest rank)."""
    if not ordered:
        raise ValueError("no values")
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


class Load:
    """Load on one server; remembers which people have met which pages in earlier windows."""

    def __init__(
        self,
        workload: Workload,
        server: int,
        *,
        seconds: float,
        warm_up: float,
        connections: int = CONNECTIONS,
    ) -> None:
        self.workload = workload
        self.server = server
        self.seconds = seconds
        self.warm_up = warm_up
        self.connections = connections
        self._turns = 0

    def window(self) -> Window:
        """A window, taken again up to three times while others are busy; then the quietest."""
        taken: list[Window] = []
        for _try in range(TRIES):
            taken.append(self._once())
            if taken[-1].quiet:
                return taken[-1]
        return min(taken, key=lambda window: window.others)

    def _once(self) -> Window:
        with tempfile.TemporaryDirectory() as folder:
            plan, result = Path(folder, "plan.json"), Path(folder, "result.json")
            plan.write_text(json.dumps(self._plan(result)))
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "locust",
                    "--locustfile",
                    "benchmarks/flows.py",
                    "--headless",
                    "--only-summary",
                    "--loglevel",
                    "WARNING",
                    "--users",
                    str(self.connections),
                    "--spawn-rate",
                    str(self.connections),
                    "--stop-timeout",
                    "2",
                ],
                cwd=ROOT,
                env={**os.environ, "BENCH_PLAN": str(plan)},
                capture_output=True,
                text=True,
                check=False,
                timeout=self.seconds + 60,
            )
            if not result.exists():
                raise LoadError(
                    f"locust gave no result:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
                )
            figures = json.loads(result.read_text())
        return self._read(figures)

    def _plan(self, result: Path) -> dict[str, Any]:
        work = self.workload
        return {
            "flow": work.flow,
            "base": work.base,
            "cookies": list(work.cookies),
            "paths": list(work.paths),
            "needs": work.needs,
            "encoding": work.encoding,
            "offset": self._turns,
            "warm_up": self.warm_up,
            "seconds": self.seconds,
            "server": self.server,
            "database": work.database,
            "result": str(result),
        }

    def _read(self, figures: dict[str, Any]) -> Window:
        self._turns = figures["turns"]
        if figures["errors"] or not figures["flows"]:
            raise LoadError(f"{self.workload.paths[0]}: {figures['errors'] or 'nothing came back'}")
        room = len(self.workload.cookies) * len(self.workload.paths)
        if self.workload.distinct and self._turns > room:
            raise LoadError(f"{self.workload.paths[0]}: more flows than the {room} distinct ones")
        return Window(
            cpu_ms=figures["cpu_ms"],
            p99_ms=percentile(figures["latencies"], 0.99),
            per_second=figures["per_second"],
            requests_per_flow=figures["requests"] / figures["flows"],
            pss_mb=figures["pss_mb"],
            tree_mb=figures["tree_mb"],
            others=figures["others"],
            driver=figures["driver"],
        )
