"""What a file holds, read whole and no further than it may be large."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    from os import PathLike

LARGEST_BYTES = 256 * 2**20  # of a file; larger ones are cut up by whoever made them


def content_of(path: str | PathLike[str], most: int = LARGEST_BYTES, *, hint: str = "") -> bytes:
    """Give what a file holds.

    Parameters
    ----------
    path
        Of the file.
    most
        Bytes; of an endless file no more than these are read.
    hint
        What to look at if there is none.

    Raises
    ------
    InputError
        If it cannot be read, as a folder cannot, or is larger than ``most`` bytes.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read: {why}", hint=hint) from None
    if len(content) > most:
        raise InputError(f"{path}: is larger than {most / 2**20:g} MiB, the most that is read")
    return content
