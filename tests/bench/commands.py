"""What the command and a run cost, beside bare Python and bare SimPy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import simpy

import sim
from sim.findings.run import run_plan
from sim.scenario.plan import prepare
from tests.bench import table
from tests.bench.timing import Party, together

if TYPE_CHECKING:
    from collections.abc import Generator

SEED_SCENARIO = "scenarios/northwest_syria_2022.yaml"
ROOT = Path(__file__).parents[2]
ROUNDS = 15


def main(rounds: int = ROUNDS) -> None:
    """Print each median, and its ratio to what it is compared with."""
    bare = Party("python -c pass", lambda _: python("-c", "pass"))
    command = Party("keepout --help", lambda _: python("-m", "sim", "--help"))
    validated = Party(
        "keepout validate, seed scenario",
        lambda _: python("-m", "sim", "validate", SEED_SCENARIO),
    )
    together([bare, command, validated], rounds)
    show(bare)
    show(command, bare)
    show(validated, bare)

    plan = prepare(sim.load(ROOT / SEED_SCENARIO))
    records = len(run_plan(plan).journal)
    replay = Party(f"bare SimPy, {records} timeouts", lambda _: replay_bare(records))
    simulated = Party(f"one run of the seed scenario, {records} records", lambda _: run_plan(plan))
    found = Party(
        "one replication, findings and metrics included", lambda _: run_plan(plan).metrics
    )
    together([replay, simulated, found], rounds)
    show(replay)
    show(simulated, replay)
    show(found, replay)


def show(party: Party, reference: Party | None = None) -> None:
    """Print one line."""
    ratio = "" if reference is None else f"{party.seconds / reference.seconds:8.1f} x"
    table.write(f"{party.name:<50}{party.seconds * 1000:10.2f} ms{ratio}")


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
