"""What processes use: CPU and memory of a whole tree, and of everything else on the machine."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

import psutil


@dataclass(frozen=True)
class Reading:
    """CPU seconds used until `at` (monotonic seconds): by one tree, by this process, by a database
    server beside them, by all."""

    at: float
    tree: float
    driver: float
    beside: float
    machine: float

    def others_since(self, earlier: "Reading") -> float:
        """Cores that anything that has no part in the workload used in between."""
        parts = (
            self.tree - earlier.tree,
            self.driver - earlier.driver,
            self.beside - earlier.beside,
        )
        return max(0.0, self.machine - earlier.machine - sum(parts)) / (self.at - earlier.at)


def tree(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def tree_cpu(pid: int) -> float:
    """CPU seconds of a process tree, children that have ended included."""
    total = 0.0
    for process in tree(pid):
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


def reading(pid: int, database: int = 0) -> Reading:
    """CPU used so far, seen from this process as the driver of the server `pid`, which may ask a
    database server, the process `database`."""
    own, all_ = psutil.Process().cpu_times(), psutil.cpu_times()
    idle = all_.idle + getattr(all_, "iowait", 0.0) + getattr(all_, "steal", 0.0)
    # guest time is counted in user time already
    counted = sum(all_) - getattr(all_, "guest", 0.0) - getattr(all_, "guest_nice", 0.0)
    beside = tree_cpu(database) if database else 0.0
    driver = own.user + own.system
    return Reading(time.monotonic(), tree_cpu(pid), driver, beside, counted - idle)


def memory_pss(pid: int) -> tuple[float, float]:
    """MB of a server's workers, and of its whole tree: what is shared is divided among its users
    (PSS); RSS where that is unknown."""
    used = []
    for process in tree(pid):
        info = process.memory_full_info()
        used.append(getattr(info, "pss", info.rss) / 1e6)
    return sum(used[1:]), sum(used)


def memory_rss(pid: int) -> float:
    """MB resident of a tree; pages that are shared count once for each process."""
    return float(sum(process.memory_info().rss for process in tree(pid))) / 1e6


class PeakMemory:
    """The highest RSS of a tree while the `with` block runs, sampled every few milliseconds."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.before = self.peak = 0.0
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)

    @property
    def growth(self) -> float:
        """MB above the start."""
        return self.peak - self.before

    def _sample(self) -> None:
        while not self._ended.wait(0.01):
            self.peak = max(self.peak, memory_rss(self.pid))

    def __enter__(self) -> "PeakMemory":
        self.before = self.peak = memory_rss(self.pid)
        self._sampler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._sampler.join()


@contextmanager
def cpu_of(pid: int) -> Iterator[list[float]]:
    """A list that holds, after the block, the CPU milliseconds the tree used in it."""
    used: list[float] = []
    before = tree_cpu(pid)
    yield used
    used.append((tree_cpu(pid) - before) * 1000)
