"""Bands as columns, against the bands of each pair by itself."""

from __future__ import annotations

from itertools import product
from math import inf

import numpy as np
import pytest

from sim.errors import VerticalError
from sim.geometry.altitude import Band, Limit, Reference, Vertical, band_above, common_band
from sim.geometry.heights import Heights

LOWER = [
    Limit(Reference.SFC, 0.0),
    Limit(Reference.AGL, 300.0),
    Limit(Reference.MSL, 900.0),
    Limit(Reference.FL, 3048.0),
    Limit(Reference.W84, 500.0),
]
UPPER = [
    Limit(Reference.AGL, 900.0),
    Limit(Reference.MSL, 1000.0),
    Limit(Reference.FL, 6096.0),
    Limit(Reference.W84, 800.0),
    Limit(Reference.UNL, inf),
]
SETTINGS = Vertical(terrain_m=400.0, geoid_m=30.0, qnh_hpa=1020.0)


def bands() -> list[Band]:
    """Give every band of a lower and an upper limit that can be."""
    made = []
    for lower, upper in product(LOWER, UPPER):
        if lower.reference is not upper.reference or lower.metres < upper.metres:
            made.append(Band(lower, upper))
    return made


def pairs(count: int) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.divmod(np.arange(count * count), count)
    return first, second


def test_all_pairs_share_what_they_share_by_themselves() -> None:
    all_ = bands()
    heights = Heights.of(all_)
    first, second = pairs(len(all_))
    lower, upper = heights.shared(first, second, SETTINGS)
    for k, (i, j) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        expected = common_band(all_[i], all_[j], SETTINGS)
        found = (lower[k], upper[k]) if lower[k] < upper[k] else None
        assert found == expected, (str(all_[i]), str(all_[j]))


@pytest.mark.parametrize(
    "vertical",
    [None, SETTINGS, Vertical(terrain_m=400), Vertical(geoid_m=30), Vertical(qnh_hpa=1020)],
)
@pytest.mark.parametrize("reference", [Reference.AGL, Reference.MSL, Reference.FL, Reference.W84])
def test_bands_above_a_reference_are_as_by_themselves(
    reference: Reference, vertical: Vertical | None
) -> None:
    all_ = [*bands(), Band(Limit(Reference.MSL, -50.0), Limit(Reference.SFC, 0.0))]
    floor, ceiling, unknown = Heights.of(all_).above(reference, vertical)
    for k, band in enumerate(all_):
        try:
            expected = band_above(reference, band, vertical)
        except VerticalError:
            assert unknown[k]
            expected = (-inf, inf)
        else:
            assert not unknown[k]
        assert (floor[k], ceiling[k]) == expected, str(band)


def test_a_band_comes_back_as_it_was() -> None:
    all_ = bands()
    heights = Heights.of(all_)
    assert [heights.band(k) for k in range(len(all_))] == all_
    few = Heights.between(np.array([-inf, 10.0]), np.array([20.0, inf]), Reference.FL)
    surface, unlimited = Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf)
    assert few.band(0) == Band(surface, Limit(Reference.FL, 20.0))
    assert few.band(1) == Band(Limit(Reference.FL, 10.0), unlimited)


def test_the_missing_setting_is_named_as_for_one_pair() -> None:
    all_ = bands()
    heights = Heights.of(all_)

    def alone(i: int, j: int) -> str:
        with pytest.raises(VerticalError) as caught:
            common_band(all_[i], all_[j], None)
        return str(caught.value)

    parted = 0
    for i, j in product(range(len(all_)), repeat=2):
        try:
            heights.shared(np.array([i]), np.array([j]), None)
        except VerticalError as error:
            message, parted = str(error), parted + 1
        else:
            common_band(all_[i], all_[j], None)  # does not raise either
            continue
        assert message == alone(i, j)
    assert parted > len(all_)


def test_one_axis_never_parts_what_shares_altitudes() -> None:
    """Limits that cannot be compared are not known, and a pair with one of them is kept."""
    all_ = bands()
    heights = Heights.of(all_)
    first, second = pairs(len(all_))
    for settings in (SETTINGS, Vertical(terrain_m=400.0), None):
        low, high = heights.on_one_axis(settings)
        parted = (low[first] >= high[second]) | (low[second] >= high[first])
        for i, j in zip(first[parted].tolist(), second[parted].tolist(), strict=True):
            assert common_band(all_[i], all_[j], settings) is None
