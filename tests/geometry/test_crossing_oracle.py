"""Crossings against answers by other means: bounds between dense samples, and PyMEOS."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Proj

from sim.geometry.crossing import Crossing, find_crossings
from sim.geometry.footprint import Corridor, Footprint, Polygon
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.units import Position
from tests.geometry.sampling import GEOD, ZONE_M, Sampled, travel, ways
from tests.strategies import ANY_ALTITUDE, anchors, bands, footprints, tracks_about, windows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# An instant is good to a millisecond, and to what 1 cm of border takes at the speed at which
# the track comes out of the volume; twice that, for the engine and the oracle both have 1 cm.
INSTANT_S = 1e-3
BORDER_M = 0.01
PLACE_M = 0.02
FAR = 1e12  # deeper outside than any place: what lies outside a window

_SHORTEST_S = 1e-7
_MOST = 20_000


class Flown:
    """A track by its lasting legs, and how deep it is in a volume at any instant."""

    def __init__(self, track: Track, volume: Volume, shape: Sampled) -> None:
        self.volume, self.shape = volume, shape
        lasting = np.flatnonzero(np.diff(track.time) > 0)
        self.begin, self.end = track.time[lasting], track.time[lasting + 1]
        self.lon, self.lat = track.lon[lasting], track.lat[lasting]
        self.azimuth, self.metres = ways(
            self.lon, self.lat, track.lon[lasting + 1], track.lat[lasting + 1]
        )
        self.low = track.altitude_m[lasting]
        self.climb = track.altitude_m[lasting + 1] - self.low
        # How fast a depth may change: over ground or in altitude, whichever is faster.
        self.rate = np.maximum(self.metres, np.abs(self.climb)) / (self.end - self.begin)
        self.floor = volume.band.lower.metres if volume.band.lower.reference == "MSL" else -inf
        self.lid = volume.band.upper.metres

    def leg(self, time: Floats) -> NDArray[np.int64]:
        """Give the leg flown from an instant on."""
        found = np.searchsorted(self.begin, time, side="right") - 1
        return np.clip(found, 0, len(self.begin) - 1)

    def place(self, time: Floats, leg: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
        share = (time - self.begin[leg]) / (self.end[leg] - self.begin[leg])
        lon, lat = travel(self.lon[leg], self.lat[leg], self.azimuth[leg], share * self.metres[leg])
        return lon, lat, self.low[leg] + share * self.climb[leg]

    def depth(self, time: Floats, leg: NDArray[np.int64] | None = None) -> Floats:
        """Give how deep the track is, to the side, the floor or the lid, whichever is nearest."""
        lon, lat, altitude = self.place(time, self.leg(time) if leg is None else leg)
        height = np.minimum(altitude - self.floor, self.lid - altitude)
        return np.minimum(self.shape.depth(lon, lat), height)

    def inside(self, time: float) -> bool:
        start, end = self.volume.window
        return start <= time < end and bool(self.depth(np.array([time]))[0] > 0)

    def decided(self) -> tuple[Floats, Floats, Bools]:
        """Give stretches of time through which the track is inside, or outside, for sure.

        A depth changes no faster than the track moves, so those at both ends of a stretch
        bound it. Stretches that this leaves open are halved until what is open is shorter
        than the dead zone, or lies within it.
        """
        start, end = self.volume.window
        begins, ends, legs = [], [], []
        for k in range(len(self.begin)):
            cuts = np.linspace(self.begin[k], self.end[k], 9)
            edges = [t for t in (start, end) if self.begin[k] < t < self.end[k]]
            cuts = np.unique(np.concatenate([cuts, edges]))
            begins.append(cuts[:-1])
            ends.append(cuts[1:])
            legs.append(np.full(len(cuts) - 1, k))
        begin, end_, leg = (np.concatenate(c) for c in (begins, ends, legs))
        out = (begin >= end) | (end_ <= start)
        found = [(begin[out], end_[out], np.zeros(int(out.sum()), dtype=bool))]
        begin, end_, leg = begin[~out], end_[~out], leg[~out]
        deep0, deep1 = self.depth(begin, leg), self.depth(end_, leg)
        while 0 < len(begin) < _MOST:
            reach = self.rate[leg] * (end_ - begin)
            into = (deep0 + deep1 - reach) / 2 > ZONE_M
            out = (deep0 + deep1 + reach) / 2 < -ZONE_M
            found += [
                (begin[kind], end_[kind], np.full(int(kind.sum()), kind is into))
                for kind in (into, out)
            ]
            along = np.maximum(np.abs(deep0), np.abs(deep1)) < ZONE_M  # a border, floor or lid
            along &= reach < 50.0
            open_ = ~into & ~out & ~along & (reach > ZONE_M / 8) & (end_ - begin > _SHORTEST_S)
            begin, end_, leg = begin[open_], end_[open_], leg[open_]
            deep0, deep1 = deep0[open_], deep1[open_]
            middle = (begin + end_) / 2
            deep = self.depth(middle, leg) if len(middle) else middle
            begin, end_ = np.concatenate([begin, middle]), np.concatenate([middle, end_])
            deep0, deep1 = np.concatenate([deep0, deep]), np.concatenate([deep, deep1])
            leg = np.concatenate([leg, leg])
        begin, end_, within = (np.concatenate(c) for c in zip(*found, strict=True))
        order = np.argsort(begin, kind="stable")
        return begin[order], end_[order], within[order]

    def bisected(self, low: float, high: float) -> float:
        """Find the instant between two at which the track is first as it is at the second."""
        goal = self.inside(high)
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (low, middle) if self.inside(middle) is goal else (middle, high)
        return high

    def leeway(self, time: float) -> float:
        """Give how well an instant is known: by how fast the depth changes about it."""
        about = np.array([time - 1e-3, time + 1e-3])
        slope = abs(float(np.diff(self.depth(about))[0])) / 2e-3
        return INSTANT_S + 2 * BORDER_M / max(slope, 1e-9)


def check_stays(flown: Flown, stays: list[Crossing]) -> list[tuple[float, float]]:
    """Check stays against the stretches that are decided; give instants and how far they are off.

    Instants are solved anew between a stretch outside and one inside that follow each other.
    """
    begin, end, within = flown.decided()
    entries, exits = (np.array([getattr(s, n) for s in stays]) for n in ("entry", "exit"))
    for t0, t1, inner in zip(begin, end, within, strict=True):
        if inner:  # whole in one stay; the ends of stays are good to a microsecond
            held = (entries <= t0 + 1e-6) & (exits >= t1 - 1e-6)
            assert held.any(), f"inside from {t0} s to {t1} s"
        else:
            met = (entries < t1 - 1e-6) & (exits > t0 + 1e-6)
            assert not met.any(), f"outside from {t0} s to {t1} s"
    off = []
    for k in np.flatnonzero(within[1:] != within[:-1]):
        instant = flown.bisected((begin[k] + end[k]) / 2, (begin[k + 1] + end[k + 1]) / 2)
        ends = entries if within[k + 1] else exits
        gap = float(np.abs(ends - instant).min())
        leeway = flown.leeway(instant)
        if begin[k + 1] - end[k] < 2 * leeway:  # else it flies along the border between
            assert gap <= leeway, f"{instant} s is off by {gap} s"
            off.append((instant, gap))
    return off


def check_ends(flown: Flown, track: Track, stays: list[Crossing]) -> None:
    """Check that places lie on the track, and are those of the faces."""
    start, end = flown.volume.window
    jumps = track.time[:-1][np.diff(track.time) == 0]
    for stay in stays:
        assert stay.entry < stay.exit
        for face, t, *where in (
            (stay.entry_face, stay.entry, stay.entry_lon, stay.entry_lat, stay.entry_altitude_m),
            (stay.exit_face, stay.exit, stay.exit_lon, stay.exit_lat, stay.exit_altitude_m),
        ):
            lon, lat, altitude = where
            time = np.array([t, t])
            legs = np.array([int(flown.leg(time)[0]), 0])
            legs[1] = max(0, legs[0] - 1) if t == flown.begin[legs[0]] else legs[0]
            there = flown.place(time, legs)
            away = GEOD.inv([lon, lon], [lat, lat], there[0], there[1])[2]
            assert min(np.hypot(away, there[2] - altitude)) < PLACE_M
            jumped = bool(np.any(np.abs(jumps - t) < 1e-6))
            if face == "side":
                depth = flown.shape.depth(np.array([lon]), np.array([lat]))[0]
                assert jumped or abs(depth) < BORDER_M
            elif face in ("floor", "lid"):
                limit = flown.floor if face == "floor" else flown.lid
                assert jumped or abs(altitude - limit) < BORDER_M
            elif face == "window":
                assert t == (start if t == stay.entry else end)
            else:
                assert face == "track"
                assert t == (track.start if t == stay.entry else track.end)


@st.composite
def encounters(draw: Callable[[Any], Any], kinds: Sequence[str]) -> tuple[Track, Volume]:
    """A volume anywhere and a track about it."""
    size = draw(st.one_of(st.floats(2.5, 5.3).map(lambda e: float(10**e)), st.just(1_200_000.0)))
    footprint = draw(footprints(draw(anchors), size, kinds))
    track = draw(tracks_about(footprint))
    window = draw(windows)
    if draw(st.booleans()):  # most tracks last longer than the windows that volumes share
        scale = max(1.0, track.end / 200.0)
        window = (window[0] * scale, window[1] * scale)
    return track, Volume(footprint, draw(bands), window)


def check(track: Track, volume: Volume) -> None:
    stays = list(find_crossings([track], [volume]))
    if track.start == track.end:
        assert not stays
        return
    flown = Flown(track, volume, Sampled(volume.footprint))
    check_stays(flown, stays)
    check_ends(flown, track, stays)


@settings(max_examples=50)
@given(encounters(["circle", "ring", "ring", "box"]))
def test_stays_agree_with_bounds_between_dense_samples(made: tuple[Track, Volume]) -> None:
    """No stay is missed or made up, whatever the track does; but for depths of less than 2 cm."""
    check(*made)


def is_cracked(footprint: Footprint) -> bool:
    """Tell whether closing what is narrower than 2 cm takes away a metre of border."""
    shape = footprint.region.shape
    closed = shapely.buffer(shapely.buffer(shape, 0.01), -0.01, join_style="mitre")
    return bool(shapely.length(shape) > shapely.length(closed) + 1.0)


@settings(max_examples=30, suppress_health_check=[HealthCheck.filter_too_much])
@given(encounters(["corridor", "grown"]))
def test_stays_in_corridors_and_buffers_agree_with_them_too(made: tuple[Track, Volume]) -> None:
    track, volume = made
    assert not is_cracked(volume.footprint)
    check(track, volume)


AIRWAY = Corridor((Position(180, -64.2429464703239), Position(180, -69.62313302472486)), 100_000)


@pytest.mark.parametrize("lon", [180.0, -179.9])
def test_a_corridor_is_flown_through_its_round_end_in_one_stay(lon: float) -> None:
    track = Track.along([Position(lon, -69), Position(lon, -64)], 0, 100, 0)
    assert len(find_crossings([track], [Volume(AIRWAY, ANY_ALTITUDE)])) == 1


def test_the_end_of_a_route_is_as_deep_as_half_the_width() -> None:
    assert AIRWAY.depth(*AIRWAY.route[0]) == pytest.approx(50_000, abs=0.01)


def test_a_stay_ends_where_its_track_goes_on_along_the_border() -> None:
    """From within to a vertex, and then along the edge that sets out there."""
    square = Polygon(tuple(Position(*p) for p in [(36, 36), (36.5, 36), (36.5, 36.5), (36, 36.5)]))
    for k, corner in enumerate(square.exterior):
        places = [Position(36.2, 36.23), corner, square.exterior[(k + 1) % 4]]
        track = Track.along(places, 0, 100, 0)
        (stay,) = find_crossings([track], [Volume(square, ANY_ALTITUDE)])
        assert stay.exit == pytest.approx(track.time[1], abs=INSTANT_S)


# PyMEOS

START = datetime(2026, 1, 1, tzinfo=UTC)


def spans_of(found: Any) -> list[tuple[float, float]]:
    """Give the instants (s) between which a temporal point, cut by MEOS, exists."""
    if found is None:
        return []
    return [
        tuple((t - START).total_seconds() for t in (s.lower(), s.upper()))
        for s in found.time().spans()
    ]


@pytest.mark.parametrize("centre", [(36.7, 36.3), (180.0, 0.0), (30.0, 89.0), (-60.0, -89.5)])
def test_tracks_agree_with_pymeos_in_a_plane(centre: tuple[float, float], pymeos: Any) -> None:
    """Legs and edges of at most 12 km, within 9 km of the centre of an azimuthal plane.

    There a geodesic leaves its chord by less than l**2 r / (12 R**2) = 3 mm, and lengths across
    are too long by at most r**2 / (6 R**2) = 3.3e-7, 4 mm on a leg. MEOS keeps microseconds, and
    drops the fractions of a window: windows are whole seconds. At the 100 m/s at which a track
    can be 1 cm off, an instant is so by 0.1 ms over the sine of the angle with the border;
    that is left to 3 ms, two degrees, and stays shorter than 0.2 s are passed over as grazes.
    """
    frame = Proj(proj="aeqd", ellps="WGS84", lon_0=centre[0], lat_0=centre[1])

    def laid(plane: Floats) -> list[Position]:
        lon, lat = frame(plane[:, 0], plane[:, 1], inverse=True)
        return [Position(*place) for place in zip(lon.tolist(), lat.tolist(), strict=True)]

    rng = np.random.default_rng(31)
    compared = 0
    for _ in range(40):
        turns = np.radians(np.arange(9) * 40 + rng.uniform(-15, 15, 9))
        reach = rng.uniform(1500, 6000, 9)[:, None]
        ring = reach * np.stack([np.sin(turns), np.cos(turns)], axis=-1)
        hole = ring[::3] * 0.15
        route = rng.uniform(-6000, 6000, (7, 2))
        route[3] = route[2]  # it hovers
        seconds = np.ceil(np.linalg.norm(np.diff(route, axis=0), axis=1) / 100.0) + 5.0
        time = np.concatenate([[0.0], np.cumsum(seconds)])
        first, last = np.sort(rng.integers(0, int(time[-1]), 2)).tolist()
        window = (first, last + 1)
        points = [
            f"Point({x!r} {y!r})@{START + timedelta(seconds=float(t))}"
            for (x, y), t in zip(route.tolist(), time, strict=True)
        ]
        moving = pymeos.TGeomPointSeq("[" + ", ".join(points) + "]")
        begin, end = (START + timedelta(seconds=int(t)) for t in window)
        clipped = moving.at(pymeos.TsTzSpan(f"[{begin}, {end}]"))
        theirs = spans_of(clipped and clipped.at(shapely.Polygon(ring, [hole])))
        lon, lat = np.array(laid(route)).T
        track = Track(time, lon, lat, np.full(7, 500.0))
        polygon = Polygon(tuple(laid(ring)), (tuple(laid(hole)),))
        volume = Volume(polygon, ANY_ALTITUDE, (float(window[0]), float(window[1])))
        ours = [(c.entry, c.exit) for c in find_crossings([track], [volume])]
        for mine, other in ((ours, theirs), (theirs, ours)):
            for stay in mine:
                if stay[1] - stay[0] > 0.2:
                    assert any(stay == pytest.approx(o, abs=3e-3) for o in other), (stay, other)
                    compared += 1
    assert compared > 60
