"""Columns on a line: whole, or the first of them above the others."""

from __future__ import annotations

from sim.report.columns import Fit, fit
from sim.report.outline import Cell, Column, Group, Table


def table(*widths: int) -> Table:
    columns = tuple(Column("x") for _ in widths)
    return Table(columns, (Group("", (tuple(Cell("w" * width) for width in widths),)),))


def test_what_fits_stands_as_it_is() -> None:
    # 10 + 10 + 10 and two gutters of 2.
    assert fit(table(10, 10, 10), 34) == Fit((), (0, 1, 2), (10, 10, 10))


def test_one_short_and_the_first_goes_above() -> None:
    assert fit(table(10, 10, 10), 33) == Fit((0,), (1, 2), (10, 10, 10))


def test_as_many_go_above_as_need_be() -> None:
    # Below, 10 + 20 with a gutter and the indent of 2 take 34.
    assert fit(table(30, 10, 20), 34) == Fit((0,), (1, 2), (30, 10, 20))
    assert fit(table(30, 10, 20), 33) == Fit((0, 1), (2,), (30, 10, 20), ragged=True)


def test_what_stands_above_keeps_its_columns_where_they_fit() -> None:
    # Above, 10 + 12 with a gutter take 24.
    assert not fit(table(10, 12, 21), 24).ragged
    assert fit(table(10, 12, 21), 23).ragged


def test_something_stays_below_whatever_the_width() -> None:
    assert fit(table(10, 20, 20), 5) == Fit((0, 1), (2,), (10, 20, 20), ragged=True)
    assert fit(table(10), 5) == Fit((), (0,), (10,))


def test_the_title_counts_as_a_cell() -> None:
    titled = Table((Column("a long title"),), (Group("", ((Cell("x"),),)),))
    assert fit(titled, 80).widths == (12,)
