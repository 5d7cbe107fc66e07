"""The tables of a page: everything that was found, each line with what choosing it shows."""

from __future__ import annotations

from typing import Any

from sim.page.tables import entry_grid, flight_grid, grids, notice_grid
from tests.stories import FLIGHT, ZONE, run_of

TWO: dict[str, Any] = {
    "zones": {"area": ZONE | {"notices": {}, "issued": "+1 min"}},
    "flights": {"one": FLIGHT, "other": FLIGHT | {"departs": "+100 min"}},
}


def test_entries_have_their_keys_and_go_to_their_entry() -> None:
    run = run_of(**TWO)
    rows = entry_grid(run).rows
    assert [row.key for row in rows] == ["violation:violation-1", "violation:violation-2"]
    assert [row.at for row in rows] == [one.entry for one in run.violations]
    assert [row.cells[0].text for row in rows] == [one.id for one in run.violations]


def test_every_line_has_a_cell_for_every_column() -> None:
    run = run_of(**TWO)
    for grid in (entry_grid(run), *grids(run)):
        assert {len(row.cells) for row in grid.rows} <= {len(grid.columns)}


def test_every_flight_has_a_line_whether_it_entered_or_not() -> None:
    run = run_of(**TWO)
    assert [row.key for row in flight_grid(run).rows] == ["flight:one", "flight:other"]


def test_a_copy_of_a_notice_has_the_name_that_the_timeline_gives_it() -> None:
    run = run_of(zones={"area": ZONE})
    (row,) = notice_grid(run).rows
    assert row.key == "notice:area.first/v1/south"


def test_a_run_of_nothing_has_tables_without_lines() -> None:
    run = run_of()
    for grid in (entry_grid(run), *grids(run)):
        assert grid.rows == ()
        assert grid.empty.endswith(".")
