"""What fuzzing began with or found (tests/full/fuzz.py): each is read and raises nothing. How long
that takes is for `make fuzz` to say, in a process that counts no lines."""

from pathlib import Path

import pytest

from tests.full.fuzz import LARGEST, SEEDS, targets

FILES = sorted(SEEDS.glob("*-*"))


def test_there_is_a_seed_for_each_target() -> None:
    assert {file.name.partition("-")[0] for file in FILES} == set(targets())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_seed_is_read(file: Path) -> None:
    content = file.read_bytes()
    assert len(content) <= LARGEST
    assert targets()[file.name.partition("-")[0]](content) is not None
