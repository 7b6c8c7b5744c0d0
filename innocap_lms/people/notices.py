"""An organisation's own words around what the site mails: plain text with named places.

They are checked when they are saved. Should a place be wrong all the same, it stays as it is
written, and the mail goes.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, select

from innocap_lms import clock
from innocap_lms.extensions import db, upsert
from innocap_lms.ledger.services import record
from innocap_lms.people.identity import InvalidInputError
from innocap_lms.people.language import LANGUAGES
from innocap_lms.people.models import Membership, NoticeText, Organisation, holds

_OF_DIGESTS: Final = ("name", "number", "organisation")
PLACES: Final[Mapping[str, tuple[str, ...]]] = {  # what {…} may name, by NoticeText.reader
    "learner": _OF_DIGESTS,
    "manager": _OF_DIGESTS,
    "hr": _OF_DIGESTS,
    "invitation": ("name", "organisation"),
    "round": ("name", "course", "organisation"),
}
MOST: Final = {"subject": 150, "opening": 2000, "closing": 2000}  # characters
_PLACE = re.compile(r"\{([^{}]*)\}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029]")


class Words(NamedTuple):
    """What an organisation says in one language; "" where the site's words stay."""

    subject: str = ""
    opening: str = ""
    closing: str = ""


Facts = Mapping[str, object]
"""What the places stand for: `name` who is written to, `number` how many things are listed,
`course` its title, `organisation` whose words they are."""


def filled(text: str, facts: Facts) -> str:
    """The text with its places filled in, once: a name that looks like a place stays a name."""
    return _PLACE.sub(lambda found: str(facts.get(found[1], found[0])), text)


def dressed(words: Words, facts: Facts, site: Words) -> Words:
    """The words of a mail: the organisation's with their places filled in, those of the `site`
    where it has none. The subject is one line."""
    own = Words(*(filled(text, facts) for text in words))
    said = Words(*(mine or other for mine, other in zip(own, site, strict=True)))
    return said._replace(subject=" ".join(said.subject.split()))


def letter(words: Words, facts: Facts, site: Words, parts: Iterable[str]) -> tuple[str, str]:
    """Subject and text of a mail: its `parts` with what is said around them."""
    said = dressed(words, facts, site)
    return said.subject, "\n\n".join((said.opening, *parts, said.closing)) + "\n"


def read_words(form: Mapping[str, str]) -> dict[str, Words]:
    """The words in a form by language, as they were typed, with line breaks of one kind."""

    def text(field: str, language: str) -> str:
        return form.get(f"{field}-{language}", "").replace("\r\n", "\n").strip()

    return {language: Words(*(text(field, language) for field in MOST)) for language in LANGUAGES}


def check(words: Mapping[str, Words], reader: str) -> dict[str, str]:
    """What is wrong, by field of the form: subject-sv and the like."""
    return {
        f"{field}-{language}": fault
        for language, said in words.items()
        for field, text in said._asdict().items()
        if (fault := next(_faults(field, text, PLACES[reader]), ""))
    }


def _faults(field: str, text: str, places: Collection[str]) -> Iterator[str]:
    if len(text) > MOST[field]:
        yield _("At most %(most)s characters.", most=MOST[field])
    if field == "subject" and "\n" in text:
        yield _("A subject is one line.")
    if found := _CONTROL.search(text):
        yield _(
            "There is an invisible character after “%(text)s”.", text=text[: found.start()][-20:]
        )
    for place in _PLACE.findall(text):
        if place not in places:
            yield _(
                "There is no place {%(place)s}: there are %(places)s.",
                place=place,
                places=", ".join(f"{{{name}}}" for name in places),
            )
    rest = _PLACE.sub("", text)
    if "{" in rest or "}" in rest:
        yield _("A { or } stands alone: a place is written as {name}.")


def words_of(organisation_id: str, reader: str) -> dict[str, Words]:
    """The words of an organisation around one kind of mail by language, for the languages it has
    said any in."""
    rows = db.session.scalars(
        select(NoticeText).where(
            NoticeText.organisation_id == organisation_id, NoticeText.reader == reader
        )
    )
    return {row.language: Words(row.subject, row.opening, row.closing) for row in rows}


def words_to(person_id: str, reader: str, language: str) -> tuple[Words, str]:
    """The words around a mail to somebody, and the name of the organisation whose they are: of the
    one in which they hold a role. Of several, or none, it is the site that speaks."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, holds(Membership, clock.utcnow()))
        .distinct()
        .limit(2)
    ).all()
    if len(rows) != 1:
        return Words(), ""
    [(organisation_id, name)] = rows
    return words_of(organisation_id, reader).get(language, Words()), name


def set_words(organisation_id: str, reader: str, words: Mapping[str, Words], actor_id: str) -> None:
    """Say it so from now on; the ledger keeps who did. In a write transaction. Raises
    InvalidInputError."""
    if errors := check(words, reader):
        raise InvalidInputError(errors)
    now = clock.utcnow()
    for language, said in words.items():
        key = {"organisation_id": organisation_id, "reader": reader, "language": language}
        if not any(said):
            db.session.execute(delete(NoticeText).filter_by(**key))
            continue
        values = {**said._asdict(), "set_at": now, "set_by": actor_id}
        db.session.execute(
            upsert(NoticeText)
            .values(**key, **values)
            .on_conflict_do_update(index_elements=list(key), set_=values)
        )
    record(
        "hr.notice_set",
        person_id=None,
        actor_id=actor_id,
        organisation_id=organisation_id,
        happened_at=now,
        content={
            "reader": reader,
            **{language: said._asdict() for language, said in words.items()},
        },
    )
