"""Volumes: a footprint, an altitude band and a time window, together one piece of airspace."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, isnan
from typing import TYPE_CHECKING, Any

from sim.errors import GeometryError
from sim.geometry.altitude import Band
from sim.geometry.footprint import Footprint

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Volume:
    """A footprint x altitude band x time window; it knows no party.

    Parameters
    ----------
    footprint
        Where, on the ground.
    band
        The altitudes.
    window
        Start and end in seconds, half-open: a window that ends at an instant
        does not meet one that starts there. -inf and inf are unbounded.

    Raises
    ------
    GeometryError
        If the window does not start before it ends.
    """

    footprint: Footprint
    band: Band
    window: tuple[float, float] = (-inf, inf)

    def __post_init__(self) -> None:
        start, end = (float(instant) for instant in self.window)
        if isnan(start) or isnan(end) or not start < end:
            raise GeometryError(f"a window starts before it ends, not from {start} s to {end} s")
        object.__setattr__(self, "window", (start, end))

    def to_record(self) -> dict[str, Any]:
        """Give a plain record that `from_record` reads back exactly; unbounded is None."""
        return {
            "footprint": self.footprint.to_record(),
            "band": self.band.to_record(),
            "window": [t if isfinite(t) else None for t in self.window],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Volume:
        """Read what `to_record` wrote."""
        start, end = record["window"]
        return cls(
            Footprint.from_record(record["footprint"]),
            Band.from_record(record["band"]),
            (-inf if start is None else start, inf if end is None else end),
        )
