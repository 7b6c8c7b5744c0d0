"""Slowing down whoever guesses: per account, and more gently per address.

What counts is kept in the database, so that it survives a restart and holds for every process;
accounts and addresses are kept as keyed hashes only. A browser that has signed in to an account
before is counted apart (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"), so that
a stranger's guesses do not lock a person out of the browser they always use.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute

from innocap_lms import clock
from innocap_lms.extensions import db
from innocap_lms.people.models import FailedSignIn
from innocap_lms.people.once import hold

WINDOW = timedelta(minutes=15)


class ThrottledError(Exception):
    """Too many tries. `until` says when the next one is heard."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"throttled until {until.isoformat()}")
        self.until = until


@dataclass(frozen=True)
class Throttle:
    """How many failed tries a quarter of an hour bears; `secret` keys the hashes."""

    secret: str
    per_account: int
    per_address: int

    def check(self, account: str | None, address: str) -> None:
        """Raises ThrottledError when the next try would be one too many.

        Without an account only the address counts.
        """
        if account is not None:
            self._check(FailedSignIn.account_hash, self._account(account), self.per_account)
        self._check(FailedSignIn.address_hash, self._address(address), self.per_address)

    def reserve(self, account: str | None, address: str, person_id: str | None = None) -> None:
        """Count a try before its answer is known, so that many at once cannot slip through.

        Within a transaction. Tries on one person wait for each other. Raises ThrottledError.
        """
        if person_id:
            hold(person_id)
        self.check(account, address)
        self._forget(FailedSignIn.at < clock.utcnow() - WINDOW)
        db.session.add(
            FailedSignIn(
                account_hash="" if account is None else self._account(account),
                address_hash=self._address(address),
                at=clock.utcnow(),
            )
        )
        db.session.flush()

    def forgive(self, account: str) -> None:
        """Forget the tries on an account after the right answer. Within a transaction."""
        self._forget(FailedSignIn.account_hash == self._account(account))

    def _forget(self, condition: ColumnElement[bool]) -> None:
        db.session.execute(
            delete(FailedSignIn).where(condition).execution_options(synchronize_session=False)
        )

    def _check(self, column: InstrumentedAttribute[str], value: str, limit: int) -> None:
        # Of the last `limit` tries the oldest shuts the door until it leaves the window.
        oldest = db.session.scalar(
            select(FailedSignIn.at)
            .where(column == value, FailedSignIn.at > clock.utcnow() - WINDOW)
            .order_by(FailedSignIn.at.desc())
            .offset(max(limit, 1) - 1)
            .limit(1)
        )
        if oldest is not None:
            raise ThrottledError(oldest + WINDOW)

    def _account(self, account: str) -> str:
        return self._keyed("account", account)

    def _address(self, address: str) -> str:
        return self._keyed("address", network_of(address))

    def _keyed(self, purpose: str, text: str) -> str:
        return hash_text(self.secret, f"{purpose}:{text}")


def hash_text(secret: str, text: str) -> str:
    """A keyed hash (HMAC-SHA-256, in hex): equal for equal texts, and says nothing of them."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 line gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
