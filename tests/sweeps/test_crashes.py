"""Real processes killed for real: what was done is kept, and the rest comes out as if nothing."""

from __future__ import annotations

import multiprocessing
import os
import random
import select
import signal
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet  # type: ignore[import-untyped]

from sim.errors import ClusterError, InputError
from sim.sweeps import planning, store
from sim.sweeps.sweeping import sweep
from tests.sweeps.drivers import RUNS, WAIT_S, drive, process, schedule, work
from tests.sweeps.studies import study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sim.sweeps.driving import Progress

STUDY = study(replications=RUNS // 4)


@pytest.fixture(scope="module")
def undisturbed() -> bytes:
    """The table of the sweep that nothing happens to."""
    result = sweep(STUDY, workers=1)
    return (result.folder / "runs.parquet").read_bytes()


@pytest.fixture
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "CHUNK_S", 0.005)
    monkeypatch.setattr(store, "FLUSH_ROWS", 15)


def kept(folder: Path) -> int:
    """Count the rows in all parts."""
    return sum(parquet.read_metadata(path).num_rows for path in folder.glob("parts/*-*.parquet"))


def seen_off(pids: list[int]) -> bool:
    """Wait until processes have ended."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            if not select.select([handle], [], [], WAIT_S)[0]:
                return False
        finally:
            os.close(handle)
    return True


def killed_at(folder: Path, workers: int, done: int, after_s: float) -> list[int]:
    """Kill a driver a while after it has done so many runs; give who worked for it."""
    pids: list[int] = []
    with process(drive, folder, workers, None) as (driver, told):
        now = 0
        while now < done:
            assert told.poll(WAIT_S)
            now, pids = told.recv()
            told.send("go on")
        told.poll(after_s)
        assert driver.pid is not None
        os.kill(driver.pid, signal.SIGKILL)
        driver.join(WAIT_S)
        assert driver.exitcode == -signal.SIGKILL
    return pids


@pytest.mark.parametrize("workers", [1, 2])
def test_a_driver_that_is_killed_again_and_again_loses_and_repeats_nothing(
    tmp_path: Path, undisturbed: bytes, workers: int
) -> None:
    moments = random.Random(workers)  # noqa: S311 - the same on every run
    before = 0
    for _ in range(4 - workers):
        pids = killed_at(tmp_path, workers, moments.randint(20, 50), moments.uniform(0, 0.01))
        assert kept(tmp_path) >= before
        before = kept(tmp_path)
        assert len(pids) == (0 if workers == 1 else workers)
        assert seen_off(pids), "workers end with their driver"
    assert 0 < before < RUNS
    told: list[Progress] = []
    result = sweep(STUDY, tmp_path, workers=workers, resume=True, progress=told.append)
    assert (result.folder / "runs.parquet").read_bytes() == undisturbed
    assert (told[0].reused, told[-1].reused + told[-1].done) == (before, RUNS)
    assert kept(tmp_path) == RUNS
    assert result.damaged == ()


@pytest.mark.parametrize("write", [1, 2, 3, 6, 7])
def test_a_driver_that_is_killed_as_it_writes_leaves_nothing_half_written(
    tmp_path: Path, undisturbed: bytes, write: int
) -> None:
    with process(drive, tmp_path, 1, write) as (driver, told):
        with suppress(EOFError):
            while told.poll(WAIT_S):
                told.send(told.recv())
        driver.join(WAIT_S)
        assert driver.exitcode == -signal.SIGKILL
    before = kept(tmp_path)
    assert [*tmp_path.rglob("*.part")]
    result = sweep(STUDY, tmp_path, workers=1, resume=True)
    assert (result.folder / "runs.parquet").read_bytes() == undisturbed
    assert kept(tmp_path) == RUNS >= before
    assert not [*tmp_path.rglob("*.part")]


@pytest.mark.usefixtures("_small_pieces")
def test_a_worker_of_the_pool_that_is_killed_is_replaced(
    tmp_path: Path, undisturbed: bytes
) -> None:
    moments = [20, 60, 100]

    def kill(progress: Progress) -> None:
        workers = multiprocessing.active_children()  # none while a pool goes down
        if workers and moments and progress.done >= moments[0]:
            moments.pop(0)
            worker = workers[0].pid
            assert worker is not None
            os.kill(worker, signal.SIGKILL)

    result = sweep(STUDY, tmp_path, workers=2, progress=kill)
    assert moments == []
    assert (result.folder / "runs.parquet").read_bytes() == undisturbed
    assert kept(tmp_path) == RUNS


@pytest.fixture
def cluster() -> Iterator[Callable[[int], tuple[str, list[int]]]]:
    """Start a scheduler and workers; give its address, and process ids, the scheduler's first."""
    pytest.importorskip("distributed", reason="needs Dask's distributed")
    with ExitStack() as started:

        def start(workers: int) -> tuple[str, list[int]]:
            scheduler, told = started.enter_context(process(schedule))
            assert told.poll(WAIT_S)
            address = told.recv()
            joined = [started.enter_context(process(work, address)) for _ in range(workers)]
            for _, said in joined:
                assert said.poll(WAIT_S)
            return address, [one.pid or 0 for one in (scheduler, *(one for one, _ in joined))]

        yield start


def test_the_table_is_the_same_from_a_cluster_and_a_client_is_left_as_it_was(
    cluster: Any, undisturbed: bytes
) -> None:
    from distributed import Client  # noqa: PLC0415 - an extra

    address, _ = cluster(1)
    result = sweep(STUDY, scheduler=address)
    assert (result.folder / "runs.parquet").read_bytes() == undisturbed
    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        result = sweep(STUDY, scheduler=client)
        assert client.submit(sum, (1, 2)).result(WAIT_S) == 3
    assert (result.folder / "runs.parquet").read_bytes() == undisturbed


@pytest.mark.usefixtures("_small_pieces")
def test_a_worker_of_the_cluster_that_is_killed_takes_nothing_along(
    cluster: Any, tmp_path: Path, undisturbed: bytes
) -> None:
    address, (_, first, *_) = cluster(3)
    whole = sweep(STUDY, scheduler=address)
    assert (whole.folder / "runs.parquet").read_bytes() == undisturbed
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if progress.done >= 20 and not killed:
            killed.append(first)
            os.kill(first, signal.SIGKILL)

    result = sweep(STUDY, tmp_path, scheduler=address, progress=kill)
    assert killed == [first]
    assert (result.folder / "runs.parquet").read_bytes() == undisturbed
    assert kept(tmp_path) == RUNS


@pytest.mark.usefixtures("_small_pieces")
def test_without_its_scheduler_a_sweep_ends_and_says_how_to_go_on(
    cluster: Any, tmp_path: Path, undisturbed: bytes
) -> None:
    address, (scheduler, *_) = cluster(1)

    def kill(progress: Progress) -> None:
        if progress.done >= 20:
            os.kill(scheduler, signal.SIGKILL)

    with pytest.raises(ClusterError, match=r"scheduler was lost; what was done is in .* --resume"):
        sweep(STUDY, tmp_path, scheduler=address, progress=kill)
    before = kept(tmp_path)
    assert 20 <= before < RUNS
    told: list[Progress] = []
    result = sweep(STUDY, tmp_path, workers=1, resume=True, progress=told.append)
    assert (result.folder / "runs.parquet").read_bytes() == undisturbed
    assert (told[0].reused, told[-1].reused + told[-1].done) == (before, RUNS)
    assert kept(tmp_path) == RUNS


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs Dask's distributed")
    monkeypatch.setattr("sim.sweeps.executors._ANSWER_S", 0.3)
    with pytest.raises(InputError, match=r'no Dask scheduler answers at "tcp://127.0.0.1:1"'):
        sweep(STUDY, scheduler="tcp://127.0.0.1:1")
