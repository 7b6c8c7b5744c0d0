"""Settings from INNOCAP_* variables: typed, checked, unknown ones refused."""

import difflib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

PREFIX = "INNOCAP_"


class SettingsError(ValueError):
    """A setting is unknown or has a value that cannot be used; the message says which and why."""


def _setting(help_text: str, default: Any) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True)
class Settings:
    """Every setting; `data_dir` holds the database, files, mail and keys of an embedded site."""

    data_dir: Path = _setting("where all data lies", Path("var"))
    database_url: str = _setting("postgresql:// address; empty: SQLite in the data folder", "")
    secret_key: str = _setting("signs cookies; empty: read from <data folder>/secret-key", "")
    public_url: str = _setting("the address people use", "http://127.0.0.1:8000")
    site_name: str = _setting("shown in the header and in mail", "innocap-lms")
    contact: str = _setting("mail address for questions and accessibility feedback", "")
    plugin_dirs: tuple[Path, ...] = _setting("folders with plugins, parted by ':'", ())
    strict_plugins: bool = _setting("a plugin's error is raised instead of isolated", False)
    smtp_url: str = _setting("smtp://[user:password@]host:port; empty: mail is kept as files", "")
    mail_from: str = _setting("sender of mail", "no-reply@localhost")
    relay: bool = _setting("run the outbox in the web process; off where workers run", True)
    session_hours: int = _setting("how long a sign-in lasts", 12)
    sign_in_per_account: int = _setting("failed sign-ins per account and quarter of an hour", 8)
    sign_in_per_address: int = _setting("failed sign-ins per address and quarter of an hour", 200)
    password_memory_kib: int = _setting("memory of one Argon2id hash", 65536)
    trusted_proxies: int = _setting("proxies in front whose X-Forwarded headers are believed", 0)
    timezone: str = _setting("where a person has not chosen one", "Europe/Stockholm")
    pool_size: int = _setting("database connections a process keeps", 8)

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database."""
        if self.database_url:
            return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.database_url)
        return f"sqlite:///{self.data_dir.absolute() / 'innocap.db'}"

    @property
    def secure(self) -> bool:
        """Whether people reach the site by https, so that cookies may insist on it."""
        return urlsplit(self.public_url).scheme == "https"


def _convert(name: str, kind: Any, text: str, environ: Mapping[str, str]) -> Any:
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off"}:
            return False
        raise SettingsError(f"{name}={text!r}: write on or off")
    if kind is int:
        if not re.fullmatch(r"\d{1,9}", text):
            raise SettingsError(f"{name}={text!r}: write a whole number, such as 12")
        return int(text)
    if kind is Path:
        return Path(text).expanduser()
    if kind == tuple[Path, ...]:
        return tuple(Path(part).expanduser() for part in text.split(":") if part)
    return text


def _check(settings: Settings) -> None:
    url = urlsplit(settings.public_url)
    if url.scheme not in {"http", "https"} or not url.netloc:
        raise SettingsError(
            f"{PREFIX}PUBLIC_URL={settings.public_url!r}: write https://name.example"
        )
    if settings.database_url and not re.match(r"postgres(ql)?(\+psycopg)?://", settings.database_url):
        raise SettingsError(f"{PREFIX}DATABASE_URL: write postgresql://user:password@host/name")
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in {"smtp", "smtps"}:
        raise SettingsError(f"{PREFIX}SMTP_URL: write smtp://host:25 or smtps://host:465")


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from an environment. Raises SettingsError naming the variable and what to write."""
    hints = get_type_hints(Settings)
    known = {PREFIX + item.name.upper(): item.name for item in fields(Settings)}
    values: dict[str, Any] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name.startswith(PREFIX + "TEST_"):
            continue
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise SettingsError(f"{name} is not a setting{hint}")
        values[known[name]] = _convert(name, hints[known[name]], text.strip(), environ)
    settings = Settings(**values)
    _check(settings)
    return settings


def secret_key(settings: Settings) -> str:
    """The key that signs cookies. Raises SettingsError when there is none: one is never invented."""
    if settings.secret_key:
        if len(settings.secret_key) < 32:
            raise SettingsError(f"{PREFIX}SECRET_KEY: use at least 32 characters")
        return settings.secret_key
    file = settings.data_dir / "secret-key"
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        raise SettingsError(
            f"there is no secret key: set {PREFIX}SECRET_KEY, or run `innocap-lms db upgrade`, "
            f"which writes {file}"
        ) from None


def make_secret_key(settings: Settings) -> None:
    """Write a secret key into the data folder, readable by its owner alone, if there is none."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    file = settings.data_dir / "secret-key"
    if settings.secret_key or file.exists():
        return
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_hex(32) + "\n")
