"""What a sweep gave: its folder, and its finished table, read when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from pyarrow import parquet  # type: ignore[import-untyped]

from sim.errors import InputError, OutputError, did_you_mean
from sim.sweeps.estimates import estimate
from sim.sweeps.folder import RUNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from sim.stats import Interval
    from sim.sweeps.identity import Point


@dataclass(frozen=True)
class SweepResult:
    """A finished sweep. Its rows stay in the folder until they are asked for.

    Attributes
    ----------
    folder
        Where its parts and its table are; where none was given, a temporary one, which
        goes with the result.
    points
        The points of the design, in their order.
    metrics
        What was kept of each run.
    seed
        The root seed.
    done, failed
        How many runs gave metrics, and how many an error.
    damaged
        The names of parts that were found cut short or changed, and run again.
    """

    folder: Path
    points: tuple[Point, ...] = field(repr=False)
    metrics: tuple[str, ...] = field(repr=False)
    seed: int
    done: int
    failed: int
    damaged: tuple[str, ...] = ()

    def to_frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Give the finished table as a pandas frame, a row a run.

        Parameters
        ----------
        columns
            Which to read; without them all: ``point``, ``replication``, ``seed``, the
            factors by their short names, the metrics, ``status`` and ``error``.

        Raises
        ------
        InputError
            If there is no column of a name.
        """
        with self._open() as file:
            _check(columns or (), file.schema_arrow.names)
            frame: pd.DataFrame = file.read(columns).to_pandas()
        return frame

    def summary(self) -> dict[int, dict[str, Interval]]:
        """Give each point's metrics with their intervals, by the point's number.

        The table is read block by block, and no more than the rows of one point are held
        together.
        """
        found: dict[int, dict[str, Interval]] = {}
        for number, values in self._by_point():
            found[number] = {
                name: estimate(name, values[:, place]) for place, name in enumerate(self.metrics)
            }
        return found

    def _by_point(self) -> Iterator[tuple[int, np.ndarray[Any, np.dtype[np.float64]]]]:
        """Give the metrics of each point in turn, shape (replications, metrics)."""
        held: list[np.ndarray[Any, np.dtype[np.float64]]] = []
        current: int | None = None
        for number, values in self._pieces():
            if current is not None and number != current:
                yield current, np.concatenate(held)
                held = []
            current = number
            held.append(values)
        if current is not None:
            yield current, np.concatenate(held)

    def _pieces(self) -> Iterator[tuple[int, np.ndarray[Any, np.dtype[np.float64]]]]:
        """Give the metrics of each point in each row group."""
        with self._open() as file:
            for group in range(file.num_row_groups):
                table: pa.Table = file.read_row_group(group, ["point", *self.metrics])
                points = table["point"].to_numpy()
                values = np.column_stack([table[name].to_numpy() for name in self.metrics])
                edges = np.flatnonzero(np.diff(points)) + 1
                for piece in np.split(np.arange(len(points)), edges):
                    yield int(points[piece[0]]), values[piece]

    def _open(self) -> parquet.ParquetFile:
        path = self.folder / RUNS
        try:
            return parquet.ParquetFile(path)
        except (OSError, ValueError) as error:
            raise OutputError(f"{path}: cannot be read: {error}") from error


def _check(columns: Sequence[str], known: Sequence[str]) -> None:
    for name in columns:
        if name not in known:
            raise InputError(
                f"there is no column {name!r}; the columns are {', '.join(known)}",
                hint=did_you_mean(name, known),
            )
