"""A folder of files that lie in memory, to be read like one on the disk."""

import io
from collections.abc import Callable, Iterator, Mapping
from importlib.resources.abc import Traversable
from os import PathLike
from typing import IO, Any


class LazyFiles(Mapping[str, bytes]):
    """Files by their paths, each read when it is asked for: pictures of a course may be many."""

    def __init__(self, readers: Mapping[str, Callable[[], bytes]]) -> None:
        self._readers = readers

    def __getitem__(self, path: str) -> bytes:
        return self._readers[path]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def __len__(self) -> int:
        return len(self._readers)

    def __contains__(self, path: object) -> bool:
        return path in self._readers


class HeldFolder(Traversable):
    """A file or a folder of `files`, which maps paths ("images/map.svg") to bytes.

    What is not there raises FileNotFoundError, as on the disk.
    """

    def __init__(self, files: Mapping[str, bytes], name: str, path: str = "") -> None:
        self._files, self._name, self._path = files, name, path

    @property
    def name(self) -> str:
        return self._path.rpartition("/")[2] or self._name

    def is_file(self) -> bool:
        return self._path in self._files

    def is_dir(self) -> bool:
        return not self._path or any(each.startswith(f"{self._path}/") for each in self._files)

    def iterdir(self) -> Iterator["HeldFolder"]:
        start = f"{self._path}/" if self._path else ""
        inside = (each.removeprefix(start) for each in self._files if each.startswith(start))
        names = dict.fromkeys(each.partition("/")[0] for each in inside)
        return iter([self.joinpath(name) for name in names])

    def joinpath(self, *descendants: str | PathLike[str]) -> "HeldFolder":
        path = "/".join((self._path, *(str(each) for each in descendants))).strip("/")
        return HeldFolder(self._files, self._name, path)

    def read_bytes(self) -> bytes:
        try:
            return self._files[self._path]
        except KeyError:
            raise FileNotFoundError(self._path) from None

    def read_text(self, encoding: str | None = None) -> str:
        return self.read_bytes().decode(encoding or "utf-8")

    def open(self, mode: str = "r", *args: Any, **kwargs: Any) -> IO[Any]:
        raw = io.BytesIO(self.read_bytes())
        return raw if "b" in mode else io.TextIOWrapper(raw, *args, **kwargs)
