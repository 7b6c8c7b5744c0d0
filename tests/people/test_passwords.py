"""Which passwords are good, how they are hashed, and what may be a name."""

import threading
import time

import pytest

from innocap_lms.people import passwords
from innocap_lms.people.identity import (
    email_problem,
    fold_account,
    holds_personal_number,
    login_problem,
    name_problem,
)
from innocap_lms.people.passwords import hash_password, password_problem, verify_password

ABOUT = ("Kim Alexandra Sand", "kim.alexandra@example.org", "kim.sand.north")


@pytest.mark.parametrize(
    "password",
    ["tre små grisar", "correct lamp boat", "k7$Q!zz0-aPL", "åäöåäöåäö åäö!", "x1" * 30 + "yz"],
)
def test_length_is_enough(password: str) -> None:
    assert password_problem(password, *ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "a\u0301" * 11,
        "password1234",
        "Password2026!!",
        "LÖSENORD2026",
        "qwertyuiop123",
        "aaaaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "210987654321",
        "Kim Alexandra Sand",
        "kimalexandrasand",
        "KIM.ALEXANDRA@example.org",
        "kim.alexandra",
        "kim.sand.north",
        "kim.sand.north99",
        "a" * 500 + "bcdef" * 200,
    ],
)
def test_what_others_guess_first_is_refused(password: str) -> None:
    assert password_problem(password, *ABOUT)


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    stored = hash_password("små grodorna", 64)
    assert verify_password(stored, "sma\u030a grodorna", 64)
    assert not verify_password(stored, "sma grodorna", 64)


def test_a_hash_is_argon2id_with_the_memory_of_the_setting() -> None:
    stored = hash_password("blue boats", 128)
    assert stored.startswith("$argon2id$v=19$m=128,t=3,p=4$")
    assert passwords.needs_rehash(stored, 256)
    assert not passwords.needs_rehash(stored, 128)
    assert stored != hash_password("blue boats", 128)


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$broken", None])
def test_a_broken_hash_matches_nothing(stored: str | None) -> None:
    assert not verify_password(stored, "anything", 64)


def test_a_process_computes_at_most_two_hashes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    counting = threading.Lock()

    def slow(self: object, stored: str, typed: str) -> bool:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with counting:
            running -= 1
        return True

    monkeypatch.setattr(type(passwords._hasher(64)), "verify", slow)
    threads = [
        threading.Thread(target=verify_password, args=("stored", "typed", 64)) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == passwords.AT_ONCE == 2


@pytest.mark.parametrize(
    "text",
    [
        "811228-9874",
        "8112289874",
        "19811228-9874",
        "198112289874",
        "811228+9874",
        "811228 9874",
        "Kim 811228-9874",
        "k811228-9874",
        "701063-2391",
    ],
)
def test_a_personal_identity_number_is_seen(text: str) -> None:
    assert holds_personal_number(text)
    assert name_problem(text)
    assert login_problem(text)
    assert email_problem(f"{text}@example.org")


@pytest.mark.parametrize(
    "text", ["811228-9875", "811328-9874", "123456", "0701234567", "kim.sand", "20261123", ""]
)
def test_other_numbers_are_not_taken_for_one(text: str) -> None:
    assert not holds_personal_number(text)


@pytest.mark.parametrize("name", ["", "x" * 201, "Kim\x00", "Kim\u202e"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize("name", ["Åsa Ek", "Seán Ó Néill", "Þóra", "李"])
def test_a_name_may_be_written_in_any_script(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    "email",
    [
        "",
        "kim",
        "kim@",
        "@example.org",
        "a b@example.org",
        "a@b..org",
        "a@b.org\nc",
        "<a@b.org>",
        "x" * 250 + "@b.org",
        "a@b@c.org",
    ],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert email_problem(email)


@pytest.mark.parametrize("login", ["", "ab", "kim@north", "kim sand", "åsa", "-kim", "x" * 41])
def test_a_login_name_never_looks_like_an_address(login: str) -> None:
    assert login_problem(login)


def test_accounts_are_compared_without_case() -> None:
    assert fold_account("  Åsa.EK@Example.ORG ") == "åsa.ek@example.org"
