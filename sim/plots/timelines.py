"""The timeline of a run: who was told when, what was active when, who was where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.plots.canvas import (
    cause_handles,
    drawing,
    headline,
    ink,
    inner_width_in,
    legend_below,
    nothing,
    shortened,
)
from sim.plots.clock import Times
from sim.plots.glyphs import STRIP, Pen, bar_styles, link_styles, mark_styles
from sim.plots.lanes import MOST_ROWS, lanes
from sim.report.headline import opening, which_run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.findings.run import Run
    from sim.plots.lanes import Lane, Lanes, Row
    from sim.plots.selection import Instant

WIDE = 10.0  # inches
_HIGHEST, _LOWEST = 14.0, 4.0
_ROW_IN = 0.23  # inches, of one row
_LEAST_ROW_IN = 0.16  # in which text of 7.5 pt stands clear of the next
_AROUND_IN = 2.3  # of title, axis of time and legend, about
_ALONE = 0.77  # of a figure's height, of axes that have it for themselves
_NAMED = 0.75  # of all rows, about: the others are names of parties
_FEWEST = 10  # rows, however small the axes are
HEAD = 1.15  # of a party's name above its rows, in rows
_LONGEST = 34  # letters of a name
_TITLE = 250  # letters


def timeline(
    run: Run,
    ax: Axes | None = None,
    *,
    parties: Iterable[str] | None = None,
    flights: Iterable[str] | None = None,
    zones: Iterable[str] | None = None,
    between: tuple[Instant, Instant] | None = None,
) -> Axes:
    """Draw a run as lanes of parties: operations, zones, notices and flights.

    Flights are drawn one by one where there are few, and as strips that count them where
    there are many; then name some of them, or less time, to see more.

    Parameters
    ----------
    run
        The run.
    ax
        Where to draw; without it, on a figure of its own.
    parties, flights, zones
        The ids of those to show, without which all are; a stream's, or a repeated
        flight's, stands for all of its flights.
    between
        From when to when: seconds since the scenario's start, texts as in a scenario
        (``2022-02-02T22:00Z``, ``+4 h``), or dates with a zone.

    Raises
    ------
    InputError
        If there is nothing of that name, or at that time.
    """
    most = MOST_ROWS if ax is None else _rows_on(ax)
    laid = lanes(run, parties=parties, flights=flights, zones=zones, between=between, most=most)
    with drawing(ax, WIDE, _height(laid)) as on:
        _draw(laid, Times.of(run.scenario), on)
        headline(on, opening(run, _TITLE), _beside(run, laid))
    return on


def _draw(laid: Lanes, times: Times, ax: Axes) -> None:
    """Draw lanes, their rows, the links between them, and say what is what."""
    if not laid.rows:
        times.axis(ax, laid.start, laid.end)
        nothing(ax, "Nothing happens.")
        return
    places = row_places(laid)
    _name_rows(laid, places, ax)
    pen = Pen(ax, times, laid.start, laid.end, inner_width_in(ax) / (laid.end - laid.start))
    drawn = {link.gid for link in laid.links}
    for row in laid.rows:
        pen.row(row, places[row.id], drawn)
    for link in laid.links:
        pen.link(link, places[link.source], places[link.target])
    times.axis(ax, laid.start, laid.end)
    ax.set_ylim(rows_high(laid), 0.0)
    ax.grid(visible=True, axis="x", alpha=0.18, linewidth=0.6)
    ax.set_axisbelow(True)
    legend_below(ax, [*_handles(pen), *cause_handles(pen.causes)])


def row_places(laid: Lanes) -> dict[str, float]:
    """Give the middle of each row, in rows from the top; lanes stand below their names."""
    found, y = {}, 0.0
    for lane in laid.lanes:
        y += HEAD
        for row in lane.rows:
            height = STRIP if row.kind == "strip" else 1.0
            found[row.id] = y + height / 2.0
            y += height
    return found


def rows_high(laid: Lanes) -> float:
    """Give how high everything is, in rows."""
    strips = sum(row.kind == "strip" for row in laid.rows)
    return max(1.0, HEAD * len(laid.lanes) + len(laid.rows) + (STRIP - 1.0) * strips + 0.3)


def height(run: Run, **chosen: Any) -> float:
    """Give how high a figure of its own is that shows what is chosen, in inches."""
    return _height(lanes(run, **chosen))


def _height(laid: Lanes) -> float:
    return min(_HIGHEST, max(_LOWEST, _AROUND_IN + _ROW_IN * rows_high(laid)))


def _rows_on(ax: Axes) -> int:
    """Give how many rows axes have room for, names of parties left aside."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes have a figure"
    share = min(1.0, ax.get_position().height / _ALONE)
    high = figure.get_figheight() * share - _AROUND_IN
    return max(_FEWEST, min(MOST_ROWS, int(high / _LEAST_ROW_IN * _NAMED)))


def _name_rows(laid: Lanes, places: dict[str, float], ax: Axes) -> None:
    """Write the names of parties and rows along the y-axis, and part the lanes."""
    names: list[tuple[float, str, bool]] = []
    for number, lane in enumerate(laid.lanes):
        first = lane.rows[0]
        height = STRIP if first.kind == "strip" else 1.0
        top = places[first.id] - height / 2.0 - HEAD
        names.append((top + HEAD * 0.6, shortened(_shorter(lane), _LONGEST), True))
        names += [(places[row.id], _named(row), False) for row in lane.rows]
        if number:
            ax.axhline(top + 0.12, color=ink(), alpha=0.3, linewidth=0.6)
    ax.set_yticks([y for y, _, _ in names], [name for _, name, _ in names])
    ax.tick_params("y", length=0.0, labelsize=8.0)
    for label, (_, _, is_party) in zip(ax.get_yticklabels(), names, strict=True):
        label.set_fontweight("bold" if is_party else "normal")
    ax.spines["left"].set_visible(False)


def _shorter(lane: Lane) -> str:
    """Give a lane's name, without the party's id if that makes it too long."""
    return (
        lane.label if len(lane.label) <= _LONGEST else lane.label.removesuffix(f" ({lane.party})")
    )


def _named(row: Row) -> str:
    return (
        f"{shortened(row.label, _LONGEST)}\n{row.note}"
        if row.kind == "strip"
        else shortened(row.label, _LONGEST)
    )


def _handles(pen: Pen) -> list[Artist]:
    """Give the legend's entries of what was drawn, in the order of the styles."""
    styles = [*bar_styles().values(), *mark_styles().values(), *link_styles().values()]
    order = list(dict.fromkeys(style.about for style in styles))
    seen = sorted(pen.seen, key=order.index)
    for about in seen:
        pen.seen[about].set_label(about)
    return [pen.seen[about] for about in seen]


def _beside(run: Run, laid: Lanes) -> str:
    """Say which run it is, and what of it is not drawn."""
    which = which_run(run)
    return f"{which}; {laid.left_out}" if laid.left_out else which
