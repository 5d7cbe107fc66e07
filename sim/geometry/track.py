"""Tracks: where something moving is at every instant, planned or flown."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import GeometryError
from sim.geometry.altitude import Reference
from sim.geometry.earth import (
    LONGEST_M,
    MOST_DEG,
    checked_position,
    inverse,
    unit_vectors,
)
from sim.geometry.ground import Ground

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from sim.geometry.earth import Floats, Geodesics
    from sim.geometry.ways import Ways
    from sim.units import Position

_INSTANT_S = 1e-6  # an instant is outside a track only if it is farther off than this
_OPPOSITE_DEG = 3.0  # places LONGEST_M apart are at most 2.1 degrees off being antipodes
_JUMP_M = 1.0  # tracks that are joined at an instant meet within this
_COLUMNS = ("time", "lon", "lat", "altitude_m")


@dataclass(frozen=True, eq=False, init=False)
class Track:
    """A 4D track: geodesic legs flown at constant ground speed, altitude linear in time.

    Parameters
    ----------
    time
        Seconds, shape (n,), n >= 1, never decreasing. Equal times at different
        places or altitudes are a jump.
    lon, lat
        Degrees, shape (n,).
    altitude_m
        Metres above ``reference``, shape (n,).
    reference
        What the altitudes are measured from: AGL, MSL, FL or W84.

    Raises
    ------
    GeometryError
        If the columns differ in length, are empty or not finite, if the times
        decrease, or a leg joins antipodes.

    Examples
    --------
    >>> track = Track([0, 600], [36.0, 37.0], [36.0, 36.0], [3000, 4000])
    >>> track.at(300).altitude_m
    3500.0
    """

    time: Floats
    lon: Floats
    lat: Floats
    altitude_m: Floats
    reference: Reference
    points: Floats = field(init=False, repr=False)

    def __init__(
        self,
        time: ArrayLike,
        lon: ArrayLike,
        lat: ArrayLike,
        altitude_m: ArrayLike,
        reference: Reference = Reference.MSL,
    ) -> None:
        object.__setattr__(self, "reference", checked_reference(reference))
        given = [np.asarray(column, np.float64) for column in (time, lon, lat, altitude_m)]
        shapes = {column.shape for column in given}
        if len(shapes) > 1 or given[0].ndim != 1 or not given[0].size:
            raise GeometryError(
                f"a track needs columns of one length, at least 1, not shapes {sorted(shapes)}"
            )
        self._take(np.array(given))
        self._check()

    def _take(self, points: Floats) -> None:
        """Keep all columns together, shape (4, n): tracks are joined sooner so."""
        points.setflags(write=False)
        self.__dict__["points"] = points
        self.__dict__.update(zip(_COLUMNS, points, strict=True))

    def _check(self) -> None:
        if not np.isfinite(self.points).all():
            row, at = np.argwhere(~np.isfinite(self.points))[0].tolist()
            raise GeometryError(
                f"{_COLUMNS[row]} of point {at} of the track is {self.points[row, at]}"
            )
        backwards = self.time[1:] < self.time[:-1]
        if backwards.any():
            at = int(np.argmax(backwards)) + 1
            raise GeometryError(
                f"point {at} of the track is at {self.time[at]:g} s,"
                f" before point {at - 1} at {self.time[at - 1]:g} s"
            )
        off_globe = np.abs(self.points[1:3]) > MOST_DEG
        if off_globe.any():
            at = int(np.argmax(off_globe.any(axis=0)))
            checked_position((self.lon[at], self.lat[at]), f"point {at} of the track")
        if self._may_join_antipodes() and (self.legs.distance > LONGEST_M).any():
            at = int(np.argmax(self.legs.distance))
            raise GeometryError(
                f"leg {at} of the track joins antipodes, so its way is ambiguous",
                hint="give a position between",
            )

    def _may_join_antipodes(self) -> bool:
        """Tell by chords of unit vectors whether a leg may be too long; they cost little."""
        near_opposite = np.abs(self.lat[1:] + self.lat[:-1]) < _OPPOSITE_DEG
        if not near_opposite.any():
            return False
        doubtful = np.flatnonzero(near_opposite)
        start, goal = (
            unit_vectors(self.lon[doubtful + step], self.lat[doubtful + step]) for step in (0, 1)
        )
        return bool((np.linalg.norm(start + goal, axis=-1) < np.radians(_OPPOSITE_DEG)).any())

    @classmethod
    def along(
        cls,
        positions: Sequence[Position],
        altitudes_m: ArrayLike,
        speeds_mps: ArrayLike,
        departs: float,
        reference: Reference = Reference.MSL,
    ) -> Track:
        """Lay a track along positions.

        Parameters
        ----------
        positions
            At least one.
        altitudes_m
            At each position, shape (n,), or one for all.
        speeds_mps
            Ground speed on each leg, shape (n - 1,), or one for all.
        departs
            The instant at the first position (s).
        reference
            What the altitudes are measured from.

        Raises
        ------
        GeometryError
            If a speed is not positive, or the numbers of altitudes or speeds do
            not fit the positions.
        """
        if not positions:
            raise GeometryError("a track needs at least one position")
        lon, lat = np.array(positions, dtype=np.float64).T
        count = len(lon)
        try:
            altitudes = np.broadcast_to(np.asarray(altitudes_m, float), (count,))
            speeds = np.broadcast_to(np.asarray(speeds_mps, float), (count - 1,))
        except ValueError:
            raise GeometryError(
                f"{count} positions need one altitude or {count}, and one speed or {count - 1}"
            ) from None
        if not (np.isfinite(speeds) & (speeds > 0)).all():
            raise GeometryError(f"a ground speed is positive, not {speeds.min():g} m/s")
        lengths = inverse(lon[:-1], lat[:-1], lon[1:], lat[1:]).distance
        time = departs + np.concatenate([[0.0], np.cumsum(lengths / speeds)])
        return cls(time, lon, lat, altitudes, reference)

    def __len__(self) -> int:
        return len(self.time)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Track):
            return NotImplemented
        return self.reference is other.reference and np.array_equal(self.points, other.points)

    def __hash__(self) -> int:
        return hash((self.reference, self.points.tobytes()))

    def __getstate__(self) -> dict[str, Any]:
        """Leave what is derived behind: it is quickly made anew."""
        return {"points": self.points, "reference": self.reference}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__["reference"] = state["reference"]
        self._take(state["points"])

    @property
    def start(self) -> float:
        """The first instant (s)."""
        return float(self.time[0])

    @property
    def end(self) -> float:
        """The last instant (s)."""
        return float(self.time[-1])

    @property
    def length_m(self) -> float:
        """Length over ground in metres."""
        return float(self.legs.distance.sum())

    @cached_property
    def ground(self) -> Ground:
        """The way over ground, which the same track flown at another time shares."""
        return Ground(self.lon, self.lat, self.time[1:] > self.time[:-1])

    @property
    def legs(self) -> Geodesics:
        """The legs over ground, n - 1 of them."""
        return self.ground.legs

    @property
    def ways(self) -> Ways:
        """The legs that take time, cut so short that they are straight in a gnomonic frame."""
        return self.ground.ways

    def at(self, t: float) -> State:
        """Give the state at an instant: (lon, lat, altitude_m).

        Raises
        ------
        GeometryError
            If the track has not begun or is over.
        """
        if not self.start - _INSTANT_S <= t <= self.end + _INSTANT_S:
            raise GeometryError(
                f"the track lasts from {self.start:g} s to {self.end:g} s: nothing is there"
                f" at {t:g} s"
            )
        leg = int(np.searchsorted(self.time, t, side="right")) - 1
        if leg < 0 or leg >= len(self) - 1 or t == self.time[leg]:
            leg = min(max(leg, 0), len(self) - 1)
            return State(float(self.lon[leg]), float(self.lat[leg]), float(self.altitude_m[leg]))
        share = (t - self.time[leg]) / (self.time[leg + 1] - self.time[leg])
        here = self.legs[leg].at(share * self.legs.distance[leg])
        climb = self.altitude_m[leg + 1] - self.altitude_m[leg]
        return State(float(here.lon), float(here.lat), float(self.altitude_m[leg] + share * climb))

    def places(self, times: Floats) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes at instants within the track, shape (k,) each."""
        if len(self) == 1:
            return np.full(len(times), self.lon[0]), np.full(len(times), self.lat[0])
        leg = np.clip(np.searchsorted(self.time, times, side="right") - 1, 0, len(self) - 2)
        lasting = np.maximum(self.time[leg + 1] - self.time[leg], np.finfo(float).tiny)
        share = np.clip((times - self.time[leg]) / lasting, 0.0, 1.0)
        there = self.legs[leg].at(share * self.legs.distance[leg])
        return there.lon, there.lat

    def speed_after(self, t: float) -> float:
        """Give the ground speed (m/s) of the first moving leg after an instant.

        Where none moves any more it is that of the last one that did; 0 where
        none ever does.
        """
        lasting = np.diff(self.time)
        moving = np.flatnonzero((lasting > 0) & (self.legs.distance > 0))
        if not moving.size:
            return 0.0
        ahead = moving[self.time[moving + 1] > t]
        leg = int(ahead[0] if ahead.size else moving[-1])
        return float(self.legs.distance[leg] / lasting[leg])

    def shifted(self, dt: float) -> Track:
        """Give the same track flown ``dt`` seconds later."""
        if not np.isfinite(dt):
            raise GeometryError(f"a track cannot be shifted by {dt} s")
        if dt == 0.0:
            return self
        ground = self.ground
        later = object.__new__(Track)
        later.__dict__.update(self.__dict__)
        points = self.points.copy()
        points[0] += dt
        later._take(points)
        # The way over ground stays, unless legs so short that the shift rounds their
        # time away are among them.
        if ((later.time[1:] > later.time[:-1]) != ground.lasts).any():
            del later.__dict__["ground"]
        return later

    def cut(self, t0: float, t1: float) -> Track:
        """Give the part of the track between two instants, exact at its ends.

        Instants beyond the track's own are taken as those.

        Raises
        ------
        GeometryError
            If no part of the track lies between them.
        """
        begin, end = max(t0, self.start), min(t1, self.end)
        if begin > end:
            raise GeometryError(
                f"the track lasts from {self.start:g} s to {self.end:g} s:"
                f" no part of it lies between {t0:g} s and {t1:g} s"
            )
        kept = np.flatnonzero((self.time >= begin) & (self.time <= end))
        points = self.points[:, kept].T
        if not kept.size or points[0, 0] > begin:
            points = np.insert(points, 0, (begin, *self.at(begin)), axis=0)
        if points[-1, 0] < end:
            points = np.append(points, [(end, *self.at(end))], axis=0)
        time, lon, lat, altitude = points.T
        return Track(time, lon, lat, altitude, self.reference)

    def then(self, other: Track) -> Track:
        """Join a later track to this one; a leg bridges any time between.

        Raises
        ------
        GeometryError
            If the other starts before this one ends, at the same instant
            elsewhere, or has altitudes of another reference.
        """
        if other.reference is not self.reference:
            raise GeometryError(
                f"a track above {self.reference} cannot go on as one above {other.reference}"
            )
        if other.start < self.end:
            raise GeometryError(
                f"a track that ends at {self.end:g} s cannot go on from {other.start:g} s"
            )
        skip = 0
        if other.start == self.end:
            gap = inverse(self.lon[-1], self.lat[-1], other.lon[0], other.lat[0]).distance
            if gap > _JUMP_M:
                raise GeometryError(f"the track would jump {float(gap):.0f} m at {self.end:g} s")
            skip = int(self.altitude_m[-1] == other.altitude_m[0])
        time, lon, lat, altitude = np.concatenate([self.points, other.points[:, skip:]], axis=1)
        return Track(time, lon, lat, altitude, self.reference)

    def to_record(self) -> dict[str, Any]:
        """Give a plain record that `from_record` reads back exactly."""
        columns = {name: getattr(self, name).tolist() for name in _COLUMNS}
        return {"reference": str(self.reference), **columns}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Track:
        """Read what `to_record` wrote."""
        time, lon, lat, altitude = (record[name] for name in _COLUMNS)
        return cls(time, lon, lat, altitude, Reference(record["reference"]))


def checked_reference(reference: Reference, what: str = "track") -> Reference:
    """Give what altitudes of tracks, or of polygons in columns, are measured from.

    Raises
    ------
    GeometryError
        If it is a limit by itself: SFC or UNL.
    """
    above = Reference(reference)
    if above in (Reference.SFC, Reference.UNL):
        raise GeometryError(f"no {what} has altitudes above {above}")
    return above


class State(NamedTuple):
    """Where something is: degrees, and metres above the track's reference."""

    lon: float
    lat: float
    altitude_m: float
