"""Processes that tests start in order to kill them: drivers of a sweep, and a cluster's parts."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sim.sweeps import folder as folders
from sim.sweeps import planning, store
from sim.sweeps.sweeping import sweep
from tests.sweeps.studies import study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

RUNS = 160
WAIT_S = 20.0  # how long at most a test waits for what takes a fraction of a second


def cut_small() -> None:
    """Make chunks and parts small, so that there is something between them."""
    planning.CHUNK_S = 0.005
    store.FLUSH_ROWS = 15


def drive(to: Connection, folder: Path, workers: int, dies_at_write: int | None) -> None:
    """Run a sweep, and tell how many runs are done and who runs them; perhaps die on the way.

    After each telling it waits until it is to go on.
    """
    cut_small()
    if dies_at_write is not None:
        _die_at(dies_at_write)

    def tell(progress: Any) -> None:
        to.send((progress.done, [child.pid for child in multiprocessing.active_children()]))
        to.recv()

    sweep(study(replications=RUNS // 4), folder, workers=workers, resume=True, progress=tell)


def _die_at(write: int) -> None:
    """End this process the hard way in the midst of its nth write."""
    sync = folders._sync
    writes = iter(range(1, 1000))

    def dying(path: Path) -> None:
        if not path.is_dir() and next(writes) == write:
            path.write_bytes(path.read_bytes()[:100])
            os.kill(os.getpid(), signal.SIGKILL)
        sync(path)

    vars(folders)["_sync"] = dying


def schedule(to: Connection) -> None:
    """Be a Dask scheduler, and tell where."""
    from distributed import Scheduler  # noqa: PLC0415 - an extra

    async def serve() -> None:
        async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
            to.send(scheduler.address)
            await scheduler.finished()

    asyncio.run(serve())


def work(to: Connection, address: str) -> None:
    """Be a Dask worker, and tell when ready."""
    from distributed import Worker  # noqa: PLC0415 - an extra

    async def serve() -> None:
        async with Worker(address, nthreads=1, dashboard=False) as worker:
            to.send(worker.address)
            await worker.finished()

    asyncio.run(serve())


@contextmanager
def process(target: Callable[..., None], *arguments: Any) -> Iterator[tuple[BaseProcess, Any]]:
    """Start a process that talks to us; whatever happens, it ends with the block."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.sweeps.sweeping"])  # read once for all processes
    ours, theirs = context.Pipe()
    started = context.Process(target=target, args=(theirs, *arguments))
    started.start()
    theirs.close()
    try:
        yield started, ours
    finally:
        started.kill()
        started.join()
        started.close()
        ours.close()
