"""Which runs a sweep still lacks, in chunks, and when a point has had enough of them."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.stats import Stopping
from sim.sweeps.estimates import estimate
from sim.sweeps.work import Chunk, Rows, failed_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from numpy.typing import NDArray

    from sim.sweeps.schema import Precision

CHUNK_S = 0.25  # long enough that handing a chunk over costs next to nothing
_FIRST_RUNS = 4  # of the first chunk, before anything is known of how long a run takes
_MOST_RUNS = 4096
_GROWTH = 8  # of a chunk over the one before: the first runs of all are slow
_MOST_DEATHS = 3
_DIED = f"WorkerDied: the process that ran it died, {_MOST_DEATHS} times"


class Rule(Protocol):
    """When a point has had enough replications."""

    @property
    def metric(self) -> str | None:
        """The metric whose values it wants to see; None if only their number counts."""

    def next_count(self, values: NDArray[np.float64]) -> int | None:
        """Give how many replications there are to be next, counted from 0; None for enough.

        Parameters
        ----------
        values
            The metric in all replications so far, in their order, shape (n,), where n is
            what was asked for last; NaN where it is undefined, or the run failed.
        """

    def is_met(self, values: NDArray[np.float64]) -> bool:
        """Tell whether a point that has just these replications is complete."""


@dataclass(frozen=True, slots=True)
class FixedCount:
    """As many replications as were asked for."""

    replications: int
    metric: None = None

    def next_count(self, values: NDArray[np.float64]) -> int | None:
        """Ask for all of them at once."""
        return self.replications if len(values) < self.replications else None

    def is_met(self, values: NDArray[np.float64]) -> bool:
        """Tell whether these are as many as were asked for."""
        return len(values) == self.replications


@dataclass(frozen=True, slots=True)
class UntilPrecise:
    """Batch after batch, until the half-width of a metric's interval is small enough."""

    metric: str
    stopping: Stopping

    def next_count(self, values: NDArray[np.float64]) -> int | None:
        """Look at whole batches only, so that the answer is the same however they were run."""
        return self.stopping.after(values)

    def is_met(self, values: NDArray[np.float64]) -> bool:
        """Tell whether the look after the last of these is the first to find them enough."""
        return self.stopping.stopped(values) == len(values)


def rule_of(replications: int | Precision) -> Rule:
    """Give the rule that a sweep file states."""
    if isinstance(replications, int):
        return FixedCount(replications)
    metric = replications.metric
    stopping = Stopping(
        partial(estimate, metric),
        replications.half_width,
        replications.min,
        replications.max,
        replications.batch,
    )
    return UntilPrecise(metric, stopping)


@dataclass(frozen=True, slots=True)
class Known:
    """Rows of a point that are there already.

    ``replications`` has their numbers, in order, and ``values`` those of the rule's metric,
    both shape (n,); without a metric there are no values.
    """

    replications: NDArray[np.int64]
    values: NDArray[np.float64] | None


@dataclass(slots=True)
class _Point:
    """A point on its way: what it has, and what it is to have next."""

    key: str
    changes: Mapping[str, Any]
    has: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    values: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    target: int = 0
    todo: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def grow(self, count: int) -> None:
        """Make room for so many replications."""
        more = count - len(self.has)
        if more > 0:
            self.has = np.append(self.has, np.zeros(more, dtype=np.bool_))
            self.values = np.append(self.values, np.full(more, np.nan))

    def fill(self, replications: Iterable[int] | NDArray[np.int64], values: Any) -> None:
        """Note what some replications gave."""
        places = np.asarray(replications, dtype=np.int64)
        if places.size:
            self.grow(int(places.max()) + 1)
            self.has[places] = True
            self.values[places] = values

    def advance(self, rule: Rule) -> bool:
        """Ask the rule until something is lacking; tell whether anything is."""
        while (count := rule.next_count(self.values[: self.target])) is not None:
            self.target = count
            self.grow(count)
            self.todo = np.flatnonzero(~self.has[:count])
            if self.todo.size:
                return True
        return False

    def take_todo(self, runs: int) -> tuple[int, ...]:
        """Give the next replications to be run, so many at most."""
        taken, self.todo = self.todo[:runs], self.todo[runs:]
        return tuple(taken.tolist())


class Pace:
    """How long a run takes, and so how many of them make a chunk."""

    def __init__(self) -> None:
        self._runs = _FIRST_RUNS
        self._run_s: float | None = None
        self._prepare_s = 0.0

    def take(self, rows: Rows) -> None:
        """Learn from a chunk."""
        runs = len(rows.replications)
        self._prepare_s = max(rows.prepared_s, 0.5 * self._prepare_s)
        if rows.ran_s <= 0.0:
            return
        latest = rows.ran_s / runs
        self._run_s = latest if self._run_s is None else 0.5 * (self._run_s + latest)
        wanted = round(CHUNK_S / self._run_s)
        self._runs = max(1, min(wanted, _GROWTH * self._runs, _MOST_RUNS))

    @property
    def runs(self) -> int:
        """How many runs the next chunk should have."""
        return self._runs

    def estimate_s(self, runs: int, points: int) -> float | None:
        """Say about how long so many runs of so many points take; None before the first."""
        return None if self._run_s is None else runs * self._run_s + points * self._prepare_s


class Planner:
    """All that a sweep still lacks, point after point in the order of the design.

    Parameters
    ----------
    points
        What each point changes in the scenario, by its key.
    rule
        When a point has had enough.
    known
        What is there already, by key. It is not run again.
    metrics
        The names of the columns of rows.
    """

    def __init__(
        self,
        points: Mapping[str, Mapping[str, Any]],
        rule: Rule,
        known: Mapping[str, Known],
        metrics: tuple[str, ...],
    ) -> None:
        self.pace = Pace()
        self.counts: dict[str, int] = {}
        """How many replications each point has that is complete, by key."""
        self.reused = 0
        """How many of the runs planned were there before."""
        self._rule = rule
        self._points = points
        self._known = known
        self._metrics = metrics
        self._column = None if rule.metric is None else metrics.index(rule.metric)
        self._least = rule.next_count(np.zeros(0)) or 0
        self._ahead = deque(points)  # not yet looked at
        self._begun: dict[str, _Point] = {}
        self._ready: deque[_Point] = deque()  # of those begun, with runs to hand out
        self._again: deque[Chunk] = deque()
        self._deaths: Counter[tuple[str, int]] = Counter()
        self._complete = 0  # runs of complete points
        self._lacking = 0  # runs that points not yet looked at are sure to lack
        for key in points:
            self._count_ahead(key, 1)

    @property
    def is_complete(self) -> bool:
        """Whether every point has had enough."""
        return not self._ahead and not self._begun

    @property
    def planned(self) -> int:
        """How many runs there are to be in all, as far as that is known."""
        begun = sum(point.target for point in self._begun.values())
        return self._complete + begun + self._least * len(self._ahead)

    @property
    def remaining_s(self) -> float | None:
        """About how long what is lacking takes one process; None as long as nothing was run."""
        begun = sum(int((~point.has[: point.target]).sum()) for point in self._begun.values())
        points = -(-self._lacking // self._least) if self._least else 0
        return self.pace.estimate_s(begun + self._lacking, points)

    def next_chunk(self) -> Chunk | None:
        """Give what is to be run next; None if all that is known to lack is being run."""
        if self._again:
            return self._again.popleft()
        while not self._ready:
            if not self._ahead:
                return None
            self._begin(self._ahead.popleft())
        point = self._ready[0]
        chunk = Chunk(point.key, point.changes, point.take_todo(self.pace.runs))
        if not point.todo.size:
            self._ready.popleft()
        return chunk

    def take(self, rows: Rows) -> None:
        """Note what a chunk gave; where a batch is complete, see whether it was enough."""
        self.pace.take(rows)
        point = self._begun[rows.key]
        column = np.nan if self._column is None else rows.values[:, self._column]
        point.fill(rows.replications, column)
        if bool(point.has[: point.target].all()):
            self._go_on(point)

    def bury(self, chunk: Chunk) -> Rows | None:
        """Deal with a chunk that killed its worker.

        It is cut in half, and run again, until one run is found that kills every time:
        that one failed, and no other with it.

        Returns
        -------
        Rows or None
            The row of a run that failed for good; it has still to be taken.
        """
        runs = chunk.replications
        if len(runs) > 1:
            half = len(runs) // 2
            for part in (runs[half:], runs[:half]):
                self._again.appendleft(Chunk(chunk.key, chunk.changes, part))
            return None
        self._deaths[chunk.key, runs[0]] += 1
        if self._deaths[chunk.key, runs[0]] >= _MOST_DEATHS:
            return failed_rows(chunk, _DIED, len(self._metrics))
        self._again.appendleft(chunk)
        return None

    def _begin(self, key: str) -> None:
        """See what a point has, and have run what it lacks."""
        self._count_ahead(key, -1)
        point = self._begun[key] = _Point(key, self._points[key])
        known = self._known.get(key)
        if known is not None:
            point.fill(known.replications, np.nan if known.values is None else known.values)
        self._go_on(point)

    def _go_on(self, point: _Point) -> None:
        """Hand out a point's next batch, or be done with it."""
        before = point.target
        lacks = point.advance(self._rule)
        self.reused += int(point.has[before : point.target].sum())
        if lacks:
            self._ready.appendleft(point)
        else:
            self.counts[point.key] = point.target
            self._complete += point.target
            del self._begun[point.key]

    def _count_ahead(self, key: str, sign: int) -> None:
        """Count what a point that is not yet looked at is sure to need, has, and lacks."""
        known = self._known.get(key)
        has = 0 if known is None else int((known.replications < self._least).sum())
        self.reused += sign * has
        self._lacking += sign * (self._least - has)
