"""Colours: a law for every pair of them, under every kind of sight."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.findings.causes import CAUSES
from sim.plots.palette import CAUSE_COLOURS, CAUSE_MARKERS

# Machado, Oliveira and Fernandes (2009), table of severity 1.0.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Ottosson (2020).
CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(colour: str, sight: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = np.array(to_rgb(colour))
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    seen = np.clip(CONES @ np.asarray(SIGHTS[sight]) @ linear, 0.0, None)
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = LAB @ np.cbrt(seen)
    return found


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_causes_can_be_told_apart_by_colour(sight: str) -> None:
    seen = {cause: oklab(colour, sight) for cause, colour in CAUSE_COLOURS.items()}
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 0.14, (one, other)


def test_each_cause_has_a_colour_and_a_marker_of_its_own() -> None:
    assert tuple(CAUSE_COLOURS) == tuple(CAUSE_MARKERS) == CAUSES
    assert len(set(CAUSE_MARKERS.values())) == len(CAUSES)
