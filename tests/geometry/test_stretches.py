"""Stretches: what holds legs is never too small, whatever single precision does."""

from __future__ import annotations

import numpy as np
import pytest

from sim.geometry.earth import EARTH_RADIUS_M, inverse, unit_vectors
from sim.geometry.points import Points
from sim.geometry.stretches import ROUNDING, chords
from sim.geometry.track import Track
from tests.geometry.oracle import GEOD

PLACES = [(0.0, 90.0), (0.0, -90.0), (180.0, 0.0), (-359.9, 60.0), (36.0, 35.0), (0.0, 0.0)]


def walk(seed: int, start: tuple[float, float], legs: int = 200) -> Track:
    """Go hither and thither round a place, a whole turn of longitude off now and then."""
    rng = np.random.default_rng(seed)
    rows = [start]
    for _ in range(legs):
        metres = float(np.exp(rng.uniform(np.log(1.0), np.log(3e4))))
        lon, lat, _ = GEOD.fwd(*rows[-1], rng.uniform(0, 360), metres)
        rows.append((lon, lat))
    lon, lat = np.array(rows).T
    lon[rng.random(len(lon)) < 0.2] += 360.0
    lon = np.where(lon > 360.0, lon - 360.0, lon)
    return Track(np.arange(legs + 1.0), lon, lat, rng.uniform(0, 9000, legs + 1))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seed", range(3))
def test_chords_are_never_too_short_and_hardly_too_long(
    seed: int, place: tuple[float, float]
) -> None:
    track = walk(seed, place)
    vectors = unit_vectors(track.lon, track.lat)
    true = np.linalg.norm(np.diff(vectors, axis=0), axis=1)
    found = chords(track.lon, track.lat)
    assert (found >= true - ROUNDING / 10).all()
    assert (found <= true * 1.001 + ROUNDING / 10).all()


@pytest.mark.parametrize("place", PLACES)
def test_stretches_hold_their_legs_and_share_them_out(place: tuple[float, float]) -> None:
    tracks = [walk(seed, place) for seed in range(5)]
    points = Points.of(tracks)
    short, long_, _ = points.held
    counted = [leg for first, n in zip(*short[:2], strict=True) for leg in range(first, first + n)]
    assert sorted([*counted, *long_.tolist()]) == np.flatnonzero(points.lasts()).tolist()
    for k, (first, legs) in enumerate(zip(short.first, short.legs, strict=True)):
        leg = np.arange(first, first + legs)
        ways = inverse(points.lon[leg], points.lat[leg], points.lon[leg + 1], points.lat[leg + 1])
        joints = np.append(leg, leg[-1] + 1)
        places = unit_vectors(points.lon[joints], points.lat[joints])
        away = np.linalg.norm(places - short.middle[:, k], axis=1)
        assert (away <= short.reach[k]).all()
        middles = (places[1:] + places[:-1]) / 2
        away = np.linalg.norm(middles - short.middle[:, k], axis=1)
        assert (away + ways.distance / 2 / EARTH_RADIUS_M <= short.reach[k]).all()
        assert short.lowest[k] == points.altitude_m[joints].min()
        assert short.highest[k] == points.altitude_m[joints].max()
        assert (short.begin[k], short.end[k]) == tuple(points.time[joints[[0, -1]]])
