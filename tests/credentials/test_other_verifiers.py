"""Verifiers that others wrote take our credentials, and refuse altered and revoked ones.

They are in JavaScript, with a JSON-LD, a Data Integrity and a JOSE library of their own.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.config import Settings
from innocap_lms.credentials.issuers import active_key
from innocap_lms.credentials.models import THE_SITE
from innocap_lms.credentials.record import learning_record
from innocap_lms.credentials.services import issue_certificate, revoke
from innocap_lms.extensions import writing
from tests.conftest import House

VERIFIERS = Path(__file__).parents[2] / "tools" / "verifiers"
SITE = "https://kommun.example"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        pytest.skip("verifiers by others: install Node.js 20 and npm")
    subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=VERIFIERS, check=True)
    return found


@pytest.fixture
def kommun(make_app: Callable[..., Flask], settings: Settings) -> Flask:
    return make_app(using=replace(settings, public_url=SITE))


@pytest.fixture
def handed_over(
    kommun: Flask, house: House, complete: Callable[..., str], tmp_path: Path
) -> Callable[[], Path]:
    """A certificate, its token, the site's keys and its status list as they are now, as files."""
    completion = complete(house.coach)
    settings = kommun.extensions["innocap_settings"]
    with kommun.app_context(), writing():
        number = issue_certificate(completion, settings)
    client: FlaskClient = kommun.test_client()

    def hand() -> Path:
        proved = client.get(f"/certificates/{number}.json").data
        entry = json.loads(proved)["credentialStatus"]
        address = str(entry["statusListCredential"]).removeprefix(SITE)
        (tmp_path / "credential.json").write_bytes(proved)
        (tmp_path / "token.jwt").write_bytes(client.get(f"/certificates/{number}.jwt").data)
        (tmp_path / "did.json").write_bytes(client.get("/.well-known/did.json").data)
        (tmp_path / "status.json").write_bytes(client.get(address).data)
        (tmp_path / "number").write_text(number)
        return tmp_path

    return hand


def asked(node: str, folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [node, "verify.mjs", str(folder)], cwd=VERIFIERS, capture_output=True, check=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    print(json.dumps(found))
    return found


def test_they_take_what_we_issue(node: str, handed_over: Callable[[], Path]) -> None:
    said = asked(node, handed_over())
    assert (said["verified"], said["in_force"], said["token"]) == (True, True, True)


@pytest.mark.parametrize(
    ("before", "after"), [("Coach", "Couch"), ("PT1H30M", "PT9H30M"), ('"North"', '"South"')]
)
def test_they_refuse_an_altered_copy(
    node: str, handed_over: Callable[[], Path], before: str, after: str
) -> None:
    folder = handed_over()
    file = folder / "credential.json"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    token = (folder / "token.jwt").read_text()
    (folder / "token.jwt").write_text(token[:-6] + "AAAAAA")
    said = asked(node, folder)
    assert said["verified"] is False
    assert said["token"] == "signature verification failed"


def test_they_take_a_learning_record_and_refuse_one_in_which_a_title_changed_its_language(
    node: str, kommun: Flask, house: House, handed_over: Callable[[], Path]
) -> None:
    folder = handed_over()
    settings = kommun.extensions["innocap_settings"]
    with kommun.app_context():
        with writing():
            active_key(THE_SITE)
        record = json.dumps(learning_record(house.coach, "Coach", "fi", settings))
    did = kommun.test_client().get("/.well-known/did.json").data
    (folder / "did.json").write_bytes(did)  # with the site's key, which signs records
    for text, taken in ((record, True), (record.replace('"sv"', '"de"', 1), False)):
        (folder / "credential.json").write_text(text)
        assert asked(node, folder)["verified"] is taken


def test_they_see_that_one_is_revoked(
    node: str, kommun: Flask, house: House, handed_over: Callable[[], Path]
) -> None:
    number = (handed_over() / "number").read_text()
    with kommun.app_context(), writing():
        revoke(number, "issued to the wrong person", house.admin)
    said = asked(node, handed_over())
    assert said["in_force"] is False
