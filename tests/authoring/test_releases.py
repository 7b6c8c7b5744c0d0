"""What a later release of a plugin offers: what is new, and never over somebody's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innocap_lms.authoring.releases import Offer, offers

OLD = b"one\ntwo\nthree\nfour\n"
FILES = st.dictionaries(
    st.sampled_from(["a.md", "b.md"]), st.sampled_from([b"x\n", b"y\n", b"x\nz\n", b"\xff"])
)


@pytest.mark.parametrize(
    ("now", "here", "offer"),
    [
        (OLD, OLD + b"mine\n", None),
        (b"ONE\ntwo\nthree\nfour\n", OLD, ("offered", b"ONE\ntwo\nthree\nfour\n")),
        (b"ONE\ntwo\nthree\nfour\n", OLD + b"5\n", ("merged", b"ONE\ntwo\nthree\nfour\n5\n")),
        (b"ONE\ntwo\nthree\nfour\n", b"ONE\ntwo\nthree\nfour\n5\n", None),  # taken before
        (
            OLD.replace(b"two", b"2"),
            OLD.replace(b"two", b"II"),
            ("clash", OLD.replace(b"two", b"2")),
        ),
        (None, OLD, ("offered", None)),
        (None, OLD + b"mine\n", ("clash", None)),
        (b"\xff", OLD, ("offered", b"\xff")),
    ],
)
def test_a_changed_file_is_offered_until_it_is_taken(
    now: bytes | None, here: bytes, offer: tuple[str, bytes | None] | None
) -> None:
    after = {} if now is None else {"a.md": now}
    found = offers({"a.md": OLD}, after, {"a.md": here})
    wanted = [] if offer is None else [Offer("a.md", offer[0], here, offer[1])]  # type: ignore[arg-type]
    assert found == wanted


def test_a_new_file_is_offered_and_one_that_is_there_by_that_name_is_a_clash() -> None:
    assert offers({}, {"a.md": b"new"}, {}) == [Offer("a.md", "offered", None, b"new")]
    assert offers({}, {"a.md": b"new"}, {"a.md": b"mine"})[0].state == "clash"


@given(FILES, FILES, FILES)
def test_whoever_takes_all_offers_is_offered_nothing_more_but_clashes(
    before: dict[str, bytes], now: dict[str, bytes], here: dict[str, bytes]
) -> None:
    taken = dict(here)
    for offer in offers(before, now, here):
        if offer.state != "clash" and offer.taken is not None:
            taken[offer.path] = offer.taken
        elif offer.state != "clash":
            taken.pop(offer.path, None)
    assert all(offer.state == "clash" for offer in offers(before, now, taken))
