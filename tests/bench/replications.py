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
from typing import TYPE_CHECKING, Any, TypeVar

import simpy

import sim
from sim.findings.run import Run
from sim.geometry.footprint import Circle, Corridor, Footprint, Grown, Polygon
from sim.geometry.track import Track
from sim.model.engine import simulate
from sim.scenario.plan import prepare
from sim.sweeps.heap import settled_heap
from tests.bench import table

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from sim.scenario.planned import Plan

    Script = list["float | Script"]
    Process = Generator[simpy.Event, object, object]

R = TypeVar("R")
ROOT = Path(__file__).parents[2]
SCENARIOS = {  # how many replications are timed, each once in every round
    "northwest_syria_2022": 300,
    "deconfliction_day": 10,
}
_TABLES = ("violations", "ledgers", "disagreements", "notice_statistics", "decisions", "close")
_CALLERS = ("sim.model.", "sim.findings.", "sim.scenario.plan")
_METHODS: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Track, ("__init__", "along", "at", "cut", "places", "shifted", "speed_after", "then")),
    (Track, ("length_m",)),
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
    simulate: list[float] = field(default_factory=list)
    model: list[float] = field(default_factory=list)
    """Of `simulate`, all answers of geometry being remembered."""
    metrics: list[float] = field(default_factory=list)
    """All that the metrics need, violations and their causes included."""
    findings: list[float] = field(default_factory=list)
    """The same, all answers of geometry being remembered."""
    rest: list[float] = field(default_factory=list)
    """What no metric needs: how deep and by what proof, ledgers, statistics."""


def measure(plan: Plan, replications: int) -> Split:
    """Run replications, each as a replay, as it is, and without geometry."""
    _ = Run(plan, simulate(plan)).metrics  # what is kept with the plan is made
    split = Split()
    gc.collect()
    with settled_heap():
        for replication in range(replications):
            _measure_one(plan, replication, split)
    return split


def _measure_one(plan: Plan, replication: int, split: Split) -> None:
    events, script = traced(plan, replication)
    gc.collect()  # what the bench itself left
    split.events.append(events)
    split.replay.append(timed(lambda: replay(script, plan.horizon))[0])
    run = _both(plan, replication, split.simulate, split.metrics)
    split.records.append(len(run.journal))
    split.rest.append(timed(lambda: [getattr(run, name) for name in _TABLES])[0])
    memory = _Memory()
    with asked_for_geometry(memory.writing):
        _both(plan, replication, [], [])
    with asked_for_geometry(memory.recalling):
        recalled = _both(plan, replication, split.model, split.findings)
    assert recalled.journal.dumps() == run.journal.dumps(), "the same answers, the same run"


def _both(plan: Plan, replication: int, simulated: list[float], found: list[float]) -> Run:
    """Do what a sweep does for one row, and time both halves."""
    seconds, journal = timed(lambda: simulate(plan, 0, replication))
    simulated.append(seconds)
    run = Run(plan, journal)
    found.append(timed(lambda: run.metrics)[0])
    return run


def timed(task: Callable[[], R]) -> tuple[float, R]:
    """Give the seconds that a task takes, and what comes of it."""
    begun = thread_time()
    answer = task()
    return thread_time() - begun, answer


def show(name: str, split: Split) -> None:
    """Print means and medians, and the median ratio to the replay of the same replication."""
    count = len(split.replay)
    events, records = (sum(column) / count for column in (split.events, split.records))
    table.write(f"\n{name}: {count} replications, {events:.0f} events, {records:.0f} records each")
    table.write(f"{'':<58}{'mean':>10}{'median':>12}{'/ replay':>11}")
    rows = {
        "bare SimPy replay of the same events": split.replay,
        "model alone": split.model,
        "geometry in the model: what flights do to keep out": _less(split.simulate, split.model),
        "geometry in findings: crossings, areas": _less(split.metrics, split.findings),
        "findings that metrics need, without geometry": split.findings,
        "simulate: model and its geometry": split.simulate,
        "replication: simulate, violations, causes and metrics": _plus(
            split.simulate, split.metrics
        ),
        "what no metric needs: depths, proofs, ledgers": split.rest,
    }
    for row, seconds in rows.items():
        ratio = median(took / floor for took, floor in zip(seconds, split.replay, strict=True))
        figures = f"{sum(seconds) / count * 1000:7.3f} ms{median(seconds) * 1000:9.3f} ms"
        table.write(f"{row:<58}{figures}{ratio:9.1f} x")
    total = sum(split.simulate) + sum(split.metrics)
    table.write(f"{count / total:.0f} replications a second and core")


def _plus(some: list[float], others: list[float]) -> list[float]:
    return [a + b for a, b in zip(some, others, strict=True)]


def _less(some: list[float], others: list[float]) -> list[float]:
    return [a - b for a, b in zip(some, others, strict=True)]


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


class _Memory:
    """What geometry answered, in order, to be told again when the same is asked again."""

    def __init__(self) -> None:
        self._answers: list[Any] = []
        self._is_within = False

    def writing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function whose answers are written down, unless another one asks."""
        is_making = function.__name__ == "__init__"

        @wraps(function)
        def written(*args: Any, **kwargs: Any) -> Any:
            if self._is_within:
                return function(*args, **kwargs)
            self._is_within = True
            try:
                answer = function(*args, **kwargs)
            finally:
                self._is_within = False
            self._answers.append(dict(args[0].__dict__) if is_making else answer)
            return answer

        return written

    def recalling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function that tells the next answer, whatever it is asked."""
        answer = self._next

        def made(self: Any, *_: Any, **__: Any) -> None:
            self.__dict__.update(answer())

        def told(*_: Any, **__: Any) -> Any:
            return answer()

        return made if function.__name__ == "__init__" else told

    @cached_property
    def _next(self) -> Callable[[], Any]:
        return iter(self._answers).__next__


@contextmanager
def asked_for_geometry(
    otherwise: Callable[[Callable[..., Any]], Callable[..., Any]],
) -> Iterator[None]:
    """Replace all that the model and the findings call of `sim.geometry`."""
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
            setattr(owner, name, _replaced(otherwise, value))
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)


def _replaced(otherwise: Callable[[Callable[..., Any]], Callable[..., Any]], value: Any) -> Any:
    if isinstance(value, property):
        return property(otherwise(value.fget))  # type: ignore[arg-type]
    if isinstance(value, classmethod):
        return classmethod(otherwise(value.__func__))
    return otherwise(value)
