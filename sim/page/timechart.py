"""The timeline of a page: the lanes of a run, with a cursor that scripts move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.page.embedding import NAME, chart, inked, source
from sim.page.timepen import TimePen, milliseconds
from sim.plots.canvas import shortened
from sim.plots.glyphs import STRIP
from sim.plots.timelines import HEAD, rows_high

if TYPE_CHECKING:
    from bokeh.plotting import figure

    from sim.plots.glyphs import Style
    from sim.plots.rows import Lanes

_ROW_PX = 21
_AXIS_PX = 34
_LONGEST = 20  # letters of a row's name
_LANE = 60  # and of a party's
_TEXT = "12px"


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
        high = rows_high(laid)
        self.height_px = round(_AXIS_PX + _ROW_PX * high)
        self._chart = chart(
            x_range=(milliseconds(start_unix + laid.start), milliseconds(start_unix + laid.end)),
            y_range=(high, 0.0),
            x_axis_type="datetime",
            tools="",
            name="timeline",
        )
        self._pen = TimePen(self._chart, laid, start_unix)

    def draw(self) -> figure:
        """Draw everything, from below to above."""
        self._frame()
        tops = self._tops()
        self._part(tops)
        self._pen.draw()
        self._heads(tops)
        self._chosen()
        self._cursor()
        self._hover()
        return self._chart

    @property
    def styles(self) -> list[Style]:
        """Those of what was drawn that a legend has to explain, in their order."""
        return self._pen.styles

    def index(self) -> dict[str, dict[str, list[Any]]]:
        """Give all that was drawn and can be chosen as columns, which scripts look into."""
        return self._pen.index()

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
        names.ticker = FixedTicker(ticks=[y for _, y in self._pen.rows()], minor_ticks=[])
        names.major_label_overrides = {
            y: shortened(row.label, _LONGEST).replace("$", "\N{FULLWIDTH DOLLAR SIGN}")
            for row, y in self._pen.rows()
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

    def _tops(self) -> list[float]:
        """Give where the lanes begin, from the top."""
        places = {row.id: y for row, y in self._pen.rows()}
        tops = []
        for lane in self._laid.lanes:
            first = lane.rows[0]
            high = STRIP if first.kind == "strip" else 1.0
            tops.append(places[first.id] - high / 2.0 - HEAD)
        return tops

    def _heads(self, tops: list[float]) -> None:
        """Write the parties' names above their rows, over whatever passes through."""
        names = self._chart.text(
            "x",
            "y",
            "name",
            source=source(
                x=[self._pen.ms(self._laid.start)] * len(tops),
                y=[top + HEAD * 0.92 for top in tops],
                name=[shortened(lane.label, _LANE) for lane in self._laid.lanes],
            ),
            x_offset=4,
            text_font_size=_TEXT,
            text_font_style="bold",
            text_baseline="bottom",
            name="parties",
            **NAME,
        )
        inked(names.glyph, text_color="ink", background_fill_color="ground")

    def _part(self, tops: list[float]) -> None:
        """Part the lanes by lines."""
        left, right = self._pen.ms(self._laid.start), self._pen.ms(self._laid.end)
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
            location=self._pen.ms(self._laid.start), dimension="height", line_width=2, name="cursor"
        )
        inked(cursor, line_color="accent")
        self._chart.add_layout(cursor)

    def _hover(self) -> None:
        from bokeh.models import HoverTool  # noqa: PLC0415 - of an extra

        self._chart.add_tools(
            HoverTool(
                renderers=[*self._pen.hovered],
                tooltips=[("", "@about")],
                point_policy="follow_mouse",
            )
        )
