"""Flown tracks: CSV, Parquet and the JSON of ADS-B tools to tracks; tracks to CSV and Parquet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import FormatError, GeometryError, InputError, quoted
from sim.formats.legs import pieces, thin
from sim.formats.naming import Names
from sim.formats.positions import checked, numbers, positions, texts
from sim.formats.records import Problem
from sim.formats.tables import table
from sim.geometry.altitude import Reference
from sim.geometry.track import Track
from sim.units import METRES_PER_NAUTICAL_MILE, show_duration

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from sim.formats.positions import Positions
    from sim.formats.tables import Table

    Indices = NDArray[np.int64]

GAP_S = 300.0
FASTEST_MPS = 800.0 * METRES_PER_NAUTICAL_MILE / 3600.0  # over ground, in the strongest wind

_OWN = "keepout_track"  # the column that tells what `write_csv` wrote
_COLUMNS = (
    _OWN,
    "callsign",
    "icao24",
    "time_s",
    "longitude",
    "latitude",
    "altitude_m",
    "reference",
)
_FEWEST = 2  # points of a track
_SHOWN = 48  # letters of a name in a message


@dataclass(frozen=True, slots=True)
class FlownTrack:
    """What one aircraft flew without a gap.

    Parameters
    ----------
    id
        The callsign, or else the address; unique within one file, if need be by a number.
    callsign, icao24
        As the source has them; empty where it does not say.
    track
        Where it was, in Unix seconds.
    attributes
        What else there is to say of it, as text; tables of positions have none.
    """

    id: str
    callsign: str
    icao24: str
    track: Track
    attributes: Mapping[str, str] = field(default_factory=dict)


def read(
    source: str | bytes | os.PathLike[str],
    *,
    gap_s: float = GAP_S,
    fastest_mps: float = FASTEST_MPS,
    error_m: float = 0.0,
    reference: Reference | None = None,
) -> list[FlownTrack | Problem]:
    """Read tracks from a table of positions, of whichever format, gzipped or not.

    Needed are columns of times (``timestamp``), ``latitude``, ``longitude`` and
    altitudes: ``altitude`` in feet, as ADS-B tools write it, is pressure altitude
    (``FL``), ``baroaltitude`` the same in metres. ``callsign``, ``icao24`` and
    ``onground`` are read where they are there; other spellings of these names
    are known, and other columns left alone.

    Rows may come in any order. Each address and callsign is a track; a row without
    callsign has its aircraft's one before it, or after it. What was on the ground is left
    out, and of rows at one instant all but the first.

    Parameters
    ----------
    source
        A path, or a file's content.
    gap_s
        Where nothing is known for longer a track is split.
    fastest_mps
        A position that takes a higher ground speed to reach is left out; where three
        in a row agree with each other the track is split there.
    error_m
        Thin the tracks: see :func:`~sim.formats.legs.thin`. 0: do not.
    reference
        What altitudes are measured from, where it is not what is said above.

    Returns
    -------
    list of FlownTrack or Problem
        First what could not be read, by row; then tracks in the order in which
        aircraft first appear, each one's followed by what was left out of them.

    Raises
    ------
    FormatError
        If it is no table of positions, or has no column that is needed.
    OSError
        If the file cannot be opened.
    """
    for name, value in (("gap_s", gap_s), ("fastest_mps", fastest_mps)):
        if not value > 0.0:
            raise FormatError(f"{name} is a positive number, not {value}")
    rows = table(_content(source))
    if _OWN in rows.columns:
        return _own(rows, error_m)
    found, problems = positions(rows, reference)
    return [*rows.problems, *problems, *_flown(found, gap_s, fastest_mps, error_m)]


def write_csv(tracks: Iterable[FlownTrack]) -> str:
    """Write tracks as a table that :func:`read` gives back exactly, whole as they are.

    Its columns are ``keepout_track`` (the id), ``callsign``, ``icao24``, ``time_s`` (Unix),
    ``longitude``, ``latitude``, ``altitude_m`` and ``reference``.
    """
    out = io.StringIO()
    writer = csv.writer(out)  # RFC 4180 ends lines by CRLF, and quotes what holds either
    writer.writerow(_COLUMNS)
    for one in tracks:
        head, above = (one.id, one.callsign, one.icao24), str(one.track.reference)
        writer.writerows((*head, *point, above) for point in one.track.points.T.tolist())
    return out.getvalue()


def write_parquet(tracks: Iterable[FlownTrack]) -> bytes:
    """Write the same table as Parquet, which is a quarter as large and read four times as fast."""
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
    from pyarrow import parquet  # noqa: PLC0415

    found = list(tracks)
    lengths = [len(one.track) for one in found]
    points = np.concatenate([np.empty((4, 0)), *(one.track.points for one in found)], axis=1)
    heads = [(one.id, one.callsign, one.icao24, str(one.track.reference)) for one in found]
    which = pa.array(np.repeat(np.arange(len(found)), lengths), pa.int32())
    said = [
        pa.DictionaryArray.from_arrays(which, pa.array([head[k] for head in heads], pa.string()))
        for k in range(4)
    ]
    columns = [*said[:3], *map(pa.array, points), said[3]]
    out = io.BytesIO()
    parquet.write_table(pa.table(columns, names=_COLUMNS), out, compression="zstd")
    return out.getvalue()


def _content(source: str | bytes | os.PathLike[str]) -> str | bytes:
    if not isinstance(source, (str, bytes)):
        return Path(source).read_bytes()
    if isinstance(source, str) and source and not set(source) & set("\n\r,;[{"):
        raise FormatError(
            f"expected what a file of tracks holds, found {quoted(source)}",
            hint="give a path as pathlib.Path",
        )
    return source


def _flown(
    found: Positions, gap_s: float, fastest_mps: float, error_m: float
) -> Iterator[FlownTrack | Problem]:
    order = np.argsort(found.time, kind="stable")
    groups: dict[tuple[str, str], list[int]] = {}
    for at, callsign in zip(order.tolist(), _callsigns(found, order), strict=True):
        groups.setdefault((found.icao24[at], callsign), []).append(at)
    names = Names()
    for (icao24, callsign), rows in sorted(groups.items(), key=lambda item: min(item[1])):
        kept, notes = _cleaned(found, np.array(rows), gap_s, fastest_mps)
        name = callsign or icao24 or "track"
        for piece in kept:
            track = Track(
                found.time[piece],
                found.lon[piece],
                found.lat[piece],
                found.altitude_m[piece],
                found.reference,
            )
            thinned = thin(track, error_m) if error_m else track
            yield FlownTrack(names.unique(name), callsign, icao24, thinned)
        known = icao24 and icao24 != name
        place = f"{name[:_SHOWN]} ({icao24[:_SHOWN]})" if known else name[:_SHOWN]
        for note in notes:
            yield Problem(place, note)


def _callsigns(found: Positions, order: Indices) -> list[str]:
    """Give callsigns in order of time; where there is none, its aircraft's before or after it."""
    callsigns: list[str] = [found.callsign[at] for at in order]
    for steps in (range(len(order)), reversed(range(len(order)))):
        last: dict[str, str] = {}
        for step in steps:
            icao24 = found.icao24[order[step]]
            if not callsigns[step] and icao24:
                callsigns[step] = last.get(icao24, "")
            elif callsigns[step]:
                last[icao24] = callsigns[step]
    return callsigns


def _cleaned(
    found: Positions, rows: Indices, gap_s: float, fastest_mps: float
) -> tuple[list[Indices], list[str]]:
    """Give the rows of each piece of one aircraft's track, and what was left out."""
    notes: list[str] = []
    flying = rows[~found.on_ground[rows]]
    _note(notes, len(rows) - len(flying), "position{s} on the ground left out")
    once = flying[np.diff(found.time[flying], prepend=-np.inf) > 0.0]
    _note(notes, len(flying) - len(once), "position{s} left out at an instant that another has")
    if not once.size:
        return [], notes
    parted = pieces(found.time[once], found.lon[once], found.lat[once], gap_s, fastest_mps)
    beyond = f"that take{{}} more than {fastest_mps:.0f} m/s to reach"
    strays = len(parted.stray)
    _note(notes, strays, f"position{{s}} left out {beyond.format('s' if strays == 1 else '')}")
    whole = [piece for piece in parted.kept if len(piece) >= _FEWEST]
    _note(notes, len(parted.kept) - len(whole), "position{s} left out that stand{z} alone")
    _note(
        notes,
        max(0, len(parted.kept) - 1),
        f"time{{s}} split: nothing is known for over {show_duration(gap_s)}, or it jumps",
    )
    return [once[piece] for piece in whole], notes


def _note(notes: list[str], count: int, text: str) -> None:
    if count:
        notes.append(f"{count} {text.format(s='' if count == 1 else 's', z='s' * (count == 1))}")


def _own(rows: Table, error_m: float) -> list[FlownTrack | Problem]:
    """Read what `write_csv` wrote: whole tracks, as they are."""
    missing = [name for name in _COLUMNS if name not in rows.columns]
    if missing:
        raise FormatError(f"a table with {_OWN} has a column {quoted(missing[0])}, too")
    columns = rows.columns
    points = np.array([numbers(columns[name]) for name in _COLUMNS[3:7]])
    ids, callsigns, addresses, above = (
        texts(columns, (name,), points.shape[1], str) for name in (*_COLUMNS[:3], _COLUMNS[7])
    )
    good, problems = checked(rows, {"a number is missing": np.isfinite(points).all(axis=0)})
    found: list[FlownTrack | Problem] = [*rows.problems, *problems]
    groups: dict[str, list[int]] = {}
    for at in np.flatnonzero(good).tolist():
        groups.setdefault(ids[at], []).append(at)
    for name, own in groups.items():
        first = own[0]
        try:
            if len(set(above[own])) > 1:
                raise GeometryError("its altitudes are above one reference")
            if above[first] not in set(Reference):
                raise GeometryError(f"{quoted(above[first])} is no reference")
            time, lon, lat, altitude = points[:, own]
            track = Track(time, lon, lat, altitude, Reference(above[first]))
            thinned = thin(track, error_m) if error_m else track
        except InputError as error:
            found.append(Problem(rows.place(first), f"track {quoted(name)}: {error.message}"))
        else:
            found.append(FlownTrack(name, callsigns[first], addresses[first], thinned))
    return found
