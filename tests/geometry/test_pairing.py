"""The broad phase against all pairs: nothing that could meet is missed, and nothing else kept."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest

from sim.geometry import pairing
from sim.geometry.pairing import Extents, near_pairs

MARGIN = 1e-6  # radians, more than rounding can move a pair across


def extents(seed: int, count: int, sizes: tuple[float, float], spread: float) -> Extents:
    """Scatter caps about a few places, poles and the antimeridian among them; 0.3 is everywhere."""
    rng = np.random.default_rng(seed)
    hubs = np.array([[0, 0, 1], [0, 0, -1], [-1, 0, 0], [1, 1, 1], [1, 0, 0], [0, -1, 1e-3]])
    vector = hubs[rng.integers(0, len(hubs), count)] + rng.normal(0.0, spread, (count, 3))
    vector /= np.linalg.norm(vector, axis=1, keepdims=True)
    start = np.round(rng.uniform(0, 100, count))  # many begin or end at the same instant
    end = start + np.round(rng.uniform(1, 30, count))
    start[rng.random(count) < 0.05] = -inf
    end[rng.random(count) < 0.05] = inf
    low = np.round(rng.uniform(0, 10, count))
    high = low + np.round(rng.uniform(1, 5, count))
    low[rng.random(count) < 0.05] = -inf
    high[rng.random(count) < 0.05] = nan
    return Extents(
        vector,
        np.exp(rng.uniform(np.log(sizes[0]), np.log(sizes[1]), count)),
        start,
        end,
        low,
        high,
        rng.integers(0, 5, count),
    )


def pairs_of(one: Extents) -> np.ndarray:
    """Give all pairs found, shape (2, k)."""
    parts = [np.stack(places) for _, *places in near_pairs(one).lots()]
    return np.concatenate([np.empty((2, 0), dtype=np.int64), *parts], axis=1)


def all_pairs(one: Extents, reach: float) -> set[tuple[int, int]]:
    """Compare each with each, by angles; caps are grown by a reach."""
    i, j = np.triu_indices(len(one.radius), 1)
    angle = np.arctan2(
        np.linalg.norm(np.cross(one.vector[i], one.vector[j]), axis=1),
        (one.vector[i] * one.vector[j]).sum(axis=1),
    )
    kept = (angle <= one.radius[i] + one.radius[j] + reach) & (one.group[i] != one.group[j])
    kept &= (one.start[i] < one.end[j]) & (one.start[j] < one.end[i])
    kept &= ~(one.low[i] >= one.high[j]) & ~(one.low[j] >= one.high[i])
    return {(int(a), int(b)) for a, b in zip(i[kept], j[kept], strict=True)}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("sizes", "spread"),
    [
        ((1e-4, 1e-2), 0.02),  # of one level or two
        ((1e-7, 0.1), 0.1),  # of many levels
        ((1e-3, 2.0), 0.3),  # giants among them, larger than a hemisphere
        ((1e-12, 1e-10), 1e-9),  # all but points, and all in one place
    ],
)
def test_all_that_could_meet_are_found(
    seed: int, sizes: tuple[float, float], spread: float
) -> None:
    one = extents(seed, 400, sizes, spread)
    pairs = pairs_of(one)
    found = set(zip(*pairs.tolist(), strict=True))
    assert all_pairs(one, -MARGIN) <= found <= all_pairs(one, MARGIN)
    assert len(found) > 10
    assert pairs.T.tolist() == sorted(pairs.T.tolist())


@pytest.mark.parametrize("chunk", [1, 7, 100_000])
def test_pairs_are_the_same_in_chunks_of_any_size(
    monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    one = extents(7, 200, (1e-3, 0.05), 0.05)
    whole = pairs_of(one)
    monkeypatch.setattr(pairing, "_CHUNK", chunk)
    monkeypatch.setattr(pairing, "_LOT", chunk)
    assert np.array_equal(pairs_of(one), whole)


def test_corners_and_edges_of_the_cube_are_ordinary_places() -> None:
    """Two caps that just touch, across every edge and at every corner of the faces."""
    signs = np.array([(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)])
    places = signs[np.abs(signs).sum(axis=1) >= 2].astype(float)
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    for place in places:
        aside = np.cross(place, [0.3, 0.5, 0.81])
        aside /= np.linalg.norm(aside)
        for radius in (1e-4, 0.15):
            for gap, expected in ((-MARGIN, 1), (MARGIN, 0)):
                half = radius + gap / 2.0
                vector = np.cos(half) * place + np.sin(half) * np.array([aside, -aside])
                pair = Extents(
                    vector,
                    np.full(2, radius),
                    np.zeros(2),
                    np.ones(2),
                    np.zeros(2),
                    np.ones(2),
                    np.arange(2),
                )
                assert pairs_of(pair).shape == (2, expected)


def test_nothing_is_near_nothing() -> None:
    none = np.empty(0)
    empty = Extents(np.empty((0, 3)), none, none, none, none, none, np.empty(0, dtype=np.int64))
    assert pairs_of(empty).shape == (2, 0)
