"""Which other sites are asked: those that the operator allows, by https, each for itself alone."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from innocap_lms.config import Settings
from innocap_lms.credentials import outside
from innocap_lms.vc import bounds
from innocap_lms.vc.keys import did_document, public_text
from tests.vc.made import KEY


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses for which somebody would open a connection."""
    seen: list[str] = []

    def opener(*_handlers: object) -> object:
        class Opened:
            def open(self, request: object, timeout: float) -> object:
                seen.append(request.full_url)  # type: ignore[attr-defined]  # urllib's Request
                raise OSError("no network in tests")

        return Opened()

    monkeypatch.setattr(outside, "build_opener", opener)
    return seen


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://kommun.example/did.json", True),
        ("https://kommun.example:8443/did.json", False),
        ("http://kommun.example/did.json", False),
        ("https://other.example/did.json", False),
        ("https://kommun.example@other.example/did.json", False),
        ("https://other.example#kommun.example", False),
        ("file:///etc/passwd", False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_no_host_is_asked_that_is_not_allowed(
    settings: Settings, asked: list[str], address: str, allowed: bool
) -> None:
    allowing = replace(settings, verify_hosts="kommun.example third.example")
    assert outside.fetched(address, allowing) is None
    assert asked == ([address] if allowed else [])
    asked.clear()
    assert outside.fetched(address, settings) is None
    assert asked == [], "without a setting, nobody is"


def test_a_broken_file_of_a_trusted_issuer_is_logged_and_keeps_out_no_other(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = {"1": public_text(KEY.public_key())}
    document = did_document("did:web:kommun.example", keys)
    (tmp_path / "good.json").write_text(json.dumps(document))
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "list.json").write_text(json.dumps({"id": []}))
    found = outside.trusted_keys(replace(settings, trusted_issuers=tmp_path))
    assert list(found) == ["did:web:kommun.example"]
    assert "broken.json" in caplog.text
    assert "list.json" in caplog.text
    assert "good.json" not in caplog.text


def test_what_is_fetched_can_also_be_read() -> None:
    """A document between two limits would be fetched and then refused."""
    assert outside.MOST_BYTES == bounds.MOST_BYTES


def test_a_host_speaks_for_its_own_did_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {"1": public_text(KEY.public_key())}
    document = json.dumps(did_document("did:web:kommun.example", keys)).encode()
    monkeypatch.setattr(outside, "fetched", lambda _address, _settings: document)
    own = outside.keys_of("did:web:kommun.example", settings)
    assert list(own) == ["did:web:kommun.example"]
    assert outside.keys_of("did:web:other.example", settings) == {}
    assert outside.keys_of("https://kommun.example", settings) == {}
