"""A sweep: every point of a design run as often as it takes, kept in a folder, and summed up."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ClusterError, InputError
from sim.scenario.sidefiles import packed
from sim.sweeps.driving import Driver
from sim.sweeps.finishing import finish
from sim.sweeps.folder import RUNS
from sim.sweeps.identity import manifest_of
from sim.sweeps.reader import load_sweep
from sim.sweeps.results import SweepResult
from sim.sweeps.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from sim.sweeps.driving import Progress
    from sim.sweeps.reader import Study


def sweep(
    file: str | PathLike[str] | Study,
    out: str | PathLike[str] | None = None,
    *,
    workers: int | None = None,
    scheduler: Any = None,
    resume: bool = False,
    retry_failed: bool = False,
    progress: Callable[[Progress], object] | None = None,
    command: Sequence[str] = (),
) -> SweepResult:
    """Run a sweep, and keep every run of it.

    The finished table is the same, byte for byte, in whatever way the runs were made, and
    whether or not anything was killed and resumed on the way.

    Parameters
    ----------
    file
        A sweep file, or what was read from one.
    out
        The folder to keep runs in. Without it they are gone with the result.
    workers
        How many processes to use. Without it as many as there are processors, or none but
        this one for less than a second of work.
    scheduler
        The address of a Dask scheduler, or a ``dask.distributed.Client``, to run on a cluster.
    resume
        Go on with what the folder holds; nothing in it is run again. More replications, or
        more points, than before are added.
    retry_failed
        Run again what failed. Together with ``resume``.
    progress
        Told every now and then how far it has come.
    command
        The words of the command, for the manifest.

    Raises
    ------
    InputError
        If the sweep has faults, or the folder holds anything else.
    OutputError
        If the folder cannot be written. What was written before can be resumed.
    ClusterError
        If the scheduler is lost. What was done can be resumed.
    KeyboardInterrupt
        At Ctrl-C, once what is done has been written; its text says how to go on.
    """
    if workers is not None and workers < 1:
        raise InputError(f"{workers} workers asked for; at least 1 is expected")
    if workers is not None and scheduler is not None:
        raise InputError("a scheduler has its own workers", hint="leave out one of the two")
    if (resume or retry_failed) and out is None:
        raise InputError("only a folder can be resumed", hint="say which one")
    if retry_failed and not resume:
        raise InputError("failed runs are tried again when a sweep is resumed", hint="add --resume")
    study = load_sweep(file) if isinstance(file, (str, os.PathLike)) else file
    folder = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="keepout-"))
    try:
        sides = packed(study.scenario.document, study.scenario.sides.files)
        manifest = manifest_of(study, command, sides)
        with Store.open(folder, manifest, sides.contents, resume=resume) as store:
            driver = Driver(study, store, progress, retry_failed=retry_failed)
            driver.run(workers, scheduler)
            rows, failed = finish(store, driver.points, driver.planner.counts, driver.job.metrics)
    except (ClusterError, KeyboardInterrupt) as error:
        raise _with_next_step(error, None if out is None else folder) from error
    finally:
        if out is None and not (folder / RUNS).exists():
            shutil.rmtree(folder, ignore_errors=True)
    job = driver.job
    result = SweepResult(folder, study, job.metrics, job.seed, rows - failed, failed, store.damaged)
    if out is None:
        weakref.finalize(result, shutil.rmtree, folder, ignore_errors=True)
    return result


def _with_next_step(
    error: ClusterError | KeyboardInterrupt, folder: Path | None
) -> ClusterError | KeyboardInterrupt:
    """Say where what was done is, and how to go on."""
    kept = "nothing is kept without a folder"
    if folder is not None:
        kept = f"what was done is in {folder}: go on with it by --resume"
    if isinstance(error, ClusterError):
        return ClusterError(error.message, hint="; ".join(filter(None, (error.hint, kept))))
    return KeyboardInterrupt(f"stopped; {kept}")
