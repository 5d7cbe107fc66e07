"""Peers for tracks: each one function from tracks and volumes in the plane to stays."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from tests.bench.agreement import Rows
from tests.bench.peers import Peer, load

if TYPE_CHECKING:
    from tests.bench.plane import Paths, Scene
    from tests.bench.workloads import Floats, Indices

_INSTANT_S = 1e-5  # MEOS counts microseconds
_EPOCH = "2022-02-02"


class Stretches(NamedTuple):
    """Pieces of legs inside footprints: the leg's first point, the volume, two instants."""

    leg: Indices
    volume: Indices
    begin: Floats
    end: Floats


class Sequences(NamedTuple):
    """What PyMEOS keeps in memory: built before it is asked anything."""

    points: list[Any]
    polygons: list[Any]
    heights: list[Any]
    windows: list[Any]


def sequences(scene: Scene, paths: Paths) -> Sequences:
    """Build temporal points, geometries and spans."""
    meos, raw = load("pymeos_cffi"), load("_meos_cffi").ffi
    meos.meos_initialize("UTC")
    instants = np.round(paths.time * 1e6).astype(np.int64)
    columns = [np.ascontiguousarray(column) for column in (*paths.place.T, paths.altitude_m)]
    points = []
    for begin, end in pairwise(paths.starts.tolist()):
        place = (raw.from_buffer("double[]", column[begin:end]) for column in columns)
        when = raw.from_buffer("int64_t[]", instants[begin:end])
        linear = meos.InterpolationType.LINEAR
        tail = (end - begin, 0, False, True, True, linear, False)
        points.append(meos.tpointseq_make_coords(*place, when, *tail))
    limits = zip(scene.lower_m.tolist(), scene.upper_m.tolist(), strict=True)
    windows = zip((scene.start * 1e6).tolist(), (scene.end * 1e6).tolist(), strict=True)
    return Sequences(
        points,
        [meos.geom_from_hexewkb(text) for text in shapely.to_wkb(scene.polygon, hex=True)],
        [meos.floatspan_make(low, high, True, True) for low, high in limits],
        [meos.tstzspan_make(int(start), int(end), True, False) for start, end in windows],
    )


def pymeos(scene: Scene, paths: Paths, built: Sequences) -> Rows:
    """Restrict each temporal point to the volumes that its box meets: window, then the rest.

    The calls are those under PyMEOS's own classes, which would convert the
    geometry anew at every restriction.
    """
    meos = load("pymeos_cffi")
    rows: list[tuple[int, int, int, int]] = []
    for track, volume in zip(*(c.tolist() for c in _boxes_meet(scene, paths)), strict=True):
        part = meos.temporal_at_tstzspan(built.points[track], built.windows[volume])
        if part is None:
            continue
        part = meos.tpoint_at_geom(part, built.polygons[volume], built.heights[volume])
        if part is None:
            continue
        times = meos.temporal_time(part)
        for k in range(1, meos.spanset_num_spans(times) + 1):
            span = meos.spanset_span_n(times, k)
            rows.append((track, volume, meos.tstzspan_lower(span), meos.tstzspan_upper(span)))
    table = np.array([row for row in rows if row[2] < row[3]], dtype=np.int64).reshape(-1, 4).T
    return Rows.sorted(table[0], table[1], table[2] / 1e6, table[3] / 1e6)


def _boxes_meet(scene: Scene, paths: Paths) -> tuple[Indices, Indices]:
    """Give the tracks and volumes whose boxes meet in space, altitude and time."""
    columns = np.column_stack([paths.place, paths.altitude_m, paths.time])
    low = np.minimum.reduceat(columns, paths.starts[:-1])
    high = np.maximum.reduceat(columns, paths.starts[:-1])
    floor = np.column_stack([scene.bounds[:, :2], scene.lower_m, scene.start])
    ceiling = np.column_stack([scene.bounds[:, 2:], scene.upper_m, scene.end])
    met = np.ones((len(low), len(floor)), dtype=bool)
    for axis in range(4):
        met &= (low[:, axis, None] < ceiling[:, axis]) & (high[:, axis, None] > floor[:, axis])
    track, volume = np.nonzero(met)
    return track, volume


def per_segment(scene: Scene, paths: Paths) -> Rows:
    """Query shapely's tree of footprints by every leg, filter, and cut what is left."""
    begin = np.stack([paths.place[paths.leg], paths.place[paths.leg + 1]], axis=1)
    lines = np.asarray(shapely.linestrings(begin))
    which, volume = shapely.STRtree(scene.polygon).query(lines)
    leg = paths.leg[which]
    near = (paths.time[leg] < scene.end[volume]) & (paths.time[leg + 1] > scene.start[volume])
    heights = paths.altitude_m[leg], paths.altitude_m[leg + 1]
    near &= np.minimum(*heights) < scene.upper_m[volume]
    near &= np.maximum(*heights) > scene.lower_m[volume]
    which, volume, leg = which[near], volume[near], leg[near]
    cut = shapely.intersection(lines[which], scene.polygon[volume])
    parts, source = shapely.get_parts(cut, return_index=True)
    straight = shapely.length(parts) > 0
    parts, source = parts[straight], source[straight]
    shares = [_share(lines[which[source]], shapely.get_point(parts, at)) for at in (0, -1)]
    shares = [np.minimum(*shares), np.maximum(*shares)]
    leg, volume = leg[source], volume[source]
    lasting = paths.time[leg + 1] - paths.time[leg]
    begin, end = (paths.time[leg] + share * lasting for share in shares)
    return confined(scene, paths, Stretches(leg, volume, begin, end))


def _share(lines: Any, points: Any) -> Floats:
    share: Floats = shapely.line_locate_point(lines, points, normalized=True)
    return share


def trajectories(paths: Paths) -> list[Any]:
    """Build movingpandas trajectories; in a plane of no name, of which it warns."""
    moving, geopandas, pandas = (load(m) for m in ("movingpandas", "geopandas", "pandas"))
    made = []
    for track, (a, b) in enumerate(pairwise(paths.starts.tolist())):
        when = pandas.to_datetime(_EPOCH) + pandas.to_timedelta(paths.time[a:b], unit="s")
        points = shapely.points(paths.place[a:b])
        frame = geopandas.GeoDataFrame({"id": track}, geometry=points, index=when)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made.append(moving.Trajectory(frame, track, crs=None))
    return made


def movingpandas(scene: Scene, paths: Paths, made: list[Any]) -> Rows:
    """Clip each trajectory by the footprints of the volumes that its box meets."""
    epoch = np.datetime64(_EPOCH)
    columns: list[tuple[int, int, float, float]] = []
    for track, volume in zip(*(c.tolist() for c in _boxes_meet(scene, paths)), strict=True):
        for part in made[track].clip(scene.polygon[volume]).trajectories:
            when = (part.df.index.to_numpy()[[0, -1]] - epoch) / np.timedelta64(1, "s")
            columns.append((track, volume, float(when[0]), float(when[1])))
    track, volume, begin, end = np.array(columns).reshape(-1, 4).T
    spans = Stretches(track.astype(np.int64), volume.astype(np.int64), begin, end)
    return confined(scene, paths, _by_leg(paths, spans))


def _by_leg(paths: Paths, spans: Stretches) -> Stretches:
    """Cut what lies in footprints by tracks, so far, at the points of those."""
    rows = []
    for track, volume, begin, end in zip(*(c.tolist() for c in spans), strict=True):
        first, last = int(paths.starts[track]), int(paths.starts[track + 1]) - 1
        times = paths.time[first : last + 1]
        a = first + int(np.searchsorted(times, begin, side="right")) - 1
        b = first + int(np.searchsorted(times, end, side="left"))
        rows += [
            (leg, volume, max(begin, paths.time[leg]), min(end, paths.time[leg + 1]))
            for leg in range(max(a, first), min(b, last))
        ]
    leg, place, entry, exit_ = np.array(rows).reshape(-1, 4).T
    return Stretches(leg.astype(np.int64), place.astype(np.int64), entry, exit_)


def confined(scene: Scene, paths: Paths, found: Stretches) -> Rows:
    """Confine what lies in footprints to windows and bands, and join what adjoins."""
    leg, volume, begin, end = found
    start, lasting = paths.time[leg], paths.time[leg + 1] - paths.time[leg]
    low, rise = paths.altitude_m[leg], paths.altitude_m[leg + 1] - paths.altitude_m[leg]
    begin, end = np.maximum(begin, scene.start[volume]), np.minimum(end, scene.end[volume])
    with np.errstate(divide="ignore", invalid="ignore"):
        limits = [
            start + lasting * (limit[volume] - low) / rise
            for limit in (scene.lower_m, scene.upper_m)
        ]
    level = rise == 0
    begin = np.where(level, begin, np.maximum(begin, np.minimum(*limits)))
    end = np.where(level, end, np.minimum(end, np.maximum(*limits)))
    inside = (scene.lower_m[volume] < low) & (low < scene.upper_m[volume])
    kept = (begin < end) & (inside | ~level)
    track = np.searchsorted(paths.starts, leg, side="right") - 1
    return _joined(Rows.sorted(*(column[kept] for column in (track, volume, begin, end))))


def _joined(rows: Rows) -> Rows:
    """Join stays that adjoin."""
    same = (rows.track[1:] == rows.track[:-1]) & (rows.volume[1:] == rows.volume[:-1])
    adjoins = same & (rows.entry[1:] <= rows.exit[:-1] + _INSTANT_S)
    first = np.flatnonzero(np.concatenate([np.ones(min(1, len(rows.track)), bool), ~adjoins]))
    last = np.append(first[1:], len(rows.track))[: len(first)] - 1
    return Rows(rows.track[first], rows.volume[first], rows.entry[first], rows.exit[last])


SHAPELY = Peer("shapely, every leg by itself", per_segment, "shapely")
PYMEOS = Peer("PyMEOS, restriction after boxes", pymeos, "pymeos_cffi")
MOVINGPANDAS = Peer("movingpandas clip after boxes", movingpandas, "movingpandas")
