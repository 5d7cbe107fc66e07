"""The timeline of a page: the lanes of a run, with a cursor that scripts move."""

from __future__ import annotations

from math import copysign, isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.page.embedding import chart, inked, source
from sim.page.marks import bokeh_shape, mark_of
from sim.plots.canvas import ink, shortened
from sim.plots.glyphs import (
    ENDS,
    LEVELS,
    SHARE,
    STRIP,
    STUB,
    bar_styles,
    link_styles,
    mark_styles,
    stacked,
)
from sim.plots.palette import CAUSE_COLOURS, ZONE
from sim.plots.timelines import HEAD, row_places, rows_high
from sim.report.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bokeh.models.renderers import GlyphRenderer
    from bokeh.plotting import figure

    from sim.plots.glyphs import Style
    from sim.plots.rows import Bar, Lanes, Link, Mark, Row

_ROW_PX = 21
_AXIS_PX = 34
_LONGEST = 20  # letters of a row's name
_LANE = 60  # and of a party's
_POINT_PX = 96.0 / 72.0
_ENTRY_PX, _STAY_PX = 10.0, 7.0  # of a cause's marker, and in a strip
_APART = 1.0 / 250.0  # of all time, that half a marker in a strip takes up
_HIGH = {"incursion": 0.78}  # rows; other stays are 0.5 high
_TEXT = "12px"


class Box(NamedTuple):
    """A bar as a rectangle: times in seconds, heights in rows from the top."""

    left: float
    right: float
    top: float
    bottom: float
    bar: Bar


class TimeChart:
    """Draws lanes, in milliseconds of Unix time and rows from the top.

    Parameters
    ----------
    laid
        What there is to draw.
    start_unix
        The scenario's start.
    """

    def __init__(self, laid: Lanes, start_unix: float) -> None:
        self._laid = laid
        self._start_unix = start_unix
        self._places = row_places(laid)
        self._bars, self._marks, self._links = bar_styles(), mark_styles(), link_styles()
        self._hovered: list[GlyphRenderer[Any]] = []
        self._boxes: list[Box] = []
        self._high = rows_high(laid)
        self.height_px = round(_AXIS_PX + _ROW_PX * self._high)
        self.styles: list[Style] = []
        """Those that a legend has to explain, in their order."""
        self._chart = chart(
            x_range=(self._ms(laid.start), self._ms(laid.end)),
            y_range=(self._high, 0.0),
            x_axis_type="datetime",
            tools="",
            name="timeline",
        )

    def draw(self) -> figure:
        """Draw everything, from below to above."""
        self._frame()
        self._heads()
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
        self._chosen()
        self._cursor()
        self._hover()
        return self._chart

    def index(self) -> dict[str, dict[str, list[Any]]]:
        """Give all that can be chosen as columns, which scripts look into."""
        marks = [(mark, y) for row, y in self._rows() for mark in row.marks]
        return {
            "bars": {
                **self._columns(self._boxes),
                "key": [box.bar.gid for box in self._boxes],
                "cause": [box.bar.cause for box in self._boxes],
            },
            "marks": {
                "x": [self._ms(mark.at) for mark, _ in marks],
                "y": [y for _, y in marks],
                "key": [mark.gid for mark, _ in marks],
            },
        }

    def _ms(self, seconds: float) -> float:
        return round((self._start_unix + seconds) * 1000.0)

    def _rows(self) -> list[tuple[Row, float]]:
        """Give all rows with the heights of their middles."""
        return [(row, self._places[row.id]) for row in self._laid.rows]

    def _frame(self) -> None:
        """Name rows at the left, and times beneath."""
        from bokeh.models import (  # noqa: PLC0415 - of an extra
            DatetimeTicker,
            DatetimeTickFormatter,
            FixedTicker,
        )

        times, names = self._chart.xaxis[0], self._chart.yaxis[0]
        times.ticker = DatetimeTicker(desired_num_ticks=8, num_minor_ticks=0)
        times.formatter = DatetimeTickFormatter(
            minutes="%H:%M", hourmin="%H:%M", hours="%H:%M", days="%d %b"
        )
        names.ticker = FixedTicker(ticks=[y for _, y in self._rows()], minor_ticks=[])
        names.major_label_overrides = {
            y: shortened(row.label, _LONGEST).replace("$", "\N{FULLWIDTH DOLLAR SIGN}")
            for row, y in self._rows()
        }
        for axis in (times, names):
            axis.major_label_text_font_size = _TEXT
            inked(axis, major_label_text_color="ink", axis_line_color="line")
            inked(axis, major_tick_line_color="line")
        times.minor_tick_line_color = names.major_tick_line_color = names.axis_line_color = None
        names.tags = [tag for tag in names.tags if tag.startswith("major_label")]
        self._chart.ygrid.visible = False
        inked(self._chart.xgrid[0], grid_line_color="line")
        self._chart.min_border_right = 24

    def _heads(self) -> None:
        """Write the parties' names above their rows, and part the lanes by lines."""
        tops = []
        for lane in self._laid.lanes:
            first = lane.rows[0]
            high = STRIP if first.kind == "strip" else 1.0
            tops.append(self._places[first.id] - high / 2.0 - HEAD)
        names = self._chart.text(
            "x",
            "y",
            "name",
            source=source(
                x=[self._ms(self._laid.start)] * len(tops),
                y=[top + HEAD * 0.92 for top in tops],
                name=[shortened(lane.label, _LANE) for lane in self._laid.lanes],
            ),
            x_offset=4,
            text_font_size=_TEXT,
            text_font_style="bold",
            text_baseline="bottom",
        )
        inked(names.glyph, text_color="ink")
        left, right = self._ms(self._laid.start), self._ms(self._laid.end)
        lines = self._chart.segment(
            "x0",
            "y",
            "x1",
            "y",
            source=source(
                x0=[left] * len(tops), x1=[right] * len(tops), y=[top + 0.1 for top in tops]
            ),
            line_width=1.0,
        )
        inked(lines.glyph, line_color="line")

    def _strips(self) -> None:
        """Draw how many are in the air as stepped areas on the upper parts of strips."""
        xs, ys = [], []
        for row, y in self._rows():
            most = max((number for _, number in row.counts), default=0)
            if most:
                bottom, top = _edges(y)
                at = [time for time, _ in row.counts for _ in (0, 1)]
                numbers = [0, *(number for _, number in row.counts for _ in (0, 1))][:-1]
                xs.append([self._ms(time) for time in at])
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
            for row, y in self._rows()
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
            for row, y in self._rows()
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
        for row, y in self._rows():
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
                found += [(_box(bar, y, _HIGH.get(bar.kind, 0.5)), _ENTRY_PX) for bar in stays]
        if not found:
            return
        boxes = [box for box, _ in found]
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
                x=[self._ms(box.left) for box, _ in found],
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
        self._hovered.append(quads)
        self._boxes += boxes
        return quads

    def _columns(self, boxes: Iterable[Box]) -> dict[str, list[float]]:
        found = [*boxes]
        return {
            "left": [self._ms(max(box.left, self._laid.start)) for box in found],
            "right": [self._ms(min(box.right, self._laid.end)) for box in found],
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
                x0=[self._ms(link.start) for link in found],
                x1=[self._ms(link.end) for link in found],
                y0=[start for start, _ in ends],
                y1=[end for _, end in ends],
                about=[plain(link.about) for link in found],
            ),
            line_width=look["linewidth"] * _POINT_PX,
            line_dash=_dash(look.get("linestyle", "-")),
            line_alpha=look.get("alpha", 1.0),
            line_color=look["color"],
        )
        self._hovered.append(lines)
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
                x=[self._ms(link.end) for link in found],
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
            for row, y in self._rows()
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
                x=[self._ms(mark.at) for mark, _ in found],
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
        self._hovered.append(marks)

    def _chosen(self) -> None:
        """Make what scripts fill: outlines round what is chosen."""
        empty: dict[str, list[float]] = {name: [] for name in ("left", "right", "top", "bottom")}
        bars = self._chart.quad(
            *("left", "right", "top", "bottom"),
            source=source(**empty),
            name="chosen-bars",
            fill_color=None,
            line_width=2.5,
        )
        marks = self._chart.scatter(
            "x",
            "y",
            source=source(x=[], y=[]),
            name="chosen-marks",
            size=14,
            fill_color=None,
            line_width=2.0,
        )
        inked(bars.glyph, line_color="accent")
        inked(marks.glyph, line_color="accent")

    def _cursor(self) -> None:
        from bokeh.models.annotations import Span  # noqa: PLC0415 - of an extra

        cursor = Span(
            location=self._ms(self._laid.start), dimension="height", line_width=2, name="cursor"
        )
        inked(cursor, line_color="accent")
        self._chart.add_layout(cursor)

    def _hover(self) -> None:
        from bokeh.models import HoverTool  # noqa: PLC0415 - of an extra

        self._chart.add_tools(
            HoverTool(
                renderers=[*self._hovered], tooltips=[("", "@about")], point_policy="follow_mouse"
            )
        )


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
