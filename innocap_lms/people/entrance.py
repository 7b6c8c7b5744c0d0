"""The ways in: by password, by printed code, by link; and how a password is changed.

Each reads, counts the try, lets the database go, computes the hash, then writes in one
transaction: a hash takes a tenth of a second, and nobody shall wait for it with a lock in hand.
"""

from dataclasses import dataclass

from innocap_lms import clock
from innocap_lms.config import Settings
from innocap_lms.extensions import let_reads_go, writing
from innocap_lms.jobs.outbox import enqueue
from innocap_lms.people import passes
from innocap_lms.people.identity import InvalidInputError, fold_account
from innocap_lms.people.mail import RESET_JOB
from innocap_lms.people.passwords import (
    PasswordHash,
    hash_password,
    needs_rehash,
    password_problem,
    verify_password,
)
from innocap_lms.people.queries import Account, account_of, find_account
from innocap_lms.people.services import set_password
from innocap_lms.people.sign_in import AccountChangedError, open_session
from innocap_lms.people.throttle import Throttle, hash_text
from innocap_lms.people.viewer import Viewer

RESET_EVERY = 300  # seconds in which one account gets one mail, however often it is asked for


class WrongAnswerError(Exception):
    """Account and password, or account and code, do not fit. Does not say which is wrong."""


class SuspendedError(Exception):
    """The answer was right, but the account is closed for now."""


@dataclass(frozen=True)
class Entered:
    """Who came in, and the token of the new session."""

    person_id: str
    token: str


@dataclass(frozen=True)
class Entrance:
    """A browser at the door: its `address`, and the `device` its cookie says it is.

    `device` is "<person id>:<nonce>" for a browser in which that person has signed in before.
    """

    settings: Settings
    throttle: Throttle
    address: str
    device: str = ""

    def by_password(self, typed: str, password: str) -> Entered:
        """Sign in. Raises ThrottledError, BusyError, WrongAnswerError, SuspendedError."""
        account = find_account(typed)
        subject = self._subject("password", account, typed)
        self._count(subject, account)
        memory = self.settings.password_memory_kib
        stored = account.password_hash if account else None
        if not verify_password(stored, password, memory) or account is None or stored is None:
            raise WrongAnswerError
        if not account.is_open:
            raise SuspendedError
        rehashed = hash_password(password, memory) if needs_rehash(stored, memory) else None
        try:
            with writing():
                self.throttle.forgive(subject)
                token = open_session(
                    account.id, self.settings.session_hours, verified=stored, rehashed=rehashed
                )
        except AccountChangedError as error:
            raise WrongAnswerError from error
        return Entered(account.id, token)

    def by_code(self, typed: str, code: str, password: str) -> Entered:
        """Set a first password with a printed code, and sign in.

        Raises ThrottledError, BusyError, WrongAnswerError, InvalidInputError, PassSpentError.
        """
        account = find_account(typed)
        opened = passes.open_code(account.id if account else "")
        subject = self._subject("code", account, typed)
        self._count(subject, account)
        stored = opened.secret_hash if opened else None
        memory = self.settings.password_memory_kib
        if not verify_password(stored, passes.fold_code(code), memory) or opened is None:
            raise WrongAnswerError
        return self._with_new_password(opened, password, subject)

    def by_link(self, secret: str, purpose: str, password: str) -> Entered:
        """Set a password with an invitation or reset link, and sign in.

        Raises BusyError, InvalidInputError, PassSpentError.
        """
        return self._with_new_password(passes.find_link(secret, purpose), password)

    def change_password(self, viewer: Viewer, old: str, new: str) -> None:
        """Give a signed-in person a new password, and end the other sessions.

        Raises ThrottledError, BusyError, WrongAnswerError, InvalidInputError.
        """
        account = account_of(viewer.id)
        subject = f"change:{viewer.id}"
        self._count(subject, account)
        stored = account.password_hash if account else None
        if not verify_password(stored, old, self.settings.password_memory_kib) or account is None:
            raise WrongAnswerError
        password_hash = self._hash_new(new, account.name, account.email, account.login)
        with writing():
            self.throttle.forgive(subject)
            set_password(viewer.id, password_hash, keep_token=viewer.token)

    def ask_for_reset(self, typed: str) -> None:
        """Have a link sent, if there is such an account; does the same work if there is none.

        The job makes the secret, so that none lies in the outbox. Raises ThrottledError.
        """
        account = find_account(typed)
        turn = int(clock.utcnow().timestamp()) // RESET_EVERY
        message = f"reset-{turn}-{hash_text(self.throttle.secret, fold_account(typed))[:32]}"
        self.throttle.check(None, self.address)
        with writing():
            self.throttle.reserve(None, self.address)
            payload = {"person_id": account.id if account else None, "message_id": message}
            enqueue(RESET_JOB, message, payload)

    def _with_new_password(
        self, opened: passes.OpenPass, password: str, subject: str | None = None
    ) -> Entered:
        password_hash = self._hash_new(password, opened.name, opened.email, opened.login)
        with writing():
            passes.use(opened.id)
            set_password(opened.person_id, password_hash)
            if subject is not None:
                self.throttle.forgive(subject)
            token = open_session(opened.person_id, self.settings.session_hours)
        return Entered(opened.person_id, token)

    def _hash_new(self, password: str, *about: str | None) -> PasswordHash:
        let_reads_go()
        if problem := password_problem(password, *about):
            raise InvalidInputError({"password": problem})
        return hash_password(password, self.settings.password_memory_kib)

    def _subject(self, way: str, account: Account | None, typed: str) -> str:
        """What tries are counted on: a way into an account, or the same from a known browser."""
        if account is None:
            return f"{way}:{fold_account(typed)}"
        known = self.device.startswith(f"{account.id}:")
        return f"{way}:{self.device if known else account.id}"

    def _count(self, subject: str, account: Account | None) -> None:
        self.throttle.check(subject, self.address)  # most refusals need no write
        with writing():
            self.throttle.reserve(subject, self.address, account.id if account else None)
