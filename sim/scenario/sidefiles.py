"""The files beside a scenario: where it names them, what they hold, and what they give it."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.formats.contents import content_of
from sim.scenario.bulk import BULK, FROM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike

    from sim.geometry.track import Track
    from sim.geometry.volume import Volume
    from sim.scenario.flights import Flight
    from sim.scenario.tree import Path

_DIGEST_BYTES = 16
_IGNORED = "x-"
_KEPT = "side-"
_ODD = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST = 100  # letters of a kept name that are the file's own
_FROM_HERE = "names of files count from the scenario's own folder"


class SideFiles:
    """The files that a scenario names, seen from its folder; each is read once.

    What was read goes along when this is pickled, so that a worker on another
    machine need not have the folder.

    Parameters
    ----------
    folder
        Where names count from; None for a scenario that stands in no folder.
    contents
        What is known to be in some, which may not be there yet.
    """

    def __init__(
        self, folder: str | None = None, contents: Mapping[str, bytes] | None = None
    ) -> None:
        self._folder = folder
        self._contents = {**(contents or {})}
        self._digests: dict[str, str] = {}

    def path(self, name: str) -> str:
        """Give a file's path, for messages."""
        return str(FilePath(self._folder or "", name))

    def content(self, name: str) -> bytes:
        """Give what a file holds.

        Raises
        ------
        InputError
            If it cannot be read, or is too large.
        """
        if name not in self._contents:
            self._contents[name] = self._read(name)
        return self._contents[name]

    def digest(self, name: str) -> str:
        """Name a file by what it holds: 32 hexadecimal digits.

        Raises
        ------
        InputError
            If it cannot be read.
        """
        if name not in self._digests:
            content = self.content(name)
            self._digests[name] = blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()
        return self._digests[name]

    def _read(self, name: str) -> bytes:
        path = self.path(name)
        if self._folder is None:
            raise InputError(f"{path}: cannot be read: this scenario stands in no folder")
        return content_of(path, hint=_FROM_HERE)


class SideZone(NamedTuple):
    """A zone of a file: a volume in Unix time, and when it is issued, where that is known.

    ``source`` is the place of its file among those of the scenario.
    """

    id: str
    party: str
    volume: Volume
    issued: float | None
    source: int


@dataclass(frozen=True)
class Sides:
    """All that a scenario takes from files.

    Two are equal if their files hold the same.

    Attributes
    ----------
    files
        The files.
    digests
        What names each file by its content.
    zones
        Those that are active within the scenario's time, cut to it.
    flights
        Those of tables of positions, by ids of their own.
    tracks
        Of flights that have one, by their ids, in Unix time.
    told
        What of the files could not be read, or is of no use, a line each.
    """

    files: SideFiles = field(default_factory=SideFiles, compare=False, repr=False)
    digests: Mapping[str, str] = field(default_factory=dict)
    zones: tuple[SideZone, ...] = field(default=(), compare=False, repr=False)
    flights: Mapping[str, Flight] = field(default_factory=dict, compare=False, repr=False)
    tracks: Mapping[str, Track] = field(default_factory=dict, compare=False, repr=False)
    told: tuple[str, ...] = field(default=(), compare=False)


def places_of(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Give where a document names files, and the names.

    The document need be no scenario without faults: what is none is passed over.
    """
    flights = document.get("flights")
    for id_, flight in flights.items() if isinstance(flights, dict) else ():
        if isinstance(flight, dict) and id_ != FROM and not id_.startswith(_IGNORED):
            yield from _places(("flights", id_, "track"), flight.get("track"))
    for section in BULK:
        entries = document.get(section)
        given = entries.get(FROM) if isinstance(entries, dict) else None
        if isinstance(given, list):
            for place, one in enumerate(given):
                yield from _places((section, FROM, place), one)
        else:
            yield from _places((section, FROM), given)


def _places(path: Path, entry: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(entry, str):
        yield path, entry
    elif isinstance(entry, dict) and isinstance(entry.get("file"), str):
        yield (*path, "file"), entry["file"]


def renamed(document: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Give a document that calls its files by other names; all else is shared."""
    top = {**document}
    copies: dict[Path, Any] = {(): top}
    for path, name in places_of(document):
        here: Any = top
        for depth, key in enumerate(path[:-1], start=1):
            if path[:depth] not in copies:
                copies[path[:depth]] = here[key] = copy(here[key])
            here = here[key]
        here[path[-1]] = names[name]
    return top


class Packed(NamedTuple):
    """A document that names its files as they are kept beside it, and these by their names."""

    document: dict[str, Any]
    contents: dict[str, bytes]
    digests: dict[str, str]


def packed(document: Mapping[str, Any], files: SideFiles) -> Packed:
    """Give a document and its files as they can be kept in one folder.

    Parameters
    ----------
    document
        The plain tree of a scenario.
    files
        Those that it names; ``data/day.parquet`` is kept as ``side-day.parquet``.

    Raises
    ------
    InputError
        If one cannot be read.
    """
    kept = kept_names(name for _, name in places_of(document))
    return Packed(
        renamed(document, kept),
        {place: files.content(name) for name, place in kept.items()},
        {place: files.digest(name) for name, place in kept.items()},
    )


def unpacked(folder: str | PathLike[str], digests: object) -> SideFiles:
    """Give the files that a folder keeps.

    Parameters
    ----------
    folder
        Where they are.
    digests
        What names each by its content, as far as the folder's manifest says so.

    Raises
    ------
    InputError
        If one is missing, or not what it was.
    """
    files = SideFiles(str(folder))
    for name, digest in digests.items() if isinstance(digests, dict) else ():
        if files.digest(name) != digest:
            raise InputError(f"{files.path(name)}: is not the file that was kept: it was changed")
    return files


def is_kept(name: str) -> bool:
    """Tell whether a file's name is one that it is kept by."""
    return name.startswith(_KEPT)


def kept_names(names: Iterable[str]) -> dict[str, str]:
    """Give each of some files a plain name of its own.

    ``data/day.parquet`` is ``side-day.parquet``, and another of that name
    ``side-day-2.parquet``.
    """
    found: dict[str, str] = {}
    used: set[str] = set()
    for name in dict.fromkeys(names):
        last = name.replace("\\", "/").rpartition("/")[2].removeprefix(_KEPT)
        plain = _ODD.sub("-", last).strip(".-")[-_LONGEST:] or "file"
        stem, dot, end = plain.partition(".")
        kept, number = f"{_KEPT}{plain}", 1
        while kept.lower() in used:  # as file systems may take capitals for small letters
            number += 1
            kept = f"{_KEPT}{stem}-{number}{dot}{end}"
        used.add(kept.lower())
        found[name] = kept
    return found
