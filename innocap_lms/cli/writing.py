"""What commands say where a folder that they are to write to does not take it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Within this what cannot be written is told. Raises ClickException."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"it cannot be written to {folder}: {error}") from error
