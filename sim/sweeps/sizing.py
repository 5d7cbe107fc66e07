"""How many runs a study takes, and about how long."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from sim.sweeps.schema import Precision
from sim.units import show_duration

if TYPE_CHECKING:
    from sim.sweeps.reader import Study


def runs_of(study: Study) -> tuple[int, int]:
    """Give how many runs a study takes at least and at most."""
    often = study.sweep.replications
    least, most = (often.min, often.max) if isinstance(often, Precision) else (often, often)
    return len(study.points) * least, len(study.points) * most


def estimate_s(study: Study) -> tuple[float, float]:
    """Estimate how long the fewest and the most runs take on one core, s.

    Plans the first point and runs it, once to warm up and once against the clock, and
    supposes that the other points take as long.
    """
    from sim.findings.run import run_plan  # noqa: PLC0415 - heavy
    from sim.scenario.plan import prepare  # noqa: PLC0415 - likewise

    scenario = study.scenario.replace(study.points[0].changes)
    run_plan(prepare(scenario), study.sweep.seed, 0).metrics  # noqa: B018 - warms up
    began = perf_counter()
    plan = prepare(scenario)
    planned = perf_counter()
    run_plan(plan, study.sweep.seed, 1).metrics  # noqa: B018 - is timed
    ended = perf_counter()
    planning = len(study.points) * (planned - began)
    least, most = (planning + runs * (ended - planned) for runs in runs_of(study))
    return least, most


def sweep_summary(study: Study) -> str:
    """Give a study in one line: ``2 factors, 30 points, 6000 runs, about 40 s``."""
    parts = [
        _counted(len(study.sweep.free), "factor"),
        _counted(len(study.points), "point"),
        f"{_between(*(str(runs) for runs in runs_of(study)))} runs",
        f"about {_between(*(show_duration(size) for size in estimate_s(study)))}",
    ]
    return ", ".join(parts)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def _between(least: str, most: str) -> str:
    return least if least == most else f"{least} to {most}"
