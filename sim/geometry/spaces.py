"""Spaces: volumes as tracks look for them, their altitudes above one reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.earth import EARTH_RADIUS_M, SPREAD
from sim.geometry.heights import Heights
from sim.geometry.stretches import ROUNDING
from sim.geometry.volumes import Volumes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint
    from sim.geometry.volume import Volume
    from sim.geometry.ways import Indices


class Spaces(NamedTuple):
    """Volumes as columns of shape (v,).

    Where a floor and a ceiling are unknown they are -inf and inf.
    """

    centre: Floats  # of the footprints' caps as unit vectors, shape (v, 3)
    radius_m: Floats  # of the caps
    opens: Floats
    closes: Floats
    floor: Floats
    ceiling: Floats

    @property
    def reach(self) -> Floats:
        """The caps' radii in radians, so wide that they never miss a place."""
        return self.radius_m * SPREAD / EARTH_RADIUS_M + ROUNDING


class Sought(NamedTuple):
    """Volumes as columns of shape (v,), whatever altitudes are measured from."""

    centre: Floats  # of the footprints' caps as unit vectors, shape (v, 3)
    radius_m: Floats  # of the caps
    opens: Floats
    closes: Floats
    heights: Heights
    shape: Indices  # the number of the footprint
    is_shared: bool  # whether volumes have footprints in common
    footprint: Callable[[int], Footprint]  # gives the one of a number

    @classmethod
    def of(cls, volumes: Sequence[Volume]) -> Sought:
        """Take volumes as columns. What those hold that are columns already is used."""
        if isinstance(volumes, Volumes):
            shapes, shape = volumes.shapes, volumes.shape
            radius_m = shapes.radius * (EARTH_RADIUS_M / SPREAD)
            return cls(
                shapes.vector[shape],
                radius_m[shape],
                volumes.start,
                volumes.end,
                volumes.heights,
                shape,
                len(shapes) < len(shape),
                shapes.footprint,
            )
        footprints = [volume.footprint for volume in volumes]
        places: dict[int, int] = {}
        shape = np.array([places.setdefault(id(one), k) for k, one in enumerate(footprints)], int)
        caps = [footprint.cap for footprint in footprints]
        opens, closes = np.array([volume.window for volume in volumes]).reshape(-1, 2).T
        return cls(
            np.array([cap.vector for cap in caps]).reshape(-1, 3),
            np.array([cap.radius_m for cap in caps]),
            opens,
            closes,
            Heights.of([volume.band for volume in volumes]),
            shape,
            len(places) < len(shape),
            footprints.__getitem__,
        )
