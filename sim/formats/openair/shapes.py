"""Shapes of OpenAir: points, arcs, circles and airways (section "Geometric Definitions")."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import acos, ceil, isfinite, radians

import numpy as np

from sim.errors import FormatError, quoted
from sim.formats.openair.places import place, two_places
from sim.geometry.earth import REACH_M, direct, inverse
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.units import METRES_PER_NAUTICAL_MILE, Position

ARC_M = 1.0  # chords that stand for an arc lie within this of it
MOST_POINTS = 50_000  # of one airspace
_SPIRAL = 0.2  # of the radius: by how much the ends of an arc may differ in theirs
_NUMBER = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})\s*(?:NM)?\s*", re.IGNORECASE)
_VARIABLE = re.compile(r"([A-Z])\s*=\s*(.*)", re.IGNORECASE | re.DOTALL)
_FEWEST = 4  # chords of an arc
_TRIANGLE = 3


@dataclass
class Sketch:
    """What the D and V commands of one airspace have drawn so far."""

    centre: Position | None = None
    clockwise: bool = True  # by default, "V: Variable Assignment"
    width_m: float | None = None
    ring: list[Position] = field(default_factory=list)
    airway: list[Position] = field(default_factory=list)
    circles: list[Circle] = field(default_factory=list)

    def take(self, command: str, text: str) -> None:
        """Obey a command.

        Raises
        ------
        FormatError
            If its text is not what it takes, or what it needs was not set before.
        """
        _COMMANDS[command](self, text)
        if len(self.ring) + len(self.airway) + len(self.circles) > MOST_POINTS:
            raise FormatError(f"an airspace has at most {MOST_POINTS} points, arcs' own included")

    def footprint(self) -> Footprint:
        """Give what was drawn, joined by geodesics and closed.

        A way out and back the same way, which encloses nothing, is left out.

        Raises
        ------
        FormatError
            If nothing was drawn, or several shapes were.
        GeometryError
            If no footprint can be made of it.
        """
        kinds = [bool(self.ring), bool(self.airway), *map(bool, self.circles)]
        if sum(kinds) != 1:
            raise FormatError(
                f"{sum(kinds) or 'no'} shapes are drawn: expected one polygon, circle or airway"
            )
        if self.circles:
            return self.circles[0]
        if self.airway:
            if self.width_m is None:
                raise FormatError("an airway needs its width: V W=...")
            return Corridor(tuple(self.airway), self.width_m)
        ring = _without_spikes(self.ring)
        return Polygon(tuple(ring if len(set(ring)) >= _TRIANGLE else self.ring))

    def point(self, text: str) -> None:
        """DP: a vertex."""
        self.ring.append(place(text))

    def airway_point(self, text: str) -> None:
        """DY: a place that an airway passes."""
        self.airway.append(place(text))

    def circle(self, text: str) -> None:
        """DC: a circle of a radius in nautical miles."""
        self.circles.append(Circle(self._centre("DC"), _miles(text, "a radius")))

    def arc_between(self, text: str) -> None:
        """DB: an arc from one place to another; its radius goes over from one's to the other's."""
        start, end = two_places(text)
        centre = self._centre("DB")
        bearing, radius = inverse(*centre, [start.lon, end.lon], [start.lat, end.lat])
        near, far = sorted(radius.tolist())
        if far - near > _SPIRAL * far:
            raise FormatError(
                f"the ends of the arc lie {radius[0]:.0f} m and {radius[1]:.0f} m from its centre",
                hint="check V X=",
            )
        arc = self._swept(centre, bearing.tolist(), radius.tolist())
        self.ring += [start, *arc[1:-1], end]

    def arc_bearings(self, text: str) -> None:
        """DA: an arc of a radius in nautical miles from one true bearing to another."""
        parts = text.split(",")
        if len(parts) != 3:  # noqa: PLR2004 - a radius and two bearings
            raise FormatError(
                f"{quoted(text)} is no arc:"
                " expected a radius and two bearings, such as 10, 270, 290"
            )
        radius = _miles(parts[0], "a radius")
        bearings = [_bearing(part) for part in parts[1:]]
        centre = self._centre("DA")
        if self._sweep(*bearings) == 360.0 and not self.ring:  # noqa: PLR2004 - a full turn
            self.circles.append(Circle(centre, radius))
            return
        self.ring += self._swept(centre, bearings, [radius, radius])

    def variable(self, text: str) -> None:
        """V: the centre, direction or width for what follows; others (Z, zoom) draw nothing."""
        found = _VARIABLE.fullmatch(text.strip())
        if not found:
            raise FormatError(f"V {quoted(text)} sets nothing: expected X=, D= or W=")
        name, value = found[1].upper(), found[2].strip()
        if name == "X":
            self.centre = place(value)
        elif name == "D":
            if value not in ("+", "-"):
                raise FormatError(f"V D={quoted(value)} is no direction: expected + or -")
            self.clockwise = value == "+"
        elif name == "W":
            self._set_width(_miles(value, "a width"))

    def _set_width(self, metres: float) -> None:
        if self.airway and metres != self.width_m:
            raise FormatError("an airway changes its width: expected one")
        self.width_m = metres

    def _centre(self, command: str) -> Position:
        if self.centre is None:
            raise FormatError(f"{command} needs a centre: V X=... before it")
        return self.centre

    def _sweep(self, start: float, end: float) -> float:
        """Give by how many degrees an arc turns; where it ends as it began, all round."""
        return ((end - start if self.clockwise else start - end) % 360.0) or 360.0

    def _swept(self, centre: Position, bearings: list[float], radii: list[float]) -> list[Position]:
        """Give places on an arc, both ends included."""
        sweep = self._sweep(*bearings)
        if not ARC_M / 10 < max(radii) < REACH_M:
            raise FormatError(f"an arc has no radius of {max(radii):.6g} m")
        step = 2.0 * acos(max(0.5, 1.0 - ARC_M / max(radii)))
        count = max(_FEWEST, ceil(radians(sweep) / step)) + 1
        turn = sweep if self.clockwise else -sweep
        lon, lat, _ = direct(
            *centre,
            bearings[0] + np.linspace(0.0, turn, count),
            np.linspace(radii[0], radii[1], count),
        )
        return list(map(Position, lon.tolist(), lat.tolist()))


_COMMANDS = {
    "DP": Sketch.point,
    "DA": Sketch.arc_bearings,
    "DB": Sketch.arc_between,
    "DC": Sketch.circle,
    "DY": Sketch.airway_point,
    "V": Sketch.variable,
}
COMMANDS = frozenset(_COMMANDS)


def _without_spikes(ring: list[Position]) -> list[Position]:
    """Drop vertices that the border reaches and leaves by the same way."""
    kept: list[Position] = []
    for vertex in ring:
        if kept and kept[-1] == vertex:
            continue
        if len(kept) > 1 and kept[-2] == vertex:
            kept.pop()
            continue
        kept.append(vertex)
    return kept


def _miles(text: str, what: str) -> float:
    found = _NUMBER.fullmatch(text)
    metres = float(found[1]) * METRES_PER_NAUTICAL_MILE if found else 0.0
    if metres <= 0.0:
        raise FormatError(f"{quoted(text)} is not {what}: expected nautical miles such as 2.5")
    return metres


def _bearing(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not (isfinite(value) and abs(value) <= 360.0):  # noqa: PLR2004 - a full turn
        raise FormatError(f"{quoted(text)} is no bearing: expected degrees such as 270")
    return value


def length_text(metres: float) -> str:
    """Write a length in nautical miles, exact to 0.2 mm."""
    return f"{metres / METRES_PER_NAUTICAL_MILE:.7f}"
