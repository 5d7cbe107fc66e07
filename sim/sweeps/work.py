"""What a worker of a sweep does: replications of one point, as rows of metrics.

Nothing here knows who asks, or where rows are kept: the same function runs in this
process, in those of a pool, and on the machines of a cluster.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.findings.run import run_plan
from sim.scenario.paths import replaced
from sim.scenario.plan import prepare
from sim.scenario.reader import build
from sim.sweeps.heap import settled_heap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.scenario.planned import Plan
    from sim.scenario.sidefiles import SideFiles

_PLANS = 8  # as many points as a worker goes back and forth between
_LONGEST = 500  # letters of an error that a row keeps
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")


@dataclass(frozen=True, slots=True)
class Job:
    """What all chunks of a sweep have in common; a worker gets it once.

    ``document`` is the scenario's plain tree, before the changes of any point, and
    ``files`` are those that it names.
    """

    document: dict[str, Any] = field(repr=False)
    files: SideFiles = field(repr=False)
    seed: int
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Replications of one point that are run together; ``key`` is that of the point."""

    key: str
    changes: Mapping[str, Any] = field(repr=False)
    replications: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What the replications of a chunk gave.

    ``values`` has a row a replication and a column a metric, shape (n, m), NaN where
    undefined. ``errors`` has the text of what went wrong, by replication, for those
    that failed. The seconds that it took to prepare the point, 0 where it had been, and
    to run the replications stand beside: they are no results.
    """

    key: str
    replications: tuple[int, ...]
    values: NDArray[np.float64]
    errors: Mapping[int, str]
    prepared_s: float = 0.0
    ran_s: float = 0.0


def run_chunk(job: Job, chunk: Chunk) -> Rows:
    """Run the replications of a chunk; one that fails is a row with its error."""
    with _turn:  # threads of one process would only take each other's time
        began = perf_counter()
        try:
            plan = _planned(job, chunk)
        except Exception as error:  # noqa: BLE001 - whatever it is, it becomes a row
            return failed_rows(chunk, _told(error), len(job.metrics))
        ready = perf_counter()
        values = np.full((len(chunk.replications), len(job.metrics)), np.nan)
        errors: dict[int, str] = {}
        with settled_heap():
            for place, replication in enumerate(chunk.replications):
                try:
                    found = run_plan(plan, job.seed, replication).metrics
                except Exception as error:  # noqa: BLE001 - whatever it is, it becomes a row
                    errors[replication] = _told(error)
                else:
                    values[place] = [found[name] for name in job.metrics]
        ended = perf_counter()
    return Rows(chunk.key, chunk.replications, values, errors, ready - began, ended - ready)


def failed_rows(chunk: Chunk, error: str, metrics: int) -> Rows:
    """Give the rows of a chunk of which every replication failed."""
    values = np.full((len(chunk.replications), metrics), np.nan)
    return Rows(chunk.key, chunk.replications, values, dict.fromkeys(chunk.replications, error))


_turn = Lock()
_plans: OrderedDict[str, Plan] = OrderedDict()  # the last ones used, by key, newest last


def _planned(job: Job, chunk: Chunk) -> Plan:
    """Prepare a point, or take what is left of preparing it for another chunk."""
    plan = _plans.get(chunk.key)
    if plan is None:
        plan = prepare(build(replaced(job.document, chunk.changes), job.files))
        _plans[chunk.key] = plan
    _plans.move_to_end(chunk.key)
    while len(_plans) > _PLANS:
        _plans.popitem(last=False)
    return plan


def _told(error: Exception) -> str:
    """Put an error in one line that is the same in every process."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return _ADDRESS.sub("0x", text)[:_LONGEST]
