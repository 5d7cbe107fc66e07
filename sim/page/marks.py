"""The marks of causes as a page shows them: those of the figures, as shapes of its own."""

from __future__ import annotations

from math import radians
from typing import NamedTuple

from sim.plots.palette import CAUSE_COLOURS, CAUSE_MARKERS
from sim.report.wording import BRIEFLY

# Matplotlib's markers by Bokeh's names, and how far those are turned (degrees, counter-clockwise).
_BOKEH = {
    "X": ("plus", 45.0),
    "v": ("inverted_triangle", 0.0),
    "p": ("square_pin", 0.0),
    ">": ("triangle", -90.0),
    "s": ("square", 0.0),
    "P": ("plus", 0.0),
    "*": ("star", 0.0),
    "D": ("square", 45.0),
    "^": ("triangle", 0.0),
    "h": ("hex", 0.0),
    "o": ("circle", 0.0),
    "d": ("diamond", 0.0),
}


class Mark(NamedTuple):
    """How a cause is marked.

    ``path`` is an outline for SVG in a box from -0.7 to 0.7; ``shape`` and ``turned``
    (radians) are for Bokeh's scatter.
    """

    cause: str
    brief: str
    colour: str
    path: str
    shape: str
    turned: float


def mark_of(cause: str) -> Mark:
    """Give the mark of a cause."""
    shape, degrees = _BOKEH[CAUSE_MARKERS[cause]]
    path = _outline(CAUSE_MARKERS[cause])
    return Mark(cause, BRIEFLY[cause], CAUSE_COLOURS[cause], path, shape, radians(degrees))


def _outline(marker: str) -> str:
    """Give a marker's outline as an SVG path, upside down as SVG has it."""
    from matplotlib.markers import MarkerStyle  # noqa: PLC0415 - slow to import

    style = MarkerStyle(marker)
    polygons = style.get_path().transformed(style.get_transform()).to_polygons()
    return "".join(
        "M" + "L".join(f"{_brief(x)} {_brief(-y)}" for x, y in polygon) + "Z"
        for polygon in polygons
    )


def _brief(value: float) -> str:
    return f"{round(value, 3) + 0.0:g}"
