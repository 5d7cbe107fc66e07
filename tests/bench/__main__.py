"""``make bench``: what the command and a run cost, beside bare Python and bare SimPy.

Everything is timed in this one process, the parties to a ratio in turns, so
that a busy machine slows both. The figures are printed and never asserted.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import simpy

import sim
from sim.findings.run import run_plan
from sim.scenario.plan import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SEED_SCENARIO = "scenarios/northwest_syria_2022.yaml"
ROOT = Path(__file__).parents[2]
ROUNDS = 15


def main() -> None:
    """Print each median, and its ratio to what it is compared with."""
    bare, command, validated = together(
        lambda: python("-c", "pass"),
        lambda: python("-m", "sim", "--help"),
        lambda: python("-m", "sim", "validate", SEED_SCENARIO),
    )
    show("python -c pass", bare)
    show("keepout --help", command, bare)
    show("keepout validate, seed scenario", validated, bare)

    plan = prepare(sim.load(ROOT / SEED_SCENARIO))
    records = len(run_plan(plan).journal)
    replay, simulated, found = together(
        lambda: replay_bare(records),
        lambda: run_plan(plan),
        lambda: run_plan(plan).metrics,
    )
    show(f"bare SimPy, {records} timeouts", replay)
    show(f"one run of the seed scenario, {records} records", simulated, replay)
    show("one replication, findings and metrics included", found, replay)


def together(*tasks: Callable[[], object]) -> list[float]:
    """Time tasks in turns; give the median seconds of each."""
    times: list[list[float]] = [[] for _ in tasks]
    for _ in range(ROUNDS):
        for task, taken in zip(tasks, times, strict=True):
            begun = perf_counter()
            task()
            taken.append(perf_counter() - begun)
    return [median(taken) for taken in times]


def show(what: str, seconds: float, reference: float | None = None) -> None:
    """Print one line."""
    ratio = "" if reference is None else f"{seconds / reference:8.1f} x"
    sys.stdout.write(f"{what:<50}{seconds * 1000:10.2f} ms{ratio}\n")


def python(*arguments: str) -> None:
    """Run this interpreter on its own."""
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)


def replay_bare(events: int) -> None:
    """Let SimPy pass through as many instants as a run has records, doing nothing at each."""
    env = simpy.Environment()

    def passing() -> Generator[simpy.Event, None, None]:
        for _ in range(events):
            yield env.timeout(1.0)

    env.process(passing())
    env.run()


if __name__ == "__main__":
    main()
