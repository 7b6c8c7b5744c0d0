"""Settings from INNOCAP_* variables: typed, checked, unknown ones refused."""

import difflib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import available_timezones

PREFIX = "INNOCAP_"
OF_THE_CHECKS = ("INNOCAP_TEST_", "INNOCAP_CORPORA")  # read by `make test` and `make full`
KEY_FILE = "secret-key"
MIN_KEY = 32
MAIL = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?", re.IGNORECASE)


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
    content_repo: Path | None = _setting(
        "git repository of courses written in the browser; empty: <data folder>/content", None
    )
    plugin_dirs: tuple[Path, ...] = _setting("folders with plugins, parted by ':'", ())
    strict_plugins: bool = _setting("a plugin's error is raised instead of isolated", False)
    smtp_url: str = _setting("smtp://[user:password@]host:port; empty: mail is kept as files", "")
    mail_from: str = _setting("sender of mail", "no-reply@localhost")
    relay: bool = _setting("run the outbox in the web process; off where workers run", True)
    session_hours: int = _setting("how long a sign-in lasts", 12)
    leaver_days: int = _setting(
        "days after which the profile of who has left is disposed of; 0: never", 90
    )
    round_days: int = _setting(
        "days after a round's last day on which what members asked for help with goes, and "
        "invitations without a seat; 0: never",
        180,
    )
    sign_in_per_account: int = _setting("failed sign-ins per account and quarter of an hour", 8)
    sign_in_per_address: int = _setting("failed sign-ins per address and quarter of an hour", 200)
    password_memory_kib: int = _setting("memory of one Argon2id hash", 65536)
    trusted_proxies: int = _setting("proxies in front whose X-Forwarded headers are believed", 0)
    trusted_issuers: Path | None = _setting(
        "folder with DID documents of other issuers whose credentials are believed", None
    )
    verify_hosts: str = _setting(
        "hosts that may be asked for keys and status lists of other issuers, parted by spaces", ""
    )
    signing_keys: str = _setting(
        "where secret signing keys lie: file, environment, or package.module:name", "file"
    )
    signing_secrets: str = field(
        default="",
        repr=False,
        metadata={"help": "issuer=secret, parted by spaces, where keys come from the environment"},
    )
    timezone: str = _setting("where a person has not chosen one", "Europe/Stockholm")
    pool_size: int = _setting("database connections a process keeps", 8)

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database."""
        if self.database_url:
            return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.database_url)
        return f"sqlite:///{self.data_dir.absolute() / 'innocap.db'}"

    @property
    def content(self) -> Path:
        """The git repository of courses that are written in the browser."""
        return self.content_repo or self.data_dir / "content"

    @property
    def secure(self) -> bool:
        """Whether people reach the site by https, so that cookies may insist on it."""
        return urlsplit(self.public_url).scheme == "https"


def _convert(name: str, kind: Any, text: str) -> Any:
    if any(ord(character) < 32 for character in text):
        raise SettingsError(f"{name} holds a line break or another control character")
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off"}:
            return False
        raise SettingsError(f"{name}={text!r}: write on or off")
    if kind is int:
        if not re.fullmatch(r"\d{1,9}", text):
            raise SettingsError(f"{name}={text!r}: write a whole number of up to nine digits")
        return int(text)
    if kind in (Path, Path | None):
        return Path(text).expanduser()
    if kind == tuple[Path, ...]:
        return tuple(Path(part).expanduser() for part in text.split(":") if part)
    return text


def _check(settings: Settings) -> None:
    for name, least in (
        ("session_hours", 1),
        ("sign_in_per_account", 1),
        ("sign_in_per_address", 1),
        ("password_memory_kib", 8),
        ("pool_size", 1),
    ):
        if getattr(settings, name) < least:
            raise SettingsError(f"{_variable(name)} is at least {least}")
    _check_address("PUBLIC_URL", settings.public_url, {"http", "https"}, "https://name.example")
    public = urlsplit(settings.public_url)
    if public.path.strip("/") or public.query or public.fragment or "@" in public.netloc:
        raise SettingsError(
            f"{PREFIX}PUBLIC_URL: the site has a host name to itself, write nothing but it"
        )
    if settings.database_url:
        postgres = {"postgres", "postgresql", "postgresql+psycopg"}
        _check_address(
            "DATABASE_URL", settings.database_url, postgres, "postgresql://user:password@host/name"
        )
    if settings.smtp_url:
        forms = "smtp://host:25 or smtps://user:password@host:465"
        _check_address("SMTP_URL", settings.smtp_url, {"smtp", "smtps"}, forms)
    if settings.timezone not in available_timezones():
        raise SettingsError(
            f"{_variable('timezone')}={settings.timezone!r}: write a name such as Europe/Stockholm"
        )
    _check_folders(settings)
    _check_names(settings)


def _check_folders(settings: Settings) -> None:
    read = [("plugin_dirs", folder) for folder in settings.plugin_dirs]
    if settings.trusted_issuers:
        read.append(("trusted_issuers", settings.trusted_issuers))
    for name, folder in read:
        if not folder.is_dir():
            raise SettingsError(f"{_variable(name)}: there is no folder {folder}")
    if settings.content.exists() and not settings.content.is_dir():  # it is made when it is missing
        raise SettingsError(f"{_variable('content_repo')}: {settings.content} is no folder")


def _check_names(settings: Settings) -> None:
    addresses = {"mail_from": parseaddr(settings.mail_from)[1]}
    if settings.contact:
        addresses["contact"] = settings.contact
    for name, address in addresses.items():
        if not MAIL.fullmatch(address):
            raise SettingsError(f"{_variable(name)}: write an address such as name@host.example")
    for host in settings.verify_hosts.split():
        if not HOST.fullmatch(host):
            raise SettingsError(
                f"{_variable('verify_hosts')}={host!r}: write a host, without https://"
            )


def _check_address(name: str, url: str, schemes: set[str], example: str) -> None:
    """Raise SettingsError, without the address: it may hold a password."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in schemes and (parts.port or 1) > 0
        # A PostgreSQL address may leave its host out: a socket on this machine.
        fits = fits and bool(parts.netloc or "host=" in parts.query)
    except ValueError:
        fits = False
    if not fits:
        raise SettingsError(f"{PREFIX}{name}: write {example}")


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from an environment. Raises SettingsError naming the variable and what to write."""
    hints = get_type_hints(Settings)
    known = {_variable(item.name): item.name for item in fields(Settings)}
    values: dict[str, Any] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name.startswith(OF_THE_CHECKS):
            continue
        if name not in known:
            names = [known_name.removeprefix(PREFIX) for known_name in known]
            near = difflib.get_close_matches(name.removeprefix(PREFIX).upper(), names, 1)
            hint = f"did you mean {PREFIX}{near[0]}?" if near else "docs/settings.md has them all"
            raise SettingsError(f"{name} is not a setting; {hint}")
        if text.strip():  # an empty one is not set: a folder without a name would be any folder
            values[known[name]] = _convert(name, hints[known[name]], text.strip())
    settings = Settings(**values)
    _check(settings)
    return settings


def secret_key(settings: Settings) -> str:
    """The key that signs cookies. Raises SettingsError when there is none: none is invented."""
    if settings.secret_key:
        return _long_enough(f"{PREFIX}SECRET_KEY", settings.secret_key)
    file = settings.data_dir / KEY_FILE
    try:
        return _long_enough(str(file), file.read_text().strip())
    except FileNotFoundError:
        raise SettingsError(
            f"there is no secret key: set {PREFIX}SECRET_KEY, or run `innocap-lms db upgrade`, "
            f"which writes {file}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the secret key cannot be read: {error}") from None


def _long_enough(place: str, key: str) -> str:
    if len(key) < MIN_KEY:
        raise SettingsError(f"{place}: a secret key has at least {MIN_KEY} characters")
    return key


def make_secret_key(settings: Settings, key: str | None = None) -> None:
    """Write a secret key, a new one or `key`, into the data folder if there is none.

    Its owner alone can read it. Raises SettingsError when the folder cannot be written.
    """
    file = settings.data_dir / KEY_FILE
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if settings.secret_key:
            return
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        if file.exists():
            return
        raise _unwritable(settings, error) from None
    except OSError as error:
        raise _unwritable(settings, error) from None
    with os.fdopen(handle, "w") as out:
        out.write((key or secrets.token_hex(32)) + "\n")


def _unwritable(settings: Settings, error: OSError) -> SettingsError:
    return SettingsError(
        f"{PREFIX}DATA_DIR={str(settings.data_dir)!r} cannot be written ({error.strerror}): "
        "name a folder that this user may write to"
    )
