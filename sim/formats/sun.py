"""Sunrise, sunset and civil twilight."""

from __future__ import annotations

from datetime import UTC, datetime
from math import acos, asin, cos, degrees, floor, radians, sin, tan
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.units import Position

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_DAY_S = 86400.0
_ROUNDS = 3  # the sun moves little in a day: the second is within a second already


class Event(NamedTuple):
    """The sun rises or sinks past a distance from the zenith."""

    rising: bool
    zenith_deg: float


_HORIZON_DEG = 90.833  # upper limb on the horizon, refraction of 34' and half a disc of 16'
_CIVIL_DEG = 96.0  # centre 6 degrees below the horizon: SERA, (EU) 923/2012, article 2, "night"
EVENTS = {  # by the names of ED-318, daylightEventType
    "BMCT": Event(rising=True, zenith_deg=_CIVIL_DEG),  # morning civil twilight begins
    "SR": Event(rising=True, zenith_deg=_HORIZON_DEG),
    "SS": Event(rising=False, zenith_deg=_HORIZON_DEG),
    "EECT": Event(rising=False, zenith_deg=_CIVIL_DEG),  # evening civil twilight ends
}


def sun_event(place: Position, event: Event, start: float) -> float | None:
    """Give the instant of an event within the 24 h from another instant on.

    By the formulas of the NOAA Global Monitoring Laboratory's solar calculator
    (after Meeus, Astronomical Algorithms, 2nd edition, chapters 15, 25 and 28);
    within a minute of almanacs between the polar circles.

    Parameters
    ----------
    place
        Where the sun is looked at, at sea level.
    event
        One of :data:`EVENTS`.
    start
        Unix time in seconds.

    Returns
    -------
    float or None
        Unix time in seconds; None where the sun does not come past that height.
    """
    midnight = floor(start / _DAY_S) * _DAY_S
    instant = start + _DAY_S / 2
    for _ in range(_ROUNDS):
        declination, equation_min = _sun(instant)
        cosine = _hour_angle_cosine(place.lat, declination, event)
        if not -1.0 <= cosine <= 1.0:
            return None
        hour_angle = degrees(acos(cosine)) * (1.0 if event.rising else -1.0)
        minutes = 720.0 - 4.0 * (place.lon + hour_angle) - equation_min
        instant = start + (midnight + minutes * 60.0 - start) % _DAY_S
    return instant


def stays_above(place: Position, event: Event, start: float) -> bool:
    """Tell whether the sun is above an event's height 12 h after an instant (Unix seconds)."""
    declination, _ = _sun(start + _DAY_S / 2)
    return _hour_angle_cosine(place.lat, declination, event) < -1.0


def _hour_angle_cosine(lat: float, declination: float, event: Event) -> float:
    phi = radians(max(-89.999, min(89.999, lat)))
    rise = cos(radians(event.zenith_deg)) / (cos(phi) * cos(declination))
    return rise - tan(phi) * tan(declination)


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
