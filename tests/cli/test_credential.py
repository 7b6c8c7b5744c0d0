"""innocap-lms credential: checking without a site, keys, and all certificates in one file."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from innocap_lms.catalogue.queries import OfferingView
from innocap_lms.credentials.models import Certificate
from innocap_lms.credentials.queries import certificate_ids_of
from innocap_lms.credentials.services import issue
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.vc.keys import did_document, did_key, public_text, secret_text
from tests.cli.conftest import Command
from tests.conftest import House, take_first_steps
from tests.vc.made import KEY, OTHER, WEB, as_json, badge, entry, signed, token


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A credential in its forms, an altered copy, and keys."""
    web = badge(issuer={"id": WEB, "type": ["Profile"], "name": "Norra"})
    proved = as_json(signed(web, KEY, f"{WEB}#1"))
    (tmp_path / "web.json").write_bytes(proved)
    (tmp_path / "altered.json").write_bytes(proved.replace("Åsa".encode(), b"Eva"))
    (tmp_path / "own.json").write_bytes(as_json(signed(badge())))
    (tmp_path / "own.jwt").write_bytes(token(badge()))
    (tmp_path / "revocable.json").write_bytes(as_json(signed(badge(credentialStatus=entry()))))
    keys = {"1": public_text(KEY.public_key())}
    (tmp_path / "did.json").write_text(json.dumps(did_document(WEB, keys)))
    (tmp_path / "key.txt").write_text(public_text(KEY.public_key()))
    (tmp_path / "did.txt").write_text("\ufeff" + did_key(public_text(KEY.public_key())) + "\n")
    (tmp_path / "other.txt").write_text(public_text(OTHER.public_key()))
    (tmp_path / "nothing.txt").write_text("nothing")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("web.json", "--issuer", "did.json"), 0, "valid"),
        (("web.json", "--issuer", "key.txt"), 0, "valid"),
        (("web.json", "--issuer", "other.txt"), 1, "altered"),
        (("web.json",), 1, "unknown_key"),
        (("altered.json", "--issuer", "did.json"), 1, "altered"),
        (("own.json",), 0, "valid"),
        (("own.jwt",), 0, "valid"),
        (("own.json", "--issuer", "key.txt"), 0, "valid"),
        (("own.json", "--issuer", "did.txt"), 0, "valid"),
        (("web.json", "--issuer", "did.txt"), 1, "unknown_key"),
        (("own.json", "--issuer", "other.txt"), 1, "unknown_key"),
        (("own.json", "--issuer", "did.json"), 1, "unknown_key"),
        (("revocable.json",), 0, "valid"),
        (("revocable.json", "--status", "own.json"), 1, "status_unknown"),
        (("nothing.txt",), 1, "unreadable"),
        (("did.json",), 1, "malformed"),
        (("own.json", "--issuer", "nothing.txt"), 1, "Error"),
        (("not-there.json",), 2, "Usage"),
    ],
)
def test_only_a_valid_one_ends_with_status_0(
    innocap: Command, files: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    named = [word if word.startswith("--") else files / word for word in words]
    done = innocap("credential", "verify", *named, INNOCAP_DATA_DIR="/nowhere/at/all")
    assert done.returncode == status, done.stdout + done.stderr
    assert (done.stdout + done.stderr).startswith(said)
    assert "Traceback" not in done.stderr


def test_what_was_not_checked_is_said(innocap: Command, files: Path) -> None:
    said = innocap("credential", "verify", files / "revocable.json").stdout
    assert said.startswith("valid, by a key that nobody vouches for\n")
    assert "whether it was revoked was not checked" in said
    assert "Åsa Ögren" in said
    vouched = innocap("credential", "verify", files / "own.json", "--issuer", files / "key.txt")
    assert "note" not in vouched.stdout
    assert vouched.stdout.startswith("valid\n")
    for words, known in (((), False), (("--issuer", files / "key.txt"), True)):
        said = innocap("credential", "verify", files / "own.json", "--json", *words).stdout
        assert json.loads(said)["vouched"] is known


def test_the_verdict_is_there_for_machines(innocap: Command, files: Path) -> None:
    done = innocap("credential", "verify", files / "altered.json", "--json")
    found = json.loads(done.stdout)
    assert (found["status"], found["valid"]) == ("unknown_key", False)


@pytest.mark.parametrize(
    "changed", [{"name": "\ud800"}, {"type": ["VerifiableCredential", {}]}], ids=["letter", "type"]
)
def test_what_is_no_text_is_no_fault(innocap: Command, tmp_path: Path, changed: Any) -> None:
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps({**signed(badge()), **changed}))
    for how in ((), ("--json",)):
        done = innocap("credential", "verify", file, *how)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("hostile", ["[" * 100_000, "{", "zz"])
def test_an_issuer_that_is_none_is_said_to_be_so(
    innocap: Command, tmp_path: Path, hostile: str
) -> None:
    file, issuer = tmp_path / "certificate.json", tmp_path / "did.json"
    file.write_text(json.dumps(signed(badge())))
    issuer.write_text(hostile)
    done = innocap("credential", "verify", file, "--issuer", issuer)
    assert done.returncode == 1
    assert "did.json: neither a DID document nor a key" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def number(
    app: Flask,
    house: House,
    course: OfferingView,
    browser_of: Callable[[str], FlaskClient],
) -> str:
    take_first_steps(browser_of(house.coach))
    with app.app_context():
        issue({"completion_id": db.session.scalars(db.select(Completion.id)).one()})
        (found,) = certificate_ids_of()
    return found


def test_a_certificate_is_checked_by_nothing_but_the_keys_of_its_issuer(
    innocap: Command, client: FlaskClient, number: str, tmp_path: Path
) -> None:
    (tmp_path / "certificate.json").write_bytes(client.get(f"/certificates/{number}.json").data)
    (tmp_path / "did.json").write_text(innocap("credential", "issuer", "--did").stdout)
    words = (tmp_path / "certificate.json", "--issuer", tmp_path / "did.json")
    assert innocap("credential", "verify", *words, INNOCAP_DATA_DIR="/nowhere").returncode == 0


def test_after_a_new_key_the_old_certificate_is_still_valid(
    innocap: Command, client: FlaskClient, house: House, number: str, tmp_path: Path
) -> None:
    before = innocap("credential", "issuer").stdout
    done = innocap("credential", "rotate", "--organisation", house.north)
    assert done.returncode == 0
    new = done.stdout.split()[-1]
    after = innocap("credential", "issuer").stdout
    assert new not in before
    assert new in after
    (tmp_path / "certificate.json").write_bytes(client.get(f"/certificates/{number}.json").data)
    (tmp_path / "did.json").write_text(innocap("credential", "issuer", "--did").stdout)
    words = (tmp_path / "certificate.json", "--issuer", tmp_path / "did.json")
    assert innocap("credential", "verify", *words).returncode == 0


def test_a_new_key_that_cannot_be_is_said_to_be_none(innocap: Command, app: Flask) -> None:
    mistyped = innocap("credential", "rotate", "--organisation", "nort")
    assert mistyped.returncode == 1
    assert "no organisation nort; nothing was changed" in mistyped.stderr
    kept = {
        "INNOCAP_SIGNING_KEYS": "environment",
        "INNOCAP_SIGNING_SECRETS": f"={secret_text(KEY)}",
    }
    assert innocap("credential", "rotate", **kept).returncode == 0
    again = innocap("credential", "rotate", **kept)
    assert again.returncode == 1
    assert f"no other key of the site than {public_text(KEY.public_key())}" in again.stderr


def test_all_certificates_leave_in_one_file(innocap: Command, number: str, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    done = innocap("credential", "export", file)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        f"1 certificates looked at, written to {file}",
    )
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [f"first-steps/{number}.pdf"]
    again = innocap("credential", "export", file)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)


def test_an_organisation_that_was_mistyped_leaves_no_empty_file(
    innocap: Command, tmp_path: Path
) -> None:
    done = innocap("credential", "export", tmp_path / "all.zip", "--organisation", "nope")
    assert (done.returncode, "organisation nope" in done.stderr) == (1, True)
    assert not list(tmp_path.glob("all.zip*"))


def test_a_name_of_signs_that_no_font_has_keeps_nothing_from_leaving(
    app: Flask, innocap: Command, number: str, tmp_path: Path
) -> None:
    with app.app_context(), writing():
        db.session.execute(update(Certificate).values(holder_name="Elin Sandström（Holm）"))
    file = tmp_path / "all.zip"
    done = innocap("credential", "export", file)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [f"first-steps/{number}.pdf"]


def test_a_checkpoint_is_kept_and_proved_against(
    innocap: Command, number: str, tmp_path: Path
) -> None:
    file = tmp_path / "checkpoint.json"
    file.write_text(innocap("ledger", "checkpoint").stdout)
    done = innocap("ledger", "verify", "--checkpoint", file)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "ok")
    foreign = tmp_path / "foreign.json"
    foreign.write_bytes(as_json(signed(badge())))
    done = innocap("ledger", "verify", "--checkpoint", foreign)
    assert done.returncode == 1
    assert "not by this site" in done.stderr


def test_a_checkpoint_kept_under_an_old_address_still_proves(
    innocap: Command, number: str, tmp_path: Path
) -> None:
    old = {"INNOCAP_PUBLIC_URL": "https://old.example"}
    new = {"INNOCAP_PUBLIC_URL": "https://new.example"}
    file = tmp_path / "checkpoint.json"
    file.write_text(innocap("ledger", "checkpoint", **old).stdout)
    done = innocap("ledger", "verify", "--checkpoint", file, **new)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "ok"), done.stderr
    did = "did:web:old.example"
    forged = badge(issuer={"id": did, "type": ["Profile"], "name": "North"})
    file.write_bytes(as_json(signed(forged, KEY, f"{did}#{public_text(KEY.public_key())}")))
    done = innocap("ledger", "verify", "--checkpoint", file, **new)
    assert (done.returncode, "unknown_key" in done.stderr) == (1, True)
