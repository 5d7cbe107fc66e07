"""Columns on a line: whole, closer, narrowed, or the widest above the others."""

from __future__ import annotations

from sim.report.columns import Fit, fit
from sim.report.outline import Cell, Column, Group, Table


def table(*widths: int, rigid: int) -> Table:
    """Make a table whose last columns, so many, are rigid."""
    columns = tuple(Column("x", rigid=place >= len(widths) - rigid) for place in range(len(widths)))
    return Table(columns, (Group("", (tuple(Cell("w" * width) for width in widths),)),))


def test_what_fits_stands_as_it_is() -> None:
    # 10 + 10 + 10 and two gutters of 2.
    assert fit(table(10, 10, 10, rigid=1), 34) == Fit((), (0, 1, 2), (10, 10, 10), 2)


def test_one_short_moves_closer() -> None:
    assert fit(table(10, 10, 10, rigid=1), 33) == Fit((), (0, 1, 2), (10, 10, 10), 1)


def test_then_the_widest_that_may_be_broken_is_narrowed() -> None:
    # 4 too many: 12 gives 2 to be as wide as 10, then both give 1.
    assert fit(table(12, 10, 20, rigid=1), 40) == Fit((), (0, 1, 2), (9, 9, 20), 1)


def test_below_two_thirds_it_gets_a_line_of_its_own() -> None:
    # 30 would have to become 8: it goes above, and 10 + 20 with a gutter stay below.
    assert fit(table(30, 10, 20, rigid=1), 40) == Fit((0,), (1, 2), (10, 20), 2)
    # What stands below is indented by 2, so that here 10 has to go as well.
    assert fit(table(30, 10, 20, rigid=1), 33) == Fit((0, 1), (2,), (20,), 2)


def test_columns_that_must_not_be_broken_stay_whatever_the_width() -> None:
    assert fit(table(10, 20, 20, rigid=2), 20) == Fit((0,), (1, 2), (20, 20), 2)


def test_the_title_counts_as_a_cell() -> None:
    titled = Table((Column("a long title"),), (Group("", ((Cell("x"),),)),))
    assert fit(titled, 80).widths == (12,)
