"""Pictures of runs and of sweeps: axes in, axes out, each imported when it is first drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.plots.books import ledgers
    from sim.plots.chains import chain
    from sim.plots.latencies import latency
    from sim.plots.timelines import timeline

_HOMES = {
    "chain": "sim.plots.chains",
    "latency": "sim.plots.latencies",
    "ledgers": "sim.plots.books",
    "timeline": "sim.plots.timelines",
}
"""The module that each figure is drawn by."""

__all__ = [
    "chain",
    "latency",
    "ledgers",
    "timeline",
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
