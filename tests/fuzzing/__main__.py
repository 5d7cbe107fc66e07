"""The fuzzer: ``python -m tests.fuzzing [--inputs N] [--seed N] [--format NAME]``.

Exits with 1 if any input did what it should not; each is written to a file, and
made again by its format, seed and number.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from time import monotonic

from tests.fuzzing.readers import READERS
from tests.fuzzing.trial import Fault, attempt, made, warm_up

LOT = 500  # inputs handed to a process at a time
_ADDRESSES = 8 * 2**30  # bytes of address space a process may have: a blow-up ends there
_KEPT = 5  # faults of one sort that are shown and written


def work(name: str, first: int, count: int, seed: int) -> list[Fault]:
    """Read one lot of inputs of a format."""
    found = []
    for number in range(first, first + count):
        fault = attempt(name, made(name, seed, number, real=True), number)
        if fault is not None:
            found.append(fault)
    gc.collect()
    return found


def _begin() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    warm_up()


def main() -> int:
    """Fuzz, and tell what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="in all [1,000,000]")
    parser.add_argument("--seed", type=int, default=0, help="of all inputs [0]")
    parser.add_argument("--format", choices=[*READERS], help="only this one")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    names = [asked.format] if asked.format else [*READERS]
    each = -(-asked.inputs // len(names))
    lots = [(name, at, min(LOT, each - at)) for at in range(0, each, LOT) for name in names]
    begun, done = monotonic(), 0
    seen: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(asked.processes, initializer=_begin) as pool:
        waiting = {pool.submit(partial(work, *lot, asked.seed)): lot for lot in lots}
        for future in as_completed(waiting):
            for fault in future.result():
                seen[fault.format, fault.sort] += 1
                if seen[fault.format, fault.sort] <= _KEPT:
                    _keep(fault, asked.seed)
            done += waiting[future][2]
            if sys.stderr.isatty():
                rate = done / (monotonic() - begun)
                sys.stderr.write(f"\r{done:,} inputs, {rate:,.0f} a second, {seen.total()} faults ")
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    for (name, sort), count in sorted(seen.items()):
        sys.stdout.write(f"{name}: {sort}: {count}\n")
    sys.stdout.write(
        f"{done:,} inputs of {len(names)} readers in {monotonic() - begun:,.0f} s: "
        f"{seen.total()} faults\n"
    )
    return 1 if seen else 0


def _keep(fault: Fault, seed: int) -> None:
    """Write the input of a fault to a file, and tell of it at once, lest the rest be broken off."""
    path = Path(f"fault-{fault.format}-{seed}-{fault.number}")
    path.write_bytes(made(fault.format, seed, fault.number, real=True))
    sys.stdout.write(f"{path}: {fault.sort}\n{fault.detail}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
