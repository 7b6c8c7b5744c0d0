"""innocap-lms credential …"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from innocap_lms.cli.site import environment, opened
from innocap_lms.credentials import issuers
from innocap_lms.credentials.bulk import zipped
from innocap_lms.credentials.keystore import NoKeyError
from innocap_lms.credentials.queries import certificate_ids_of
from innocap_lms.extensions import writing
from innocap_lms.vc.baked import MOST_PICTURE
from innocap_lms.vc.keys import keys_in_text
from innocap_lms.vc.saying import issuer_of, plain, said_by
from innocap_lms.vc.verifying import NO_KEYS, Keys, Verdict, verdict_on

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Check credentials from anybody, and show or change the keys of this site.

    Example: innocap-lms credential verify certificate.json
    """


@command.command()
@click.argument("file", type=FILE)
@click.option(
    "--issuer",
    type=FILE,
    help="DID document, JWK, public Multikey or did:key of who must have issued it",
)
@click.option("--status", type=FILE, help="the issuer's status list, to see whether it was revoked")
@click.option("--json", "as_json", is_flag=True, help="the verdict as JSON")
def verify(file: Path, issuer: Path | None, status: Path | None, as_json: bool) -> None:
    """Check a credential: JSON, a token, a badge as PNG or SVG, or our PDF. Asks no server.

    Exit status 0 only if it is valid.

    Example: innocap-lms credential verify certificate.json --issuer did.json
    """
    keys = _keys(issuer) if issuer else NO_KEYS
    list_at_hand = status.read_bytes() if status else None
    with file.open("rb") as opened_file:
        data = opened_file.read(MOST_PICTURE + 1)
    found = verdict_on(data, datetime.now(UTC), keys, lambda _address: list_at_hand)
    by = issuer_of(found)
    if issuer and found.valid and not _speaks_for(by, keys):
        found = Verdict("unknown_key", (f"{plain(by)} is not who was given",), found.credential)
    click.echo(_as_json(found, bool(issuer)) if as_json else _in_words(found, bool(issuer)))
    sys.exit(0 if found.valid else 1)


def _keys(file: Path) -> Keys:
    try:
        return keys_in_text(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise click.ClickException(f"{file}: neither a DID document nor a key ({error})") from None


def _speaks_for(issuer: str, keys: Keys) -> bool:
    return issuer in keys or ("*" in keys and not issuer.startswith("did:key:"))


def _in_words(found: Verdict, vouched: bool) -> str:
    alone = found.valid and not vouched
    lines = [f"{found.standing}, by a key that nobody vouches for" if alone else found.standing]
    if found.credential is not None:
        said = said_by(found.credential)
        named = {name: said[name] for name in ("title", "holder", "issuer", "from", "until")}
        lines += [f"  {name}: {value}" for name, value in named.items() if value]
        lines.append(f"  signed by: {plain(issuer_of(found))}")
    lines += [f"  proof: {proof}" for proof in found.proofs]
    lines += [f"  because: {plain(detail)}" for detail in found.details[:20]]
    if alone:
        lines.append("  note: nobody has said whose key that is; --issuer names who must have it")
    if found.valid and found.embedded:
        lines.append("  note: checked is what lies in the file; what its page shows is not signed")
    if found.valid and found.status_checked is False:
        lines.append("  note: whether it was revoked was not checked; --status takes the list")
    return "\n".join(lines)


def _as_json(found: Verdict, vouched: bool) -> str:
    return json.dumps(
        {
            "status": found.standing,
            "valid": found.valid,
            "vouched": vouched,
            "issuer": issuer_of(found),
            "proofs": found.proofs,
            "status_checked": found.status_checked,
            "embedded": found.embedded,
            "details": found.details,
        },
        ensure_ascii=False,
        indent=1,
    )


@command.command()
@click.option("--did", "did", is_flag=True, help="the DID document, as at /.well-known/did.json")
def issuer(did: bool) -> None:
    """Show who signs here: the DID of this site and its public keys.

    Without a public https address each key is a DID of its own, and several make a list.

    Example: innocap-lms credential issuer --did > did.json
    """
    with opened():
        settings = environment()
        if not issuers.publics():
            try:
                with writing():
                    issuers.active_key("")
            except NoKeyError as error:
                raise click.ClickException(str(error)) from None
        documents = issuers.documents(settings)
    if did:
        shown = documents[0] if len(documents) == 1 else documents
        click.echo(json.dumps(shown, indent=1))
        return
    for document in documents:
        click.echo(document["id"])
        for method in document["verificationMethod"]:
            click.echo(f"  {method['publicKeyMultibase']}")


@command.command()
@click.option("--organisation", default="", help="an organisation's id; without it, the site's key")
def rotate(organisation: str) -> None:
    """Sign with a new key from now on. What the old one signed stays valid.

    Example: innocap-lms credential rotate
    """
    with opened():
        try:
            with writing():
                public = issuers.rotate(organisation)
        except (NoKeyError, issuers.UnknownIssuerError) as error:
            raise click.ClickException(f"{error}; nothing was changed") from None
    click.echo(f"signs from now on: {public}")


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--organisation", default="", help="only of this organisation, by its id")
def export(file: Path, organisation: str) -> None:
    """Write the PDF of every certificate that may be handed on into a ZIP file.

    Left out are those of people who are not named to others, and withdrawn ones.

    Exit status 1 where one could not be made; the others are in the file.

    Example: innocap-lms credential export certificates.zip
    """
    if file.exists():
        raise click.ClickException(f"{file} is there already")
    with opened() as app:
        ids = certificate_ids_of(organisation)
        if organisation and not ids:
            raise click.ClickException(f"no certificate of an organisation {organisation}")
        unfinished = file.with_name(file.name + ".unfinished")
        host, missing = app.extensions["innocap_host"], list[str]()
        with (
            click.progressbar(length=len(ids), label="certificates") as progress,
            unfinished.open("wb") as out,
        ):
            pieces = zipped(
                ids,
                environment(),
                host,
                done=lambda: progress.update(1),
                failed=missing.append,
            )
            out.writelines(pieces)
        unfinished.replace(file)
    click.echo(f"{len(ids)} certificates looked at, written to {file}")
    for name in missing:
        click.echo(f"could not be made: {name}", err=True)
    sys.exit(1 if missing else 0)
