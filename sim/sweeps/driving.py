"""Brings what a sweep lacks to those who run it, and what they give to its folder."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.sweeps.executors import Dask, Died, Done, Pool, Serial
from sim.sweeps.finishing import TableRow, read_index
from sim.sweeps.identity import point_key
from sim.sweeps.planning import Planner, rule_of
from sim.sweeps.work import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sim.sweeps.executors import Executor
    from sim.sweeps.reader import Study
    from sim.sweeps.store import Store
    from sim.sweeps.work import Rows

_SERIAL_S = 1.0  # less than this is done before a pool is ready
_NORMAL_95 = 1.96  # quantile of the normal law at 97.5 %
_PATIENCE_S = 1.0  # how long at most nothing is heard of progress


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep has come.

    Attributes
    ----------
    planned
        How many runs there are to be in all, as far as that is known: with precision
        asked for it grows, batch by batch.
    reused
        How many of them were there before.
    done, failed
        How many have been run since then, and how many of those failed.
    widths
        By metric, the widest half-width that the interval of any point now has.
    damaged
        The names of parts that were found damaged; their runs are made again.
    """

    planned: int
    reused: int
    done: int
    failed: int
    widths: Mapping[str, float]
    damaged: tuple[str, ...]


class _Widths:
    """Running sums of some metrics by point, for a look at how wide their intervals are.

    The intervals of the result are computed anew, from rows in order.
    """

    def __init__(self, keys: Iterable[str], metrics: Mapping[str, int]) -> None:
        self._slots = {key: slot for slot, key in enumerate(keys)}
        self._names = tuple(metrics)
        self._columns = [*metrics.values()]
        self._sums = np.zeros((3, len(self._slots), len(metrics)))

    def add(self, rows: Rows) -> None:
        """Take rows in: the count, the sum and the sum of squares of each metric."""
        values = rows.values[:, self._columns]
        is_there = ~np.isnan(values)
        values = np.where(is_there, values, 0.0)
        more = np.array([is_there.sum(0), values.sum(0), (values**2).sum(0)])
        self._sums[:, self._slots[rows.key]] += more

    def widest(self) -> dict[str, float]:
        """Give the widest half-width of each metric over all points that have one."""
        count, first, second = self._sums
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = np.maximum(second - first**2 / count, 0.0) / (count - 1.0)
            widths = _NORMAL_95 * np.sqrt(variance / count)
        widest = np.max(widths, axis=0, initial=0.0, where=np.isfinite(widths))
        return dict(zip(self._names, widest.tolist(), strict=True))


class Driver:
    """Brings what a sweep lacks to the workers, and what they give to the folder."""

    def __init__(
        self,
        study: Study,
        store: Store,
        progress: Callable[[Progress], object] | None,
        *,
        retry_failed: bool,
    ) -> None:
        spec, document = study.sweep, study.scenario.document
        files = study.scenario.sides.files
        self.job = Job(document, files, spec.seed, spec.kept)
        self.points = tuple(
            TableRow(point.number, point_key(document, point.changes, files), point.values)
            for point in study.points
        )
        changes = {
            row.key: {**point.changes} for row, point in zip(self.points, study.points, strict=True)
        }
        rule = rule_of(spec.replications)
        known = read_index(store, [*changes], rule.metric).known(without_failed=retry_failed)
        self.planner = Planner(changes, rule, known, self.job.metrics)
        self._store = store
        self._progress = progress
        self._done = self._failed = 0
        self._widths = _Widths(changes, _followed(spec, self.job.metrics))
        self._stopped = False

    def run(self, workers: int | None, scheduler: Any) -> None:
        """Run all that is lacking.

        Raises
        ------
        ClusterError
            If the scheduler is lost.
        KeyboardInterrupt
            At Ctrl-C, once the chunks that are done have been taken in.
        """
        if scheduler is not None:
            self._run_in(Dask(scheduler, self.job))
        elif workers is not None and workers > 1:
            self._run_in(Pool(self.job, workers))
        elif workers is None and (processors := _processors()) > 1:
            self._run_in(Serial(self.job), while_=self._is_small)
            if not self.planner.is_complete:
                self._run_in(Pool(self.job, processors))
        else:
            self._run_in(Serial(self.job))
        self._tell()

    def _is_small(self) -> bool:
        left = self.planner.remaining_s
        return left is None or left < _SERIAL_S

    def _run_in(self, executor: Executor, while_: Callable[[], bool] = lambda: True) -> None:
        """Keep an executor busy, as long as anything is lacking."""
        try:
            with self._stopping_at_interrupt(executor):
                while not self.planner.is_complete and while_():
                    self._feed(executor)
                    if self.planner.is_complete:
                        break
                    self._take(executor.next(min(_PATIENCE_S, self._store.due_s + 0.001)))
                    if self._stopped:
                        raise KeyboardInterrupt
        finally:
            executor.close()

    def _feed(self, executor: Executor) -> None:
        for _ in range(executor.room):
            chunk = self.planner.next_chunk()
            if chunk is None:
                return
            executor.submit(chunk)

    def _take(self, outcome: Done | Died | None) -> None:
        rows = None
        if isinstance(outcome, Done):
            rows = outcome.rows
        elif isinstance(outcome, Died):
            rows = self.planner.bury(outcome.chunk)
        if rows is not None:
            self._store.add(rows)
            self.planner.take(rows)
            self._widths.add(rows)
            self._done += len(rows.replications)
            self._failed += len(rows.errors)
            self._tell()
        self._store.flush_if_due()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(
                Progress(
                    self.planner.planned,
                    self.planner.reused,
                    self._done,
                    self._failed,
                    self._widths.widest(),
                    self._store.damaged,
                )
            )

    @contextmanager
    def _stopping_at_interrupt(self, executor: Executor) -> Iterator[None]:
        """Let Ctrl-C end the sweep between two chunks; the second one ends it at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(_number: int, _frame: object) -> None:
            if self._stopped:
                raise KeyboardInterrupt
            self._stopped = True
            executor.wake()

        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def _followed(spec: Any, metrics: tuple[str, ...]) -> dict[str, int]:
    """Give the columns of the metrics that the sweep is about: precise, compared or aimed at."""
    named = [] if isinstance(spec.replications, int) else [spec.replications.metric]
    named += spec.pareto or ()
    if spec.recommend is not None:
        named += [spec.recommend.metric, spec.recommend.cost]
    return {name: metrics.index(name) for name in named or metrics[:1]}


def _processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
