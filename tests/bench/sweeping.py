"""What sweeping costs beside the bare runs, in each way of running, and in memory."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.findings.run import run_plan
from sim.scenario.plan import prepare
from sim.sweeps.finishing import TableRow, finish
from sim.sweeps.heap import settled_heap
from sim.sweeps.identity import manifest_of, point_key
from sim.sweeps.reader import loads_sweep
from sim.sweeps.store import Store
from sim.sweeps.sweeping import sweep
from sim.sweeps.work import Rows
from tests.bench import table
from tests.bench.timing import Party, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from sim.sweeps.reader import Study

ROOT = Path(__file__).parents[2]
RUNS = 6_000
ROWS = (10_000, 100_000, 1_000_000)
_CHUNK = 1_000
_TEXT = """
keepout-sweep: 1
name: Overhead
scenario: scenarios/northwest_syria_2022.yaml
factors: {{zones.raid-area.notices.first.lead: [30 min, 1 h, 2 h, 4 h]}}
replications: {}
"""


def main(*, quick: bool = False) -> None:
    """Print what each way of running takes beside the bare runs, and what rows take to keep."""
    runs = RUNS // 30 if quick else RUNS
    study = _study(runs)
    alone = Party("bare runs in one process", lambda _: _bare(study, 0, 1), runs)
    serial = Party("sweep, serial", lambda _: sweep(study, workers=1), runs)
    two = Party("bare runs in two processes, half each", lambda _: _bare_in_two(study), runs)
    pool = Party("sweep, pool of two", lambda _: sweep(study, workers=2), runs)
    parties = [alone, serial, two, pool]
    with _cluster() as address:
        if address is not None:
            parties.append(
                Party(
                    "sweep, Dask with two workers", lambda _: sweep(study, scheduler=address), runs
                )
            )
        together(parties)
    table.write(
        f"\na sweep of {runs:,} runs of the seed scenario, {runs // 4:,} at each of 4 points"
    )
    for party in parties:
        beside = two if party in parties[3:] else alone
        over = "" if party in (alone, two) else f"{party.seconds / beside.seconds - 1:+9.1%} a run"
        table.write(f"{party.name:<45}{party.seconds:9.2f} s{party.each * 1e3:9.2f} ms a run{over}")
    table.write(
        f"two processes for one: bare {alone.seconds / two.seconds:.2f} times as fast, "
        f"the pool {serial.seconds / pool.seconds:.2f} times"
    )
    if address is None:
        table.left_out("sweep, Dask with two workers", "distributed is not installed")
    for rows in ROWS[: 1 if quick else None]:
        seconds, gigabytes = _apart(_keep_rows, rows)
        table.write(
            f"{rows:>9,} rows kept and sorted into one table: {seconds:6.1f} s, "
            f"peak memory {gigabytes * 1e3:,.0f} MB"
        )


def _study(runs: int) -> Study:
    return loads_sweep(_TEXT.format(runs // 4), folder=ROOT)


def _bare(study: Study, first: int, step: int) -> float:
    """Run every so many of a study's replications, and keep nothing."""
    begun = perf_counter()
    for point in study.points:
        plan = prepare(study.scenario.replace(point.changes))
        with settled_heap():
            for replication in range(first, int(study.sweep.replications), step):  # type: ignore[arg-type]
                _ = run_plan(plan, study.sweep.seed, replication).metrics
    return perf_counter() - begun


def _bare_in_two(study: Study) -> None:
    context = multiprocessing.get_context("fork")
    both = [context.Process(target=_bare, args=(study, first, 2)) for first in (0, 1)]
    for process in both:
        process.start()
    for process in both:
        process.join()


@contextmanager
def _cluster() -> Iterator[str | None]:
    """Start two workers on the loopback address, where Dask is installed."""
    try:
        from distributed import LocalCluster  # noqa: PLC0415 - an extra
    except ImportError:
        yield None
        return
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield str(cluster.scheduler_address)


def _apart(task: Callable[[int], float], rows: int) -> tuple[float, float]:
    """Do something in a fresh process: its seconds, and its peak memory in GB."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(task, rows, sender))
    process.start()
    found: tuple[float, float] = receiver.recv()
    process.join()
    return found


def _tell(task: Callable[[int], float], rows: int, sender: Connection) -> None:
    seconds = task(rows)
    unit = 1 if sys.platform == "darwin" else 1024
    sender.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9))


def _keep_rows(rows: int) -> float:
    """Keep made-up rows as a sweep does, and finish its table."""
    study = _study(4 * (rows // 4))
    document = study.scenario.document
    points = tuple(
        TableRow(point.number, point_key(document, point.changes), point.values)
        for point in study.points
    )
    rng = np.random.default_rng(0)
    metrics = study.sweep.kept
    begun = perf_counter()
    with (
        TemporaryDirectory() as folder,
        Store.open(Path(folder), manifest_of(study, ()), resume=False) as store,
    ):
        for first in range(0, rows // 4, _CHUNK):
            replications = tuple(range(first, min(first + _CHUNK, rows // 4)))
            for point in points:
                values: Any = rng.random((len(replications), len(metrics)))
                store.add(Rows(point.key, replications, values, {}))
        finish(store, points, {point.key: rows // 4 for point in points}, metrics)
    return perf_counter() - begun
