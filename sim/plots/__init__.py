"""Pictures of runs and of sweeps: axes in, axes out, each imported when it is first drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.plots.books import ledgers
    from sim.plots.cells import heatmap
    from sim.plots.chains import chain
    from sim.plots.changes import differences
    from sim.plots.curves import responses
    from sim.plots.effects import sensitivity
    from sim.plots.fronts import pareto
    from sim.plots.latencies import latency
    from sim.plots.maps import map  # noqa: A004 - a figure's name
    from sim.plots.mending import why
    from sim.plots.narrowing import convergence
    from sim.plots.profiles import profile
    from sim.plots.shares import causes
    from sim.plots.timelines import timeline

_HOMES = {
    "causes": "sim.plots.shares",
    "chain": "sim.plots.chains",
    "convergence": "sim.plots.narrowing",
    "differences": "sim.plots.changes",
    "heatmap": "sim.plots.cells",
    "latency": "sim.plots.latencies",
    "ledgers": "sim.plots.books",
    "map": "sim.plots.maps",
    "pareto": "sim.plots.fronts",
    "profile": "sim.plots.profiles",
    "responses": "sim.plots.curves",
    "sensitivity": "sim.plots.effects",
    "timeline": "sim.plots.timelines",
    "why": "sim.plots.mending",
}
"""The module that each figure is drawn by."""

__all__ = [
    "causes",
    "chain",
    "convergence",
    "differences",
    "heatmap",
    "latency",
    "ledgers",
    "map",
    "pareto",
    "profile",
    "responses",
    "sensitivity",
    "timeline",
    "why",
]


def __getattr__(name: str) -> object:
    """Import a figure from its module, and keep it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name the figures, whether they have been imported yet or not."""
    return __all__
