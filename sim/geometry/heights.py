"""Heights: the altitude bands of many volumes as columns, and what pairs of them share."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sim.geometry.altitude import Band, Limit, Reference, Vertical, common_band, is_unbounded_below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats

    Indices = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_REFERENCES = tuple(Reference)
_CODES = {reference: code for code, reference in enumerate(_REFERENCES)}
_AXES = _CODES | {Reference.SFC: _CODES[Reference.AGL]}  # as an upper limit it is 0 m AGL
_NONE = -1  # unbounded: on no axis
_MIXED = -2  # limits on different axes
_AXIS_OF = np.array([_AXES[reference] for reference in _REFERENCES] + [_NONE])  # each code


class Heights:
    """Bands as columns of shape (n,): limits in metres above their own references."""

    def __init__(self, lower: Floats, upper: Floats, below: Indices, above: Indices) -> None:
        self.lower, self.upper = lower, upper
        self._below, self._above = below, above  # codes of the references; _NONE if unbounded
        self._axis = _axes(below, above)
        used = {int(axis) for axis in np.unique(self._axis) if axis != _NONE}
        self._is_one_axis = len(used) <= 1 and _MIXED not in used

    @classmethod
    def of(cls, bands: Sequence[Band]) -> Heights:
        """Take bands as columns."""
        count = len(bands)
        lower, upper = np.full(count, -inf), np.full(count, inf)
        below, above = np.full(count, _NONE), np.full(count, _NONE)
        for k, band in enumerate(bands):
            if not is_unbounded_below(band.lower):
                lower[k], below[k] = band.lower.metres, _CODES[band.lower.reference]
            if band.upper.reference is not Reference.UNL:
                upper[k], above[k] = band.upper.metres, _CODES[band.upper.reference]
        return cls(lower, upper, below, above)

    @classmethod
    def between(cls, lower: Floats, upper: Floats, reference: Reference) -> Heights:
        """Take limits in metres above one reference; -inf and inf are none."""
        code = _CODES[reference]
        below = np.where(np.isneginf(lower), _NONE, code)
        return cls(lower, upper, below, np.where(np.isposinf(upper), _NONE, code))

    def band(self, k: int) -> Band:
        """Give one of them."""
        lower, upper = Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf)
        if self._below[k] != _NONE:
            lower = Limit(_REFERENCES[self._below[k]], float(self.lower[k]))
        if self._above[k] != _NONE:
            upper = Limit(_REFERENCES[self._above[k]], float(self.upper[k]))
        return Band(lower, upper)

    def on_one_axis(self, vertical: Vertical | None) -> tuple[Floats, Floats]:
        """Give floors and ceilings that can be compared; NaN where that takes a setting not given.

        They are above the reference that all share, or else above mean sea level.
        """
        if self._is_one_axis:
            return self.lower, self.upper
        return self._above_sea(vertical)

    def above(
        self, reference: Reference, vertical: Vertical | None
    ) -> tuple[Floats, Floats, Bools]:
        """Give floors and ceilings above a track's reference, and which bands have none there.

        They are those of :func:`~sim.geometry.altitude.band_above`; -inf and inf
        where one of the limits takes a setting not given.
        """
        offset = _offsets(vertical)
        zero = offset[_CODES[reference]]
        limits = []
        for metres, code in ((self.lower, self._below), (self.upper, self._above)):
            axis = _AXIS_OF[code]
            alike = (axis == _AXES[reference]) | (axis == _NONE)
            limits.append(np.where(alike, metres, metres + offset[code] - zero))
        floor, ceiling = limits
        unknown = np.isnan(floor) | np.isnan(ceiling)
        floor[unknown], ceiling[unknown] = -np.inf, np.inf
        return floor, ceiling, unknown

    def shared(
        self, first: Indices, second: Indices, vertical: Vertical | None
    ) -> tuple[Floats, Floats]:
        """Give the lower and upper ends of the altitudes that pairs share.

        They are those of :func:`~sim.geometry.altitude.common_band`; the lower one is
        not below the upper one where a pair shares none.

        Raises
        ------
        VerticalError
            Names two limits of the first pair that cannot be compared, and the
            setting that is missing.
        """
        lower = np.maximum(self.lower[first], self.lower[second])
        upper = np.minimum(self.upper[first], self.upper[second])
        if not self._is_one_axis:
            floor, ceiling = self._above_sea(vertical)
            one, other = self._axis[first], self._axis[second]
            alike = (one == other) | (one == _NONE) | (other == _NONE)
            across = np.flatnonzero(~alike | (one == _MIXED) | (other == _MIXED))
            i, j = first[across], second[across]
            lower[across] = np.maximum(floor[i], floor[j])
            upper[across] = np.minimum(ceiling[i], ceiling[j])
            missing = np.flatnonzero(np.isnan(lower[across]) | np.isnan(upper[across]))
            for k in missing[:1].tolist():
                common_band(self.band(int(i[k])), self.band(int(j[k])), vertical)
        return lower, upper

    def _above_sea(self, vertical: Vertical | None) -> tuple[Floats, Floats]:
        offset = _offsets(vertical)
        return self.lower + offset[self._below], self.upper + offset[self._above]


def _axes(below: Indices, above: Indices) -> Indices:
    """Give the axis on which both limits of each band lie, if it is one."""
    below, above = _AXIS_OF[below], _AXIS_OF[above]
    alone = np.where(below == _NONE, above, below)
    mixed = (below != above) & (below != _NONE) & (above != _NONE)
    return np.where(mixed, _MIXED, alone)


def _offsets(vertical: Vertical | None) -> Floats:
    """Give by code how high zeros are above mean sea level; NaN where a setting is missing."""
    settings = vertical or Vertical()
    offsets = [
        0.0 if reference is Reference.UNL else settings.offset_m(reference)
        for reference in _REFERENCES
    ]
    return np.array([np.nan if one is None else one for one in offsets] + [0.0])
