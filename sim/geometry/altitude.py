"""Altitude limits, each with its reference, and the one axis on which they are compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from sim.errors import GeometryError, VerticalError
from sim.units import show_altitude

if TYPE_CHECKING:
    from collections.abc import Mapping

STANDARD_QNH_HPA = 1013.25
_TEMPERATURE_K = 288.15  # ICAO standard atmosphere (Doc 7488), at sea level
_LAPSE_K_PER_M = 0.0065
_EXPONENT = 8.31446 / 0.0289644 * _LAPSE_K_PER_M / 9.80665  # gas constant x lapse / gravity
_QNH_HPA = (850.0, 1100.0)  # no lower or higher sea-level pressure was ever measured


class Reference(StrEnum):
    """What an altitude is measured from."""

    SFC = "SFC"  # the ground itself; as a lower limit unbounded
    AGL = "AGL"  # above ground level
    MSL = "MSL"  # above mean sea level
    FL = "FL"  # pressure altitude above 1013.25 hPa
    W84 = "W84"  # above the WGS84 ellipsoid
    UNL = "UNL"  # no upper limit


_SETTINGS = {
    Reference.SFC: "vertical.terrain",
    Reference.AGL: "vertical.terrain",
    Reference.FL: "vertical.qnh",
    Reference.W84: "vertical.geoid",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One altitude limit: metres above a reference.

    Raises
    ------
    GeometryError
        If ``metres`` is not finite (UNL: infinite; SFC: zero).
    """

    reference: Reference
    metres: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "reference", Reference(self.reference))
        object.__setattr__(self, "metres", float(self.metres))
        expected = {Reference.SFC: 0.0, Reference.UNL: inf}.get(self.reference)
        if expected is None and not isfinite(self.metres):
            raise GeometryError(
                f"an altitude above {self.reference} is a finite number of metres,"
                f" not {self.metres}",
                hint="write UNL for no upper limit",
            )
        if expected is not None and self.metres != expected:
            raise GeometryError(f"{self.reference} is at {expected} m, not at {self.metres} m")

    def __str__(self) -> str:
        """Give the limit as a person would say it: ``FL180``, ``1000 ft AGL``, ``SFC``."""
        return show_altitude(self.reference, self.metres)

    def to_record(self) -> dict[str, Any]:
        """Give a plain record; the height of UNL, which JSON cannot say, is None."""
        return {
            "reference": str(self.reference),
            "metres": self.metres if isfinite(self.metres) else None,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Limit:
        """Read what `to_record` wrote."""
        metres = record["metres"]
        return cls(Reference(record["reference"]), inf if metres is None else metres)


@dataclass(frozen=True, slots=True)
class Band:
    """The altitudes between two limits; SFC below and UNL above are unbounded.

    Raises
    ------
    GeometryError
        If the lower limit is not below the upper, where that needs no setting.
    """

    lower: Limit
    upper: Limit

    def __post_init__(self) -> None:
        lower, upper = self.lower, self.upper
        if lower.reference is Reference.UNL:
            raise GeometryError("a lower limit of UNL leaves no altitude below the upper limit")
        comparable = not is_unbounded_below(lower) and _axis(lower) is _axis(upper)
        if comparable and lower.metres >= upper.metres:
            raise GeometryError(f"the lower limit {lower} is not below the upper one, {upper}")

    def to_record(self) -> dict[str, Any]:
        """Give a plain record that `from_record` reads back exactly."""
        return {"lower": self.lower.to_record(), "upper": self.upper.to_record()}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Band:
        """Read what `to_record` wrote."""
        return cls(Limit.from_record(record["lower"]), Limit.from_record(record["upper"]))


@dataclass(frozen=True, slots=True)
class Vertical:
    """What is needed to bring altitudes of different references on one axis.

    Parameters
    ----------
    terrain_m
        Elevation of the ground above mean sea level.
    geoid_m
        Height of the geoid (mean sea level) above the WGS84 ellipsoid.
    qnh_hpa
        Pressure at mean sea level. The atmosphere is ICAO's standard one,
        shifted by it as an altimeter would be; temperature is not corrected.

    Raises
    ------
    GeometryError
        If a value is not finite, or the pressure is outside 850-1100 hPa.
    """

    terrain_m: float | None = None
    geoid_m: float | None = None
    qnh_hpa: float | None = None

    def __post_init__(self) -> None:
        for name in ("terrain_m", "geoid_m", "qnh_hpa"):
            value = getattr(self, name)
            if value is not None and not isfinite(value):
                raise GeometryError(f"{name} is a finite number, not {value}")
        low, high = _QNH_HPA
        if self.qnh_hpa is not None and not low <= self.qnh_hpa <= high:
            raise GeometryError(f"qnh is between {low:g} and {high:g} hPa, not {self.qnh_hpa:g}")

    def msl(self, limit: Limit) -> float:
        """Give a limit in metres above mean sea level.

        Raises
        ------
        VerticalError
            If the setting that this needs is absent.
        """
        if limit.reference is Reference.UNL:
            return inf
        offset = self.offset_m(limit.reference)
        if offset is None:
            setting = _SETTINGS[limit.reference]
            raise VerticalError(
                f"{limit} cannot be given above mean sea level without {setting}",
                hint=f"set {setting}",
            )
        return float(limit.metres + offset)

    def offset_m(self, reference: Reference) -> float | None:
        """Give the height of a reference's zero above mean sea level, if it is known."""
        if reference is Reference.MSL:
            return 0.0
        if reference is Reference.FL:
            return None if self.qnh_hpa is None else -_pressure_altitude_m(self.qnh_hpa)
        if reference is Reference.W84:
            return None if self.geoid_m is None else -self.geoid_m
        return self.terrain_m


def _pressure_altitude_m(hpa: float) -> float:
    """Height in the standard atmosphere at which a pressure prevails (ICAO Doc 7488, eq. 9)."""
    share = float((hpa / STANDARD_QNH_HPA) ** _EXPONENT)
    return _TEMPERATURE_K / _LAPSE_K_PER_M * (1.0 - share)


def is_unbounded_below(lower: Limit) -> bool:
    """Tell whether a lower limit is none at all: SFC."""
    return lower.reference is Reference.SFC


def _axis(limit: Limit) -> Reference:
    """Give the reference on whose axis a limit lies: SFC as an upper limit is 0 m AGL."""
    return Reference.AGL if limit.reference is Reference.SFC else limit.reference


def _bounded(band: Band) -> list[Limit]:
    lower = [] if is_unbounded_below(band.lower) else [band.lower]
    upper = [] if band.upper.reference is Reference.UNL else [band.upper]
    return lower + upper


def _require(limits: list[Limit], vertical: Vertical) -> None:
    """Raise a VerticalError that names two limits and the setting, if one is missing."""
    for limit in limits:
        if vertical.offset_m(limit.reference) is None:
            other = next(x for x in limits if _axis(x) is not _axis(limit))
            setting = _SETTINGS[limit.reference]
            raise VerticalError(
                f"{limit} and {other} cannot be compared without {setting}",
                hint=f"set {setting}, or give both limits above the same reference",
            )


@cache
def _zero(reference: Reference) -> Limit:
    return Limit(reference, 0.0)


def common_band(first: Band, second: Band, vertical: Vertical | None) -> tuple[float, float] | None:
    """Give the altitudes that two bands share, or None where they share none.

    Parameters
    ----------
    first, second
        The bands. Where all their bounded limits have the same reference they
        are compared directly, and otherwise above mean sea level.
    vertical
        The settings for that; None: there are none.

    Returns
    -------
    tuple of float or None
        Lower and upper metres on the common axis; -inf and inf are unbounded.

    Raises
    ------
    VerticalError
        Names two limits that cannot be compared, and the setting that is missing.

    Examples
    --------
    >>> low = Band(Limit("SFC", 0), Limit("FL", 5486.4))
    >>> high = Band(Limit("FL", 3048), Limit("UNL", float("inf")))
    >>> common_band(low, high, None)
    (3048.0, 5486.4)
    """
    limits = _bounded(first) + _bounded(second)
    settings = vertical or Vertical()
    direct = len({_axis(limit) for limit in limits}) <= 1
    if not direct:
        _require(limits, settings)

    def metres(limit: Limit) -> float:
        return limit.metres if direct else settings.msl(limit)

    lowers = [metres(b.lower) for b in (first, second) if not is_unbounded_below(b.lower)]
    uppers = [metres(b.upper) for b in (first, second)]
    lower, upper = max(lowers, default=-inf), min(uppers)
    return (lower, upper) if lower < upper else None


def shared_reference(first: Band, second: Band) -> Reference:
    """Give what the altitudes that two bands share are measured from, by :func:`common_band`.

    It is their own reference where all their bounded limits have the same, and
    otherwise mean sea level.
    """
    axes = {_axis(limit) for limit in _bounded(first) + _bounded(second)}
    return axes.pop() if len(axes) == 1 else Reference.MSL


def band_above(reference: Reference, band: Band, vertical: Vertical | None) -> tuple[float, float]:
    """Give a band's floor and ceiling in metres above a track's reference.

    Parameters
    ----------
    reference
        What the track's altitudes are measured from.
    band
        The band; -inf and inf are returned where it is unbounded.
    vertical
        The settings; None: there are none.

    Raises
    ------
    VerticalError
        Names the limit and the track's reference, and the setting that is missing.
    """
    settings = vertical or Vertical()
    track = _zero(reference)

    def metres(limit: Limit) -> float:
        if _axis(limit) is _axis(track):
            return limit.metres
        for needed in (limit, track):
            if settings.offset_m(needed.reference) is None:
                setting = _SETTINGS[needed.reference]
                raise VerticalError(
                    f"{limit} and a track's altitudes above {reference} cannot be compared"
                    f" without {setting}",
                    hint=f"set {setting}, or give both above the same reference",
                )
        return settings.msl(limit) - settings.msl(track)

    floor = -inf if is_unbounded_below(band.lower) else metres(band.lower)
    ceiling = inf if band.upper.reference is Reference.UNL else metres(band.upper)
    return floor, ceiling
