"""How what stands in the rows of a page's timeline is drawn: as in the figure, by Bokeh."""

from __future__ import annotations

from math import copysign, isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.page.embedding import inked, source
from sim.page.marks import bokeh_shape, mark_of
from sim.plots.canvas import ink
from sim.plots.glyphs import (
    ENDS,
    INSIDE,
    LEVELS,
    SHARE,
    STAY,
    STRIP,
    STUB,
    bar_styles,
    link_styles,
    mark_styles,
    stacked,
)
from sim.plots.palette import CAUSE_COLOURS, ZONE
from sim.plots.timelines import row_places
from sim.report.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bokeh.models.renderers import GlyphRenderer
    from bokeh.plotting import figure

    from sim.plots.glyphs import Style
    from sim.plots.rows import Bar, Lanes, Link, Mark, Row

_POINT_PX = 96.0 / 72.0
_ENTRY_PX, _STAY_PX = 10.0, 7.0  # of a cause's marker, and in a strip
_APART = 1.0 / 250.0  # of all time, that half a marker in a strip takes up


class Box(NamedTuple):
    """A bar as a rectangle: times in seconds, heights in rows from the top."""

    left: float
    right: float
    top: float
    bottom: float
    bar: Bar


class TimePen:
    """Draws what lasts, happens and passes on a chart of milliseconds and of rows.

    Parameters
    ----------
    plot
        Where.
    laid
        What there is to draw.
    start_unix
        The scenario's start.
    """

    def __init__(self, plot: figure, laid: Lanes, start_unix: float) -> None:
        self._chart = plot
        self._laid = laid
        self._start_unix = start_unix
        self._places = row_places(laid)
        self._bars, self._marks, self._links = bar_styles(), mark_styles(), link_styles()
        self._boxes: list[Box] = []
        self.hovered: list[GlyphRenderer[Any]] = []
        """What tells what it is."""
        self.styles: list[Style] = []
        """Those that a legend has to explain, in their order."""

    def draw(self) -> None:
        """Draw everything, from below to above."""
        self._strips()
        for key, style in self._bars.items():
            self._bars_of(key, style)
        self._filled_once_known()
        for kind, link_style in self._links.items():
            self._links_of(kind, link_style)
        self._stays()
        drawn = {link.gid for link in self._laid.links}
        for kind, mark_style in self._marks.items():
            self._marks_of(kind, mark_style, drawn)

    def index(self) -> dict[str, dict[str, list[Any]]]:
        """Give all that can be chosen as columns, which scripts look into."""
        marks = [(mark, y) for row, y in self.rows() for mark in row.marks]
        return {
            "bars": {
                **self._columns(self._boxes),
                "key": [box.bar.gid for box in self._boxes],
                "cause": [box.bar.cause for box in self._boxes],
            },
            "marks": {
                "x": [self.ms(mark.at) for mark, _ in marks],
                "y": [y for _, y in marks],
                "key": [mark.gid for mark, _ in marks],
            },
        }

    def ms(self, seconds: float) -> float:
        """Give the place of an instant on the axis of time."""
        return milliseconds(self._start_unix + seconds)

    def rows(self) -> list[tuple[Row, float]]:
        """Give all rows with the heights of their middles."""
        return [(row, self._places[row.id]) for row in self._laid.rows]

    def _strips(self) -> None:
        """Draw how many are in the air as stepped areas on the upper parts of strips."""
        xs, ys = [], []
        for row, y in self.rows():
            most = max((number for _, number in row.counts), default=0)
            if most:
                bottom, top = _edges(y)
                at = [time for time, _ in row.counts for _ in (0, 1)]
                numbers = [0, *(number for _, number in row.counts for _ in (0, 1))][:-1]
                xs.append([self.ms(time) for time in at])
                ys.append([bottom - (bottom - top) * number / most for number in numbers])
        if xs:
            style = self._bars["strip", "airborne"]
            self.styles.append(style)
            self._chart.patches(
                xs, ys, line_color=None, fill_color=style.look["facecolor"], fill_alpha=0.55
            )

    def _bars_of(self, key: tuple[str, str], style: Style) -> None:
        """Draw the bars of a kind."""
        kind, what = key
        found = [
            _box(bar, y, style.height)
            for row, y in self.rows()
            if row.kind == kind
            for bar in row.bars
            if bar.kind == what and not bar.cause
        ]
        if found:
            self._quads(found, **_filling(style.look))
            self.styles.append(style)

    def _filled_once_known(self) -> None:
        """Fill what was told from when it was known."""
        height = self._bars["told", "told"].height
        known = [
            _box(bar, y, height)._replace(left=max(bar.start, bar.since))
            for row, y in self.rows()
            for bar in row.bars
            if not isnan(bar.since)
        ]
        if known:
            self._chart.quad(
                *("left", "right", "top", "bottom"),
                source=source(**self._columns(known)),
                line_color=None,
                fill_color=ZONE,
                fill_alpha=0.35,
            )

    def _stays(self) -> None:
        """Draw where nobody ought to be, in causes' colours, with their markers at the entries."""
        found: list[tuple[Box, float]] = []
        for row, y in self.rows():
            stays = [bar for bar in row.bars if bar.cause]
            if row.kind == "strip":
                apart = _APART * (self._laid.end - self._laid.start)
                high = STRIP * (1.0 - SHARE) / LEVELS
                middle = _edges(y)[0] + high / 2.0
                found += [
                    (_box(bar, middle + high * level, high * 0.7), _STAY_PX)
                    for bar, level in zip(stays, stacked(stays, apart), strict=True)
                ]
            else:
                inside = self._bars[INSIDE].height
                found += [
                    (_box(bar, y, inside if bar.kind == "incursion" else STAY), _ENTRY_PX)
                    for bar in stays
                ]
        if not found:
            return
        boxes = [box for box, _ in found]
        if any(box.bar.kind == "incursion" for box in boxes):
            self.styles.append(self._bars[INSIDE])
        colours = [CAUSE_COLOURS[box.bar.cause] for box in boxes]
        quads = self._quads(boxes, colours, fill_color="colour", line_width=0.8)
        inked(quads.glyph, line_color="ink")
        self._flags([one for one in found if _is_flagged(one[0].bar)])

    def _flags(self, found: Sequence[tuple[Box, float]]) -> None:
        marks = [mark_of(box.bar.cause) for box, _ in found]
        flags = self._chart.scatter(
            "x",
            "y",
            source=source(
                x=[self.ms(box.left) for box, _ in found],
                y=[(box.top + box.bottom) / 2.0 for box, _ in found],
                size=[size for _, size in found],
                shape=[mark.shape for mark in marks],
                turned=[mark.turned for mark in marks],
                colour=[mark.colour for mark in marks],
            ),
            size="size",
            marker="shape",
            angle="turned",
            fill_color="colour",
            line_width=0.8,
        )
        inked(flags.glyph, line_color="ink")

    def _quads(
        self, boxes: Sequence[Box], colours: Sequence[str] = (), **look: Any
    ) -> GlyphRenderer[Any]:
        """Draw rectangles that tell what they are, and can be chosen."""
        columns: dict[str, list[Any]] = {
            **self._columns(boxes),
            "about": [plain(box.bar.about) for box in boxes],
        }
        if colours:
            columns["colour"] = [*colours]
        inks = {name: "ink" for name, value in look.items() if value == ink()}
        quads = self._chart.quad(
            *("left", "right", "top", "bottom"), source=source(**columns), **look
        )
        inked(quads.glyph, **inks)
        self.hovered.append(quads)
        self._boxes += boxes
        return quads

    def _columns(self, boxes: Iterable[Box]) -> dict[str, list[float]]:
        found = [*boxes]
        return {
            "left": [self.ms(max(box.left, self._laid.start)) for box in found],
            "right": [self.ms(min(box.right, self._laid.end)) for box in found],
            "top": [box.top for box in found],
            "bottom": [box.bottom for box in found],
        }

    def _links_of(self, kind: str, style: Style) -> None:
        """Draw what passes between rows; what fails does not get far."""
        found = [link for link in self._laid.links if link.kind == kind]
        if not found:
            return
        self.styles.append(style)
        ends = [self._ends(link) for link in found]
        look = style.look
        lines = self._chart.segment(
            *("x0", "y0", "x1", "y1"),
            source=source(
                x0=[self.ms(link.start) for link in found],
                x1=[self.ms(link.end) for link in found],
                y0=[start for start, _ in ends],
                y1=[end for _, end in ends],
                about=[plain(link.about) for link in found],
            ),
            line_width=look["linewidth"] * _POINT_PX,
            line_dash=_dash(look.get("linestyle", "-")),
            line_alpha=look.get("alpha", 1.0),
            line_color=look["color"],
        )
        self.hovered.append(lines)
        if look["color"] == ink():
            inked(lines.glyph, line_color="ink")
        if kind in ENDS:
            self._tips(kind, found, [end for _, end in ends], [end > start for start, end in ends])

    def _ends(self, link: Link) -> tuple[float, float]:
        start, end = self._places[link.source], self._places[link.target]
        if ENDS.get(link.kind) == "x":
            end = start + copysign(STUB, end - start)
        return start, end

    def _tips(
        self, kind: str, found: Sequence[Link], ys: Sequence[float], down: Sequence[bool]
    ) -> None:
        arrows = ["inverted_triangle" if one else "triangle" for one in down]
        tips = self._chart.scatter(
            "x",
            "y",
            source=source(
                x=[self.ms(link.end) for link in found],
                y=list(ys),
                shape=["x"] * len(found) if ENDS[kind] == "x" else arrows,
            ),
            marker="shape",
            size=6,
        )
        inked(tips.glyph, fill_color="ink", line_color="ink")

    def _marks_of(self, kind: str, style: Style, drawn: set[str]) -> None:
        """Draw what happens, but for what has been drawn as the end of a link."""
        found = [
            (mark, y if row.kind != "strip" else _edges(y)[0])
            for row, y in self.rows()
            for mark in row.marks
            if mark.kind == kind and mark.gid not in drawn
        ]
        if found:
            self._scatter(found, style.look)
            self.styles.append(style)

    def _scatter(self, found: Sequence[tuple[Mark, float]], look: dict[str, Any]) -> None:
        shape, turned = bokeh_shape(look["marker"])
        marks = self._chart.scatter(
            "x",
            "y",
            source=source(
                x=[self.ms(mark.at) for mark, _ in found],
                y=[y for _, y in found],
                about=[plain(mark.about) for mark, _ in found],
            ),
            marker=shape,
            angle=turned,
            size=look["markersize"] * _POINT_PX * (0.6 if look["marker"] == "." else 1.0),
            line_width=1.2,
            fill_color=None,
        )
        inked(marks.glyph, line_color="ink")
        if look.get("markerfacecolor") != "none":
            inked(marks.glyph, fill_color="ink")
        self.hovered.append(marks)


def milliseconds(unix: float) -> float:
    """Give a Unix time as an axis of Bokeh's has it."""
    return round(unix * 1000.0)


def _box(bar: Bar, y: float, height: float) -> Box:
    return Box(bar.start, bar.end, y - height / 2.0, y + height / 2.0, bar)


def _edges(y: float) -> tuple[float, float]:
    """Give the lower and the upper edge of a strip's counts, whose middle is at a height."""
    return y + STRIP * (0.46 - (1.0 - SHARE)), y - STRIP * 0.46


def _is_flagged(bar: Bar) -> bool:
    """Tell whether a stay has a marker: incursions in a violation lie within what has one."""
    return bar.kind != "incursion" or bar.cause == "undeclared"


def _filling(look: dict[str, Any]) -> dict[str, Any]:
    """Give a bar's look in Bokeh's words."""
    alpha = look.get("alpha", 1.0)
    edge, width = look.get("edgecolor"), look.get("linewidth", 0.0)
    found: dict[str, Any] = {
        "fill_color": None if look["facecolor"] == "none" else look["facecolor"],
        "fill_alpha": alpha,
        "line_color": edge if edge and width else None,
        "line_width": width * _POINT_PX,
        "line_dash": _dash(look.get("linestyle", "-")),
    }
    if "hatch" in look:
        found |= {
            "hatch_pattern": look["hatch"][0],
            "hatch_color": edge,
            "hatch_scale": 8.0,
            "hatch_alpha": 0.9,
        }
    return found


def _dash(style: Any) -> str:
    """Give a dash in pixels, in Bokeh's words."""
    if isinstance(style, tuple):
        return " ".join(f"{round(length * _POINT_PX)}" for length in style[1])
    return "2 3" if style == ":" else "solid"
