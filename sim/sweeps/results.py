"""What a sweep gave: its folder, and its finished table, read when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from pyarrow import parquet  # type: ignore[import-untyped]

from sim.errors import InputError, OutputError, did_you_mean
from sim.sweeps.answers import Answers, Estimate
from sim.sweeps.estimates import estimate
from sim.sweeps.folder import RUNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

    from sim.sweeps.reader import Study

    Values = NDArray[np.float64]


@dataclass(frozen=True)
class SweepResult:
    """A finished sweep. Its rows stay in the folder until they are asked for.

    Attributes
    ----------
    folder
        Where its parts and its table are; where none was given, a temporary one, which
        goes with the result.
    study
        The sweep that was run, with its points.
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
    study: Study = field(repr=False)
    metrics: tuple[str, ...] = field(repr=False)
    seed: int
    done: int
    failed: int
    damaged: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """Show in a notebook how many runs there are, and what they answer."""
        failed = f"{self.failed:,}" if self.failed else ""
        return self.answers.as_card([("runs", f"{self.done:,}"), ("failed", failed)])

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

    @cached_property
    def answers(self) -> Answers:
        """What each point gave, with intervals, the best of them, and what drives them.

        The table is read block by block, and no more than the rows of one point are held
        together.
        """
        estimates = tuple(
            Estimate(
                self.study.points[number],
                {name: estimate(name, values[:, k]) for k, name in enumerate(self.metrics)},
                len(values),
                failed,
            )
            for number, values, failed in self._by_point()
        )
        return Answers(self.study, self.metrics, estimates)

    def _by_point(self) -> Iterator[tuple[int, Values, int]]:
        """Give each point's metrics, shape (replications, metrics), and how many runs failed."""
        for number, pieces in groupby(self._pieces(), key=itemgetter(0)):
            held = [(values, failed) for _, values, failed in pieces]
            yield number, np.concatenate([values for values, _ in held]), sum(f for _, f in held)

    def _pieces(self) -> Iterator[tuple[int, Values, int]]:
        """Give the same of each point in each row group."""
        with self._open() as file:
            for group in range(file.num_row_groups):
                table: pa.Table = file.read_row_group(group, ["point", "status", *self.metrics])
                points = table["point"].to_numpy()
                failed = np.asarray(table["status"]) == "failed"
                values = np.column_stack([table[name].to_numpy() for name in self.metrics])
                edges = np.flatnonzero(np.diff(points)) + 1
                for piece in np.split(np.arange(len(points)), edges):
                    yield int(points[piece[0]]), values[piece], int(failed[piece].sum())

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
