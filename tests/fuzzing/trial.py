"""One trial: an input made of its seed and number, read within a budget of time and memory."""

from __future__ import annotations

import resource
import signal
import sys
import traceback
from dataclasses import dataclass
from functools import cache
from random import Random
from time import process_time

from tests.fuzzing.mutation import mutated
from tests.fuzzing.readers import READERS, run
from tests.fuzzing.seeds import seeds

HANG_S = 10.0  # of the processor's time: what has not come to its end by then never will
SECONDS = 5.0  # of it for one input, written again in every format included
MEGABYTES = 300.0  # by which one input may raise the most memory that the process ever had
_FRAMES = 6
_MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10  # the unit of ru_maxrss


@dataclass(frozen=True)
class Fault:
    """What an input did that it should not."""

    format: str
    number: int
    sort: str  # faults of one sort have one cause, probably
    detail: str


@cache
def _seeds(name: str, *, real: bool) -> list[bytes]:
    return seeds(name, real=real)


def made(name: str, seed: int, number: int, *, real: bool) -> bytes:
    """Make an input: always the same by its format, seed and number."""
    chance = Random(f"{name}/{seed}/{number}")  # noqa: S311 - it is not for secrets
    return mutated(_seeds(name, real=real), name, chance)


def warm_up() -> None:
    """Read every format once, so that no input pays for the libraries."""
    for name in READERS:
        for content in _seeds(name, real=False):
            run(name, content, 1)


def attempt(name: str, content: bytes, number: int) -> Fault | None:
    """Read one input; tell what went wrong if anything did."""
    memory, begun = peak_mb(), process_time()
    signal.signal(signal.SIGPROF, _give_up)
    signal.setitimer(signal.ITIMER_PROF, HANG_S)  # a busy machine is no hang
    try:
        run(name, content, number)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return Fault(name, number, _sort(error), traceback.format_exc())
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
    seconds, megabytes = process_time() - begun, peak_mb() - memory
    if seconds > SECONDS:
        return Fault(name, number, "slow", f"{seconds:.1f} s for {len(content)} bytes")
    if megabytes > MEGABYTES:
        return Fault(name, number, "large", f"{megabytes:.0f} MB for {len(content)} bytes")
    return None


def _give_up(*_: object) -> None:
    raise TimeoutError(f"no end after {HANG_S:.0f} s")


def peak_mb() -> float:
    """Give the most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE


def _sort(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/sim/" in frame.filename.replace("\\", "/")] or frames
    last = ours[-1]
    return f"{type(error).__name__} in {last.name}, {last.filename.rpartition('/')[2]}"
