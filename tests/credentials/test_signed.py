"""Certificates as signed credentials: whole for years, provable without this site, and by whom."""

import json
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from innocap_lms import clock
from innocap_lms.admin.backup import backup
from innocap_lms.catalogue.queries import OfferingView, offering, with_keys
from innocap_lms.catalogue.services import publish
from innocap_lms.config import Settings, SettingsError
from innocap_lms.content.fingerprints import of_course
from innocap_lms.content.model import Alignment
from innocap_lms.credentials import issuers
from innocap_lms.credentials.keystore import FOLDER, NoKeyError, key_store
from innocap_lms.credentials.models import Certificate
from innocap_lms.credentials.services import issue_certificate
from innocap_lms.extensions import db, writing
from innocap_lms.learning.models import Completion
from innocap_lms.vc.keys import keys_in, public_text, secret_text
from innocap_lms.vc.verifying import verdict_on
from tests.conftest import House

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
Issued = Callable[..., str]
MakeApp = Callable[..., Flask]


def test_each_form_of_a_certificate_proves_itself_without_this_site(
    client: FlaskClient, house: House, issued: Issued
) -> None:
    number = issued(house.coach)
    for ending in ("json", "jwt", "png", "svg", "pdf"):
        answer = client.get(f"/certificates/{number}.{ending}")
        found = verdict_on(answer.data, NOW)
        assert (found.standing, found.details) == ("valid", ()), ending
        assert found.credential is not None
        assert found.credential["id"] == f"http://127.0.0.1:8000/certificates/{number}"


def test_the_credential_says_what_the_certificate_says(
    client: FlaskClient, house: House, issued: Issued
) -> None:
    found = json.loads(client.get(f"/certificates/{issued(house.coach)}.json").data)
    assert found["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert found["issuer"]["name"] == "North"
    assert found["validUntil"] == "2028-11-23T22:59:59Z"
    subject = found["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Coach"
    achievement = subject["achievement"]
    assert achievement["name"] == "De första stegen"
    assert achievement["workload"] == "PT1H30M"
    assert achievement["learningOutcome"] == ["ta ett första steg"]
    assert achievement["inLanguage"] == "sv"
    assert "ects" not in json.dumps(found).lower(), "empty rather than invented"


def test_an_old_certificate_is_signed_when_it_is_first_asked_for(
    app: Flask, client: FlaskClient, house: House, issued: Issued
) -> None:
    number = issued(house.coach)
    with app.app_context(), writing():
        db.session.execute(
            update(Certificate).values(
                credential=None, token=None, status_list=None, status_index=None
            )
        )
    first = client.get(f"/certificates/{number}.json").data
    assert verdict_on(first, NOW).valid
    assert client.get(f"/certificates/{number}.json").data == first


def test_the_key_is_in_a_file_of_its_owner_and_nowhere_else(
    app: Flask, house: House, issued: Issued, settings: Settings, tmp_path: Path
) -> None:
    issued(house.coach)
    (file,) = (settings.data_dir / FOLDER).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret = file.read_text().strip()
    with app.app_context():
        rows = [
            str(row)
            for table in db.metadata.sorted_tables
            for row in db.session.execute(table.select())
        ]
        assert not any(secret in row for row in rows)
        backup(tmp_path / "backup.zip", settings)
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        assert not any(FOLDER in name for name in archive.namelist())
        assert not any(secret.encode() in archive.read(name) for name in archive.namelist())
    assert secret not in repr(replace(settings, signing_secrets=secret))


def test_a_new_key_signs_from_now_on_and_the_old_ones_work_still_counts(
    make_app: MakeApp, settings: Settings, complete: Callable[..., str], house: House
) -> None:
    app = make_app(using=replace(settings, public_url="https://kommun.example"))
    client, numbers = app.test_client(), []
    for person in (house.coach, house.colleague):
        with app.app_context():
            completion = complete(person)
            with writing():
                numbers.append(issue_certificate(completion, app.extensions["innocap_settings"]))
                issuers.rotate(house.north)
    documents = keys_in(client.get("/.well-known/did.json").json)
    methods = set()
    for number in numbers:
        data = client.get(f"/certificates/{number}.json").data
        assert verdict_on(data, NOW, documents).valid
        assert verdict_on(data, NOW).standing == "unknown_key"
        methods.add(json.loads(data)["proof"]["verificationMethod"])
    assert len(methods) == 2
    assert {method.partition("#")[0] for method in methods} == {"did:web:kommun.example"}


def test_each_organisation_has_a_key_of_its_own(
    app: Flask, client: FlaskClient, house: House, complete: Callable[..., str]
) -> None:
    signed_by = set()
    for person, organisation in ((house.coach, house.north), (house.stranger, house.south)):
        completion = complete(person)
        with app.app_context(), writing():
            db.session.execute(
                update(Completion)
                .where(Completion.id == completion)
                .values(organisation_id=organisation)
            )
            number = issue_certificate(completion, app.extensions["innocap_settings"])
        found = json.loads(client.get(f"/certificates/{number}.json").data)
        signed_by.add((found["issuer"]["name"], found["issuer"]["id"]))
    assert [name for name, _did in sorted(signed_by)] == ["North", "South"]
    assert len({did for _name, did in signed_by}) == 2


class OneKey:
    """A store of somebody's own: keys that this process makes and forgets."""

    kept: ClassVar[dict[str, Ed25519PrivateKey]] = {}

    def __init__(self, _settings: Settings) -> None: ...

    def signing_key(self, public: str) -> Ed25519PrivateKey:
        return self.kept[public]

    def new_key(self, _issuer: str) -> str:
        key = Ed25519PrivateKey.generate()
        self.kept[public_text(key.public_key())] = key
        return public_text(key.public_key())


ENVIRONMENT_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.mark.parametrize(
    "chosen",
    [
        {"signing_keys": "file"},
        {"signing_keys": "environment", "signing_secrets": "={secret}"},
        {"signing_keys": f"{__name__}:OneKey"},
    ],
    ids=["file", "environment", "own"],
)
def test_keys_come_from_where_the_settings_say(settings: Settings, chosen: dict[str, str]) -> None:
    secret = secret_text(ENVIRONMENT_KEY)
    named: dict[str, Any] = {name: value.format(secret=secret) for name, value in chosen.items()}
    store = key_store(replace(settings, **named))
    public = store.new_key("")
    assert public_text(store.signing_key(public).public_key()) == public


@pytest.mark.parametrize("keys", ["nowhere", "os:nothing", "no.such.module:Store", ""])
def test_a_store_that_is_not_there_is_said_at_start(settings: Settings, keys: str) -> None:
    with pytest.raises(SettingsError, match="SIGNING_KEYS"):
        key_store(replace(settings, signing_keys=keys))


def test_a_secret_that_is_none_is_said_without_telling_it(settings: Settings) -> None:
    named = replace(settings, signing_keys="environment", signing_secrets="=z3u2broken")
    with pytest.raises(SettingsError) as refused:
        key_store(named)
    assert "broken" not in str(refused.value)


def test_without_its_key_nothing_is_issued_and_the_job_will_try_again(
    app: Flask, house: House, complete: Callable[..., str], issued: Issued, settings: Settings
) -> None:
    issued(house.coach)
    for file in (settings.data_dir / FOLDER).iterdir():
        file.unlink()
    completion = complete(house.colleague)
    with app.app_context(), pytest.raises(NoKeyError), writing():
        issue_certificate(completion, settings)


def test_without_its_key_a_reader_is_not_blamed_and_the_operator_reads_which_is_missing(
    client: FlaskClient,
    house: House,
    issued: Issued,
    settings: Settings,
    browser_of: Callable[[str], FlaskClient],
    caplog: pytest.LogCaptureFixture,
) -> None:
    credential = json.loads(client.get(f"/certificates/{issued(house.coach)}.json").data)
    its_list = credential["credentialStatus"]["statusListCredential"].partition("/credentials")[2]
    coach = browser_of(house.coach)
    coach.post("/certificates/record")
    for file in (settings.data_dir / FOLDER).iterdir():
        file.unlink()
    answer = client.get(f"/credentials{its_list}")
    assert answer.status_code == 503
    assert "The fault is ours" in answer.text
    assert "no secret key in" in caplog.text
    record = coach.post("/certificates/record", follow_redirects=True)
    assert "cannot be made now" in record.text


def test_the_site_without_a_public_address_has_no_did_web(client: FlaskClient) -> None:
    assert client.get("/.well-known/did.json").status_code == 404


def test_verifiers_in_a_browser_read_what_proves_a_certificate_and_no_page_of_its_holder(
    make_app: MakeApp, settings: Settings, house: House, issued: Callable[..., str]
) -> None:
    number = issued(house.coach)
    client = make_app(using=replace(settings, public_url="https://kommun.example")).test_client()
    credential = json.loads(client.get(f"/certificates/{number}.json").data)
    its_list = credential["credentialStatus"]["statusListCredential"].partition("/credentials")[2]
    for address in ("/.well-known/did.json", f"/credentials{its_list}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*", address
    for address in (f"/verify/{number}", f"/certificates/{number}.json", "/certificates"):
        assert "Access-Control-Allow-Origin" not in client.get(address).headers, address


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://kommun.example", "did:web:kommun.example"),
        ("https://kommun.example/", "did:web:kommun.example"),
        ("https://kommun.example:8443", "did:web:kommun.example%3A8443"),
        ("http://kommun.example", ""),
        ("https://127.0.0.1", ""),
        ("https://[::1]:8443", ""),
        ("https://localhost", ""),
    ],
)
def test_the_did_is_that_of_the_public_address(settings: Settings, url: str, did: str) -> None:
    assert issuers.web_did(replace(settings, public_url=url)) == did


def test_where_the_course_stands_in_a_framework_is_signed_too(
    app: Flask,
    client: FlaskClient,
    house: House,
    course: OfferingView,
    complete: Callable[..., str],
) -> None:
    completion = complete(house.coach)
    place = Alignment("DigComp 3.0", "Safety", "https://example.eu/safety", "4")
    with app.app_context():
        new = replace(with_keys(course.edition), alignments=(place,))
        with writing():
            publish(
                replace(new, fingerprint=of_course(new)),
                track=course.track,
                plugin=course.plugin,
                actor_id=None,
            )
        now = offering("first-steps")
        assert now is not None
        with writing():
            db.session.execute(update(Completion).values(edition_id=now.edition.id))
        with writing():
            number = issue_certificate(completion, app.extensions["innocap_settings"])
    data = client.get(f"/certificates/{number}.json").data
    assert verdict_on(data, clock.utcnow()).valid
    (found,) = json.loads(data)["credentialSubject"]["achievement"]["alignment"]
    assert (found["targetFramework"], found["targetCode"]) == ("DigComp 3.0", "4")
    assert '"https://example.eu/safety">DigComp 3.0: Safety' in client.get(f"/verify/{number}").text
    swedish = client.get(f"/verify/{number}", headers={"Accept-Language": "sv"}).text
    assert 'lang="en">DigComp 3.0: Safety' in swedish
