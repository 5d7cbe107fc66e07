"""The marks of figures as a page shows them: as outlines of SVG, and as shapes of Bokeh's."""

from __future__ import annotations

from math import radians
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.plots.palette import CAUSE_COLOURS, CAUSE_MARKERS
from sim.report.wording import BRIEFLY

if TYPE_CHECKING:
    from collections.abc import Sequence

# Matplotlib's markers by Bokeh's names, and how far those are turned (degrees, counter-clockwise).
_BOKEH: dict[Any, tuple[str, float]] = {
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
    ".": ("circle", 0.0),
    "|": ("dash", 90.0),
    "x": ("x", 0.0),
    "1": ("y", 0.0),
    "2": ("y", 180.0),
    "4": ("y", 90.0),
    (7, 2, 0): ("asterisk", 0.0),
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
    marker = CAUSE_MARKERS[cause]
    return Mark(
        cause, BRIEFLY[cause], CAUSE_COLOURS[cause], outline_of(marker), *bokeh_shape(marker)
    )


def bokeh_shape(marker: Any) -> tuple[str, float]:
    """Give Bokeh's name of a marker of matplotlib's, and how far it is turned (radians)."""
    shape, degrees = _BOKEH[marker]
    return shape, radians(degrees)


def outline_of(marker: Any) -> str:
    """Give a marker's outline as an SVG path, upside down as SVG has it."""
    from matplotlib.markers import MarkerStyle  # noqa: PLC0415 - slow to import

    style = MarkerStyle(marker)
    path = style.get_path().transformed(style.get_transform())
    end = "Z" if style.is_filled() else ""
    lines: Sequence[Any] = path.to_polygons(closed_only=style.is_filled())
    return "".join(
        "M" + "L".join(f"{_brief(x)} {_brief(-y)}" for x, y in line) + end for line in lines
    )


def _brief(value: float) -> str:
    return f"{round(value, 3) + 0.0:g}"
