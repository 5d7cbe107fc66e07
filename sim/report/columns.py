"""How a table's columns share a line: whole, narrowed, or the widest on a line of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from sim.report.wording import plain

if TYPE_CHECKING:
    from sim.report.outline import Table

GUTTER = 2  # blanks between columns, and before what stands below a line of its own
_LEAST = 2 / 3  # of its width is what a column may be narrowed to and still be read


@dataclass(frozen=True, slots=True)
class Fit:
    """Places of the columns that stand ``above``, on a line of their own, and of those below.

    ``widths`` are those of the columns below, in cells; ``gutter`` parts them.
    """

    above: tuple[int, ...]
    below: tuple[int, ...]
    widths: tuple[int, ...]
    gutter: int


def fit(table: Table, width: int) -> Fit:
    """Fit a table to a line.

    All columns stand whole in a line if they can, else closer together, else
    with the widest that may be broken narrowed. If that would narrow one to
    less than two thirds, the widest columns go on a line of their own, above
    the others of their row: an id broken into seven pieces is no id any more.
    """
    natural = _natural(table)
    everything = tuple(range(len(natural)))
    for gutter in (GUTTER, 1):
        if _total(natural, everything, gutter) <= width:
            return Fit((), everything, tuple(natural), gutter)
    narrowed = _narrowed(table, natural, width)
    if narrowed is not None:
        return Fit((), everything, narrowed, 1)
    above: tuple[int, ...] = ()
    below = everything
    for place in sorted(_flexible(table), key=lambda place: -natural[place]):
        if GUTTER + _total(natural, below, GUTTER) <= width:
            break
        above = tuple(sorted((*above, place)))
        below = tuple(other for other in below if other != place)
    return Fit(above, below, tuple(natural[place] for place in below), GUTTER)


def _natural(table: Table) -> list[int]:
    return [
        max(
            cell_len(column.title),
            *(cell_len(plain(row[place].text)) for group in table.groups for row in group.rows),
        )
        for place, column in enumerate(table.columns)
    ]


def _total(widths: list[int], places: tuple[int, ...], gutter: int) -> int:
    return sum(widths[place] for place in places) + gutter * (len(places) - 1)


def _flexible(table: Table) -> list[int]:
    return [place for place, column in enumerate(table.columns) if not column.rigid]


def _narrowed(table: Table, natural: list[int], width: int) -> tuple[int, ...] | None:
    """Take from the widest flexible column, again and again; None if any becomes too narrow."""
    widths = list(natural)
    flexible = _flexible(table)
    for _ in range(sum(widths) + len(widths) - 1 - width):
        widest = max(flexible, key=lambda place: widths[place], default=None)
        if widest is None:
            return None
        widths[widest] -= 1
    if any(widths[place] < _LEAST * natural[place] for place in flexible):
        return None
    return tuple(widths)
