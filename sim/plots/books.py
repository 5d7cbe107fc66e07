"""The ledgers compared: who has which stay in the books, and why others have not."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.plots.canvas import (
    cause_handles,
    cause_mark,
    drawing,
    headline,
    ink,
    legend_below,
    nothing,
    shortened,
)
from sim.plots.claims import compare_books
from sim.report.headline import which_run
from sim.report.wording import listed, plain

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.findings.run import Run
    from sim.plots.claims import Books, Line

WIDE = 9.0  # inches
_HIGHEST, _LOWEST = 14.0, 3.0
_ROW_IN, _AROUND_IN = 0.27, 2.2  # inches, of a line, and of title, axis and legend
_LABEL, _BOOK, _REASON = 48, 12, 40  # letters, of a line's name, a book's line, and reasons


def ledgers(run: Run, ax: Axes | None = None) -> Axes:
    """Draw which books have which stays of flights in zones, and why others lack them.

    A line is a stay, or several alike where there are many; a column is a book, the
    truth's first.

    Parameters
    ----------
    run
        The run.
    ax
        Where to draw; without it, on a figure of its own.
    """
    found = compare_books(run)
    with drawing(ax, WIDE, _height(found)) as on:
        if found.lines:
            _draw(run, found, on)
        else:
            on.set_axis_off()
            nothing(on, "The books are empty.")
        more = f"; {found.left_out:,} more are not shown" if found.left_out else ""
        headline(on, found.finding, which_run(run) + more)
    return on


def height(run: Run) -> float:
    """Give how high a figure of its own is, in inches."""
    return _height(compare_books(run))


def _height(found: Books) -> float:
    return min(_HIGHEST, max(_LOWEST, _AROUND_IN + _ROW_IN * len(found.lines)))


def _draw(run: Run, found: Books, ax: Axes) -> None:
    columns = {book: x for x, book in enumerate(found.books)}
    seen: dict[str, Artist] = {}
    for y, line in enumerate(found.lines):
        ax.axhline(y, color=ink(), alpha=0.12, linewidth=0.6, zorder=1.0)
        for book, x in columns.items():
            seen |= _cell(ax, line, book, x, y)
        ax.annotate(
            _why(line),
            (1.0, y),
            (8.0, 0.0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center_baseline",
            fontsize=8.0,
            annotation_clip=False,
            gid=f"{line.id}/why",
        )
    names = [_name(run, book) for book in found.books]
    ax.set_xticks(range(len(names)), names)
    ax.set_xlim(-0.7, max(len(names), 1) - 0.3)
    ax.set_yticks(
        range(len(found.lines)), [shortened(line.label, _LABEL, tail=12) for line in found.lines]
    )
    ax.set_ylim(max(len(found.lines), 1) - 0.4, -0.6)
    ax.tick_params(length=0.0, labelsize=8.0)
    ax.spines[["left", "bottom"]].set_visible(False)
    causes = cause_handles(line.cause for line in found.lines if line.cause)
    legend_below(ax, [*causes, *seen.values()])


def _cell(ax: Axes, line: Line, book: str, x: int, y: int) -> dict[str, Artist]:
    """Draw how a book stands to a line; give what the legend says, but for causes."""
    look: dict[str, Any]
    if book in line.has and line.cause:
        ax.plot([x], [y], linestyle="", gid=f"{line.id}/{book}/has", **cause_mark(line.cause))
        return {}
    if book in line.has:
        what, look = "claimed, and no violation", {"marker": "o", "markerfacecolor": "none"}
    elif book in line.lacks:
        what, look = "missing from this book", {"marker": "x", "markersize": 6.0}
    else:
        return {}
    gid = f"{line.id}/{book}/{'has' if book in line.has else 'lacks'}"
    (mark,) = ax.plot([x], [y], linestyle="", color=ink(), gid=gid, label=what, **look)
    return {what: mark}


def _why(line: Line) -> str:
    """Say which books lack it for what reason, those with the same together."""
    books: dict[str, list[str]] = {}
    for book, reason in line.reasons:
        books.setdefault(reason.replace("_", " "), []).append(book)
    said = "; ".join(f"{listed(names)}: {reason}" for reason, names in books.items())
    return shortened(said, _REASON)


def _name(run: Run, book: str) -> str:
    """Give a book's name in lines, the truth's or a party's."""
    party = run.scenario.parties.get(book)
    name = book if party is None else party.name or book
    lines = wrap(plain(name), _BOOK, max_lines=3, placeholder="\N{HORIZONTAL ELLIPSIS}")
    return "\n".join(lines)
