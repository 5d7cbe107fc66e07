"""Where names of points go: beside them, on nothing drawn, nor on each other or their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.plots.scales import axes_inches
from sim.report.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Box = tuple[float, float, float, float]  # left, bottom, right, top, in inches

_SIZE = 8.0  # of letters, pt
_LETTER_IN, _BOLD_IN = 0.066, 0.075
_HIGH_IN = 0.15
_AWAY_IN = (0.12, 0.25, 0.4)  # from the point, the nearest first
_FREE_IN = 0.05  # around what is drawn
_OUTSIDE, _COVERED = 1000.0, 100.0  # as bad as covering so many points
_CROSSED = 100.0  # likewise, to cross another name's line, or lead by another point
_ALONG = np.linspace(0.0, 0.9, 24)[:, None]  # places along the line from a name to its point
_APART_IN = 0.08  # of lines that do not meet
_SIDES = ((1, 0), (1, 1), (1, -1), (-1, 0), (-1, 1), (-1, -1), (0, 1), (0, -1))


class Label(NamedTuple):
    """What stands beside a place, in data; a ``needed`` one also where it covers something."""

    x: float
    y: float
    text: str
    needed: bool = False


def boxes_for(
    labels: Sequence[Label],
    anchors: Floats,
    obstacles: Floats,
    size: tuple[float, float],
) -> list[Box | None]:
    """Find room for labels, the first before the others.

    Parameters
    ----------
    labels
        What is written.
    anchors
        Where they belong, in inches from the lower left of the axes, shape (labels, 2).
    obstacles
        What they must not cover, shape (n, 2), likewise.
    size
        How wide and high the axes are, in inches.

    Returns
    -------
    list
        For each its box; None where there is no room, unless it is needed.
    """
    taken: list[Box] = []
    lines = np.empty((0, 2))  # that lead from the names so far to their places
    found: list[Box | None] = []
    for label, anchor in zip(labels, anchors, strict=True):
        x, y = anchor
        others = anchors[np.hypot(*(anchors - anchor).T) > _APART_IN]
        kept_off = np.concatenate([lines, others])
        wide = (_BOLD_IN if label.needed else _LETTER_IN) * len(label.text)
        options = [_box(x, y, wide, side, away) for away in _AWAY_IN for side in _SIDES]
        costs = [
            _cost(option, taken, obstacles, size) + _crossed(option, anchor, taken, kept_off)
            for option in options
        ]
        best = int(np.argmin(costs))
        box = options[best] if costs[best] == 0.0 or label.needed else None
        if box is not None:
            taken.append(box)
            lines = np.concatenate([lines, _line(box, anchor)])
        found.append(box)
    return found


def place_labels(ax: Axes, labels: Sequence[Label], obstacles: Floats) -> None:
    """Write labels beside their places, where there is room.

    Parameters
    ----------
    ax
        Which have their limits and scales already.
    labels
        The most important first.
    obstacles
        Points in data that stay free, shape (n, 2).
    """
    if not labels:
        return
    size = axes_inches(ax)
    in_axes = ax.transScale + ax.transLimits
    anchors = in_axes.transform([(label.x, label.y) for label in labels]) * size
    free = in_axes.transform(obstacles[np.isfinite(obstacles).all(axis=1)]) * size
    boxes = boxes_for(labels, anchors, free, size)
    for label, anchor, box in zip(labels, anchors, boxes, strict=True):
        if box is None:
            continue
        left, bottom, right, top = box
        middle = (left + right) / 2
        where = "center" if abs(middle - anchor[0]) < _AWAY_IN[0] else "left"
        if right <= anchor[0]:
            where = "right"
        x = {"left": left, "center": middle, "right": right}[where] - anchor[0]
        ax.annotate(
            plain(label.text),
            (label.x, label.y),
            (72.0 * x, 72.0 * ((bottom + top) / 2 - anchor[1])),
            textcoords="offset points",
            ha=where,
            va="center",
            fontsize=_SIZE,
            fontweight="bold" if label.needed else "normal",
            gid=f"label:{label.text}",
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "shrinkA": 0.0, "shrinkB": 4.0},
        )


def _box(x: float, y: float, wide: float, side: tuple[int, int], away: float) -> Box:
    across, up = side
    middle_y = y + up * (away + _HIGH_IN / 2)
    left = x + {-1: -away - wide, 0: -wide / 2, 1: away}[across]
    return left, middle_y - _HIGH_IN / 2, left + wide, middle_y + _HIGH_IN / 2


def _cost(box: Box, taken: Sequence[Box], obstacles: Floats, size: tuple[float, float]) -> float:
    """Count what a box would cover; to be outside the axes counts most."""
    left, bottom, right, top = box
    if left < 0.0 or bottom < 0.0 or right > size[0] or top > size[1]:
        return _OUTSIDE
    covered = sum(
        left < other[2] and other[0] < right and bottom < other[3] and other[1] < top
        for other in taken
    )
    x, y = obstacles.T
    inside = (left - _FREE_IN < x) & (x < right + _FREE_IN)
    inside &= (bottom - _FREE_IN < y) & (y < top + _FREE_IN)
    return _COVERED * covered + float(inside.sum())


def _line(box: Box, anchor: Floats) -> Floats:
    """Give places along the line that leads from a box to what it names, outside the box."""
    left, bottom, right, top = box
    middle = np.array([(left + right) / 2.0, (bottom + top) / 2.0])
    line: Floats = middle + _ALONG * (anchor - middle)
    return line[~_within(line, box)]


def _within(places: Floats, box: Box) -> NDArray[np.bool_]:
    left, bottom, right, top = box
    x, y = places.T
    inside: NDArray[np.bool_] = (left < x) & (x < right) & (bottom < y) & (y < top)
    return inside


def _crossed(box: Box, anchor: Floats, taken: Sequence[Box], kept_off: Floats) -> float:
    """Count the names that a box's line would cross, and whether either meets what it keeps off.

    That are the lines of others, and the points that are to be named.
    """
    line = _line(box, anchor)
    names = sum(bool(_within(line, other).any()) for other in taken)
    covered = bool(_within(kept_off, box).any())
    gaps = np.hypot(*(line[:, None, :] - kept_off[None, :, :]).T)
    return _COVERED * (names + covered) + _CROSSED * bool((gaps < _APART_IN).any())
