"""Sweeps: the same rows whichever way they are run, and none run twice."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import threading
from concurrent.futures import Future
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pyarrow import parquet  # type: ignore[import-untyped]

from sim.errors import InputError
from sim.scenario.plan import prepare
from sim.scenario.sidefiles import SideFiles
from sim.sweeps import driving, finishing, store, sweeping, work
from sim.sweeps.estimates import estimate
from sim.sweeps.executors import Died, Done, Pool
from sim.sweeps.identity import point_key
from sim.sweeps.runner import replicate
from sim.sweeps.sweeping import sweep
from sim.sweeps.work import Chunk, Job
from tests.sweeps.studies import (
    ANSWERED,
    LEAD,
    METRICS,
    grid,
    leads,
    study,
    tiny,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sim.sweeps.driving import Progress
    from sim.sweeps.results import SweepResult

HALF_WIDTH, MOST = 120.0, 60
PRECISE = {
    "until": {"metric": "latency_p50_s", "half-width": f"{HALF_WIDTH}"},
    "min": "10",
    "max": f"{MOST}",
    "batch": "10",
}


def table(result: SweepResult) -> bytes:
    return (result.folder / "runs.parquet").read_bytes()


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, int]]:
    """Note the lead in seconds and the replication of every run of this process."""
    found: list[tuple[float, int]] = []

    run_plan = vars(work)["run_plan"]

    def noted(plan: Any, seed: int, replication: int) -> Any:
        lead = plan.zones["area"].notices[0].lead.ppf(0.5)
        found.append((lead, replication))
        return run_plan(plan, seed, replication)

    monkeypatch.setattr(work, "run_plan", noted)
    return found


def test_every_run_is_that_of_its_scenario_alone() -> None:
    one = study(replications=7)
    frame = sweep(one, workers=1).to_frame()
    for point in one.points:
        alone = replicate(one.scenario.replace({**point.changes}), 7).to_frame()
        rows = frame[frame["point"] == point.number]
        assert rows["replication"].tolist() == [*range(7)]
        np.testing.assert_array_equal(rows[[*METRICS]], alone[[*METRICS]])
    assert frame.columns.tolist() == [
        *("point", "replication", "seed", "lead", "answered"),
        *(name for name in alone.columns if name in METRICS),
        *("status", "error"),
    ]
    assert frame["lead"].unique().tolist() == ["5 min", "20 min"]


@pytest.mark.parametrize("replications", [60, PRECISE], ids=["fixed", "precise"])
def test_the_table_is_the_same_serial_and_in_two_processes(
    replications: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = study(replications=replications)
    serial = sweep(one, workers=1)
    monkeypatch.setattr(store, "FLUSH_ROWS", 7)
    pool = sweep(one, workers=2)
    assert table(serial) == table(pool)
    assert (pool.done, pool.failed) == (serial.done, 0)


def test_precision_stops_each_point_at_the_batch_where_it_is_reached() -> None:
    one = study(replications=PRECISE)
    frame = sweep(one, workers=1).to_frame(["point", "replication", "latency_p50_s"])
    for point in one.points:
        values = frame[frame["point"] == point.number]["latency_p50_s"].to_numpy()
        widths = []
        for count in range(10, len(values) + 1, 10):
            found = estimate("latency_p50_s", values[:count])
            widths.append((found.high - found.low) / 2)
        assert all(width > HALF_WIDTH for width in widths[:-1])
        assert widths[-1] <= HALF_WIDTH or len(values) == MOST
    assert frame.groupby("point").size().nunique() > 1


def test_little_work_is_done_here_and_much_by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Noted(Pool):
        def __init__(self, job: Job, workers: int) -> None:
            made.append(workers)
            super().__init__(job, workers)

    monkeypatch.setattr(driving, "Pool", Noted)
    monkeypatch.setattr(driving, "_processors", lambda: 2)
    sweep(study(replications=5))
    assert made == []
    monkeypatch.setattr(driving, "_SERIAL_S", 0.02)
    sweep(study(replications=40))
    assert made == [2]


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_the_table_has_row_groups_of_one_size(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sweep(study(replications=6), workers=1).to_frame()
    monkeypatch.setattr(finishing, "BLOCK_ROWS", rows)
    monkeypatch.setattr(finishing, "_OPEN_PARTS", 1)
    monkeypatch.setattr(store, "FLUSH_ROWS", 5)
    result = sweep(study(replications=6), workers=1)
    file = parquet.ParquetFile(result.folder / "runs.parquet")
    sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    assert sizes == [min(rows, 24 - start) for start in range(0, 24, rows)]
    assert result.to_frame().equals(whole)
    again = sweep(study(replications=6), workers=1)
    assert result.answers.estimates == again.answers.estimates


def test_answers_have_the_intervals_of_every_point() -> None:
    result = sweep(study(replications=30), workers=1)
    frame = result.to_frame()
    assert [one.point for one in result.answers.estimates] == [*grid()]
    for found in result.answers.estimates:
        rows = frame[frame["point"] == found.point.number]
        assert (found.runs, found.failed) == (30, 0)
        assert found.metrics == {
            name: estimate(name, rows[name].to_numpy()) for name in result.metrics
        }


def test_changing_one_factor_leaves_other_draws_alone() -> None:
    result = sweep(study(leads("5 min", "20 min")), workers=1)
    frame = result.to_frame(["lead", "replication", "latency_p50_s"])
    by_lead = frame.pivot_table(index="replication", columns="lead", values="latency_p50_s")
    assert by_lead["5 min"].tolist() == by_lead["20 min"].tolist()
    assert by_lead["5 min"].nunique() > 10


def test_more_replications_add_only_what_is_missing(
    tmp_path: Path, ran: list[tuple[float, int]]
) -> None:
    points = grid(chances=["0.6"])
    sweep(study(points, replications=5), tmp_path, workers=1)
    ran.clear()
    grown = sweep(study(points, replications=8), tmp_path, workers=1, resume=True)
    assert sorted(ran) == [(lead, number) for lead in (300.0, 1200.0) for number in (5, 6, 7)]
    assert table(grown) == table(sweep(study(points, replications=8), workers=1))


def test_more_points_add_only_what_is_missing_whatever_their_numbers(
    tmp_path: Path, ran: list[tuple[float, int]]
) -> None:
    sweep(study(grid(["20 min"], ["0.6"]), replications=5), tmp_path, workers=1)
    ran.clear()
    more = grid(["5 min", "20 min"], ["0.6"])
    grown = sweep(study(more, replications=5), tmp_path, workers=1, resume=True)
    assert sorted(ran) == [(300.0, number) for number in range(5)]
    assert table(grown) == table(sweep(study(more, replications=5), workers=1))


def test_fewer_replications_keep_the_others_for_later(
    tmp_path: Path, ran: list[tuple[float, int]]
) -> None:
    whole = table(sweep(study(replications=5), tmp_path, workers=1))
    ran.clear()
    less = sweep(study(replications=3), tmp_path, workers=1, resume=True)
    assert less.done == 12
    assert table(sweep(study(replications=5), tmp_path, workers=1, resume=True)) == whole
    assert ran == []


def test_precision_takes_what_is_there_and_asks_no_more_of_it(tmp_path: Path) -> None:
    sweep(study(replications=45), tmp_path, workers=1)
    told: list[Progress] = []
    precise = study(replications=PRECISE)
    result = sweep(precise, tmp_path, workers=1, resume=True, progress=told.append)
    assert table(result) == table(sweep(precise, workers=1))
    assert told[-1].done < result.done - 100


def test_points_of_the_same_content_are_run_once(ran: list[tuple[float, int]]) -> None:
    twice = grid(["5 min", "5 min"], ["0.6"])
    frame = sweep(study(twice, replications=4), workers=1).to_frame()
    assert len(ran) == 4
    assert frame["point"].tolist() == [0] * 4 + [1] * 4


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Let these replications fail, at an address that is never the same."""
    numbers = {2, 3}

    run_plan = vars(work)["run_plan"]

    def fails(plan: Any, seed: int, replication: int) -> Any:
        if replication in numbers:
            raise ArithmeticError(f"at {object()!r},\n replication {replication}")
        return run_plan(plan, seed, replication)

    monkeypatch.setattr(work, "run_plan", fails)
    return numbers


def test_a_run_that_fails_is_a_row_and_the_sweep_goes_on(tmp_path: Path, failing: set[int]) -> None:
    told: list[Progress] = []
    result = sweep(study(seed=5, replications=6), tmp_path, workers=1, progress=told.append)
    assert (result.done, result.failed) == (16, 8)
    assert (told[-1].planned, told[-1].done, told[-1].failed) == (24, 24, 8)
    rows = result.to_frame().query("status == 'failed'")
    assert sorted(rows["replication"].unique()) == sorted(failing)
    assert set(rows["seed"]) == {5}
    assert rows["error"].tolist()[0] == "ArithmeticError: at <object object at 0x>, replication 2"
    assert rows[[*METRICS]].isna().all(axis=None)
    assert result.answers.estimates[0].metrics["violations"].n == 4


def test_what_failed_is_tried_again_only_when_asked_for(
    tmp_path: Path, failing: set[int], ran: list[tuple[float, int]]
) -> None:
    sweep(study(replications=6), tmp_path, workers=1)
    ran.clear()
    failing.remove(2)
    again = sweep(study(replications=6), tmp_path, workers=1, resume=True)
    assert (again.failed, ran) == (8, [])
    once_more = sweep(study(replications=6), tmp_path, workers=1, resume=True, retry_failed=True)
    assert sorted({number for _, number in ran}) == [2, 3]
    assert (once_more.done, once_more.failed) == (20, 4)
    failing.clear()
    last = sweep(study(replications=6), tmp_path, workers=1, resume=True, retry_failed=True)
    assert table(last) == table(sweep(study(replications=6), workers=1))


def test_a_point_that_cannot_be_prepared_is_rows_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(scenario: Any) -> Any:
        raise ArithmeticError(scenario.name)

    monkeypatch.setattr(work, "prepare", fails)
    monkeypatch.setattr(work, "_plans", type(work._plans)())
    result = sweep(study(replications=3), workers=1)
    assert (result.done, result.failed) == (0, 12)
    assert set(result.to_frame()["error"]) == {"ArithmeticError: Story"}
    assert result.answers.estimates[0].metrics["violations"].n == 0


def test_a_point_is_prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[str] = []

    def noted(scenario: Any) -> Any:
        prepared.append(scenario.name)
        return prepare(scenario)

    monkeypatch.setattr(work, "prepare", noted)
    monkeypatch.setattr(work, "_plans", type(work._plans)())
    sweep(study(replications=40), workers=1)
    assert len(prepared) == 4


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_it_between_chunks_and_says_how_to_go_on(tmp_path: Path, workers: int) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.done >= 20:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(
        KeyboardInterrupt, match=r"what was done is in .* go on with it by --resume"
    ):
        sweep(study(replications=50), tmp_path, workers=workers, progress=interrupt)
    assert signal.getsignal(signal.SIGINT) is before
    assert not (tmp_path / "runs.parquet").exists()
    told: list[Progress] = []
    result = sweep(study(replications=50), tmp_path, workers=1, resume=True, progress=told.append)
    assert told[-1].reused >= 20
    assert told[-1].reused + told[-1].done == 200
    assert table(result) == table(sweep(study(replications=50), workers=1))


def test_ctrl_c_without_a_folder_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def mkdtemp(prefix: str) -> str:
        made.append(tempfile.mkdtemp(prefix=prefix))
        return made[0]

    monkeypatch.setattr(sweeping, "tempfile", SimpleNamespace(mkdtemp=mkdtemp))
    with pytest.raises(KeyboardInterrupt, match="stopped; nothing is kept without a folder"):
        sweep(study(), workers=1, progress=lambda _: signal.raise_signal(signal.SIGINT))
    assert not os.path.exists(made[0])  # noqa: PTH110 - a text


def test_a_chunk_that_a_cluster_gives_up_is_cut_until_one_run_is_left() -> None:
    distributed = pytest.importorskip("distributed", reason="needs Dask's distributed")

    class Cluster:
        """Gives up whatever has replication 5 in it."""

        def submit(self, work: Any, *arguments: Any, pure: bool) -> Future[Any]:
            assert not pure
            future: Future[Any] = Future()
            jobs = [one.result() if isinstance(one, Future) else one for one in arguments]
            if isinstance(jobs[-1], Chunk) and 5 in jobs[-1].replications:
                future.set_exception(distributed.KilledWorker("chunk", None, 3))
            else:
                future.set_result(work(*jobs))
            return future

        def nthreads(self) -> dict[str, int]:
            return {"one": 1}

        def cancel(self, futures: list[Any]) -> None:
            assert len(futures) == 1  # the job alone is left

    result = sweep(study(replications=8), scheduler=Cluster())
    assert (result.done, result.failed) == (28, 4)
    failed = result.to_frame().query("status == 'failed'")
    assert failed["replication"].tolist() == [5] * 4
    assert set(failed["error"]) == {"WorkerDied: the process that ran it died, 3 times"}


def test_a_sweep_may_run_in_a_thread() -> None:
    found: list[SweepResult] = []
    thread = threading.Thread(target=lambda: found.append(sweep(study(replications=3), workers=1)))
    thread.start()
    thread.join()
    assert found[0].done == 12


def test_progress_tells_of_what_is_wide() -> None:
    told: list[Progress] = []
    result = sweep(study(replications=PRECISE), workers=1, progress=told.append)
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert told[-1].planned == result.done == told[-1].done
    assert 0 < told[-1].widths["latency_p50_s"] < 2 * HALF_WIDTH


def test_without_a_folder_nothing_is_left() -> None:
    result = sweep(study(replications=2), workers=1)
    folder = result.folder
    assert folder.exists()
    del result
    assert not folder.exists()


class Deadly(dict[str, str]):
    """Changes that kill who looks at them."""

    def __reduce__(self) -> Any:
        return (Deadly, ())

    def items(self) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_pool_has_all_its_processes_before_it_takes_a_chunk() -> None:
    """One that began another while it broke would wait for that for ever."""
    pool = Pool(Job(tiny().document, SideFiles(), 0, METRICS), 3)
    try:
        begun = {process.pid for process in multiprocessing.active_children()}
        assert len(begun) == 3
        for number in range(6):
            pool.submit(Chunk(f"{number:016}", {LEAD: "5 min"}, (0, 1)))
        assert {process.pid for process in multiprocessing.active_children()} == begun
    finally:
        pool.close()


def test_a_pool_that_breaks_as_it_takes_a_chunk_is_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = Pool(Job(tiny().document, SideFiles(), 0, METRICS), 1)

    def breaking(*_: Any) -> Any:
        raise OSError("handle is closed")  # as the standard library's does at such a moment

    try:
        monkeypatch.setattr(pool._pool, "submit", breaking)
        pool.submit(Chunk("a" * 16, {LEAD: "5 min"}, (0, 1)))
        assert isinstance(pool.next(timeout=10.0), Done)
    finally:
        pool.close()


def test_a_chunk_that_kills_its_worker_is_found_among_others() -> None:
    job = Job(tiny().document, SideFiles(), 0, METRICS)
    chunks = [
        Chunk("a" * 16, {LEAD: "5 min"}, (0, 1)),
        Chunk("b" * 16, Deadly(), (0, 1)),
        Chunk("c" * 16, {LEAD: "9 min"}, (0, 1)),
    ]
    pool = Pool(job, 2)
    try:
        for chunk in chunks:
            pool.submit(chunk)
        outcomes: list[Done | Died] = []
        while len(outcomes) < 3:
            outcome = pool.next(timeout=10.0)
            if outcome is not None:
                outcomes.append(outcome)
    finally:
        pool.close()
    assert [one.chunk.key[0] for one in outcomes if isinstance(one, Died)] == ["b"]
    assert sorted(one.rows.key[0] for one in outcomes if isinstance(one, Done)) == ["a", "c"]


def test_a_key_is_of_the_content() -> None:
    document = tiny().document
    key = point_key(document, {LEAD: "5 min"})
    assert point_key({**document, "name": "Other", "x-mine": "1"}, {LEAD: "5 min"}) == key
    assert point_key(dict(reversed(document.items())), {LEAD: "5 min"}) == key
    assert point_key(tiny().replace({LEAD: "5 min"}).document, {}) == key
    others = [point_key(document, {LEAD: "6 min"}), point_key(document, {ANSWERED: "0.7"})]
    assert len({key, *others, point_key(document, {})}) == 4
    assert len(key) == 16


def test_the_metrics_that_a_sweep_uses_are_kept() -> None:
    spec = study(
        metrics=["flights"],
        pareto=["p_uninformed", "denied_km2_h"],
        recommend={"metric": "violations", "target": "0.01", "cost": "delay_s"},
        replications=PRECISE,
    ).sweep
    assert spec.kept == (
        *("violations", "p_uninformed", "denied_km2_h", "latency_p50_s"),
        *("flights", "delay_s"),
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"workers": 0}, "0 workers asked for"),
        ({"workers": 2, "scheduler": "tcp://127.0.0.1:1"}, "a scheduler has its own workers"),
        ({"resume": True}, "only a folder can be resumed"),
        ({"out": "x", "retry_failed": True}, "add --resume"),
    ],
)
def test_calls_that_mean_nothing_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        sweep(study(), **options)


def test_a_column_that_is_not_there_is_named() -> None:
    result = sweep(study(), workers=1)
    with pytest.raises(InputError, match=r"no column 'leed'.*did you mean"):
        result.to_frame(["leed"])
