"""What receivers of ADS-B tell of everything they see, or of one aircraft: JSON to positions."""

from __future__ import annotations

from typing import Any

_ICAO24, _CALLSIGN, _TIME, _LON, _LAT, _BARO, _ON_GROUND = 0, 1, 3, 5, 6, 7, 8
_LATEST_S = 1e11  # a larger time is in milliseconds, as some who serve aircraft.json have it
_AFTER, _LAT_AT, _LON_AT, _ALTITUDE_AT, _FLAGS_AT, _MORE_AT = 0, 1, 2, 3, 6, 8
_FEWEST_IN_TRACE = 4
_IS_GEOMETRIC = 8  # the bit of a flag that the altitude is above the ellipsoid

Row = dict[str, Any]


def rows_of(document: Any) -> list[Row] | None:
    """Give the positions of one document of a receiver's, or of a list of them.

    Those are OpenSky's state vectors (OpenSky REST API, "All State Vectors": ``time`` and
    ``states``, whose altitude is barometric, in metres), and of readsb and tar1090
    (README-json.md of readsb) ``aircraft.json`` with ``now`` and ``aircraft``, or ``ac``,
    and traces with ``timestamp`` and ``trace``, whose altitudes are in feet. A position is
    of when it was received, not of when it was told. A geometric altitude in a
    trace of barometric ones is left out.

    Returns
    -------
    list or None
        For each position, or what stands in place of one, its columns, as tables have
        them; None if this is something else.
    """
    documents = document if isinstance(document, list) else [document]
    found = [_of_one(one) for one in documents]
    if not found or found[0] is None:
        return None
    return [row for rows in found for row in (({},) if rows is None else rows)]


def _of_one(document: Any) -> list[Row] | None:
    match document:
        case {"time": int() | float(), "states": None}:  # nobody was there
            return []
        case {"time": int() | float(), "states": [*states]}:
            return [_state(state) for state in states]
        case {"now": int() | float() as now, "aircraft": [*aircraft]}:
            return [_aircraft(one, now) for one in aircraft]
        case {"now": int() | float() as now, "ac": [*aircraft]}:
            return [_aircraft(one, now) for one in aircraft]
        case {"timestamp": int() | float() as start, "trace": [*trace]}:
            return [_traced(one, start, document.get("icao")) for one in trace]
        case _:
            return None


def _state(state: Any) -> Row:
    if not isinstance(state, list) or len(state) <= _ON_GROUND:
        return {}
    return {
        "time": state[_TIME],
        "latitude": state[_LAT],
        "longitude": state[_LON],
        "baro_altitude": state[_BARO],
        "icao24": state[_ICAO24],
        "callsign": state[_CALLSIGN],
        "on_ground": "true" if state[_ON_GROUND] is True else "",
    }


def _aircraft(one: Any, now: float) -> Row:
    if not isinstance(one, dict):
        return {}
    return _barometric(one, _before(now, one.get("seen_pos", 0.0)), one.get("hex"), one)


def _before(now: float, seconds: Any) -> float | None:
    told = _plus(now, 0.0)
    ago = _plus(seconds, 0.0) if isinstance(seconds, (int, float)) else None
    if told is None or ago is None:
        return None
    return (told / 1000.0 if told > _LATEST_S else told) - ago


def _traced(point: Any, start: float, icao: Any) -> Row:
    if not isinstance(point, list) or len(point) < _FEWEST_IN_TRACE:
        return {}
    flags = point[_FLAGS_AT] if len(point) > _FLAGS_AT else 0
    more = point[_MORE_AT] if len(point) > _MORE_AT else None
    is_geometric = isinstance(flags, int) and bool(flags & _IS_GEOMETRIC)
    said = {
        "lat": point[_LAT_AT],
        "lon": point[_LON_AT],
        "alt_baro": None if is_geometric else point[_ALTITUDE_AT],
    }
    after = point[_AFTER]
    time = _plus(start, after) if isinstance(after, (int, float)) else None
    return _barometric(said, time, icao, more if isinstance(more, dict) else {})


def _plus(first: float, second: float) -> float | None:
    try:
        return float(first) + float(second)
    except OverflowError:  # of whole numbers with hundreds of digits
        return None


def _barometric(said: Row, time: float | None, address: Any, about: Row) -> Row:
    return {
        "time": time,
        "latitude": said.get("lat"),
        "longitude": said.get("lon"),
        "alt_baro": said.get("alt_baro"),
        "icao24": address,
        "callsign": about.get("flight"),
    }
