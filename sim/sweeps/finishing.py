"""The parts of a sweep to its finished table, in blocks: never are all rows in one process.

The table is sorted by point and replication, and cut into row groups of fixed size, so that
its bytes are the same however, wherever and in whatever order the runs were made.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from sim.sweeps.folder import RUNS, TIMINGS
from sim.sweeps.planning import Known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.sweeps.store import Part, Store

BLOCK_ROWS = 16384
_OPEN_PARTS = 16  # parts that are kept at hand; runs near each other stand in few


@dataclass(frozen=True, slots=True)
class TableRow:
    """What one point of the design adds to its rows: its number, and what its factors are."""

    number: int
    key: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Index:
    """Where the row of every run stands, ordered by key and replication.

    ``part`` is its part's place in the store, ``row`` its place there. Columns are of
    shape (n,); the runs of a key stand at ``bounds[key]``. ``value`` is that of a metric,
    if one was asked for.
    """

    replication: NDArray[np.int64]
    part: NDArray[np.int32]
    row: NDArray[np.int32]
    is_failed: NDArray[np.bool_]
    value: NDArray[np.float64] | None
    bounds: Mapping[str, slice]

    def known(self, *, without_failed: bool) -> dict[str, Known]:
        """Give what is there of each key, perhaps without the runs that failed."""
        found = {}
        for key, bounds in self.bounds.items():
            wanted = ~(self.is_failed[bounds] & without_failed)
            value = None if self.value is None else self.value[bounds][wanted]
            found[key] = Known(self.replication[bounds][wanted], value)
        return found


def read_index(store: Store, keys: Sequence[str], metric: str | None = None) -> Index:
    """Find every run of some points in the parts of a store; rows of other points are left out.

    Raises
    ------
    OutputError
        If a part cannot be read.
    """
    slots = {key: slot for slot, key in enumerate(keys)}
    found = [_of_part(store, place, slots, metric) for place in range(len(store.parts))]
    slot, replication, part, row, failed, value = (
        np.concatenate(column) for column in zip(_NONE, *found, strict=True)
    )
    order = np.lexsort((part, replication, slot))
    slot, replication = slot[order], replication[order]
    is_last = np.ones(len(order), dtype=np.bool_)  # of the rows of the same run
    is_last[:-1] = (slot[1:] != slot[:-1]) | (replication[1:] != replication[:-1])
    order, slot, replication = order[is_last], slot[is_last], replication[is_last]
    edges = np.searchsorted(slot, np.arange(len(keys) + 1))
    return Index(
        replication,
        part[order],
        row[order],
        failed[order],
        None if metric is None else value[order],
        {key: slice(int(edges[at]), int(edges[at + 1])) for key, at in slots.items()},
    )


_Columns = tuple[
    "NDArray[np.int32]",
    "NDArray[np.int64]",
    "NDArray[np.int32]",
    "NDArray[np.int32]",
    "NDArray[np.bool_]",
    "NDArray[np.float64]",
]
_NONE: _Columns = (
    np.zeros(0, np.int32),
    np.zeros(0, np.int64),
    np.zeros(0, np.int32),
    np.zeros(0, np.int32),
    np.zeros(0, np.bool_),
    np.zeros(0, np.float64),
)


def _of_part(store: Store, place: int, slots: Mapping[str, int], metric: str | None) -> _Columns:
    """Give the columns of an index for one part, in the part's own order."""
    columns = ["key", "replication", "status", *([] if metric is None else [metric])]
    table = store.read(store.parts[place], columns)
    keys = table["key"].combine_chunks()
    named = np.array([slots.get(key, -1) for key in keys.dictionary.to_pylist()], np.int32)
    slot = named[keys.indices.to_numpy()]
    rows = np.flatnonzero(slot >= 0).astype(np.int32)
    failed = np.array(table["status"].to_pylist()) == "failed"
    value = np.zeros(len(slot)) if metric is None else _floats(table[metric])
    replication = table["replication"].to_numpy()
    return (
        slot[rows],
        replication[rows],
        np.full(len(rows), place, np.int32),
        rows,
        failed[rows],
        value[rows],
    )


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    found: NDArray[np.float64] = column.to_numpy()
    return found


def finish(
    store: Store, points: Sequence[TableRow], counts: Mapping[str, int], metrics: Sequence[str]
) -> tuple[int, int]:
    """Write the finished table, and beside it how long the chunks took.

    Parameters
    ----------
    store
        Where the parts are; every run is in one of them.
    points
        The points of the design, in their order.
    counts
        How many replications each has, by key.
    metrics
        The names of the columns between the factors and the status.

    Returns
    -------
    tuple of int
        How many rows the table has, and how many of them are of runs that failed.
    """
    store.flush()
    index = read_index(store, list(dict.fromkeys(point.key for point in points)))
    where = [_first(index, point.key, counts[point.key]) for point in points]
    places = np.concatenate([np.zeros(0, np.int32), *where])
    numbers = np.repeat(np.arange(len(points), dtype=np.int32), [len(found) for found in where])
    schema = _schema(points, metrics)
    reader = _Reader(store, index, schema, points)
    with (
        store.staged(RUNS) as path,
        parquet.ParquetWriter(path, schema, compression="zstd") as writer,
    ):
        for start in range(0, len(places), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            table = reader.read(places[block], numbers[block])
            writer.write_table(table, row_group_size=BLOCK_ROWS)
    _finish_timings(store, points)
    return len(places), int(index.is_failed[places].sum())


def _first(index: Index, key: str, count: int) -> NDArray[np.int32]:
    """Give the places in an index of the first replications of a point."""
    bounds = index.bounds[key]
    places = np.arange(bounds.start, bounds.stop, dtype=np.int32)
    places = places[index.replication[bounds] < count]
    assert len(places) == count, "a point is complete when it is written"
    return places


def _schema(points: Sequence[TableRow], metrics: Sequence[str]) -> pa.Schema:
    factors = points[0].values if points else ()
    return pa.schema(
        [
            ("point", pa.int64()),
            ("replication", pa.int64()),
            ("seed", pa.int64()),
            *((name, pa.string()) for name in factors),
            *((name, pa.float64()) for name in metrics),
            ("status", pa.string()),
            ("error", pa.string()),
        ]
    )


class _Reader:
    """Reads blocks of the finished table from the parts."""

    def __init__(
        self, store: Store, index: Index, schema: pa.Schema, points: Sequence[TableRow]
    ) -> None:
        self._store = store
        self._index = index
        self._schema = schema
        self._numbers = np.array([point.number for point in points], np.int64)
        names = points[0].values if points else ()
        self._factors = {name: [point.values[name] for point in points] for name in names}
        self._open: OrderedDict[int, pa.Table] = OrderedDict()

    def read(self, places: NDArray[np.int32], points: NDArray[np.int32]) -> pa.Table:
        """Give rows by their places in the index, and the places of their points."""
        part, row = self._index.part[places], self._index.row[places]
        parts = np.unique(part)
        chosen = [np.flatnonzero(part == number) for number in parts]
        tables = [
            self._part(int(number)).take(pa.array(row[rows]))
            for number, rows in zip(parts, chosen, strict=True)
        ]
        back = np.argsort(np.concatenate(chosen), kind="stable")
        found = pa.concat_tables(tables).combine_chunks().take(pa.array(back))
        columns = {
            "point": pa.array(self._numbers[points]),
            **{name: _texts(values, points) for name, values in self._factors.items()},
        }
        return pa.table(
            [columns[name] if name in columns else found[name] for name in self._schema.names],
            schema=self._schema,
        ).combine_chunks()

    def _part(self, number: int) -> pa.Table:
        """Give a part with the columns that the table takes from it."""
        if number not in self._open:
            part: Part = self._store.parts[number]
            taken = [name for name in self._schema.names if name != "point"]
            taken = [name for name in taken if name not in self._factors]
            self._open[number] = self._store.read(part, taken)
        self._open.move_to_end(number)
        while len(self._open) > _OPEN_PARTS:
            self._open.popitem(last=False)
        return self._open[number]


def _texts(values: Sequence[str], points: NDArray[np.int32]) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(points))


def _finish_timings(store: Store, points: Sequence[TableRow]) -> None:
    """Write how long each chunk took, by point and first replication; no results, but of use."""
    number: dict[str, int] = {}
    for point in points:
        number.setdefault(point.key, point.number)
    times = store.read_times()
    point_of = [number.get(key, -1) for key in times["key"].to_pylist()]
    times = times.drop_columns(["key"]).add_column(0, "point", pa.array(point_of, pa.int64()))
    times = times.filter(pa.array(np.array(point_of) >= 0, pa.bool_()))
    times = times.sort_by([("point", "ascending"), ("replication", "ascending")])
    with store.staged(TIMINGS) as path:
        parquet.write_table(times, path, compression="zstd")
