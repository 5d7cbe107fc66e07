"""Zones that somebody published, as a scenario takes them: ids of its own, and its time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError, quoted
from sim.formats.records import Problem
from sim.units import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.formats.records import Zone
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume

    Window = tuple[float, float]

_LETTERS = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 60  # letters of an id
_FREE = "NO_RESTRICTION"  # the restriction, or type, of such a zone in ED-269 and ED-318


class Published(NamedTuple):
    """A zone, and when it was published: Unix seconds, or None where that is not known."""

    zone: Zone
    issued: float | None


class Piece(NamedTuple):
    """One volume of a published zone, cut to a time, what to call it, and when it is issued.

    ``whole`` is the volume as it was published.
    """

    name: str
    volume: Volume
    whole: Volume
    zone: Zone
    issued: float | None


class Ids:
    """Names as scenarios have them, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, text: str) -> str:
        """Make a name of a text, with a number behind it where it is taken."""
        name = fit(text)
        found, number = name, 1
        while found in self._taken:
            number += 1
            found = f"{name}-{number}"
        self._taken.add(found)
        return found


def fit(text: str) -> str:
    """Make an id of a text: what can be no part of one becomes a hyphen."""
    name = _LETTERS.sub("-", text).strip("-_")[:_LONGEST]
    return name if name[:1].isalpha() else f"z-{name}".rstrip("-")


def dated(zones: Iterable[Zone]) -> tuple[list[Published], list[Problem]]:
    """Find when zones were published, by their attribute ``created``, and where that is no time.

    A zone that its source says to restrict nobody is left out, and a problem says so.
    """
    found, problems = [], []
    for zone in zones:
        if zone.kind == _FREE:
            problems.append(Problem(zone.id, f"{_FREE}: it keeps nobody out, and is left out"))
            continue
        issued, text = None, zone.attributes.get("created")
        if text is not None:
            try:
                issued = moment(text)
            except InputError as error:
                problems.append(Problem(zone.id, f"created: {error.message}", error.hint))
        found.append(Published(zone, issued))
    return found, problems


def moment(text: str) -> float:
    """Read an instant with its date, in Unix time.

    Raises
    ------
    InputError
        If it is none.
    """
    found = instant(text)
    if found.relative:
        raise InputError(f"{quoted(text)} is no time: expected such as 2022-02-02T18:00Z")
    return found.seconds


def is_within(track: Track, within: Window) -> bool:
    """Tell whether some of a track is flown within a time."""
    return track.start < within[1] and track.end > within[0]


def pieces(published: Iterable[Published], within: Window) -> Iterator[Piece]:
    """Give the volumes of zones that are active within a time, cut to it.

    None is issued before that time begins, and what was published when it was
    over is issued as it ends.
    """
    start, end = within
    for zone, issued in published:
        many = len(zone.volumes) > 1
        at = None if issued is None else min(max(issued, start), end)
        for place, volume in enumerate(zone.volumes, start=1):
            opens, closes = max(start, volume.window[0]), min(end, volume.window[1])
            if opens < closes:
                name = f"{zone.id}-{place}" if many else zone.id
                yield Piece(name, replace(volume, window=(opens, closes)), volume, zone, at)
