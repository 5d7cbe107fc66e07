"""Areas in the words of a NOTAM, and the circle of its Q-line round them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import shapely

from sim.errors import FormatError
from sim.geometry.earth import direct, inverse
from sim.geometry.edges import cap_round
from sim.geometry.footprint import Circle, Corridor, Footprint, Grown, Polygon
from sim.units import METRES_PER_NAUTICAL_MILE, Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LARGEST_NM = 999
_CHORD_M = 1.0  # what a grown polygon's outline may leave it by
_AROUND = np.arange(0.0, 360.0, 15.0)  # a circle's places that stand for it while centring
_TINY_NM = 1e-6


def envelope(footprints: Sequence[Footprint]) -> tuple[Position, int]:
    """Give a centre in whole minutes and a radius in whole NM that hold all areas.

    Raises
    ------
    FormatError
        If the radius would be more than 999 NM.
    """
    borders = [_border(footprint) for footprint in footprints]
    lon, lat = (np.concatenate(column) for column in zip(*borders, strict=True))
    middle = cap_round(lon, lat, "the area").centre
    center = Position(round(middle.lon * 60.0) / 60.0, round(middle.lat * 60.0) / 60.0)
    reach = max(_reach(center, footprint) for footprint in footprints)
    radius_nm = max(1, ceil(reach / METRES_PER_NAUTICAL_MILE - _TINY_NM))
    if radius_nm > _LARGEST_NM:
        raise FormatError(f"the areas reach {radius_nm} NM, and the Q-line only {_LARGEST_NM}")
    return center, radius_nm


def _core(footprint: Footprint) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Give places, and the distance within which of them everything lies."""
    if isinstance(footprint, Circle):
        lon, lat = footprint.center
        return np.array([lon]), np.array([lat]), footprint.radius_m
    if isinstance(footprint, Corridor):
        return footprint.path.lon, footprint.path.lat, footprint.width_m / 2.0
    core, metres = (
        (footprint.core, footprint.metres) if isinstance(footprint, Grown) else (footprint, 0.0)
    )
    assert isinstance(core, Polygon)
    return core.paths[0].lon, core.paths[0].lat, metres


def _border(footprint: Footprint) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lon, lat, margin = _core(footprint)
    if not margin:
        return lon, lat
    around = [
        direct(np.full_like(_AROUND, x), y, _AROUND, margin) for x, y in zip(lon, lat, strict=True)
    ]
    return np.concatenate([p.lon for p in around]), np.concatenate([p.lat for p in around])


def _reach(center: Position, footprint: Footprint) -> float:
    lon, lat, margin = _core(footprint)
    return float(inverse(*center, lon, lat).distance.max()) + margin


def described(footprints: Sequence[Footprint]) -> list[str]:
    """Give each area in words that :func:`parse` reads back, numbered if there are several."""
    texts = [_described(footprint) for footprint in footprints]
    return texts if len(texts) == 1 else [f"{i}. {text}" for i, text in enumerate(texts, 1)]


def _described(footprint: Footprint) -> str:
    if isinstance(footprint, Circle):
        return f"CIRCLE RADIUS {_length(footprint.radius_m)} CENTRED ON {spelt(footprint.center)}"
    if isinstance(footprint, Corridor):
        path = footprint.path
        way = _chain(path.lon, path.lat)
        return f"{_length(footprint.width_m / 2.0)} EITHER SIDE OF LINE {way}"
    if isinstance(footprint, Polygon) and footprint.holes:
        raise FormatError("a NOTAM has no words for an area with holes", hint="fill them")
    if isinstance(footprint, Polygon):
        return f"AREA BOUNDED BY {_chain(footprint.paths[0].lon, footprint.paths[0].lat)}"
    return f"AREA BOUNDED BY {_outline(footprint)}"


def _outline(footprint: Footprint) -> str:
    """Give the outline of a grown polygon, by chords of which half lies to either side."""
    region = footprint.drawn(0.0, _CHORD_M)
    if not isinstance(region.shape, shapely.Polygon) or region.shape.interiors:
        raise FormatError("a NOTAM has no words for an area with holes", hint="fill them")
    lon, lat = region.home.unproject(shapely.get_coordinates(region.shape.exterior))
    return _chain(lon, lat)


def _chain(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> str:
    return " - ".join(spelt(Position(float(x), float(y))) for x, y in zip(lon, lat, strict=True))


def spelt(place: Position) -> str:
    """Spell a place as ``512900N0002800W``, with decimals of a second where they are needed."""
    lat, lon = _angle(abs(place.lat), 2), _angle(abs(place.lon), 3)
    return f"{lat}{'S' if place.lat < 0 else 'N'}{lon}{'W' if place.lon < 0 else 'E'}"


def _angle(degrees: float, width: int) -> str:
    units = round(degrees * 36_000_000)  # of a ten-thousandth second, 3 mm
    seconds, parts = divmod(units, 10_000)
    decimals = f".{parts:04d}".rstrip("0") if parts else ""
    minutes = seconds // 60
    return f"{minutes // 60:0{width}d}{minutes % 60:02d}{seconds % 60:02d}{decimals}"


def _length(metres: float) -> str:
    miles = metres / METRES_PER_NAUTICAL_MILE
    if abs(miles * 100.0 - round(miles * 100.0)) * METRES_PER_NAUTICAL_MILE < 0.1:  # noqa: PLR2004 - 1 mm
        return f"{miles:.2f}".rstrip("0").rstrip(".") + "NM"
    return f"{metres:.3f}".rstrip("0").rstrip(".") + "M"
