"""How a table's columns share a line: all of them, or the first ones on a line of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from sim.report.wording import plain

if TYPE_CHECKING:
    from sim.report.outline import Table

GUTTER = 2  # blanks between columns, and before what stands below a line of its own


@dataclass(frozen=True, slots=True)
class Fit:
    """Places of the columns that stand ``above``, on a line of their own, and of those below.

    ``widths`` are those of all columns, in cells. What stands above is ``ragged``
    where it would not fit its line in columns, and is then set as running text.
    """

    above: tuple[int, ...]
    below: tuple[int, ...]
    widths: tuple[int, ...]
    ragged: bool = False


def fit(table: Table, width: int) -> Fit:
    """Fit a table to a line.

    All columns stand whole in one line if they can. If not, as many of the first
    as need be go on a line of their own, above the others of their row: a word
    broken in two, or a header that runs into the next, costs more than a line.
    """
    natural = _natural(table)
    last = len(natural) - 1
    split = 0 if _total(natural) <= width else 1
    while 0 < split < last and GUTTER + _total(natural[split:]) > width:
        split += 1
    split = min(split, last)  # something has to stay below, whatever the width
    everything = tuple(range(len(natural)))
    ragged = _total(natural[:split]) > width
    return Fit(everything[:split], everything[split:], tuple(natural), ragged)


def _natural(table: Table) -> list[int]:
    return [
        max(
            cell_len(column.title),
            *(cell_len(plain(row[place].text)) for group in table.groups for row in group.rows),
        )
        for place, column in enumerate(table.columns)
    ]


def _total(widths: list[int]) -> int:
    return sum(widths) + GUTTER * (len(widths) - 1)
