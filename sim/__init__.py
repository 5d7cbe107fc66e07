"""The public names of keepout, each imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.errors import (
        ClusterError,
        Fault,
        GeometryError,
        InputError,
        JournalError,
        KeepoutError,
        OutputError,
        ScenarioError,
        UnitError,
        VerticalError,
    )
    from sim.findings.run import Run, run
    from sim.geometry.altitude import Band, Limit, Reference, Vertical
    from sim.geometry.crossing import find_crossings
    from sim.geometry.footprint import Circle, Corridor, Polygon
    from sim.geometry.minima import Minima, find_approaches
    from sim.geometry.overlap import find_overlaps
    from sim.geometry.track import Track
    from sim.geometry.tracks import Tracks
    from sim.geometry.volume import Volume
    from sim.geometry.volumes import Volumes
    from sim.report.reopening import open_run
    from sim.scenario.reader import load, loads
    from sim.scenario.schema import Scenario
    from sim.sweeps.answers import Answers
    from sim.sweeps.comparing import Comparison, compare
    from sim.sweeps.opening import open_sweep
    from sim.sweeps.results import SweepResult
    from sim.sweeps.runner import Replications, replicate
    from sim.sweeps.sweeping import sweep
    from sim.sweeps.why import Why, ask_why
    from sim.units import Position

    __version__: str

_HOMES = {
    "sim.errors": (
        "ClusterError",
        "Fault",
        "GeometryError",
        "InputError",
        "JournalError",
        "KeepoutError",
        "OutputError",
        "ScenarioError",
        "UnitError",
        "VerticalError",
    ),
    "sim.findings.run": ("Run", "run"),
    "sim.geometry.altitude": ("Band", "Limit", "Reference", "Vertical"),
    "sim.geometry.crossing": ("find_crossings",),
    "sim.geometry.footprint": ("Circle", "Corridor", "Polygon"),
    "sim.geometry.minima": ("Minima", "find_approaches"),
    "sim.geometry.overlap": ("find_overlaps",),
    "sim.geometry.track": ("Track",),
    "sim.geometry.tracks": ("Tracks",),
    "sim.geometry.volume": ("Volume",),
    "sim.geometry.volumes": ("Volumes",),
    "sim.report.reopening": ("open_run",),
    "sim.scenario.reader": ("load", "loads"),
    "sim.scenario.schema": ("Scenario",),
    "sim.sweeps.comparing": ("Comparison", "compare"),
    "sim.sweeps.answers": ("Answers",),
    "sim.sweeps.opening": ("open_sweep",),
    "sim.sweeps.results": ("SweepResult",),
    "sim.sweeps.runner": ("Replications", "replicate"),
    "sim.sweeps.sweeping": ("sweep",),
    "sim.sweeps.why": ("Why", "ask_why"),
    "sim.units": ("Position",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

_PACKAGES = ("plots",)  # that people use as they are: sim.plots.timeline

__all__ = [
    "Answers",
    "Band",
    "Circle",
    "ClusterError",
    "Comparison",
    "Corridor",
    "Fault",
    "GeometryError",
    "InputError",
    "JournalError",
    "KeepoutError",
    "Limit",
    "Minima",
    "OutputError",
    "Polygon",
    "Position",
    "Reference",
    "Replications",
    "Run",
    "Scenario",
    "ScenarioError",
    "SweepResult",
    "Track",
    "Tracks",
    "UnitError",
    "Vertical",
    "VerticalError",
    "Volume",
    "Volumes",
    "Why",
    "__version__",
    "ask_why",
    "compare",
    "find_approaches",
    "find_crossings",
    "find_overlaps",
    "load",
    "loads",
    "open_run",
    "open_sweep",
    "replicate",
    "run",
    "sweep",
]


def __getattr__(name: str) -> object:
    """Import a public name from its module, and keep it."""
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - 30 ms that --help need not pay

        value: object = version("keepout")
    elif name in _HOME:
        from importlib import import_module  # noqa: PLC0415

        value = getattr(import_module(_HOME[name]), name)
    elif name in _PACKAGES:
        from importlib import import_module  # noqa: PLC0415

        value = import_module(f"sim.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what is public, whether it has been imported yet or not."""
    return __all__
