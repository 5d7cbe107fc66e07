"""Columns of positions by what they mean: SI units, and what cannot be read listed."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import FormatError, quoted
from sim.formats.records import Problem
from sim.formats.tables import found_names
from sim.geometry.altitude import Reference
from sim.units import METRES_PER_FOOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.formats.tables import Table
    from sim.geometry.earth import Floats

    Bools = NDArray[np.bool_]

TIMES = ("timestamp", "time", "datetime", "ts")
LATITUDES = ("latitude", "lat")
LONGITUDES = ("longitude", "lon", "lng", "long")
CALLSIGNS = ("callsign", "flight", "ident", "flight_id", "track_id")
ADDRESSES = ("icao24", "hex", "icao")
ON_GROUND = ("onground", "on_ground")
ALTITUDES: dict[str, tuple[float, Reference]] = {  # metres in its unit; above what
    "altitude": (METRES_PER_FOOT, Reference.FL),  # traffic, and most tools
    "altitude_ft": (METRES_PER_FOOT, Reference.FL),
    "alt_baro": (METRES_PER_FOOT, Reference.FL),  # readsb, tar1090
    "baroaltitude": (1.0, Reference.FL),  # OpenSky's state vectors
    "baro_altitude": (1.0, Reference.FL),
    "altitude_m": (1.0, Reference.MSL),
    "geoaltitude": (1.0, Reference.W84),
    "alt_geom": (METRES_PER_FOOT, Reference.W84),
    "geo_altitude": (1.0, Reference.W84),
}
_MOST_LISTED = 20  # faulty rows, one by one
_SCALES = ((1e11, 1.0), (1e14, 1e-3), (1e17, 1e-6), (np.inf, 1e-9))  # Unix s, ms, us or ns
_SOONEST, _LATEST = -2.2e9, 7.2e9  # 1900 to 2198
_TRUE = frozenset({"true", "t", "1", "1.0", "yes", "ground"})


@dataclass(frozen=True, eq=False)
class Positions:
    """Positions that can be read, each column of shape (n,)."""

    time: Floats  # Unix seconds
    lon: Floats
    lat: Floats
    altitude_m: Floats
    reference: Reference
    callsign: NDArray[np.object_]  # texts, empty where not given
    icao24: NDArray[np.object_]
    on_ground: Bools


def positions(table: Table, reference: Reference | None) -> tuple[Positions, list[Problem]]:
    """Give the positions of a table, and what is wrong with rows that are left out.

    Raises
    ------
    FormatError
        If a column that is needed is not there.
    """
    columns = table.columns
    when = _needed(columns, TIMES, "times")
    north = _needed(columns, LATITUDES, "latitudes")
    east = _needed(columns, LONGITUDES, "longitudes")
    time, lat, lon = times(when), numbers(north), numbers(east)
    name = next((name for name in ALTITUDES if name in columns), None)
    if name is None:
        raise FormatError(
            f"no column of altitudes: found {found_names(columns)}",
            hint=f"expected one of {found_names(ALTITUDES)}",
        )
    unit, above = ALTITUDES[name]
    said = texts(columns, (name,), len(time))
    on_ground = truths(columns, ON_GROUND, len(time)) | (said == "ground")
    altitude = numbers(columns[name])
    altitude[on_ground & ~np.isfinite(altitude)] = 0.0
    checks = {
        "no time from 1900 to 2198": (time >= _SOONEST) & (time <= _LATEST),
        "no latitude": np.abs(lat) <= 90.0,  # noqa: PLR2004
        "no longitude": np.abs(lon) <= 180.0,  # noqa: PLR2004
        "no altitude": np.isfinite(altitude) & (np.abs(altitude) < 1e6),  # noqa: PLR2004
    }
    good, problems = checked(table, checks, (when, north, east, columns[name]))
    found = Positions(
        time[good],
        lon[good],
        lat[good],
        altitude[good] * unit,
        reference or above,
        texts(columns, CALLSIGNS, len(time))[good],
        texts(columns, ADDRESSES, len(time))[good],
        on_ground[good],
    )
    return found, problems


def checked(
    table: Table, checks: Mapping[str, Bools], said: Sequence[pd.Series[Any]] = ()
) -> tuple[Bools, list[Problem]]:
    """Tell which rows pass all checks; of others the first few are listed, and then their count.

    ``said`` are the columns that were checked, in the order of the checks, to be quoted.
    """
    good = np.logical_and.reduce(list(checks.values()))
    bad = np.flatnonzero(~good).tolist()
    columns = said or (None,) * len(checks)
    problems = [
        Problem(
            table.place(row),
            ", ".join(
                why + _found_in(column, row)
                for (why, passed), column in zip(checks.items(), columns, strict=True)
                if not passed[row]
            ),
        )
        for row in bad[:_MOST_LISTED]
    ]
    if len(bad) > _MOST_LISTED:
        more = f"{len(bad) - _MOST_LISTED} more rows cannot be read, up to {table.place(bad[-1])}"
        problems.append(Problem(table.place(bad[_MOST_LISTED]), more))
    return good, problems


def _found_in(column: pd.Series[Any] | None, row: int) -> str:
    found = "" if column is None else _letters(_text(column.iloc[row]))
    return f" in {quoted(found)}" if found else ""


def _needed(columns: Mapping[str, pd.Series[Any]], names: tuple[str, ...], what: str) -> Any:
    for name in names:
        if name in columns:
            return columns[name]
    raise FormatError(
        f"no column of {what}: found {found_names(columns)}",
        hint=f"expected {' or '.join(map(quoted, names))}",
    )


def numbers(column: pd.Series[Any]) -> Floats:
    """Give a column as numbers, NaN where it has none."""
    if column.dtype.kind in "iuf":
        return column.to_numpy(np.float64, na_value=np.nan, copy=True)
    return np.array([_number(value) for value in column.tolist()], dtype=np.float64)


def _number(value: Any) -> float:
    try:
        return float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def times(column: pd.Series[Any]) -> Floats:
    """Give a column as Unix seconds.

    Numbers are seconds, milliseconds, microseconds or nanoseconds, whichever puts
    their median before the year 5138; texts are ISO 8601, in UTC where
    they name no zone, as those who record ADS-B write it.
    """
    import pandas as pd  # noqa: PLC0415 - heavy

    if column.dtype.kind != "M":
        found: Floats = numbers(column)
        finite = np.abs(found[np.isfinite(found)])
        if finite.size:
            half = len(finite) // 2
            middle = float(np.partition(finite, half)[half])
            return found * next((scale for most, scale in _SCALES if middle < most), np.nan)
        column = pd.Series(
            [v if isinstance(v, str) else None for v in column.tolist()], dtype=object
        )
    stamps = pd.to_datetime(column, format="ISO8601", utc=True, errors="coerce")
    return _unix(stamps.dt.tz_convert(None).to_numpy())


def _unix(stamps: NDArray[np.datetime64]) -> Floats:
    """Give instants as Unix seconds, NaN where there is none.

    Whole seconds are taken apart first: in nanoseconds nothing is after the year 2262.
    """
    whole = stamps.astype("datetime64[s]")
    rest = (stamps - whole).astype("timedelta64[ns]").astype(np.int64) / 1e9
    return np.where(np.isnat(stamps), np.nan, whole.astype(np.int64) + rest)


def texts(
    columns: Mapping[str, pd.Series[Any]],
    names: tuple[str, ...],
    count: int,
    tidy: Callable[[str], str] | None = None,
) -> NDArray[np.object_]:
    """Give the first of some columns that is there as texts, empty where it says nothing."""
    found = np.full(count, "", dtype=object)
    for name in names:
        if name in columns:
            found[:] = [(tidy or _letters)(_text(value)) for value in columns[name].tolist()]
            break
    return found


def _letters(text: str) -> str:
    """Give the letters that somebody can see."""
    seen = text if text.isprintable() else "".join(c for c in text if c.isprintable())
    return seen.strip()


def truths(columns: Mapping[str, pd.Series[Any]], names: tuple[str, ...], count: int) -> Bools:
    """Give the first of some columns that is there as truths."""
    said = texts(columns, names, count)
    return np.array([text.lower() in _TRUE for text in said], dtype=bool)


def _text(value: Any) -> str:
    """Give a text, or a number as one; what is neither says nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return "" if isnan(value) else f"{value:.17g}"
    return str(value) if isinstance(value, int) else ""
