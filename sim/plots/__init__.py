"""Pictures of runs and of sweeps: axes in, axes out, each imported when it is first drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.plots.cells import heatmap
    from sim.plots.changes import differences
    from sim.plots.curves import responses
    from sim.plots.effects import sensitivity
    from sim.plots.fronts import pareto
    from sim.plots.mending import why
    from sim.plots.narrowing import convergence
    from sim.plots.shares import causes

_HOMES: dict[str, str] = {
    "causes": "sim.plots.shares",
    "convergence": "sim.plots.narrowing",
    "differences": "sim.plots.changes",
    "heatmap": "sim.plots.cells",
    "pareto": "sim.plots.fronts",
    "responses": "sim.plots.curves",
    "sensitivity": "sim.plots.effects",
    "why": "sim.plots.mending",
}
"""The module that each figure is drawn by."""

__all__ = [
    "causes",
    "convergence",
    "differences",
    "heatmap",
    "pareto",
    "responses",
    "sensitivity",
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
