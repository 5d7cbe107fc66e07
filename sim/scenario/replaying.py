"""From what was published and flown to a scenario of it: written out, or with files beside it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.formats import geojson
from sim.formats.tracks import FlownTrack, write_parquet
from sim.geometry.altitude import Reference
from sim.geometry.edges import Edges
from sim.geometry.footprint import Circle, Corridor, Grown, Polygon
from sim.scenario.bulk import FROM
from sim.scenario.published import Ids, is_within, pieces
from sim.units import METRES_PER_FOOT, show_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.formats.records import Zone
    from sim.geometry.altitude import Limit
    from sim.geometry.footprint import Footprint
    from sim.geometry.track import Track
    from sim.scenario.published import Piece, Published, Window
    from sim.units import Position

PUBLISHER, TRAFFIC, CHANNEL = "publisher", "traffic", "published"
_AROUND_S = 3600.0  # before the first thing that happens, and after the last
_LAST_LEVEL = 999.0


class Record(NamedTuple):
    """What was published and flown within a time, by names of their own."""

    zones: tuple[Piece, ...]
    flights: dict[str, Track]
    within: Window

    @property
    def size(self) -> int:
        """How many zones, flights and positions there are in all."""
        corners = sum(_positions(piece.volume.footprint) for piece in self.zones)
        points = sum(len(track) for track in self.flights.values())
        return len(self.zones) + len(self.flights) + corners + points


def record(
    published: Sequence[Published], flown: Sequence[FlownTrack], between: Window | None = None
) -> Record:
    """Name what was published and flown, and find the time that it is of.

    Parameters
    ----------
    published
        Zones; each of their volumes becomes one of the scenario's.
    flown
        Tracks of two points at least.
    between
        Unix times: only what lies between them counts. Without it, all counts, and the
        time begins an hour before the first thing that happens: before tracks, if there
        are any.

    Raises
    ------
    InputError
        If nothing has a time, so that the scenario would have none.
    """
    within = _horizon(published, flown) if between is None else between
    ids = Ids()
    found = tuple(piece._replace(name=ids.take(piece.name)) for piece in pieces(published, within))
    tracks = (one for one in flown if is_within(one.track, within))
    flights = {
        ids.take(one.id): one.track if between is None else one.track.cut(*between)
        for one in tracks
    }
    return Record(found, flights, within)


def replay(found: Record, name: str) -> dict[str, Any]:
    """Make a scenario of a record, in which all of it is written out.

    One party publishes every zone, and another flies every track just as it was
    flown, whatever it is told. A zone whose publication is known is issued then,
    and told to all over a channel that takes no time, so that a run says how
    long after publication it was entered; others count from their start on.

    Returns
    -------
    dict
        A plain tree, as :func:`sim.scenario.reader.build` takes it.
    """
    zones = {piece.name: _zone(piece) for piece in found.zones}
    flights = {id_: _flight(track) for id_, track in found.flights.items()}
    return _head(found, name) | {"zones": zones, "flights": flights}


def replay_beside(found: Record, name: str, stem: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Make the same scenario with its zones and flights in files beside it.

    Returns
    -------
    tuple of dict
        The plain tree, and what the files hold: ``STEM-zones.geojson`` and
        ``STEM-tracks.parquet``, unless there would be nothing in them.
    """
    tree, contents = _head(found, name), {}
    if found.zones:
        file = f"{stem}-zones.geojson"
        contents[file] = geojson.write(map(_published, found.zones), exact=True).encode()
        source = {"file": file, "format": "geojson", "party": PUBLISHER}
        tree["zones"] = {FROM: {**source, "to": [TRAFFIC], "via": [CHANNEL]}}
    if found.flights:
        file = f"{stem}-tracks.parquet"
        contents[file] = write_parquet(
            FlownTrack(id_, id_, "", track) for id_, track in found.flights.items()
        )
        tree["flights"] = {FROM: {"file": file, "party": TRAFFIC}}
    return tree, contents


def _head(found: Record, name: str) -> dict[str, Any]:
    start, end = found.within
    return {
        "keepout": "1",
        "name": name,
        "sources": {
            "zones": "imported",
            "flights": "imported",
            "vertical": "assumed: flat ground at sea level, standard pressure",
        },
        "vertical": {"terrain": "0 m", "geoid": "0 m", "qnh": "standard"},
        "start": show_instant(start),
        "end": show_instant(end),
        "parties": _PARTIES,
        "channels": {CHANNEL: _AT_ONCE},
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


def _horizon(published: Sequence[Published], flown: Sequence[FlownTrack]) -> Window:
    """Give the time around what was flown, and where nothing was, around what was published."""
    if (found := around(flown)) is not None:
        return found
    windows = (volume.window for one in published for volume in one.zone.volumes)
    instants = [instant for window in windows for instant in window if math.isfinite(instant)]
    if not instants:
        raise InputError(
            "nothing that was read begins or ends: a scenario needs a time",
            hint="add a file of tracks, or of zones with windows, or say --between START END",
        )
    return _widened(min(instants), max(instants))


def around(flown: Iterable[FlownTrack]) -> Window | None:
    """Give the time of tracks, and an hour around it in whole minutes; None if there are none."""
    tracks = [one.track for one in flown]
    if not tracks:
        return None
    return _widened(min(track.start for track in tracks), max(track.end for track in tracks))


def _widened(start: float, end: float) -> Window:
    """Give whole minutes an hour before the first thing that happens, and after the last."""
    start, end = start - _AROUND_S, end + _AROUND_S
    return 60.0 * math.floor(start / 60.0), 60.0 * math.ceil(end / 60.0)


def _published(piece: Piece) -> Zone:
    """Give one volume as a zone, which says when it was published as far as that is known."""
    attributes = {key: text for key, text in piece.zone.attributes.items() if key != "created"}
    if piece.issued is not None:
        attributes["created"] = show_instant(piece.issued)
    return replace(piece.zone, id=piece.name, volumes=(piece.whole,), attributes=attributes)


def _zone(piece: Piece) -> dict[str, Any]:
    volume = piece.volume
    opens, closes = volume.window
    zone: dict[str, Any] = {
        "party": PUBLISHER,
        "area": _area(volume.footprint),
        "altitude": [_altitude(volume.band.lower), _altitude(volume.band.upper)],
        "window": {"start": show_instant(opens), "end": show_instant(closes)},
    }
    if piece.issued is not None:
        at = show_instant(piece.issued)
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
    raise InputError(
        f"a scenario has no area of the kind {type(footprint).__name__}",
        hint="keep zones in a file beside it, by --beside",
    )


def _positions(footprint: Footprint) -> int:
    """Count what it takes to write a footprint down."""
    if isinstance(footprint, Polygon):
        return len(footprint.exterior) + sum(map(len, footprint.holes))
    if isinstance(footprint, Corridor):
        return len(footprint.route)
    return _positions(footprint.core) if isinstance(footprint, Grown) else 1


def _edges(edges: Edges) -> dict[str, str]:
    return {} if edges is Edges.GEODESIC else {"edges": edges.value}


def _place(at: Position) -> dict[str, str]:
    return {"lat": repr(at.lat), "lon": repr(at.lon)}


def _altitude(limit: Limit) -> str:
    if limit.reference in {Reference.SFC, Reference.UNL}:
        return limit.reference.value
    return _metres(limit.metres, limit.reference)


def _metres(metres: float, reference: Reference) -> str:
    """Write an altitude, to the millimetre; of a pressure altitude, as a flight level.

    Beyond FL999, which no text says, it stands above mean sea level: at standard pressure
    that is the same.
    """
    level = metres / METRES_PER_FOOT / 100.0
    if reference is not Reference.FL or abs(level) > _LAST_LEVEL:
        above = Reference.MSL if reference is Reference.FL else reference
        return f"{metres:.3f} m {above.value}"
    if math.isclose(level, round(level), abs_tol=1e-6):
        return f"FL{round(level):03d}"
    return f"FL{level:.5f}".rstrip("0")
