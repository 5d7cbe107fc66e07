"""What is fuzzed: every reader, and what is asked of whatever it gives."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import FormatError, GeometryError, InputError
from sim.formats import ed269, ed318, f3548, geojson, kml, notam, openair, reading, tracks
from sim.formats.records import Problem, Zone
from sim.formats.tracks import FlownTrack
from sim.geometry.altitude import Reference, Vertical
from sim.geometry.footprint import Corridor
from sim.geometry.volume import Volume

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.geometry.footprint import Footprint

_LONGEST = 600  # characters of a message
_MOST_DRAWN = 3  # footprints of one file whose shape is asked for
_MOST_PLACES = 2_000  # of a corridor: growing 40,000 is known to take a quarter of a minute
_MOST_WRITTEN = 3  # zones of one file that are written again
_SETTINGS = Vertical(terrain_m=0.0, geoid_m=40.0, qnh_hpa=1013.25)
_BETWEEN = (1_654_041_600.0, 1_656_633_600.0)  # June 2022


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _notam(content: bytes) -> list[Any]:
    text = _text(content)
    found = notam.parse_many(text)
    for one in found:
        assert isinstance(one, (notam.Notam, Problem)), one
    _are_readable(found)
    return notam.zones(text)


def _f3548(content: bytes) -> list[Any]:
    found = f3548.zones(content)
    if any(isinstance(one, Problem) for one in found):
        return found
    count = sum(len(one.volumes) for one in found if isinstance(one, Zone))
    assert len(f3548.volumes(content)) == count
    return found


class _File:
    """A file that is written anew for each input, as `sim.formats.reading.read` wants a path."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None

    def read(self, content: bytes) -> list[Any]:
        if self._folder is None:
            self._folder = TemporaryDirectory()
        path = Path(self._folder.name) / "input"
        path.write_bytes(content)
        form = reading.guess(content)
        found = reading.read(path, between=_BETWEEN)
        assert found.format == form
        return [*found.found]


READERS: dict[str, Callable[[bytes], list[Any]]] = {
    "notam": _notam,
    "openair": openair.zones,
    "ed269": lambda content: ed269.zones(content, between=_BETWEEN),
    "ed318": lambda content: ed318.zones(content, between=_BETWEEN),
    "f3548": _f3548,
    "geojson": geojson.zones,
    "csv": tracks.read,
    "json": lambda content: tracks.read(content, error_m=10.0),
    "parquet": tracks.read,
    "reading": _File().read,
}


def run(name: str, content: bytes, number: int) -> None:
    """Read an input; what comes of it is looked at closer the rarer it is asked.

    Raises
    ------
    Exception
        Whatever is no :class:`FormatError`, which refuses an input as it should.
    """
    try:
        found = READERS[name](content)
    except FormatError as error:
        _is_readable(str(error))
        return
    assert isinstance(found, list), found
    _are_readable(found)
    for one in found:
        _look_at(one)
    zones = [one for one in found if isinstance(one, Zone)]
    if number % 4 == 0:
        _draw(zones)
    if number % 32 == 0:
        _write(zones[:_MOST_WRITTEN])


def _are_readable(found: Iterable[Any]) -> None:
    for one in found:
        if isinstance(one, Problem):
            _is_readable(str(one))
            assert one.place, one


def _is_readable(message: str) -> None:
    assert message.strip()
    assert len(message) <= _LONGEST, f"a message of {len(message)} characters: {message[:200]}"
    assert message.isprintable(), f"no one readable line: {message!r}"


def _look_at(one: Any) -> None:
    if isinstance(one, Zone):
        assert one.volumes
        assert isinstance(one.id, str)
        assert isinstance(one.name, str)
        assert isinstance(one.kind, str)
        assert all(isinstance(text, str) for item in one.attributes.items() for text in item)
        for volume in one.volumes:
            assert isinstance(volume, Volume)
            assert volume.window[0] < volume.window[1]
    elif isinstance(one, FlownTrack):
        assert np.isfinite(one.track.points).all()
        assert (np.diff(one.track.time) >= 0.0).all()
        assert isinstance(one.track.reference, Reference)
    else:
        assert isinstance(one, Problem), one


def _draw(zones: list[Zone]) -> None:
    """Ask for what every later use of a zone asks for."""
    footprints = {volume.footprint for zone in zones for volume in zone.volumes[:_MOST_DRAWN]}
    for footprint in [*footprints][:_MOST_DRAWN]:
        if _is_long(footprint):
            continue
        assert footprint.cap.radius_m > 0.0
        assert footprint.area_km2 >= 0.0


_WRITERS: tuple[Callable[[Zone], str], ...] = (
    lambda zone: f3548.write([zone], vertical=_SETTINGS),
    lambda zone: ed318.write([zone], vertical=_SETTINGS),
    lambda zone: geojson.write([zone]),
    lambda zone: openair.write([zone], vertical=_SETTINGS),
    lambda zone: notam.draft(zone, fir="EGTT", vertical=_SETTINGS),
    lambda zone: kml.write([zone], vertical=_SETTINGS),
)


def _is_long(footprint: Footprint) -> bool:
    return isinstance(footprint, Corridor) and len(footprint.path.lon) > _MOST_PLACES


def _write(zones: list[Zone]) -> None:
    """Write zones in every format that has a word for them."""
    few = [
        Zone(zone.id, zone.name, zone.volumes[:_MOST_DRAWN], zone.kind, zone.attributes)
        for zone in zones
        if not any(_is_long(volume.footprint) for volume in zone.volumes)
    ]
    for zone in few:
        for write in _WRITERS:
            try:
                assert write(zone)
            except (FormatError, GeometryError) as error:
                _is_readable(str(error))
            except InputError as error:
                raise AssertionError(f"refused for another reason: {error}") from error
