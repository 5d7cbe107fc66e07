"""How a sweep's folder is taken and written to: by one process, each file whole or not at all."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from pyarrow import ArrowException  # type: ignore[import-untyped]

from sim.errors import InputError, OutputError
from sim.scenario.sidefiles import is_kept
from sim.sweeps.claim import claim_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = "manifest.json"
RUNS = "runs.parquet"
TIMINGS = "timings.parquet"
PARTS = "parts"
PART = re.compile(r"([0-9]{6})-([0-9a-f]{32})\.parquet")  # its number, and its digest
TIMES = re.compile(r"[0-9]{6}\.times\.parquet")
_LOCK = ".lock"
_STAGED = re.compile(r"\..+\.[0-9]+\.part")  # written by a process, and not yet in its place
_RESUME = "make room and run it again with --resume"


def make(folder: Path) -> None:
    """Make a folder if need be, and see that nothing strange is in it."""
    claim_folder(folder, "sweep", _strange)


def _strange(folder: Path) -> str | None:
    """Give something that a folder holds and no sweep has left there; None if there is nothing.

    Without a manifest nothing tells whose tables and parts they are.
    """
    is_known = (folder / MANIFEST).is_file()
    files = {_LOCK, *((MANIFEST, RUNS, TIMINGS) if is_known else ())}
    names = sorted(path.name for path in folder.iterdir())
    for name in names:
        is_file = (folder / name).is_file()
        if name == PARTS and not is_file:
            continue
        is_ours = name in files or is_kept(name) or _STAGED.fullmatch(name)
        if not is_file or not is_ours:
            return name
    kinds = (_STAGED, PART, TIMES) if is_known else (_STAGED,)
    parts = sorted(path.name for path in (folder / PARTS).iterdir()) if PARTS in names else []
    return next(
        (f"{PARTS}/{name}" for name in parts if not any(kind.fullmatch(name) for kind in kinds)),
        None,
    )


def clean(folder: Path) -> None:
    """Take away what a killed process had not finished writing.

    Raises
    ------
    OutputError
        If it cannot be taken away.
    """
    with telling(folder):
        (folder / PARTS).mkdir(exist_ok=True)
        for place in (folder, folder / PARTS):
            for path in [*place.iterdir()]:
                if _STAGED.fullmatch(path.name):
                    path.unlink()


@contextmanager
def telling(path: Path, what: str = "written") -> Iterator[None]:
    """Say which file it is that cannot be read or written, and how to go on."""
    try:
        yield
    except OutputError:
        raise
    except (OSError, ArrowException) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"{path}: cannot be {what}: {why}; {_RESUME}") from error


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """Give a place beside a path to write to; it becomes the path once it is safe on the disk."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with telling(path):
            yield beside
            _sync(beside)
            beside.replace(path)
            _sync(path.parent)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    """See that a file, or a folder's list of files, is on the disk."""
    if path.is_dir() and sys.platform == "win32":
        return  # where a folder cannot be opened
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to a folder; a killed one gives it back by itself."""
    path = folder / _LOCK
    with telling(path):
        file = path.open("a")
    with file:
        if not _lock(file.fileno()) or not _is_still(path, file.fileno()):
            raise InputError(
                f"{folder}: another process is writing to it",
                hint="wait until it is done, or choose another folder",
            )
        try:
            yield
        finally:
            with suppress(OSError):
                path.unlink()


def _is_still(path: Path, handle: int) -> bool:
    """Tell whether a path leads to an open file; who had it last may have taken it away."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _lock(handle: int) -> bool:
    """Lock an open file, unless another process has; it is unlocked when closed."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - there only

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - everywhere else

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
