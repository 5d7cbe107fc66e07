"""Formats of the world: text of others to geometry and plain records, and back.

``read(path)`` takes a file of any of them; each has a module, imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.formats.reading import Reading, read
    from sim.formats.records import Problem, Zone
    from sim.formats.tracks import FlownTrack
    from sim.formats.writing import Chart, write

_HOMES = {
    "Chart": "sim.formats.writing",
    "FlownTrack": "sim.formats.tracks",
    "Problem": "sim.formats.records",
    "Reading": "sim.formats.reading",
    "Zone": "sim.formats.records",
    "read": "sim.formats.reading",
    "write": "sim.formats.writing",
}
_MODULES = ("czml", "ed269", "ed318", "f3548", "geojson", "kml", "notam", "openair", "tracks")
"""One a format."""

__all__ = ["Chart", "FlownTrack", "Problem", "Reading", "Zone", "read", "write"]


def __getattr__(name: str) -> object:
    """Import a public name, or the module of a format, and keep it."""
    from importlib import import_module  # noqa: PLC0415

    if name in _MODULES:
        return import_module(f"sim.formats.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what is public, and the formats, whether they have been imported yet or not."""
    return sorted((*__all__, *_MODULES))
