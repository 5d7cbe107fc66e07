"""What a replication costs beside SimPy alone, split into model, geometry and findings.

The replay is SimPy doing what it did in the run, and nothing else: as many
processes, set going at the same instants, waiting for as long each time, and as
many events in all. Everything else in a replication is keepout's. What is timed is the
processor's time, which hardly depends on what else the machine does.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from statistics import median
from time import thread_time
from types import FunctionType
from typing import TYPE_CHECKING, Any

import simpy

import sim
from sim.findings.run import Run
from sim.geometry.earth import Geodesics
from sim.geometry.footprint import Circle, Corridor, Footprint, Grown, Polygon
from sim.geometry.ground import Ground
from sim.geometry.track import Track
from sim.model.engine import simulate
from sim.scenario.plan import prepare
from sim.sweeps.heap import settled_heap
from tests.bench import table

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from sim.scenario.plan import Plan

    Script = list["float | Script"]
    Process = Generator[simpy.Event, object, object]

ROOT = Path(__file__).parents[2]
SCENARIOS = {  # how many replications are timed, each once in every round
    "northwest_syria_2022": 300,
    "deconfliction_day": 10,
}
_TABLES = ("violations", "ledgers", "disagreements", "notice_statistics", "decisions", "close")
_CALLERS = ("sim.model.", "sim.findings.", "sim.scenario.plan", "sim.geometry.ground")
_METHODS: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Track, ("__init__", "along", "at", "cut", "places", "shifted", "speed_after", "then")),
    (Track, ("length_m",)),
    (Ground, ("__init__", "inside", "place")),
    (Geodesics, ("at", "azimuth", "distance")),
    (Footprint, ("area_km2", "buffer", "contains", "depth", "shrunk", "way_out")),
    (Circle, ("depth", "moved", "way_out")),
    (Polygon, ("moved", "shrunk")),
    (Corridor, ("moved",)),
    (Grown, ("moved", "shrunk")),
)


def main(share: float = 1.0) -> None:
    """Print the split of both scenarios; a share of the replications where time is short."""
    for name, replications in SCENARIOS.items():
        plan = prepare(sim.load(ROOT / "scenarios" / f"{name}.yaml"))
        show(name, measure(plan, max(3, round(replications * share))))


@dataclass
class Split:
    """Seconds that each part of each replication took."""

    events: list[int] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    replay: list[float] = field(default_factory=list)
    model: list[float] = field(default_factory=list)
    """Of `simulate`, without geometry."""
    steering: list[float] = field(default_factory=list)
    """Geometry that `simulate` asks for: what flights do to keep out."""
    judging: list[float] = field(default_factory=list)
    """Geometry that findings ask for: crossings, areas."""
    findings: list[float] = field(default_factory=list)
    """Of all that the metrics need, violations and causes included, without geometry."""
    rest: list[float] = field(default_factory=list)
    """The tables that no metric needs: ledgers, disagreements, statistics."""
    total: list[float] = field(default_factory=list)
    """Of a replication as sweeps run it, nothing being timed within it."""


def measure(plan: Plan, replications: int) -> Split:
    """Run replications, each as a replay, with its parts timed, and as it is."""
    simulate_and_find(plan, 0)  # what is kept with the plan is made
    split = Split()
    gc.collect()
    with settled_heap():
        for replication in range(replications):
            _measure_one(plan, replication, split)
    return split


def _measure_one(plan: Plan, replication: int, split: Split) -> None:
    gc.collect()  # what the bench itself left
    aside = timing_takes()
    events, script = traced(plan, replication)
    split.events.append(events)
    split.replay.append(timed(lambda: replay(script, plan.horizon)))
    split.total.append(timed(lambda: simulate_and_find(plan, replication)))
    with geometry_timed() as spent:
        begun = thread_time()
        journal = simulate(plan, 0, replication)
        ran, steered, calls = thread_time() - begun, spent.seconds, spent.calls
        run = Run(plan, journal)
        begun = thread_time()
        _ = run.metrics
        found, judged = thread_time() - begun, spent.seconds - steered
    split.records.append(len(journal))
    split.model.append(ran - steered - calls * aside)
    split.steering.append(steered)
    split.findings.append(found - judged - (spent.calls - calls) * aside)
    split.judging.append(judged)
    split.rest.append(timed(lambda: [getattr(run, name) for name in _TABLES]))


def timing_takes(calls: int = 20_000) -> float:
    """Give the seconds by which a timed call takes longer than what is counted of it."""
    spent = _Spent()
    nothing = spent.timing(lambda: None)
    begun = thread_time()
    for _ in range(calls):
        nothing()
    return (thread_time() - begun - spent.seconds) / calls


def simulate_and_find(plan: Plan, replication: int) -> Mapping[str, float]:
    """Do what a sweep does for one row."""
    return Run(plan, simulate(plan, 0, replication)).metrics


def timed(task: Callable[[], object]) -> float:
    """Give the seconds that a task takes."""
    begun = thread_time()
    task()
    return thread_time() - begun


def show(name: str, split: Split) -> None:
    """Print means and medians, and the median ratio to the replay of the same replication."""
    count = len(split.total)
    events, records = (sum(column) / count for column in (split.events, split.records))
    table.write(f"\n{name}: {count} replications, {events:.0f} events, {records:.0f} records each")
    table.write(f"{'':<58}{'mean':>10}{'median':>12}{'/ replay':>11}")
    model, steering = split.model, split.steering
    rows = {
        "bare SimPy replay of the same events": split.replay,
        "model alone, without geometry": model,
        "geometry in the model: what flights do to keep out": steering,
        "geometry in findings: crossings, areas": split.judging,
        "findings that metrics need, without geometry": split.findings,
        "simulate: model and its geometry": [a + b for a, b in zip(model, steering, strict=True)],
        "replication: simulate, violations, causes and metrics": split.total,
        "tables that no metric needs: ledgers, statistics": split.rest,
    }
    for row, seconds in rows.items():
        ratio = median(took / floor for took, floor in zip(seconds, split.replay, strict=True))
        figures = f"{sum(seconds) / count * 1000:7.3f} ms{median(seconds) * 1000:9.3f} ms"
        table.write(f"{row:<58}{figures}{ratio:9.1f} x")
    table.write(f"{count / sum(split.total):.0f} replications a second and core")


class _Traced(simpy.Environment):
    """Counts the events that are processed, and writes down what each process waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.events = 0
        self.script: Script = []
        self._writing = self.script

    def step(self) -> None:
        """Process one more event."""
        self.events += 1
        super().step()

    def process(self, generator: Process) -> simpy.Process:
        """Set a process going, and write down what it does."""
        script: Script = []
        self._writing.append(script)
        return simpy.Process(self, self._followed(generator, script))

    def _followed(self, generator: Process, script: Script) -> Process:
        outcome: Any = None
        while True:
            outer, self._writing = self._writing, script
            try:
                event = generator.send(outcome)
            except StopIteration as end:
                result: object = end.value
                return result
            finally:
                self._writing = outer
            since = self.now
            outcome = yield event
            script.append(float(self.now - since))


def traced(plan: Plan, replication: int) -> tuple[int, Script]:
    """Run once to see what SimPy does: how many events, and what its processes wait for.

    What is not a wait, such as a line given back, becomes a wait for nothing.
    """
    made: list[_Traced] = []

    def environment() -> _Traced:
        made.append(_Traced())
        return made[-1]

    real, simpy.Environment = simpy.Environment, environment  # type: ignore[misc, assignment]
    try:
        simulate(plan, 0, replication)
    finally:
        simpy.Environment = real  # type: ignore[misc]
    (env,) = made
    counted = simpy.Environment.step
    replayed = 0

    def step(self: simpy.Environment) -> None:
        nonlocal replayed
        replayed += 1
        counted(self)

    simpy.Environment.step = step  # type: ignore[method-assign]
    try:
        replay(env.script, plan.horizon)
    finally:
        simpy.Environment.step = counted  # type: ignore[method-assign]
    waits: Script = [0.0] * max(0, env.events - replayed - 2)  # it begins and ends, too
    return env.events, [*env.script, waits]


def replay(script: Script, horizon: float) -> None:
    """Let SimPy do again what it did, and nothing else."""
    env = simpy.Environment()

    def follow(steps: Script) -> Generator[simpy.Event, object, None]:
        for step in steps:
            if type(step) is float:
                yield env.timeout(step)
            else:
                env.process(follow(step))  # type: ignore[arg-type]

    for steps in script:
        env.process(follow(steps))  # type: ignore[arg-type]
    env.run(until=horizon)


class _Spent:
    """The seconds spent in geometry, whatever of it calls whatever else."""

    def __init__(self) -> None:
        self.seconds, self.calls = 0.0, 0
        self._is_within = False

    def timing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function whose time counts, unless it is called by another that does."""

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            if self._is_within:
                return function(*args, **kwargs)
            self._is_within = True
            begun = thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += thread_time() - begun
                self.calls += 1
                self._is_within = False

        return timed


@contextmanager
def geometry_timed() -> Iterator[_Spent]:
    """Time all that the model and the findings call of `sim.geometry`."""
    spent = _Spent()
    before: list[tuple[Any, str, Any]] = []
    for name, module in list(sys.modules.items()):
        if name.startswith(_CALLERS):
            before += [
                (module, key, value)
                for key, value in vars(module).items()
                if isinstance(value, FunctionType) and value.__module__.startswith("sim.geometry.")
            ]
    before += [(kind, name, vars(kind)[name]) for kind, names in _METHODS for name in names]
    try:
        for owner, name, value in before:
            setattr(owner, name, _timing(spent, value))
        yield spent
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)


def _timing(spent: _Spent, value: Any) -> Any:
    if isinstance(value, property):
        return property(spent.timing(value.fget))  # type: ignore[arg-type]
    if isinstance(value, classmethod):
        return classmethod(spent.timing(value.__func__))
    assert not isinstance(value, cached_property), "timed where it is used"
    return spent.timing(value)
