"""The chain of one entry: its steps by who took them, and the link that broke."""

from __future__ import annotations

from itertools import groupby
from math import copysign
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.plots.anatomy import anatomy
from sim.plots.canvas import (
    cause_mark,
    drawing,
    edge_on_dark,
    headline,
    ink,
    inner_width_in,
    legend_below,
    nothing,
)
from sim.plots.clock import Times
from sim.plots.palette import CAUSE_COLOURS, DESK, FLIGHT, OPERATION, SITE, ZONE
from sim.report.headline import run_headline, which_run
from sim.report.wording import Clock, counted, explained, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.findings.run import Run
    from sim.plots.breaks import Passing
    from sim.plots.moments import Anatomy, Moment, Stretch

WIDE = 9.5  # inches
_HIGHEST, _LOWEST = 14.0, 4.0
_ROW_IN = 0.42  # inches, of one actor
_LINE_PT = 12.5  # points, of a line of the list beneath
_BELOW_PT = 44.0  # points, from the axis to that list
_AROUND_IN = 2.0  # of title, axis and legend, about
_NUMBER_PT = 9.0  # of numbers, from the middle of their row up, or more over its bars
_OVER_PT = 4.0  # from a bar up to numbers
_LABELS_IN = 3.4  # of the names of actors and of the times in the list, about
_GAP = 0.75  # rows, that are left for the words at the broken link
_LETTER_PT = 5.6  # of the numbers at the moments
_LETTERS = 26  # of a line of an actor's name
_TIME_PT, _DIGIT_PT = 22.0, 5.8  # points, where times begin in that list, and of a digit
_WORD_PT = 4.9  # points, of a letter there, about
_MOST = 24  # steps that are told
_BROKEN: dict[str, Any] = {"linewidth": 2.8, "linestyle": (0, (2.2, 1.1)), "zorder": 2.7}
_WAITS: dict[str, dict[str, Any]] = {
    "lead": {"color": ZONE, "linewidth": 1.4, "marker": "|", "markersize": 8.0, "zorder": 1.9},
    "reaction": {"color": DESK, "linewidth": 4.0, "zorder": 2.1, "solid_capstyle": "butt"},
}
_STRETCHES: dict[str, tuple[str, float, dict[str, Any]]] = {
    "declared": ("zone as declared", 0.5, {"facecolor": ZONE, "alpha": 0.6}),
    "real": ("operation as it really was", 0.34, {"facecolor": OPERATION}),
    "flown": ("flight as flown", 0.14, {"facecolor": FLIGHT}),
    "present": ("people on the ground", 0.3, {"facecolor": SITE, "alpha": 0.6}),
    "inside": ("", 0.4, {}),
    "incursion": ("", 0.62, {}),
}
"""What the legend calls them, their height as a share of a row, and their look."""


def chain(run: Run, entry: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw how a violation, an incursion or a site incursion came about.

    Every step that proves its cause has a number, and stands beneath in words; the link
    that broke is drawn in the colour of the cause.

    Parameters
    ----------
    run
        The run.
    entry
        Its id, such as ``violation-1``; without it, the first.
    ax
        Where to draw; without it, on a figure of its own.

    Raises
    ------
    InputError
        If there is no entry of that id.
    """
    found = anatomy(run, entry)
    if found is None:
        return _nobody(run, ax)
    with drawing(ax, WIDE, _height(found)) as on:
        _draw(found, Clock.of(run.scenario), Times.of(run.scenario), on)
        said = [which_run(run), found.id]
        said += [found.timing] if found.timing else []
        headline(on, found.finding, "; ".join(said))
    return on


def _nobody(run: Run, ax: Axes | None) -> Axes:
    with drawing(ax, WIDE, _LOWEST) as on:
        Times.of(run.scenario).axis(on, 0.0, run.plan.horizon)
        nothing(on, "Nobody entered anything.")
        headline(on, run_headline(run), which_run(run))
    return on


class _Sheet(NamedTuple):
    """Where an anatomy is drawn: its axes, its rows, and how wide a second is."""

    ax: Axes
    times: Times
    places: dict[str, float]
    second_pt: float


def _draw(found: Anatomy, clock: Clock, times: Times, ax: Axes) -> None:
    places = _places(found)
    ax.set_yticks([*places.values()], [_folded(actor.label) for actor in found.actors])
    ax.tick_params("y", length=0.0, labelsize=8.5)
    sheet = _Sheet(ax, times, places, inner_width_in(ax) * 72.0 / (found.end - found.start))
    for y in places.values():
        ax.axhline(y, color=ink(), alpha=0.2, linewidth=0.6, zorder=1.0)
    handles = [artist for one in found.stretches for artist in _stretch(sheet, found, one)]
    handles += [_passing(sheet, one, number) for number, one in enumerate(found.passings)][:1]
    handles += _dots(sheet, found)
    ax.axvline(times.at(found.entry), color=ink(), linewidth=0.8, linestyle=":", zorder=1.5)
    handles.append(_broken(sheet, found))
    for actor in places:
        bars = [one for one in found.stretches if one.actor == actor and one.kind in _STRETCHES]
        high = max((_STRETCHES[one.kind][1] for one in bars), default=0.0)
        moments = [m for m in found.moments if m.actor == actor]
        _numbers(sheet, moments, actor, max(_NUMBER_PT, high / 2.0 * _ROW_IN * 72.0 + _OVER_PT))
    times.axis(ax, found.start, found.end)
    bottom = max(places.values())
    is_lowest = bottom in {places[found.broken.source], places[found.broken.target]}
    is_level = found.broken.source == found.broken.target
    ax.set_ylim(bottom + (0.7 + _GAP if is_lowest and is_level else 0.7), -0.8)
    ax.spines["left"].set_visible(False)
    below = _list(ax, found, clock)
    legend_below(ax, list({str(one.get_label()): one for one in handles}.values()), below)


def _places(found: Anatomy) -> dict[str, float]:
    """Give each actor a row, and room for words beneath the one where the link broke."""
    order = [actor.id for actor in found.actors]
    upper = min(order.index(found.broken.source), order.index(found.broken.target))
    return {id_: n + _GAP * (n > upper) for n, id_ in enumerate(order)}


def height(run: Run, entry: str | None = None) -> float:
    """Give how high a figure of its own is that shows an entry, in inches."""
    found = anatomy(run, entry)
    return _LOWEST if found is None else _height(found)


def _height(found: Anatomy) -> float:
    lines = sum(len(words) for _, words in _told(found, (WIDE - _LABELS_IN) * 72.0))
    rows = (len(found.actors) + _GAP) * _ROW_IN
    return min(_HIGHEST, max(_LOWEST, _AROUND_IN + rows + lines * _LINE_PT / 72.0))


def _stretch(sheet: _Sheet, found: Anatomy, one: Stretch) -> Iterator[Artist]:
    """Draw what lasts, and give what the legend says of it."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - slow to import

    start, end = sheet.times.at(one.start), sheet.times.at(one.end)
    y, gid = sheet.places[one.actor], f"{one.actor}/{one.kind}"
    if one.kind in _WAITS:
        look: dict[str, Any] = _WAITS[one.kind]
        (line,) = sheet.ax.plot([start, end], [y, y], label=one.label, gid=gid, **look)
        yield line
        return
    label, height, look = _STRETCHES[one.kind]
    if not label:
        look = {"facecolor": CAUSE_COLOURS[found.cause], "edgecolor": ink(), "linewidth": 0.8}
    corner, zorder = (start, y - height / 2.0), 2.6 if not label else 2.0
    patch = Rectangle(corner, end - start, height, gid=gid, zorder=zorder, **look)
    sheet.ax.add_patch(patch)
    if label and one.start <= found.end and one.end >= found.start:
        patch.set_label(label)
        yield patch


def _passing(sheet: _Sheet, one: Passing, number: int) -> Artist:
    """Draw what passed from one to the other."""
    xs = sheet.times.all([one.start, one.end])
    ys = [sheet.places[one.source], sheet.places[one.target]]
    gid = f"passing:{number}"
    (line,) = sheet.ax.plot(xs, ys, color=ink(), linewidth=1.1, zorder=2.3, gid=gid)
    line.set_label("passed on")
    return line


def _broken(sheet: _Sheet, found: Anatomy) -> Artist:
    """Draw the link that broke, and name it where rows leave room for words."""
    one, colour = found.broken, CAUSE_COLOURS[found.cause]
    y0, y1 = sheet.places[one.source], sheet.places[one.target]
    xs = sheet.times.all([one.start, one.end])
    (line,) = sheet.ax.plot(xs, [y0, y1], color=colour, gid=f"broken:{found.id}", **_BROKEN)
    mark = cause_mark(found.cause, 9.0) | {"linestyle": "", "zorder": 3.0}
    middle = float(xs.mean())
    sheet.ax.plot([middle], [(y0 + y1) / 2.0], gid=f"broken:{found.id}/mark", **mark)
    _name(sheet, found, middle, y1 - y0)
    edge_on_dark(line)
    line.set_label("the link that broke")
    return line


def _name(sheet: _Sheet, found: Anatomy, middle: float, down: float) -> None:
    """Write what broke beneath the upper row of the link, on the side with more room.

    ``down`` is by how much the link goes down towards its end: there words stand above it.
    """
    upper = min(sheet.places[found.broken.source], sheet.places[found.broken.target])
    is_late = middle > sheet.times.at((found.start + found.end) / 2.0)
    aside, side, raised = (-9.0, "right", -7.0) if is_late else (9.0, "left", 7.0)
    sheet.ax.annotate(
        explained(found.cause),
        (middle, upper + 0.5 + _GAP / 2.0),
        (aside, copysign(raised, raised * down) if down else 0.0),
        textcoords="offset points",
        ha=side,
        va="center",
        fontsize=8.5,
        fontweight="bold",
        zorder=3.1,
        gid=f"broken:{found.id}/words",
        bbox=_ground(sheet.ax),
    )


def _ground(ax: Axes) -> dict[str, Any]:
    """Keep words legible where lines pass behind them, at less cost than a stroke around each."""
    return {"facecolor": ax.get_facecolor(), "edgecolor": "none", "boxstyle": "square,pad=0.08"}


def _dots(sheet: _Sheet, found: Anatomy) -> list[Artist]:
    """Draw the moments as dots, filled up to the entry, which has its cause's marker."""
    handles: list[Artist] = []
    for label, late in (("step, as numbered", False), ("step that came too late", True)):
        moments = [m for m in found.moments if (m.at > found.entry) == late]
        if not moments:
            continue
        (dots,) = sheet.ax.plot(
            sheet.times.all([m.at for m in moments]),
            [sheet.places[m.actor] for m in moments],
            linestyle="",
            marker="o",
            markersize=4.4,
            color=ink(),
            markerfacecolor=sheet.ax.get_facecolor() if late else ink(),
            zorder=2.8,
            gid="moments:late" if late else "moments:known",
            label=label,
        )
        handles.append(dots)
    return handles


def _numbers(sheet: _Sheet, moments: Sequence[Moment], actor: str, above_pt: float) -> None:
    """Write the numbers of moments above them and the bars of their row, those near together."""
    for numbers, start, end in _together(moments, sheet.second_pt):
        sheet.ax.annotate(
            _ranges(numbers),
            (sheet.times.at((start + end) / 2.0), sheet.places[actor]),
            (0.0, above_pt),
            textcoords="offset points",
            ha="center",
            fontsize=7.5,
            zorder=3.0,
            gid=f"numbers:{actor}/{numbers[0]}",
            bbox=_ground(sheet.ax),
        )


def _together(moments: Sequence[Moment], second_pt: float) -> list[tuple[list[int], float, float]]:
    """Group numbers that would touch; give each group with its first and last instant."""
    groups: list[tuple[list[int], float, float]] = []
    for moment in sorted(moments, key=lambda m: (m.at, m.number)):
        groups.append(([moment.number], moment.at, moment.at))
        while len(groups) > 1:
            (one, start, end), (other, begins, ends) = groups[-2:]
            apart = (begins + ends - start - end) / 2.0 * second_pt
            if apart > _LETTER_PT * (len(_ranges(one)) + len(_ranges(other))) / 2.0 + 2.0:
                break
            groups[-2:] = [([*one, *other], start, max(end, ends))]
    return groups


def _ranges(numbers: Sequence[int]) -> str:
    """Write numbers briefly: ``1-3, 5``."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)


def _list(ax: Axes, found: Anatomy, clock: Clock) -> float:
    """Write what happened at each number beneath the axes; give how far down, in points."""
    down = -_BELOW_PT
    begins = _TIME_PT + _DIGIT_PT * len(clock.second(found.entry)) + 14.0
    for moment, words in _told(found, inner_width_in(ax) * 72.0 - begins):
        cells = [(begins, "\n".join(words), "words")]
        if moment is not None:
            cells.append((0.0, str(moment.number), "number"))
            cells.append((_TIME_PT, clock.second(moment.at), "time"))
        for right, text, what in cells:
            ax.annotate(
                text,
                (0.0, 0.0),
                (right, down),
                xycoords="axes fraction",
                textcoords="offset points",
                va="top",
                fontsize=8.5,
                fontweight="bold" if moment and moment.at == found.entry else "normal",
                linespacing=_LINE_PT / 8.5 / 1.17,
                alpha=0.65 if moment and moment.at > found.entry else 1.0,
                annotation_clip=False,
                gid=f"moment:{moment.number}/{what}" if moment else "moments:left-out",
            )
        down -= _LINE_PT * len(words)
    return -down


def _told(found: Anatomy, width_pt: float) -> list[tuple[Moment | None, list[str]]]:
    """Give what is written of each moment, in lines; of very many the first and the nearest."""
    letters = max(20, int(width_pt / _WORD_PT))
    entry = next(n for n, moment in enumerate(found.moments) if moment.at == found.entry)
    order = sorted(range(len(found.moments)), key=lambda n: min(n, abs(n - entry)))
    kept = set(order if len(order) <= _MOST + 1 else order[:_MOST])
    told: list[tuple[Moment | None, list[str]]] = []
    for is_kept, group in groupby(enumerate(found.moments), key=lambda item: item[0] in kept):
        moments = [moment for _, moment in group]
        if is_kept:
            told += [(m, wrap(plain(m.text), letters) or [""]) for m in moments]
        else:
            told.append((None, [f"... and {counted(len(moments), 'more', 'more')}"]))
    return told


def _folded(name: str) -> str:
    """Give a name in two lines if it is long, and cut if it is longer than that."""
    lines = wrap(plain(name), _LETTERS, max_lines=2, placeholder="\N{HORIZONTAL ELLIPSIS}")
    return "\n".join(lines)
