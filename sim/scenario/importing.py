"""From what others publish and fly to a scenario: the record as it was, to be judged."""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import FormatError, InputError
from sim.formats.reading import LOOKED_AT, guess, read
from sim.formats.records import Problem, Zone
from sim.formats.tracks import FlownTrack
from sim.geometry.altitude import Reference
from sim.geometry.edges import Edges
from sim.geometry.footprint import Circle, Corridor, Polygon
from sim.units import METRES_PER_FOOT, show_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.formats.reading import Reading, Window
    from sim.geometry.altitude import Limit
    from sim.geometry.footprint import Footprint
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume
    from sim.units import Position

PUBLISHER, TRAFFIC, CHANNEL = "publisher", "traffic", "published"
_AROUND_S = 3600.0  # before the first thing that happens, and after the last
_LETTERS = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 60  # letters of an id


class Published(NamedTuple):
    """A zone, and when it was published: Unix seconds, or None where that is not known."""

    zone: Zone
    issued: float | None


class Flown(NamedTuple):
    """A flown track, its times in Unix seconds, and what it is called."""

    id: str
    track: Track


class Imported(NamedTuple):
    """A scenario's plain tree, and what is to be told of the files that it was made of."""

    document: dict[str, Any]
    told: tuple[str, ...]


def import_files(
    paths: Sequence[str], *, form: str | None = None, error_m: float = 0.0
) -> Imported:
    """Make a scenario of files of zones and of tracks; see :func:`replay`.

    Of zones that are active again and again, only what lies within an hour of
    the tracks counts, if there are any. What could not be read is told, file by
    file, and the rest goes on.

    Parameters
    ----------
    paths
        Files, of zones or of tracks.
    form
        The format of all, where it cannot be told from their content.
    error_m
        By how much tracks may be thinned.

    Raises
    ------
    InputError
        If a file cannot be read at all, or nothing in them has a time.
    """
    ordered = sorted(paths, key=lambda path: _kind(path, form) != "tracks")  # tracks first
    flown: list[Flown] = []
    published: list[Published] = []
    told: list[str] = []
    for path in ordered:
        reading = _read(path, form, error_m, _span(flown))
        found = [one for one in reading.found if not isinstance(one, Problem)]
        problems = [one for one in reading.found if isinstance(one, Problem)]
        plural = "" if len(problems) == 1 else "s"
        told.append(f"{path}: {reading.format}: {len(found)} read, {len(problems)} problem{plural}")
        told += [f"{path}: {problem}" for problem in problems]
        flown += [Flown(one.id, one.track) for one in found if isinstance(one, FlownTrack)]
        published += [Published(one, _created(one)) for one in found if isinstance(one, Zone)]
    return Imported(
        replay(published, flown, " and ".join(FilePath(p).name for p in paths)), (*told,)
    )


def _kind(path: str, form: str | None) -> str:
    if form is not None:
        return form
    with _telling(path), FilePath(path).open("rb") as file:
        return guess(file.read(LOOKED_AT))


def _read(path: str, form: str | None, error_m: float, between: Window | None) -> Reading:
    with _telling(path):
        return read(path, form=form, between=between, error_m=error_m)


@contextmanager
def _telling(path: str) -> Iterator[None]:
    """Name the file that cannot be read."""
    try:
        yield
    except FormatError as error:
        raise InputError(f"{path}: {error.message}", hint=error.hint) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _span(flown: Sequence[Flown]) -> Window | None:
    if not flown:
        return None
    begin = min(float(one.track.time[0]) for one in flown)
    end = max(float(one.track.time[-1]) for one in flown)
    return begin - _AROUND_S, end + _AROUND_S


def _created(zone: Zone) -> float | None:
    """Give when a zone was published, where its source says so."""
    text = zone.attributes.get("created")
    return None if text is None else datetime.fromisoformat(text).timestamp()


def replay(published: Sequence[Published], flown: Sequence[Flown], name: str) -> dict[str, Any]:
    """Make a scenario of what was published and flown.

    One party publishes every zone, and another flies every track just as it was
    flown, whatever it is told. A zone whose publication is known is issued then,
    and told to all over a channel that takes no time, so that a run says how
    long after publication it was entered; others count from their start on.

    Parameters
    ----------
    published
        Zones; each of their volumes becomes one of the scenario's.
    flown
        Tracks of two points at least.
    name
        Of the scenario.

    Returns
    -------
    dict
        A plain tree, as :func:`sim.scenario.reader.build` takes it.

    Raises
    ------
    InputError
        If nothing in them has a time, so that the scenario would have none.
    """
    start, end = _horizon(published, flown)
    ids = _Ids()
    zones = {
        ids.take(name): _zone(volume, issued, start, end)
        for name, volume, issued in _volumes(published)
        if volume.window[0] < end and volume.window[1] > start
    }
    flights = {ids.take(one.id): _flight(one.track) for one in flown}
    return {
        "keepout": "1",
        "name": name,
        "sources": {
            "zones": "imported",
            "flights": "imported; pressure altitudes taken at standard pressure",
            "vertical": "assumed",
        },
        "vertical": {"terrain": "0 m", "geoid": "0 m", "qnh": "standard"},
        "start": show_instant(start),
        "end": show_instant(end),
        "parties": _PARTIES,
        "channels": {CHANNEL: _AT_ONCE},
        "zones": zones,
        "flights": flights,
    }


_PARTIES = {
    PUBLISHER: {"name": "Publisher of zones"},
    TRAFFIC: {
        "name": "Traffic as flown",
        "desk": {"handling": "0 s", "dissemination": "0 s"},
        "response": {"comply": "0"},
    },
}
_AT_ONCE = {
    "medium": "datalink",
    "from": PUBLISHER,
    "to": [TRAFFIC],
    "transfer": "0 s",
    "loss": "0",
    "acknowledgement": "0 s",
}


def _horizon(published: Sequence[Published], flown: Sequence[Flown]) -> Window:
    """Give whole minutes an hour before the first thing that happens, and after the last."""
    instants = [*_instants(published, flown)]
    if not instants:
        raise InputError(
            "nothing that was read begins or ends: a scenario needs a time",
            hint="add a file of tracks, or of zones with windows",
        )
    start, end = min(instants) - _AROUND_S, max(instants) + _AROUND_S
    return 60.0 * math.floor(start / 60.0), 60.0 * math.ceil(end / 60.0)


def _volumes(published: Iterable[Published]) -> Iterator[tuple[str, Volume, float | None]]:
    """Give every volume with a name for it, and when it was published."""
    for zone, issued in published:
        many = len(zone.volumes) > 1
        for place, volume in enumerate(zone.volumes, start=1):
            yield (f"{zone.id}-{place}" if many else zone.id), volume, issued


def _instants(published: Iterable[Published], flown: Sequence[Flown]) -> Iterator[float]:
    """Give when anything begins or ends; where tracks were flown, when these did."""
    for one in flown:
        yield float(one.track.time[0])
        yield float(one.track.time[-1])
    if not flown:
        windows = (volume.window for one in published for volume in one.zone.volumes)
        yield from (instant for window in windows for instant in window if math.isfinite(instant))


class _Ids:
    """Names as scenarios have them, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, text: str) -> str:
        """Make a name of a text, with a number behind it where it is taken."""
        name = _LETTERS.sub("-", text).strip("-_")[:_LONGEST]
        if not name or not name[0].isalpha():
            name = f"z-{name}".rstrip("-")
        found, number = name, 1
        while found in self._taken:
            number += 1
            found = f"{name}-{number}"
        self._taken.add(found)
        return found


def _zone(volume: Volume, issued: float | None, start: float, end: float) -> dict[str, Any]:
    opens, closes = (min(max(instant, start), end) for instant in volume.window)
    zone: dict[str, Any] = {
        "party": PUBLISHER,
        "area": _area(volume.footprint),
        "altitude": [_altitude(volume.band.lower), _altitude(volume.band.upper)],
        "window": {"start": show_instant(opens), "end": show_instant(closes)},
    }
    if issued is not None:
        at = show_instant(min(max(issued, start), end))
        zone["issued"] = at
        zone["notices"] = {"published": {"to": [TRAFFIC], "via": CHANNEL, "at": at}}
    return zone


def _flight(track: Track) -> dict[str, Any]:
    begins = float(track.time[0])
    return {
        "party": TRAFFIC,
        "departs": show_instant(begins),
        "route": [
            {
                "at": {"lat": f"{lat:.7f}", "lon": f"{lon:.7f}"},
                "altitude": _metres(metres, track.reference),
                "time": f"{time - begins:.3f} s",
            }
            for time, lon, lat, metres in zip(
                track.time.tolist(),
                track.lon.tolist(),
                track.lat.tolist(),
                track.altitude_m.tolist(),
                strict=True,
            )
        ],
    }


def _area(footprint: Footprint) -> dict[str, Any]:
    if isinstance(footprint, Circle):
        return {"circle": {"center": _place(footprint.center), "radius": f"{footprint.radius_m} m"}}
    if isinstance(footprint, Corridor):
        return {
            "corridor": {
                "route": [_place(at) for at in footprint.route],
                "width": f"{footprint.width_m} m",
                **_edges(footprint.edges),
            }
        }
    if isinstance(footprint, Polygon):
        holes = [[_place(at) for at in hole] for hole in footprint.holes]
        return {
            "polygon": {
                "points": [_place(at) for at in footprint.exterior],
                **({"holes": holes} if holes else {}),
                **_edges(footprint.edges),
            }
        }
    raise InputError(f"a scenario has no area of the kind {type(footprint).__name__}")


def _edges(edges: Edges) -> dict[str, str]:
    return {} if edges is Edges.GEODESIC else {"edges": edges.value}


def _place(at: Position) -> dict[str, str]:
    return {"lat": repr(at.lat), "lon": repr(at.lon)}


def _altitude(limit: Limit) -> str:
    if limit.reference in {Reference.SFC, Reference.UNL}:
        return limit.reference.value
    return _metres(limit.metres, limit.reference)


def _metres(metres: float, reference: Reference) -> str:
    """Write an altitude; what is no whole flight level stands above mean sea level.

    At standard pressure, which is assumed, that is the same.
    """
    if reference is not Reference.FL:
        return f"{metres:.3f} m {reference.value}"
    level = metres / METRES_PER_FOOT / 100.0
    if level >= 0.0 and math.isclose(level, round(level), abs_tol=1e-6):
        return f"FL{round(level):03d}"
    return f"{metres:.3f} m {Reference.MSL.value}"
