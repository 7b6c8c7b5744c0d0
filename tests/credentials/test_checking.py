"""Anybody has a credential checked at /verify, of this site or another."""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient

from innocap_lms.config import Settings
from innocap_lms.credentials import limits
from innocap_lms.vc.keys import did_document, public_text
from tests.conftest import House
from tests.vc.made import DID, KEY, badge, signed

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


Issued = Callable[..., str]


MakeApp = Callable[..., Flask]


def hand_in(client: FlaskClient, data: bytes, issuer: str = "", **headers: str) -> Any:
    form = {"file": (io.BytesIO(data), "credential"), "issuer": issuer}
    return client.post("/verify", data=form, headers=headers)


def test_anyone_has_a_credential_checked_and_reads_the_verdict(
    client: FlaskClient, house: House, issued: Issued
) -> None:
    proved = client.get(f"/certificates/{issued(house.coach)}.json").data
    page = hand_in(client, proved)
    assert page.status_code == 200
    assert "This site issued it." in page.text
    assert "De första stegen" in page.text
    broken = hand_in(client, proved.replace(b"Coach", b"Couch")).text
    assert "not those that its issuer signed" in broken
    assert hand_in(client, b"").status_code == 422
    assert hand_in(client, proved, "no key").status_code == 422


def test_the_verdict_names_kind_holder_and_number(
    client: FlaskClient, house: House, issued: Issued, browser_of: Callable[[str], FlaskClient]
) -> None:
    number = issued(house.coach)
    page = hand_in(client, client.get(f"/certificates/{number}.pdf").data).text
    assert f'<a href="/verify/{number}">{number}</a>' in page
    assert "Compare the name and the certificate number" in page
    record = browser_of(house.coach).post("/certificates/record").data
    page = hand_in(client, record).text
    assert "Learning record" in page
    assert "Coach" in page
    assert "certificate number" not in page
    elsewhere = hand_in(client, *other_issuers()).text
    assert "Compare the name and the certificate number" not in elsewhere


def test_of_a_pdf_that_shows_another_name_the_verdict_says_what_was_signed(
    client: FlaskClient, house: House, issued: Issued
) -> None:
    number = issued(house.coach)
    warned = "What its page or picture shows is not signed"
    page = hand_in(client, client.get(f"/certificates/{number}.pdf").data + b"\n% Eva").text
    assert warned in page
    assert "Coach" in page
    assert warned in hand_in(client, client.get(f"/certificates/{number}.png").data).text
    plain = client.get(f"/certificates/{number}.json").data
    assert warned not in hand_in(client, plain).text
    picture = client.get(f"/certificates/{number}.svg").data
    for data, inside in ((picture, True), (plain, False)):
        assert hand_in(client, data, Accept="application/json").json["embedded"] is inside


def test_what_was_pasted_is_still_there_after_a_mistake(client: FlaskClient) -> None:
    form = {"credential": '{"name": "<b>"}', "issuer": "no key"}
    page = client.post("/verify", data=form)
    assert page.status_code == 422
    assert "{&#34;name&#34;: &#34;&lt;b&gt;&#34;}</textarea>" in page.text
    assert "no key</textarea>" in page.text


def other_issuers() -> tuple[bytes, str]:
    """A credential of another site, and that site's DID document."""
    did = "did:web:other.example"
    document = badge(issuer={"id": did, "type": ["Profile"], "name": "</text><script>\u202eX"})
    proved = signed(document, KEY, f"{did}#1")
    keys = did_document(did, {"1": public_text(KEY.public_key())})
    return json.dumps(proved).encode(), json.dumps(keys)


def test_a_credential_of_another_site_needs_its_key_given_or_trusted(
    client: FlaskClient, make_app: MakeApp, settings: Settings, tmp_path: Path
) -> None:
    proved, keys = other_issuers()
    assert "without the public key of its issuer" in hand_in(client, proved).text
    wrong = hand_in(client, proved, public_text(Ed25519PrivateKey.generate().public_key())).text
    assert "Or the key that you gave is not the one" in wrong
    page = hand_in(client, proved, keys).text
    assert "the one that you gave" in page
    assert "<script>\u202e" not in page
    (tmp_path / "trusted").mkdir()
    (tmp_path / "trusted" / "other.json").write_text(keys)
    (tmp_path / "trusted" / "broken.json").write_text("{")
    trusting = make_app(using=replace(settings, trusted_issuers=tmp_path / "trusted"))
    assert "whom this site trusts" in hand_in(trusting.test_client(), proved).text


def test_a_key_that_anybody_can_make_is_no_issuer(client: FlaskClient) -> None:
    made = signed(badge(issuer={"id": DID, "type": ["Profile"], "name": "Nordviks kommun"}))
    data = json.dumps(made).encode()
    page = hand_in(client, data).text
    assert "nobody vouches for the issuer" in page
    assert 'class="notice good"' not in page
    found = hand_in(client, data, Accept="application/json").json
    assert (found["status"], found["valid"]) == ("unvouched", False)
    vouched = hand_in(client, data, public_text(KEY.public_key()), Accept="application/json").json
    assert (vouched["status"], vouched["issuer_known_by"]) == ("valid", "given")


def test_nobody_hands_over_a_key_that_speaks_for_this_site(
    make_app: MakeApp, settings: Settings, house: House, issued: Issued
) -> None:
    issued(house.coach)
    app = make_app(using=replace(settings, public_url="https://kommun.example"))
    did = "did:web:kommun.example"
    forged = signed(
        badge(issuer={"id": did, "type": ["Profile"], "name": "North"}), KEY, f"{did}#1"
    )
    keys = did_document(did, {"1": public_text(KEY.public_key())})
    page = hand_in(app.test_client(), json.dumps(forged).encode(), json.dumps(keys)).text
    assert "This site issued it." not in page
    assert "the one that you gave" not in page


def test_a_program_hands_one_in_without_a_form_of_ours_and_nothing_else(
    make_app: MakeApp, house: House, issued: Issued
) -> None:
    number = issued(house.coach)
    program = make_app(csrf=True).test_client()
    asks = {"Accept": "application/json"}
    proved = program.get(f"/certificates/{number}.json").data
    form = {"file": (io.BytesIO(proved), "certificate.json")}
    found = program.post("/verify", data=form, headers=asks)
    assert (found.status_code, found.json["status"]) == (200, "valid")
    nothing = program.post("/verify", headers=asks)
    assert (nothing.status_code, list(nothing.json["errors"])) == (422, ["credential"])
    wrong = program.post("/verify", data={"credential": "{}", "issuer": "?"}, headers=asks)
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["issuer"])
    for address in (f"/verify/{number}", "/certificates/record", "/login"):
        assert program.post(address, data={"name": "Coach"}).status_code == 400, address


def test_a_credential_that_is_not_genuine_is_said_so_whichever_key_was_given(
    client: FlaskClient,
) -> None:
    made = signed(badge(issuer={"id": DID, "type": ["Profile"], "name": "Nordviks kommun"}))
    another = public_text(Ed25519PrivateKey.generate().public_key())
    asks = {"Accept": "application/json"}
    whole = hand_in(client, json.dumps(made).encode(), another, **asks).json
    assert (whole["status"], whole["valid"]) == ("unknown_key", False)
    for changed, said in (({"name": "Other"}, "altered"), ({"type": ["Other"]}, "malformed")):
        found = hand_in(client, json.dumps(made | changed).encode(), another, **asks).json
        assert (found["status"], found["valid"]) == (said, False)


def test_a_withdrawn_one_is_not_linked_to_a_page_that_is_not_there(
    client: FlaskClient, house: House, issued: Issued, browser_of: Callable[[str], FlaskClient]
) -> None:
    number = issued(house.coach)
    proved = client.get(f"/certificates/{number}.json").data
    link = f'href="/verify/{number}"'
    assert link in hand_in(client, proved).text
    browser_of(house.coach).post(f"/certificates/{number}/sharing", data={"how": "withdrawn"})
    page = hand_in(client, proved).text
    assert "This site issued it." in page
    assert number in page
    assert link not in page


def test_a_program_reads_as_json_why_it_was_not_answered(client: FlaskClient) -> None:
    asks = {"Accept": "application/json"}
    large = client.post("/verify", data={"credential": "x" * 2_000_000}, headers=asks)
    assert (large.status_code, large.mimetype) == (413, "application/problem+json")
    assert "1 MB" in large.json["detail"]
    for _each in range(limits.MOST_IN_WINDOW + 1):
        refused = hand_in(client, b"{}", **asks)
    assert (refused.status_code, refused.json["status"]) == (429, 429)
    assert refused.headers["Retry-After"]


def test_checking_is_slowed_down(
    client: FlaskClient, clock_at: Callable[[datetime], AbstractContextManager[None]]
) -> None:
    with clock_at(NOW):
        misses = [client.get(f"/verify/{'7' * 26}").status_code for _ in range(121)]
        assert misses == [404] * 120 + [429]
        refused = client.get(f"/verify/{'7' * 26}")
        assert "Please wait a moment" in refused.text
        assert 0 < int(refused.headers["Retry-After"]) <= 61
        codes = [hand_in(client, b"{}").status_code for _ in range(limits.MOST_IN_WINDOW + 1)]
    assert codes == [200] * limits.MOST_IN_WINDOW + [429]
    with clock_at(NOW + limits.WINDOW):
        assert hand_in(client, b"{}").status_code == 200
