"""Where secret signing keys lie: a port with two engines, and a third for whoever brings one.

No secret key is in the database, in logs, or in a backup. `INNOCAP_SIGNING_KEYS` chooses: `file`
keeps them in the data folder, `environment` reads them from INNOCAP_SIGNING_SECRETS, and
`package.module:name` is an operator's own, such as one that asks a vault.
"""

import importlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from innocap_lms.config import Settings, SettingsError
from innocap_lms.vc.keys import KeyFormatError, public_text, read_secret, secret_text

FOLDER = "signing-keys"


class NoKeyError(LookupError):
    """The secret half of a key is not in the store; the message says where it was looked for."""


class KeyStore(Protocol):
    """Secret keys by their public halves, as Multikeys."""

    def signing_key(self, public: str) -> Ed25519PrivateKey:
        """The secret half. Raises NoKeyError."""

    def new_key(self, issuer: str) -> str:
        """Make, or choose, a key for an issuer that has none; returns its public half.

        Raises NoKeyError where keys come from elsewhere and there is none.
        """


class FileKeys:
    """One file for each key, which its owner alone can read."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.data_dir / FOLDER

    def signing_key(self, public: str) -> Ed25519PrivateKey:
        file = self.folder / public
        try:
            key = read_secret(file.read_text(encoding="ascii").strip())
        except (OSError, UnicodeDecodeError, KeyFormatError):
            raise NoKeyError(f"no secret key in {file}") from None
        return _belonging(key, public)

    def new_key(self, issuer: str) -> str:
        key = Ed25519PrivateKey.generate()
        public = public_text(key.public_key())
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_whole(self.folder / public, secret_text(key) + "\n")
        return public


def _write_whole(file: Path, text: str) -> None:
    """Write a file that is there whole or not at all, also after a power cut."""
    handle, name = tempfile.mkstemp(dir=file.parent)  # readable by its owner alone
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(name, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class EnvironmentKeys:
    """Keys that whoever starts the site hands over: `issuer=secret`, parted by spaces.

    The issuer is an organisation's id, empty for the site. An issuer's last key signs; earlier ones
    may stay, for what was begun with them.
    """

    def __init__(self, settings: Settings) -> None:
        self.keys: dict[str, Ed25519PrivateKey] = {}
        self.last: dict[str, str] = {}
        for pair in settings.signing_secrets.split():
            issuer, _sep, secret = pair.rpartition("=")
            try:
                key = read_secret(secret)
            except KeyFormatError:
                raise SettingsError(
                    "INNOCAP_SIGNING_SECRETS: write issuer=secret, the secret as a Multikey (z3u2…)"
                ) from None
            public = public_text(key.public_key())
            self.keys[public], self.last[issuer] = key, public

    def signing_key(self, public: str) -> Ed25519PrivateKey:
        try:
            return self.keys[public]
        except KeyError:
            raise NoKeyError(f"INNOCAP_SIGNING_SECRETS has no key for {public}") from None

    def new_key(self, issuer: str) -> str:
        try:
            return self.last[issuer]
        except KeyError:
            raise NoKeyError(
                f"INNOCAP_SIGNING_SECRETS has no key of {issuer or 'the site'}"
            ) from None


def key_store(settings: Settings) -> KeyStore:
    """The store that the settings name. Raises SettingsError."""
    own: dict[str, Callable[[Settings], KeyStore]] = {
        "file": FileKeys,
        "environment": EnvironmentKeys,
    }
    if settings.signing_keys in own:
        return own[settings.signing_keys](settings)
    module, _sep, name = settings.signing_keys.partition(":")
    try:
        made: KeyStore = getattr(importlib.import_module(module), name)(settings)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingsError(
            f"INNOCAP_SIGNING_KEYS={settings.signing_keys!r}: write file, environment, or "
            f"package.module:name ({error})"
        ) from None
    return made


def _belonging(key: Ed25519PrivateKey, public: str) -> Ed25519PrivateKey:
    if public_text(key.public_key()) != public:
        raise NoKeyError(f"the secret key that stands for {public} is of another")
    return key
