"""Meridians and parallels of a map: which, where they run, and where they leave it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.plots.projection import Projection

_PADDING = 0.06  # of what is shown, on every side
_LEAST_M = 2_000.0  # that a map is wide and high
_STEPS_DEG = (
    *(30.0, 15.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01),
    *(0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001),
)
_LINES = 7  # of a kind, at most; of meridians all round twelve
_PLACES = 65  # along each side of a map, at which its degrees are read
_PIECES = 180  # of a line
_ROUND_DEG = 1e-6
_QUARTER_DEG = 90.0  # those meridians alone meet in a pole
_DIGITS = 7


class View(NamedTuple):
    """The part of a plane that a map shows, in metres."""

    west: float
    east: float
    south: float
    north: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """How high it is."""
        return self.north - self.south

    def holds(self, plane: Floats) -> NDArray[np.bool_]:
        """Tell which points, shape (n, 2), lie in it."""
        x, y = plane.T
        found: NDArray[np.bool_] = (x >= self.west) & (x <= self.east)
        found &= (y >= self.south) & (y <= self.north)
        return found

    def shaped(self, shape: float) -> View:
        """Give the least view that holds this one and is ``shape`` times as high as wide."""
        wide = max(0.0, self.height / shape - self.width) / 2.0
        high = max(0.0, self.width * shape - self.height) / 2.0
        return View(self.west - wide, self.east + wide, self.south - high, self.north + high)


def view_of(bounds: tuple[float, float, float, float]) -> View:
    """Give a view of what lies within bounds (least and greatest x, then y), with room about it."""
    west, east, south, north = bounds
    wide, high = (
        max(_LEAST_M, size * (1.0 + 2.0 * _PADDING)) for size in (east - west, north - south)
    )
    x, y = (west + east) / 2.0, (south + north) / 2.0
    return View(x - wide / 2.0, x + wide / 2.0, y - high / 2.0, y + high / 2.0)


class Line(NamedTuple):
    """A meridian or a parallel: what it is called, and its course in the plane, shape (n, 2)."""

    kind: str
    degrees: float
    plane: Floats

    @property
    def label(self) -> str:
        """Give its degrees as maps do: ``36.5°N``."""
        size = f"{abs(self.degrees):g}\N{DEGREE SIGN}"
        if self.degrees == 0.0 or (self.kind == "meridian" and abs(self.degrees) == 180.0):  # noqa: PLR2004 - neither east nor west
            return size
        negative, positive = "SN" if self.kind == "parallel" else "WE"
        return size + (positive if self.degrees > 0.0 else negative)


@dataclass(frozen=True)
class Graticule:
    """The meridians and parallels that a view wants.

    Parameters
    ----------
    projection
        Of the map.
    view
        What it shows.
    """

    projection: Projection
    view: View

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Give parallels, then meridians, both from less to more degrees."""
        south, north = self._lat
        west, east = self._lon
        return (
            *self._parallels(south, north, west, east),
            *self._meridians(south, north, west, east),
        )

    def _parallels(self, south: float, north: float, west: float, east: float) -> list[Line]:
        step = _step(north - south, _LINES)
        lon = self.projection.centre.lon + np.linspace(west, east, 2 * _PIECES + 1)
        return [
            Line("parallel", lat, self.projection.line(lon, np.full(len(lon), lat)))
            for lat in _multiples(south, north, step)
            if abs(lat) < _QUARTER_DEG
        ]

    def _meridians(self, south: float, north: float, west: float, east: float) -> list[Line]:
        is_round = east - west > 360.0 - _ROUND_DEG
        step = _step(east - west, 12 if is_round else _LINES)
        least = _step(north - south, _LINES)
        centre = self.projection.centre.lon
        found: list[Line] = []
        for lon in _multiples(centre + west, centre + east, step):
            turned = (lon + 180.0) % 360.0 - 180.0
            if is_round and any(abs(turned - one.degrees) < _ROUND_DEG for one in found):
                continue
            most = 90.0 if turned % _QUARTER_DEG == 0.0 else 90.0 - least
            lat = np.linspace(max(south, -most), min(north, most), _PIECES + 1)
            name = 180.0 if turned == -180.0 else round(turned, _DIGITS)  # noqa: PLR2004 - the same
            found.append(Line("meridian", name, self.projection.line(np.full(len(lat), lon), lat)))
        return sorted(found, key=lambda one: one.degrees)

    @cached_property
    def _places(self) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes of places all over the view that lie on the disc."""
        xs = np.linspace(self.view.west, self.view.east, _PLACES)
        ys = np.linspace(self.view.south, self.view.north, _PLACES)
        plane = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        lon, lat = self.projection.unproject(plane)
        is_on = np.isfinite(lon)
        return lon[is_on], lat[is_on]

    @property
    def has_pole(self) -> bool:
        """Whether the view holds a pole, about which lines close."""
        return any(self._poles)

    @cached_property
    def _poles(self) -> tuple[bool, bool]:
        """Tell whether the view holds the south pole, and the north pole."""
        poles = self.projection.project([0.0, 0.0], [-90.0, 90.0])
        south, north = self.view.holds(poles).tolist()
        return bool(south), bool(north)

    @cached_property
    def _lat(self) -> tuple[float, float]:
        """Give the least and the greatest latitude that the view holds, and a little beyond."""
        lat = self._places[1]
        beyond = (lat.max() - lat.min()) / _PLACES
        south, north = self._poles
        low = -90.0 if south else max(-90.0, lat.min() - beyond)
        return float(low), 90.0 if north else float(min(90.0, lat.max() + beyond))

    @cached_property
    def _lon(self) -> tuple[float, float]:
        """Give the least and the greatest longitude likewise, from that of the centre."""
        lon = (self._places[0] - self.projection.centre.lon + 180.0) % 360.0 - 180.0
        low, high = float(lon.min()), float(lon.max())
        beyond = (high - low) / _PLACES
        if self.has_pole or high - low + 4.0 * beyond > 360.0:  # noqa: PLR2004 - all round
            return -180.0, 180.0
        return low - beyond, high + beyond


def leaves(line: Floats, side: str, view: View) -> list[float]:
    """Give where a line, shape (n, 2), leaves a view by a side: ``west``, ``south``, ...

    Those are x on the south and north sides, and y on the others. Where it runs along a
    side more than across, it does not leave by it.
    """
    across = 0 if side in {"west", "east"} else 1
    edge = getattr(view, side)
    low, high = (view.south, view.north) if across == 0 else (view.west, view.east)
    off, along = line[:, across] - edge, line[:, 1 - across]
    with np.errstate(invalid="ignore"):
        hits = off[:-1] * off[1:] < 0.0
        hits &= np.abs(np.diff(off)) >= np.abs(np.diff(along))
    begin = np.flatnonzero(hits)
    share = off[begin] / (off[begin] - off[begin + 1])
    found = along[begin] + share * (along[begin + 1] - along[begin])
    return [float(one) for one in found if low <= one <= high]


def _step(span: float, lines: int) -> float:
    """Give the least step in degrees of which a span has so many lines at most."""
    return next((step for step in reversed(_STEPS_DEG) if span / step <= lines), _STEPS_DEG[0])


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = int(np.ceil(low / step - _ROUND_DEG)), int(np.floor(high / step + _ROUND_DEG))
    return [round(number * step, _DIGITS) for number in range(first, last + 1)]
