"""Heat maps: a metric over two factors, written in cells, those marked that are not sure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.plots.asked import answers_of, beside, factor_of, has_interval, metric_of
from sim.plots.canvas import drawing, headline, ink, legend_below
from sim.plots.levels import as_words
from sim.plots.scales import FROM_ZERO, NUMBER, axes_inches, inches_for, set_ticks
from sim.plots.slices import cells_of
from sim.report.choices import are_same, brief, range_headline
from sim.report.figures import figure_of
from sim.report.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

    from sim.plots.slices import Cells
    from sim.report.figures import Figure
    from sim.stats import Interval
    from sim.sweeps.answers import Answers, Estimate
    from sim.sweeps.results import SweepResult

    Cell = tuple[int, int]  # column and row

_RAMP = ("#f2f6f8", "#b9ccd7", "#7a9cb0", "#456a80", "#173447")  # one hue, evenly darker
_NIGHT = 0.45  # of the ramp, from where letters are white
_LARGE, _SMALL = 9.0, 7.5  # letters, pt
_LETTER_PT = 0.6 / 72.0  # how wide a letter of one point is, in inches
_LINE_IN = 0.18
_ROW_IN, _LOW_ROW_IN = 0.5, 0.22
_MANY = 16  # columns, of which values are written in none
_GAP_PT = 1.5  # between cells
_SURE = 0.1  # of the map's range: a half-width up to which a cell is sure
_CORNER_IN = 0.1
_FRAME_IN = 0.05  # from the sides of a cell to its frame


def heatmap(
    subject: Answers | SweepResult,
    ax: Axes | None = None,
    *,
    metric: str | None = None,
    factors: Sequence[str] | None = None,
) -> Axes:
    """Draw a metric over two factors of a grid, its value written in each cell.

    A cell is marked in its corner where the runs do not tell enough: where the metric
    has a target, on which side of it the point is; else, where half of its interval
    is more than a tenth of the map's range. Further factors are held at the recommended
    point, or in their middle.

    Parameters
    ----------
    subject
        A sweep, or its answers.
    ax
        Where to draw; without it, on axes of a new figure.
    metric
        What is drawn; without it, the first metric that the study asks something of.
    factors
        Which go across and up, by their names or paths; without them, those of most values.

    Raises
    ------
    InputError
        If the study has no such metric or factors, or its points form no grid of them.
    """
    found = answers_of(subject)
    name = metric_of(found, metric)
    if factors is not None and len(factors) != 2:  # noqa: PLR2004 - across and up
        raise InputError(f"{len(factors)} factors asked for; a heat map is of two")
    cells = cells_of(found, None if factors is None else [factor_of(found, f) for f in factors])
    grid = grid_of(found, cells, name)
    row_in = _ROW_IN if len(cells.across.texts) <= _MANY else _LOW_ROW_IN
    with drawing(ax, height=inches_for(len(cells.up.texts), row_in)) as axes:
        handles = _draw(axes, cells, grid, figure_of(name))
        bold = "in bold: surely within the target" if any(map(grid.meets, grid.values)) else ""
        headline(
            axes,
            range_headline(found, name, [*cells.cells.values()], _names(cells)),
            beside(found, figure_of(name).heading, cells.note, bold),
        )
        legend_below(axes, handles)
    return axes


@dataclass(frozen=True, slots=True)
class Grid:
    """What the cells of a heat map say, by column and row from the lower left.

    Attributes
    ----------
    values
        The estimate of each cell; absent ones have none.
    target
        Of the metric, if it has one.
    best
        The recommended point, if it is there, and its cell.
    """

    values: dict[Cell, Interval]
    target: float | None
    best: tuple[Estimate, Cell] | None

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest mean; both 0 where there is none."""
        means = [one.mean for one in self.values.values() if one.n]
        return (min(means), max(means)) if means else (0.0, 0.0)

    def meets(self, cell: Cell) -> bool:
        """Tell whether a cell is surely within the target."""
        found = self.values[cell]
        return self.target is not None and has_interval(found) and found.high <= self.target

    def is_sure(self, cell: Cell) -> bool:
        """Tell whether an interval has no target within; without one, is narrow by the range."""
        found = self.values[cell]
        if not has_interval(found):
            return False
        if self.target is not None:
            return self.meets(cell) or found.low > self.target
        low, high = self.ends
        half = (found.high - found.low) / 2
        return half <= _SURE * (high - low) or are_same(found.low, found.high)


def grid_of(found: Answers, cells: Cells, name: str) -> Grid:
    """Take what a heat map shows of a metric from the cells of a design."""
    asked = found.study.sweep.recommend
    values: dict[Cell, Interval] = {}
    best = None
    for (across, up), estimate in cells.cells.items():
        cell = cells.across.texts.index(across), cells.up.texts.index(up)
        values[cell] = estimate.metrics[name]
        if estimate is found.recommended:
            best = estimate, cell
    target = asked.target if asked is not None and asked.metric == name else None
    return Grid(values, target, best)


def _draw(ax: Axes, cells: Cells, grid: Grid, figure: Figure) -> list[Artist]:
    """Draw the cells and what is written in them; give the legend's entries."""
    low, high = grid.ends
    low = 0.0 if 0.0 <= low <= FROM_ZERO * high or low == high else low
    high = high if high > low else low + 1.0
    mesh = _colour(ax, cells, grid, figure.factor)
    mesh.set_clim(low * figure.factor, high * figure.factor)
    _label(ax, cells)
    ink_of = {cell: _ink_on((one.mean - low) / (high - low)) for cell, one in grid.values.items()}
    if not _write(ax, grid, ink_of, figure):
        _scale(ax, mesh, figure)
    handles = _mark_unsure(ax, grid, ink_of, figure)
    if grid.best is not None:
        estimate, cell = grid.best
        handles.append(_frame(ax, cell, ink_of[cell], estimate))
    return handles


def _colour(ax: Axes, cells: Cells, grid: Grid, factor: float) -> QuadMesh:
    """Fill the cells with the colours of a ramp, their values times a factor."""
    from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415 - slow to import

    values = np.full((len(cells.up.texts), len(cells.across.texts)), np.nan)
    for (column, row), one in grid.values.items():
        values[row, column] = one.mean * factor
    return ax.pcolormesh(
        np.arange(values.shape[1] + 1) - 0.5,
        np.arange(values.shape[0] + 1) - 0.5,
        np.ma.masked_invalid(values),
        cmap=LinearSegmentedColormap.from_list("steel", _RAMP),
        edgecolors=ax.get_facecolor(),
        linewidth=min(_GAP_PT, _GAP_PT * _MANY / max(values.shape)),
        gid="cells",
    )


def _label(ax: Axes, cells: Cells) -> None:
    """Name the columns and rows, as many of them as there is room for."""
    width, height = axes_inches(ax)
    set_ticks(ax.xaxis, as_words(cells.across).ticks(width))
    step = math.ceil(len(cells.up.texts) * _LINE_IN / height)
    rows = [(float(row), brief(text)) for row, text in enumerate(cells.up.texts)]
    set_ticks(ax.yaxis, rows[::step])
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_xlabel(plain(cells.across.name))
    ax.set_ylabel(plain(cells.up.name))


def _write(ax: Axes, grid: Grid, ink_of: Mapping[Cell, str], figure: Figure) -> bool:
    """Write each value in its cell, with its interval under it where there is room.

    Returns whether there was room for the values.
    """
    width, height = _cell_inches(ax)
    texts = {cell: figure.number(one.mean) if one.n else "-" for cell, one in grid.values.items()}
    under = {cell: _interval(figure, one) for cell, one in grid.values.items()}
    if height < _LINE_IN or width < _width(texts.values(), _LARGE):
        return False
    has_room = height >= 2 * _LINE_IN and width >= _width(under.values(), _SMALL)
    for cell, text in texts.items():
        column, row = cell
        written: Any = {"ha": "center", "va": "center", "color": ink_of[cell]}
        weight = "bold" if grid.meets(cell) else "normal"
        up = 0.14 if has_room and under[cell] else 0.0
        written_at = ax.text(column, row + up, text, fontsize=_LARGE, fontweight=weight, **written)
        written_at.set_gid(f"value:{column},{row}")
        if has_room:
            ax.text(column, row - 0.2, under[cell], fontsize=_SMALL, **written)
    return True


def _interval(figure: Figure, found: Interval) -> str:
    if not has_interval(found) or are_same(found.low, found.high):
        return ""
    return f"{figure.number(found.low)} to {figure.number(found.high)}"


def _mark_unsure(ax: Axes, grid: Grid, ink_of: Mapping[Cell, str], figure: Figure) -> list[Artist]:
    """Mark cells in their upper right corners; give the legend's entry, if there are any."""
    from matplotlib.collections import PolyCollection  # noqa: PLC0415 - slow to import
    from matplotlib.lines import Line2D  # noqa: PLC0415 - likewise

    unsure = [cell for cell in grid.values if not grid.is_sure(cell)]
    if not unsure:
        return []
    width, height = _cell_inches(ax)
    size = min(_CORNER_IN, 0.3 * width, 0.3 * height)
    across, up = size / width, size / height
    right, top = 0.5 - _GAP_PT / 72.0 / width, 0.5 - _GAP_PT / 72.0 / height
    corners = [
        [(x + right - across, y + top), (x + right, y + top), (x + right, y + top - up)]
        for x, y in unsure
    ]
    colours = [ink_of[cell] for cell in unsure]
    ax.add_collection(PolyCollection(corners, facecolors=colours, gid="unsure"))
    said = "not sure: half of the interval is over a tenth of the range shown"
    if grid.target is not None:
        said = f"not sure: the target of {figure.show(grid.target)} lies within the interval"
    corner = [(0, 1), (1, 1), (1, 0)]
    return [Line2D([], [], linestyle="", marker=corner, markersize=7.0, color=ink(), label=said)]


def _frame(ax: Axes, cell: Cell, colour: str, best: Estimate) -> Artist:
    """Frame the recommended cell; give its entry in the legend."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - slow to import

    column, row = cell
    off_x, off_y = (min(_FRAME_IN / inches, 0.1) for inches in _cell_inches(ax))
    corner, wide, high = (column - 0.5 + off_x, row - 0.5 + off_y), 1.0 - 2 * off_x, 1.0 - 2 * off_y
    inside = Rectangle(corner, wide, high, fill=False, linewidth=1.8)
    inside.set(edgecolor=colour, gid="recommended")
    ax.add_patch(inside)
    label = f"recommended: point {best.point.number}"
    return Rectangle((0, 0), 1, 1, fill=False, linewidth=1.8, edgecolor=ink(), label=label)


def _scale(ax: Axes, mesh: QuadMesh, figure: Figure) -> None:
    """Show what the colours mean, where values do not fit their cells."""
    drawn = ax.get_figure(root=True)
    assert drawn is not None, "axes have a figure"
    bar = drawn.colorbar(mesh, ax=ax, label=plain(figure.heading))
    bar.ax.yaxis.set_major_formatter(NUMBER)
    bar.outline.set_visible(False)


def _ink_on(share: float) -> str:
    """Choose letters that are seen on a colour of the ramp; without one, on the ground."""
    if math.isnan(share):
        return ink()
    return "white" if share > _NIGHT else "#111111"


def _names(cells: Cells) -> tuple[str, str]:
    return cells.across.name, cells.up.name


def _cell_inches(ax: Axes) -> tuple[float, float]:
    width, height = axes_inches(ax)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    return width / (right - left), height / (top - bottom)


def _width(texts: Iterable[str], size: float) -> float:
    """Give about how much room texts need, in inches."""
    return (max(map(len, texts), default=0) + 2) * size * _LETTER_PT
