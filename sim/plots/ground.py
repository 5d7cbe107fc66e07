"""The ground of a map: its frame, graticule with labelled degrees, rim of the Earth, and scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.geometry.earth import LONGEST_M
from sim.plots.canvas import ink, moved
from sim.plots.graticule import Graticule, leaves
from sim.plots.levels import round_ratios
from sim.plots.projection import rim
from sim.plots.scales import axes_inches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.geometry.earth import Floats
    from sim.plots.graticule import Line, View
    from sim.plots.projection import Projection

_APART_IN = 0.55  # of labels along a side
_HIGH_IN = 0.2  # of labels one above the other
_LABEL_PT = 8.0
_LETTERS_IN, _LABEL_IN = 0.42, 0.14  # about as wide and high as degrees are
_ALONG = np.linspace(0.0, 1.0, 4)[:, None]  # places from one corner of a label to the other
_BAR = 0.25  # of the width of a map, that its scale takes at most
_BAR_PT = -29.0  # points, from the frame down to it
_TICK_PT = 3.0
_NM_M = 1852.0
_FAR_M = 1_000_000.0  # from the middle of a map, where lengths are 0.4 % too long


class Ground:
    """Draws what a map stands on, and draws it anew when the map shows more or less.

    Parameters
    ----------
    ax
        Where.
    projection
        Of the map.
    marks
        Places on its plane that degrees within the map keep off, shape (n, 2).
    """

    def __init__(self, ax: Axes, projection: Projection, marks: Floats | None = None) -> None:
        self._ax = ax
        self._projection = projection
        self._marks = np.empty((0, 2)) if marks is None else marks
        self._drawn: list[Artist] = []
        self.degrees = np.empty((0, 2))
        """Where degrees stand within the map, on its plane, shape (n, 2)."""
        for spine in ax.spines.values():
            spine.set(visible=True, linewidth=0.6, alpha=0.6)
        ax.tick_params(labelsize=_LABEL_PT, length=_TICK_PT, width=0.6)

    def show(self, view: View) -> None:
        """Set what the axes show; their size is to be known by then."""
        self.degrees = np.empty((0, 2))
        while self._drawn:
            self._drawn.pop().remove()
        self._ax.set_xlim(view.west, view.east)
        self._ax.set_ylim(view.south, view.north)
        graticule = Graticule(self._projection, view)
        self._draw_lines(graticule.lines)
        self._draw_rim(view)
        left = self._label(graticule.lines, view)
        if graticule.has_pole:
            self._label_inside(left, view)
        self._draw_scale(view)

    def _draw_lines(self, lines: Iterable[Line]) -> None:
        from matplotlib.collections import LineCollection  # noqa: PLC0415 - slow to import

        drawn = LineCollection([line.plane for line in lines])
        drawn.set(color=ink(), alpha=0.16, linewidth=0.6, zorder=0.6, gid="graticule")
        self._ax.add_collection(drawn, autolim=False)
        self._drawn.append(drawn)

    def _draw_rim(self, view: View) -> None:
        """Draw where the Earth ends, if that is seen."""
        corners = [(x, y) for x in (view.west, view.east) for y in (view.south, view.north)]
        if max(np.hypot(x, y) for x, y in corners) > LONGEST_M:
            look: dict[str, Any] = {"color": ink(), "alpha": 0.4, "linewidth": 0.8, "zorder": 0.7}
            self._drawn += self._ax.plot(*rim().T, gid="rim", **look)

    def _label(self, lines: Iterable[Line], view: View) -> list[Line]:
        """Write the degrees of meridians below, of parallels to the left, or where they leave.

        Gives those that had no room.
        """
        metre_in = axes_inches(self._ax)[0] / view.width
        south = _Side("south", view, _APART_IN / metre_in)
        west = _Side("west", view, _HIGH_IN / metre_in)
        east = _Side("east", view, _HIGH_IN / metre_in)
        waiting = []
        for line in lines:
            first, second = (west, south) if line.kind == "parallel" else (south, west)
            if not (first.take(line) or second.take(line) or east.take(line)):
                waiting.append(line)
        self._ax.set_xticks(south.places, south.labels)
        self._ax.set_yticks(west.places, west.labels)
        for y, label in zip(east.places, east.labels, strict=True):
            self._write(label, (view.east, y), (4.0, 0.0), ha="left", va="center")
        return waiting

    def _label_inside(self, lines: Iterable[Line], view: View) -> None:
        """Write the degrees of lines on themselves, near the upper right, if there is room."""
        apart = _APART_IN * view.width / axes_inches(self._ax)[0]
        taken = self._marks
        written = np.array([_LETTERS_IN, _LABEL_IN]) * view.width / axes_inches(self._ax)[0]
        for line in lines:
            seen = line.plane[view.holds(line.plane)]
            gaps = np.hypot(*(seen[:, None, :] - taken[None, :, :]).T)
            seen = seen[(gaps >= apart).all(axis=0)]
            if not len(seen):
                continue
            nearest = np.argmin(np.hypot(seen[:, 0] - view.east, seen[:, 1] - view.north))
            x, y = seen[nearest].tolist()
            taken = np.concatenate([taken, [[x, y]]])
            self.degrees = np.concatenate([self.degrees, [x, y] - _ALONG * written])
            self._write(line.label, (x, y), (-2.0, -2.0), ha="right", va="top")

    def _write(
        self, text: str, place: tuple[float, float], away: tuple[float, float], **look: Any
    ) -> None:
        self._drawn.append(
            self._ax.annotate(
                text,
                place,
                away,
                textcoords="offset points",
                fontsize=_LABEL_PT,
                gid="degrees",
                annotation_clip=False,
                **look,
            )
        )

    def _draw_scale(self, view: View) -> None:
        """Draw a round length below the frame, to the right, as long as it is in the middle."""
        from matplotlib.transforms import blended_transform_factory as blended  # noqa: PLC0415

        length = round_ratios(_BAR * view.width / 10.0, _BAR * view.width)[-1]
        place = blended(self._ax.transData, self._ax.transAxes) + moved(self._ax, up_pt=_BAR_PT)
        ends = [view.east - length, view.east]
        look: dict[str, Any] = {"color": ink(), "linewidth": 1.2, "marker": "|", "clip_on": False}
        look |= {"scalex": False, "scaley": False, "gid": "scale"}
        self._drawn += self._ax.plot(ends, [0.0, 0.0], transform=place, **look)
        far = max(abs(edge) for edge in view) > _FAR_M
        self._drawn.append(
            self._ax.annotate(
                f"{_metric(length)} ({_nautical(length)}){' in the middle' if far else ''}",
                (ends[0], 0.0),
                (-6.0, 0.0),
                xycoords=place,
                textcoords="offset points",
                ha="right",
                va="center_baseline",
                fontsize=_LABEL_PT,
                gid="scale:text",
                annotation_clip=False,
            )
        )


class _Side:
    """Labels along one side, that keep apart."""

    def __init__(self, side: str, view: View, apart: float) -> None:
        self._side, self._view, self._apart = side, view, apart
        self.places: list[float] = []
        self.labels: list[str] = []

    def take(self, line: Line) -> bool:
        """Label a line where it leaves here, if it does, and there is room."""
        for place in leaves(line.plane, self._side, self._view):
            if all(abs(place - other) >= self._apart for other in self.places):
                self.places.append(place)
                self.labels.append(line.label)
                return True
        return False


def _metric(length: float) -> str:
    return f"{length / 1000.0:,g} km" if length >= 1000.0 else f"{length:g} m"  # noqa: PLR2004 - of a kilometre


def _nautical(length: float) -> str:
    return f"{float(f'{length / _NM_M:.2g}'):,g} NM"
