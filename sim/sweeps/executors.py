"""Where the chunks of a sweep are run: in this process, in a pool of them, or on a cluster.

All three take chunks and give them back as they are done, in any order. A worker that dies
takes nothing with it: its chunks are run again, and one that keeps killing is given back.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from sim.errors import ClusterError, InputError, quoted
from sim.sweeps.work import Chunk, Job, Rows, run_chunk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import BaseContext

_AHEAD = 3  # chunks in flight for each worker: one that it runs, and no wait for the next
_ANSWER_S = 10.0  # how long a scheduler may take to answer at all
_COUNT_S = 2.0  # how often the workers of a cluster are counted


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk that was run."""

    rows: Rows


@dataclass(frozen=True, slots=True)
class Died:
    """A chunk whose worker died of it, no other chunk being to blame."""

    chunk: Chunk


Outcome = Done | Died


class Executor(Protocol):
    """Takes chunks, and gives them back done."""

    @property
    def room(self) -> int:
        """How many more chunks it should be given now."""

    def submit(self, chunk: Chunk) -> None:
        """Take a chunk."""

    def next(self, timeout: float) -> Outcome | None:
        """Wait for an outcome, so many seconds at most; None if there was none."""

    def wake(self) -> None:
        """Let who waits go on; may be called in a signal's handler."""

    def close(self) -> None:
        """Drop what is not done, and let the workers go."""


class Serial:
    """Runs chunks in this process, when they are asked for."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._chunks: deque[Chunk] = deque()

    @property
    def room(self) -> int:
        """One chunk at a time is enough."""
        return 1 - len(self._chunks)

    def submit(self, chunk: Chunk) -> None:
        """Keep a chunk until it is asked for."""
        self._chunks.append(chunk)

    def next(self, timeout: float) -> Outcome | None:  # noqa: ARG002 - runs take what they take
        """Run a chunk."""
        return Done(run_chunk(self._job, self._chunks.popleft())) if self._chunks else None

    def wake(self) -> None:
        """Do nothing: nobody waits."""

    def close(self) -> None:
        """Drop what was not run."""
        self._chunks.clear()


class Pool:
    """Runs chunks in processes of this machine.

    When one dies the whole pool is made anew. Of all chunks in flight any may be to blame:
    they are run again one at a time, so that the one that kills is known.
    """

    def __init__(self, job: Job, workers: int) -> None:
        self.workers = workers
        self._job = job
        self._inbox: SimpleQueue[Future[Rows] | None] = SimpleQueue()
        self._flying: dict[Future[Rows], Chunk] = {}
        self._waiting: deque[Chunk] = deque()
        self._suspects: deque[Chunk] = deque()
        self._pool = self._start()

    @property
    def room(self) -> int:
        """So many that no worker waits for its next chunk."""
        held = len(self._flying) + len(self._waiting) + len(self._suspects)
        return _AHEAD * self.workers - held

    def submit(self, chunk: Chunk) -> None:
        """Hand a chunk over, or keep it while others are under suspicion."""
        self._waiting.append(chunk)
        self._launch()

    def next(self, timeout: float) -> Outcome | None:
        """Wait for a chunk to be done, or known to kill."""
        with suppress(Empty):
            future = self._inbox.get(timeout=timeout)
            if future is not None:
                return self._take(future)
        return None

    def wake(self) -> None:
        """Let who waits go on."""
        self._inbox.put(None)

    def close(self) -> None:
        """End the workers at once, in the midst of what they do."""
        self._flying.clear()
        processes = list((self._pool._processes or {}).values())  # noqa: SLF001 - until 3.14
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join()
        self._pool.shutdown(wait=True)

    def _take(self, future: Future[Rows]) -> Outcome | None:
        chunk = self._flying.pop(future, None)
        if chunk is None:
            return None  # lost with a pool that broke, and dealt with then
        outcome: Outcome | None
        try:
            outcome = Done(future.result())
        except BrokenProcessPool:
            outcome = self._lose(chunk)
        self._launch()
        return outcome

    def _lose(self, chunk: Chunk) -> Outcome | None:
        """Make the pool anew; a chunk that it had alone is to blame, one of many suspect."""
        self._pool.shutdown(wait=True)  # after which all that flew has come down
        broken = [future for future in self._flying if future.exception() is not None]
        others = [self._flying.pop(future) for future in broken]
        self._pool = self._start()
        if not others:
            return Died(chunk)
        self._suspects.extend((chunk, *others))
        return None

    def _launch(self) -> None:
        """Hand over what may fly now: any number of chunks, but a suspect only alone."""
        if self._suspects:
            if not self._flying:
                self._fly(self._suspects.popleft())
            return
        while self._waiting and not self._suspects:
            self._fly(self._waiting.popleft())

    def _fly(self, chunk: Chunk) -> None:
        try:
            future = self._pool.submit(_run_here, chunk)
        except (BrokenProcessPool, OSError):  # which nobody was told of yet, or it breaks just now
            if self._flying:
                self._suspects.append(chunk)  # it waits until the others have come down
                return
            self._pool.shutdown(wait=True)
            self._pool = self._start()
            future = self._pool.submit(_run_here, chunk)
        self._flying[future] = chunk
        future.add_done_callback(self._inbox.put)

    def _start(self) -> ProcessPoolExecutor:
        """Make a pool, and see that its processes come up at all."""
        pool = ProcessPoolExecutor(
            self.workers, mp_context=_context(), initializer=_settle, initargs=(self._job,)
        )
        # All processes begin here. One that began as the pool broke would be ended by nobody,
        # and waited for by its shutdown (Python 3.11 takes no lock there).
        pool._safe_to_dynamically_spawn_children = False  # type: ignore[attr-defined] # noqa: SLF001
        try:
            pool.submit(os.getpid).result()
        except BrokenProcessPool as error:
            raise InputError(
                "the processes of the sweep end as soon as they begin",
                hint='a script that runs a sweep starts it below if __name__ == "__main__":',
            ) from error
        return pool


def _context() -> BaseContext:
    """Choose how processes begin: forked from one that has nothing but the modules in it.

    A fork of this very process would take its threads' locks along, and one spawned anew
    reads all modules again, which takes a second.
    """
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


_here: Job | None = None  # what this process works for, if it is a pool's


def _settle(job: Job) -> None:
    """Make this process a worker: it knows its job, leaves Ctrl-C to its parent, ends with it."""
    global _here  # noqa: PLW0603 - a pool's processes are told once
    _here = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_here(chunk: Chunk) -> Rows:
    assert _here is not None, "a worker is settled first"
    return run_chunk(_here, chunk)


class Dask:
    """Runs chunks on a cluster of Dask's.

    The scheduler gives the chunks of a worker that died to another. It gives up on a chunk
    that was on several workers as they died.

    Parameters
    ----------
    cluster
        The scheduler's address, or a ``dask.distributed.Client``.
    job
        What all chunks have in common; a worker gets it once.

    Raises
    ------
    InputError
        If no scheduler answers there, or Dask is not installed.
    ClusterError
        Later on, if the scheduler is lost.
    """

    def __init__(self, cluster: Any, job: Job) -> None:
        self._owned = isinstance(cluster, str)
        self._client = _connect(cluster) if self._owned else cluster
        self._inbox: SimpleQueue[Any] = SimpleQueue()
        self._flying: dict[Any, Chunk] = {}
        self._counted = (-_COUNT_S, 0)
        # A task, not scattered data: a worker that dies with the only copy takes no harm.
        self._job = self._client.submit(_held, job, pure=False)

    @property
    def room(self) -> int:
        """So many that no worker waits for its next chunk, however many there are now."""
        return _AHEAD * max(1, self._workers()) - len(self._flying)

    def submit(self, chunk: Chunk) -> None:
        """Hand a chunk over to the scheduler."""
        future = self._client.submit(run_chunk, self._job, chunk, pure=False)
        self._flying[future] = chunk
        future.add_done_callback(self._inbox.put)

    def next(self, timeout: float) -> Outcome | None:
        """Wait for a chunk to be done, or to be given up."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        with suppress(Empty):
            future = self._inbox.get(timeout=timeout)
            if future is None:
                return None
            chunk = self._flying.pop(future)
            with _watched():
                try:
                    return Done(future.result())
                except KilledWorker:
                    return Died(chunk)
        return None

    def wake(self) -> None:
        """Let who waits go on."""
        self._inbox.put(None)

    def close(self) -> None:
        """Drop what is not done, and leave a cluster that others started as it was."""
        with suppress(Exception):  # it may be gone
            self._client.cancel([*self._flying, self._job])
        self._flying.clear()
        if self._owned:
            with suppress(Exception):
                self._client.close(timeout=1.0)

    def _workers(self) -> int:
        counted, workers = self._counted
        if monotonic() - counted >= _COUNT_S:
            with _watched():
                workers = len(self._client.nthreads())
            self._counted = (monotonic(), workers)
        return workers


def _connect(address: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
        from distributed.comm.addressing import get_address_host_port  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise InputError(
            "a sweep on a cluster needs Dask",
            hint='install it with pip install "keepout[cluster]"',
        ) from error
    # What it logs as it loses the scheduler is told once, by our own error.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        get_address_host_port(address)  # a client of no address takes long to give up
        return Client(address, timeout=_ANSWER_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {quoted(address)}",
            hint="start one with dask scheduler, and give its address, such as tcp://host:8786",
        ) from error


@contextmanager
def _watched() -> Iterator[None]:
    """Say what to do when the scheduler is lost, or the workers cannot do their work."""
    try:
        yield
    except (CancelledError, OSError) as error:
        raise ClusterError("the Dask scheduler was lost") from error
    except ImportError as error:
        raise ClusterError(
            f"the workers of the cluster cannot import what they need: {error}",
            hint="install this version of keepout where they run",
        ) from error


def _held(job: Job) -> Job:
    """Have a worker keep what all chunks need."""
    return job
