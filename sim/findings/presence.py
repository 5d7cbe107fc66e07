"""Presence: where and when volumes meet the people of a site on the ground."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from sim.geometry.altitude import Band, Limit, Reference, band_above
from sim.geometry.overlap import find_overlaps
from sim.geometry.relations import uncovered_area_km2
from sim.geometry.volume import Volume

if TYPE_CHECKING:
    from sim.geometry.altitude import Vertical
    from sim.scenario.planned import PlannedSite

_BORDER_M = 0.05  # of a place on a border, rounding decides on which side it lies
_SPECK_KM2 = 1e-5  # 10 m2 of a site more or less are rounding
_ANY_HEIGHT = Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf))


@dataclass(frozen=True, slots=True)
class Meeting:
    """A volume is over a site's people from ``start`` to ``end``; a place has no area."""

    start: float
    end: float
    area_km2: float | None


def meeting(
    site: PlannedSite, volume: Volume, vertical: Vertical, horizon: float
) -> Meeting | None:
    """Give when a volume reaches the surface over a site while people are there, if it does.

    A site that is a place has to lie in the footprint; of an area, a part is enough.

    Raises
    ------
    VerticalError
        If its lower limit cannot be compared with the elevation of the terrain.
    """
    starts, ends = zip(site.window, volume.window, (0.0, horizon), strict=True)
    start, end = max(starts), min(ends)
    if not (start < end and reaches_surface(volume.band, vertical)):
        return None
    if site.place is not None:
        return Meeting(start, end, None) if volume.footprint.contains(*site.place) else None
    assert site.footprint is not None, "a site without a place has a footprint"
    both = [
        Volume(footprint, _ANY_HEIGHT, (start, end))
        for footprint in (site.footprint, volume.footprint)
    ]
    found = [overlap.area_km2 for overlap in find_overlaps(both, area=True)]
    return Meeting(start, end, found[0]) if found else None


def covers_site(volume: Volume, site: PlannedSite, true: Volume, vertical: Vertical) -> bool:
    """Tell whether a volume covers, at the surface, all of a site that a true volume meets."""
    if not reaches_surface(volume.band, vertical):
        return False
    if site.place is not None:
        return volume.footprint.depth(*site.place) >= -_BORDER_M
    assert site.footprint is not None, "a site without a place has a footprint"
    left = uncovered_area_km2(site.footprint, [volume.footprint])
    if left <= _SPECK_KM2:
        return True
    beyond = uncovered_area_km2(site.footprint, [volume.footprint, true.footprint])
    return left - beyond <= _SPECK_KM2


def reaches_surface(band: Band, vertical: Vertical) -> bool:
    """Tell whether a band begins at the ground or below it.

    Raises
    ------
    VerticalError
        If its lower limit cannot be compared with the elevation of the terrain.
    """
    floor, _ = band_above(Reference.AGL, replace(band, upper=_ANY_HEIGHT.upper), vertical)
    return floor <= 0.0
