"""Claiming a folder for results: it is made if need be, and nothing of others is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError, OutputError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def claim_folder(folder: Path, of: str, find_strange: Callable[[Path], str | None]) -> None:
    """Make a folder if need be, and see that nothing strange is in it.

    Parameters
    ----------
    folder
        Where.
    of
        What it is to hold, for messages: ``sweep`` or ``run``.
    find_strange
        Gives something that is in the folder and not of such; None if nothing is.

    Raises
    ------
    InputError
        If the folder holds anything else, or is a file.
    OutputError
        If it cannot be made or read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strange = find_strange(folder)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"{folder}: a file is in the way of the folder") from error
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made a {of}'s folder: {error.strerror}") from error
    if strange:
        raise InputError(
            f"{folder}: holds {quoted(strange)}, which is not of a {of} of keepout",
            hint="choose a new or an empty folder",
        )
