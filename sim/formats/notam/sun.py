"""Sunrise and sunset, as SR and SS in item D mean them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from math import acos, asin, cos, degrees, radians, sin, tan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.units import Position

_ZENITH_DEG = 90.833  # upper limb on the horizon, refraction of 34' and half a disc of 16'
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_DAY_S = 86400.0
_ROUNDS = 3  # the sun moves little in a day: the second is within a second already


def sun_event(place: Position, day: date, *, rising: bool) -> float | None:
    """Give the instant of sunrise or sunset that falls on a day of UTC.

    By the formulas of the NOAA Global Monitoring Laboratory's solar calculator
    (after Meeus, Astronomical Algorithms, 2nd edition, chapters 15, 25 and 28);
    within a minute of almanacs between the polar circles.

    Returns
    -------
    float or None
        Unix time in seconds; None where the sun does not cross the horizon.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    instant = midnight + _DAY_S / 2
    for _ in range(_ROUNDS):
        declination, equation_min = _sun(instant)
        cosine = _hour_angle_cosine(place.lat, declination)
        if not -1.0 <= cosine <= 1.0:
            return None
        hour_angle = degrees(acos(cosine)) * (1.0 if rising else -1.0)
        minutes = 720.0 - 4.0 * (place.lon + hour_angle) - equation_min
        instant = midnight + (minutes % 1440.0) * 60.0
    return instant


def is_up(place: Position, day: date) -> bool:
    """Tell whether the sun is above the horizon at noon of UTC of a day without sunrise."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    return _hour_angle_cosine(place.lat, _sun(noon)[0]) < -1.0


def _hour_angle_cosine(lat: float, declination: float) -> float:
    phi = radians(max(-89.999, min(89.999, lat)))
    return cos(radians(_ZENITH_DEG)) / (cos(phi) * cos(declination)) - tan(phi) * tan(declination)


def _sun(instant: float) -> tuple[float, float]:
    """Give the sun's declination in radians and the equation of time in minutes."""
    century = (instant - _J2000.timestamp()) / (_DAY_S * 36525.0)
    mean_longitude = radians((280.46646 + century * (36000.76983 + century * 0.0003032)) % 360.0)
    anomaly = radians(357.52911 + century * (35999.05029 - 0.0001537 * century))
    eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
    centre = (
        sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
        + sin(2 * anomaly) * (0.019993 - 0.000101 * century)
        + sin(3 * anomaly) * 0.000289
    )
    node = radians(125.04 - 1934.136 * century)
    longitude = radians(degrees(mean_longitude) + centre - 0.00569 - 0.00478 * sin(node))
    tilt = radians(23.4392911 - 0.0130042 * century + 0.00256 * cos(node))
    declination = asin(sin(tilt) * sin(longitude))
    y = tan(tilt / 2) ** 2
    equation = (
        y * sin(2 * mean_longitude)
        - 2 * eccentricity * sin(anomaly)
        + 4 * eccentricity * y * sin(anomaly) * cos(2 * mean_longitude)
        - 0.5 * y * y * sin(4 * mean_longitude)
        - 1.25 * eccentricity**2 * sin(2 * anomaly)
    )
    return declination, 4.0 * degrees(equation)
