"""What the command writes: new files, whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.errors import InputError, OutputError

# Nothing heavier at the top: --help answers in a blink.
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def refuse_taken(*files: str) -> None:
    """See that files are not there yet, before what is to be in them is worked out."""
    for file in files:
        if os.path.lexists(file):
            raise _taken(file)


def write_new(file: str, content: str | bytes) -> None:
    """Write a file that is not there yet; - prints a text.

    A call that is killed leaves nothing under the file's name.
    """
    from pathlib import Path  # noqa: PLC0415 - only where something is written

    if file == "-" and isinstance(content, str):
        terminal.show(content)
        return
    if not file:
        raise OutputError('"": cannot be written: its name is empty')
    refuse_taken(file)
    try:
        _write(Path(file), content.encode() if isinstance(content, str) else content, _place)
    except FileExistsError as error:
        raise _taken(file) from error


def write_over(file: str, content: bytes) -> None:
    """Write what was drawn of other files, in place of an earlier one.

    A call that is killed leaves the earlier one as it was.
    """
    from pathlib import Path  # noqa: PLC0415 - only where something is written

    _write(Path(file), content, lambda beside, path: beside.replace(path))


def _write(path: Path, content: bytes, place: Callable[[Path, Path], object]) -> None:
    """Write beside a file's place, and put it there when it is whole."""
    try:
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            beside.write_bytes(content)
            place(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except FileExistsError:
        raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"{path}: cannot be written: {why}") from error


def _place(beside: Path, path: Path) -> None:
    """Give a file its name; unlike a rename, a link never takes the place of another file."""
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        beside.rename(path)


def _taken(file: str) -> InputError:
    return InputError(f"{file}: exists already", hint="choose another name")
