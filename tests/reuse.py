"""What the fresh apps of one process need to make only once.

Nearly every test makes a site of its own. Most of its time went into finding the same plugins,
reading the same courses, compiling the same addresses, templates and SQL, and connecting to the
same server.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Dialect, Engine, event
from werkzeug.routing import Rule

from innocap_lms import extensions
from innocap_lms.catalogue import checked
from innocap_lms.content.reader import Reading
from innocap_lms.extensions import db
from innocap_lms.plugin_host import discovery


class Templates(BytecodeCache):
    """Compiled templates; one that has changed is compiled anew."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


class Engines:
    """Engines with what they have learned.

    On PostgreSQL all tests use one database: its engines stay, and stay connected. On SQLite each
    test has a file, so only the dialect stays, with the statements that were compiled for it.
    """

    def __init__(self) -> None:
        self.make: Callable[..., Engine] = db._make_engine
        self.prepare: Callable[..., None] = extensions.prepare
        self.dialects: dict[str | None, tuple[Dialect, Any]] = {}
        self.engines: dict[str, Engine] = {}
        self.ready: set[Engine] = set()

    def made(self, bind: str | None, options: dict[str, Any], app: Flask) -> Engine:
        """In the place of `db._make_engine`."""
        if str(options["url"]).startswith("postgresql"):
            key = repr((bind, options))
            if key not in self.engines:
                self.engines[key] = self.make(bind, options, app)
            return self.engines[key]
        engine = self.make(bind, options, app)
        known = (engine.dialect, engine._compiled_cache)
        if bind in self.dialects:
            engine.dialect, engine._compiled_cache = self.dialects[bind]
            engine.pool._dialect = engine.dialect
        else:  # a dialect is whole when it has met a database
            keep = self.dialects.setdefault
            event.listen(engine, "first_connect", lambda *_: keep(bind, known))
        return engine

    def prepared(self, engines: dict[str | None, Engine]) -> None:
        """In the place of `extensions.prepare`: what stays is prepared once."""
        if not self.ready.issuperset(engines.values()):
            self.prepare(engines)
            self.ready.update(engine for engine in engines.values() if engine in self)

    def __contains__(self, engine: Engine) -> bool:
        return engine in self.engines.values()

    def let_go(self) -> None:
        """Close every connection."""
        for engine in self.engines.values():
            engine.dispose()
        self.engines.clear()


TEMPLATES = Templates()
ENGINES = Engines()


def _compiled_once(compile_address: Callable[[Rule, bool], Any]) -> Callable[..., Any]:
    kept: dict[tuple[str, str, bool], Any] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_address(rule, append_unknown)
        return kept[key]

    return compiled


def _read_once(read_course: Callable[..., Reading]) -> Callable[..., Reading]:
    """Courses are read with one answer as long as their files stay as they are."""
    kept: dict[tuple[Any, ...], Reading] = {}

    def read(folder: Any, kinds: Sequence[Any], **more: Any) -> Reading:
        if more.get("past") is not None or not isinstance(folder, Path):
            return read_course(folder, kinds, **more)
        files = [*_files(folder), *_files(more.get("banks"))]
        key = (folder, more.get("today"), *(type(kind) for kind in kinds), *files)
        if key not in kept:
            kept[key] = read_course(folder, kinds, **more)
        return kept[key]

    return read


def _files(folder: Any) -> Iterator[tuple[Path, int, int]]:
    for path in sorted(folder.rglob("*")) if isinstance(folder, Path) else ():
        yield path, path.stat().st_mtime_ns, path.stat().st_size


def begin() -> None:
    """From here on, what is made in this process is made once."""
    discovery.entry_points = lru_cache(discovery.entry_points)  # type: ignore[assignment]
    Rule._compile_builder = _compiled_once(Rule._compile_builder)  # type: ignore[method-assign]
    checked.read_course = _read_once(checked.read_course)
    db._make_engine = ENGINES.made  # type: ignore[method-assign]
    extensions.prepare = ENGINES.prepared
