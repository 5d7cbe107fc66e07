"""How what stands in the rows of a timeline is drawn, and what its legend says."""

from __future__ import annotations

from math import copysign, isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.plots.canvas import cause_mark, ink, moved
from sim.plots.palette import CAUSE_COLOURS, DESK, FLIGHT, OPERATION, SITE, ZONE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.plots.clock import Times
    from sim.plots.rows import Bar, Link, Mark, Row

STRIP = 1.9  # as high as so many rows
SHARE = 0.56  # of a strip's height, for its counts
LEVELS = 3  # of bars that overlap in a strip
_TEXT = 7.5  # points, of what stands in rows
_ENTRY = 4.5  # points, of a marker in a strip
_POINT_IN = 1.0 / 72.0
ENDS = {"lost": "x", "unanswered": "x", "passed": "v"}
INSIDE = ("flight", "incursion")  # which has its cause's colour and this style's height
STAY = 0.5  # rows, of other stays where nobody ought to be
THIN = 0.1  # of a row: lower bars are lines
STUB = 0.55  # rows, that the links of failed attempts are long


class Style(NamedTuple):
    """How a kind of bar or mark is drawn, and what the legend calls it."""

    about: str
    look: dict[str, Any]
    height: float = 0.0
    """Of a bar, as a share of its row's."""


def bar_styles() -> dict[tuple[str, str], Style]:
    """Give the styles of bars by the kind of their row and their own, in the legend's order."""
    line, nothing = ink(), "none"
    planned = {"facecolor": nothing, "edgecolor": OPERATION, "linewidth": 1.0}
    return {
        ("operation", "planned"): Style("operation as planned", planned, 0.72),
        ("operation", "real"): Style("operation as it really was", {"facecolor": OPERATION}, 0.4),
        ("zone", "declared"): Style("zone as declared", {"facecolor": ZONE, "alpha": 0.6}, 0.72),
        ("zone", "announced"): Style("zone announced, not in force yet", {"facecolor": ZONE}, 0.08),
        ("told", "told"): Style(
            "zone as told; filled once known",
            {"facecolor": nothing, "edgecolor": ZONE, "linewidth": 1.1, "linestyle": (0, (3, 2))},
            0.66,
        ),
        ("desk", "closed"): Style(
            "nobody at the desk",
            {"facecolor": nothing, "edgecolor": DESK, "hatch": "/////", "linewidth": 0.0},
            0.8,
        ),
        ("channel", "down"): Style(
            "channel out of order",
            {"facecolor": nothing, "edgecolor": line, "hatch": "xxx", "linewidth": 0.6},
            0.66,
        ),
        ("site", "present"): Style("people on the ground", {"facecolor": SITE, "alpha": 0.6}, 0.36),
        ("desk", "waiting"): Style(
            "notice in somebody's hands", {"facecolor": line, "alpha": 0.4}, 0.2
        ),
        ("flight", "planned"): Style(
            "flight as planned",
            {"facecolor": nothing, "edgecolor": FLIGHT, "linewidth": 0.8},
            0.5,
        ),
        ("flight", "flown"): Style("flight as flown", {"facecolor": FLIGHT}, 0.2),
        INSIDE: Style(
            "inside an operation", {"facecolor": FLIGHT, "edgecolor": line, "linewidth": 1.0}, 0.78
        ),
        ("strip", "airborne"): Style("flights in the air", {"facecolor": FLIGHT, "alpha": 0.55}),
    }


def mark_styles() -> dict[str, Style]:
    """Give the styles of marks by their kinds, in the legend's order."""
    hollow = {"markerfacecolor": "none", "markersize": 4.2}
    ended = Style("given up, overtaken or lifted", {"marker": "s", **hollow})
    failed = Style("attempt failed", {"marker": "x", "markersize": 4.6})
    return {
        "issued": Style("", {"marker": "|", "markersize": 7.0, "markeredgecolor": ZONE}),
        "lifted": Style("", {"marker": "|", "markersize": 7.0, "markeredgecolor": ZONE}),
        "postponed": Style("operation put off", {"marker": "4", "markersize": 6.0}),
        "cancelled": ended,
        "drafted": Style("notice drafted", {"marker": "o", **hollow}),
        "unanswered": failed,
        "lost": failed,
        "published": Style("published", {"marker": "2", "markersize": 6.0}),
        "garbled": Style("understood wrongly", {"marker": (7, 2, 0), "markersize": 7.0}),
        "handled": Style("handled by the desk", {"marker": "o", "markersize": 3.6}),
        "omitted": Style("not passed on", {"marker": "1", "markersize": 6.5}),
        "objected": Style("desk objects", {"marker": "^", **hollow}),
        "decided": Style("sender acts on silence", {"marker": "D", **hollow, "markersize": 3.6}),
        "gave_up": ended,
        "replaced": ended,
        "expired": ended,
        "told": Style("crew told", {"marker": ".", "markersize": 3.0}),
        "disregarded": Style("crew disregards it", {"marker": "1", "markersize": 5.5}),
        "acted": Style("crew acts on it", {"marker": "4", "markersize": 6.0}),
    }


def link_styles() -> dict[str, Style]:
    """Give the styles of links by their kinds, in the legend's order."""
    line = ink()
    failed = {"color": line, "linewidth": 0.8, "linestyle": (0, (2, 2))}
    return {
        "passed": Style("notice passed", {"color": line, "linewidth": 1.0}),
        "lost": Style("attempt failed", failed),
        "unanswered": Style("attempt failed", failed),
        "acknowledged": Style(
            "acknowledged", {"color": line, "linewidth": 0.8, "linestyle": ":", "alpha": 0.55}
        ),
        "disseminated": Style("passed on to crews", {"color": FLIGHT, "linewidth": 0.7}),
    }


def stacked(bars: Sequence[Bar], half_s: float) -> list[int]:
    """Give each bar of a strip the first level on which it overlaps none, by their starts.

    ``half_s`` is half of the time that the marker at a bar's start takes up. Where all
    levels are taken, the one that is free soonest has to do.
    """
    free, found = [float("-inf")] * LEVELS, []
    for bar in bars:
        level = next((n for n in range(LEVELS) if free[n] <= bar.start - half_s), None)
        level = min(range(LEVELS), key=free.__getitem__) if level is None else level
        free[level] = max(free[level], bar.end, bar.start + half_s)
        found.append(level)
    return found


class Pen:
    """Draws rows at their places on an axis of time.

    Parameters
    ----------
    ax
        Where.
    times
        Turns seconds into places.
    start, end
        What the axis shows, in seconds.
    second_in
        How many inches a second takes up.
    """

    def __init__(self, ax: Axes, times: Times, start: float, end: float, second_in: float) -> None:
        self._ax = ax
        self._times = times
        self._start, self._end = start, end
        self._second_in = second_in
        self._bars, self._marks, self._links = bar_styles(), mark_styles(), link_styles()
        self.seen: dict[str, Artist] = {}
        """What the legend shows, by what it says."""
        self.causes: set[str] = set()

    def row(self, row: Row, y: float, drawn: Collection[str] = ()) -> None:
        """Draw a row whose middle is at a height, but for marks drawn already, by their gids."""
        if row.kind == "strip":
            self._counts(row, y)
            self._packed(row.bars, y)
            self._ticks(row, y)
            return
        if row.kind == "desk":
            self._ax.axhline(y, color=ink(), alpha=0.2, linewidth=0.6, zorder=1.5)
        for bar in row.bars:
            self._bar(row.kind, bar, y)
        marks = [mark for mark in row.marks if mark.gid not in drawn]
        for kind in dict.fromkeys(mark.kind for mark in marks):
            self._mark(row, kind, [mark for mark in marks if mark.kind == kind], y)
        if row.kind == "flight":
            self._words(row, y)

    def link(self, link: Link, y0: float, y1: float) -> None:
        """Draw what passes between two heights; what fails does not get far."""
        style = self._links[link.kind]
        end = ENDS.get(link.kind, "")
        if end == "v" and y1 < y0:
            end = "^"
        if end == "x":
            y1 = y0 + copysign(STUB, y1 - y0)
        xs, ys = self._times.all([link.start, link.end]), [y0, y1]
        (line,) = self._ax.plot(xs, ys, gid=link.gid, zorder=2.4, **style.look)
        if not end:
            self._note(style.about, line)
            return
        look = {"marker": end, "markersize": 4.5, "color": style.look["color"], "linestyle": ""}
        gid = f"{link.gid}/end"
        (tip,) = self._ax.plot(xs[1:], ys[1:], gid=gid, zorder=2.5, **look)
        self._note(style.about, tip if end == "x" else line)

    def _bar(self, kind: str, bar: Bar, y: float) -> None:
        if bar.cause:
            self._entry(bar, y)
            return
        style = self._bars[kind, bar.kind]
        patch = self._box(bar.start, bar.end, y, style.height, bar.gid, style.look)
        self._note(style.about, _line_of(style) if style.height < THIN else patch)
        if not isnan(bar.since):
            fill = {"facecolor": ZONE, "alpha": 0.35}
            self._box(max(bar.since, bar.start), bar.end, y, style.height, "", fill)
        if bar.label:
            self._label(bar, y)

    def _box(
        self, start: float, end: float, y: float, height: float, gid: str, look: dict[str, Any]
    ) -> Artist:
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - slow to import

        left, right = self._times.at(start), self._times.at(end)
        style = {"linewidth": 0.0, "zorder": 2.0} | look
        patch = Rectangle((left, y - height / 2), right - left, height, **style)
        if gid:
            patch.set_gid(gid)
        return self._ax.add_patch(patch)

    def _label(self, bar: Bar, y: float) -> None:
        """Write into a bar what it is, if there is room."""
        begins = bar.start if isnan(bar.since) else max(bar.start, bar.since)
        start, end = max(begins, self._start), min(bar.end, self._end)
        if (end - start) * self._second_in < _width_in(bar.label) + 0.06:
            return
        self._ax.annotate(
            bar.label,
            (self._times.at(start), y),
            (3.0, 0.0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=_TEXT,
            zorder=2.2,
        )

    def _entry(self, bar: Bar, y: float) -> None:
        """Draw a stay where nobody ought to be, in its cause's colour."""
        self.causes.add(bar.cause)
        edge, height = 0.5, STAY
        if bar.kind == "incursion":
            style = self._bars[INSIDE]
            edge, height = style.look["linewidth"], style.height
            self._note(style.about, _patch_of(style))
        look = {"facecolor": CAUSE_COLOURS[bar.cause], "edgecolor": ink(), "linewidth": edge}
        self._box(bar.start, bar.end, y, height, bar.gid, look | {"zorder": 2.7})
        if bar.kind != "incursion" or bar.cause == "undeclared":
            self._flag(bar, y, 7.0, -1.0 - 7.0 / 2.0)

    def _flag(self, bar: Bar, y: float, size: float, aside: float = 0.0) -> None:
        """Put the cause's marker to an entry, so many points to the right of it.

        It stands within the axes, or on their edge; that of an entry before them is cut off.
        """
        within_in = (bar.start - self._start) * self._second_in
        if within_in + (aside - size / 2.0) * _POINT_IN < 0.0:
            aside = 0.0
        look = cause_mark(bar.cause, size) | {"linestyle": "", "zorder": 2.9}
        self._ax.plot(
            [self._times.at(bar.start)],
            [y],
            gid=f"{bar.gid}/entry",
            transform=self._ax.transData + moved(self._ax, aside),
            clip_on=not self._start <= bar.start <= self._end,
            **look,
        )

    def _mark(self, row: Row, kind: str, marks: list[Mark], y: float) -> None:
        style = self._marks.get(kind)
        if style is None:
            return
        look: dict[str, Any] = {"linestyle": "", "color": ink(), "markeredgewidth": 0.9}
        (line,) = self._ax.plot(
            self._times.all([mark.at for mark in marks]),
            [y] * len(marks),
            gid=f"{row.id}/{kind}",
            zorder=2.6,
            clip_on=False,
            **look | style.look,
        )
        self._note(style.about, line)

    def _words(self, row: Row, y: float) -> None:
        """Write what a crew did beside its mark, where nothing else stands."""
        taken = sorted((bar.start, bar.end) for bar in row.bars)
        acted = [mark for mark in row.marks if mark.kind == "acted"]
        for mark in acted:
            said = "cannot" if mark.label == "none" else mark.label
            room = [start for start, _ in taken if start >= mark.at]
            room += [later.at for later in acted if later.at > mark.at]
            end = min([*room, self._end])
            inside = any(start <= mark.at < last for start, last in taken)
            if inside or (end - mark.at) * self._second_in < _width_in(said) + 0.14:
                continue
            self._ax.annotate(
                said,
                (self._times.at(mark.at), y),
                (5.0, 0.0),
                textcoords="offset points",
                va="center_baseline",
                fontsize=_TEXT,
            )

    def _counts(self, row: Row, y: float) -> None:
        """Draw how many are in the air as a stepped area on the upper part of a strip."""
        bottom, top = y + STRIP * (0.46 - (1.0 - SHARE)), y - STRIP * 0.46
        most = max((number for _, number in row.counts), default=0)
        if not most:
            return
        at, numbers = zip(*row.counts, strict=True)
        heights = [bottom - (bottom - top) * number / most for number in numbers]
        style = self._bars["strip", "airborne"]
        area = self._ax.fill_between(
            self._times.all(at),
            heights,
            bottom,
            step="post",
            linewidth=0.0,
            gid=row.id,
            zorder=2.0,
            **style.look,
        )
        self._note(style.about, area)

    def _packed(self, bars: Sequence[Bar], y: float) -> None:
        """Draw the stays of a strip on its lower part, one above the other where they overlap."""
        top, height = y + STRIP * (0.46 - (1.0 - SHARE)), STRIP * (1.0 - SHARE) / LEVELS
        half = _ENTRY / 2.0 * _POINT_IN / self._second_in  # of a marker, in seconds
        for bar, level in zip(bars, stacked(bars, half), strict=True):
            self.causes.add(bar.cause)
            look = {"facecolor": CAUSE_COLOURS[bar.cause], "edgecolor": ink(), "linewidth": 0.4}
            middle = top + height * (level + 0.5)
            self._box(bar.start, bar.end, middle, height * 0.7, bar.gid, look | {"zorder": 2.7})
            self._flag(bar, middle, _ENTRY)

    def _ticks(self, row: Row, y: float) -> None:
        """Draw when the crews of a strip were told as ticks along its middle."""
        told = [mark for mark in row.marks if mark.kind == "told"]
        if told:
            (line,) = self._ax.plot(
                self._times.all([mark.at for mark in told]),
                [y + STRIP * (0.46 - (1.0 - SHARE))] * len(told),
                linestyle="",
                marker=".",
                markersize=2.0,
                color=ink(),
                gid=f"{row.id}/told",
                zorder=2.6,
            )
            self._note(self._marks["told"].about, line)

    def _note(self, about: str, artist: Artist) -> None:
        if about:
            self.seen.setdefault(about, artist)


def _line_of(style: Style) -> Artist:
    """Give the legend's entry of bars that are as low as lines."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 - slow to import

    return Line2D([], [], color=style.look["facecolor"], linewidth=1.5)


def _patch_of(style: Style) -> Artist:
    """Give the legend's entry of bars whose colours are their causes'."""
    from matplotlib.patches import Patch  # noqa: PLC0415 - slow to import

    return Patch(**style.look)


def _width_in(text: str) -> float:
    """Give about how wide a text in a row is, in inches."""
    return 0.075 * len(text)
