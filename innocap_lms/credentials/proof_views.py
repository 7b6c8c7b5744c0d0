"""What proves certificates to others: public keys, status lists, checkpoints of the ledger."""

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from innocap_lms.credentials import checkpoints, issuers, pages, signing
from innocap_lms.credentials.keystore import NoKeyError
from innocap_lms.people.policy import public

views = Blueprint("credential_proofs", __name__)


@views.after_request
def read_from_anywhere(response: Response) -> Response:
    """Verifiers and wallets that run in a browser read them from pages of other sites. Such a page
    never reads as who is signed in here, and these name nobody.

    Source: did:web Method Specification, CORS policy considerations.
    """
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@views.get("/credentials/status/<name>")
@public
def status_list(name: str) -> ResponseReturnValue:
    """One bit for each certificate; nobody is told which one a reader came for."""
    try:
        found = signing.status_list(name)
    except NoKeyError:
        pages.without_key()
    return abort(404) if found is None else found


@views.get("/ledger/checkpoint.json")
@public
def ledger_checkpoint() -> ResponseReturnValue:
    """Where the ledger stood on the last day, signed: for outsiders to keep."""
    found = checkpoints.latest()
    return abort(404) if found is None else Response(found, mimetype="application/json")


@views.get("/.well-known/did.json")
@public
def did_document() -> ResponseReturnValue:
    """The public keys of this site, where it has a public address: under the DID of today, or under
    one that it had, if the old host leads here or `?did=` asks for it."""
    known = {each["id"]: each for each in issuers.documents(pages.settings())}
    if did := request.args.get("did", ""):
        return known.get(did) or abort(404)
    here = known.get(issuers.did_of_host(request.host))
    return here or known.get(issuers.web_did(pages.settings())) or abort(404)
