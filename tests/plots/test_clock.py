"""Axes of time: whole, even ticks, dated where the day changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from sim.plots.clock import Times, ticks_between

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MIDNIGHT = 1_643_846_400  # 2022-02-03T00:00Z


def axes() -> Axes:
    return Figure().subplots()


@pytest.mark.parametrize("length", [1, 7, 59, 61, 3_599, 20_000, 86_400, 86_401, 10**6, 10**7])
def test_there_are_few_ticks_and_all_are_whole_steps(length: int) -> None:
    step, ticks = ticks_between(MIDNIGHT + 0.5, MIDNIGHT + 0.5 + length)
    assert len(ticks) <= 10
    assert all(tick % step == 0 for tick in ticks)
    assert all(MIDNIGHT < tick <= MIDNIGHT + 0.5 + length for tick in ticks)


def test_years_have_ticks_at_the_first_of_months() -> None:
    """Where a step of so many days would put them on the twentieth of December."""
    _, ticks = ticks_between(MIDNIGHT, MIDNIGHT + 1_043 * 86_400)
    assert [f"{datetime.fromtimestamp(tick, UTC):%d %b %Y}" for tick in ticks] == [
        *("01 Jul 2022", "01 Jan 2023", "01 Jul 2023", "01 Jan 2024", "01 Jul 2024"),
    ]
    for years in (1, 5, 11, 30, 80, 250):
        _, ticks = ticks_between(MIDNIGHT, MIDNIGHT + years * 365.25 * 86_400)
        assert 2 <= len(ticks) <= 26
        assert {datetime.fromtimestamp(tick, UTC).day for tick in ticks} == {1}


def test_an_evening_and_a_night_have_a_date_each() -> None:
    ax = axes()
    Times(MIDNIGHT - 6 * 3600.0).axis(ax, 0.0, 12 * 3600.0)
    ticks = ax.get_xticks()
    labels = [ax.xaxis.get_major_formatter()(tick) for tick in ticks]
    assert labels == [
        *("18:00\n2 Feb 2022", "20:00", "22:00"),
        *("00:00\n3 Feb 2022", "02:00", "04:00", "06:00"),
    ]
    assert ax.get_xlabel() == "UTC"


def test_places_are_dates_of_matplotlib() -> None:
    times = Times(float(MIDNIGHT))
    assert times.at(90.0) == date2num(datetime(2022, 2, 3, 0, 1, 30, tzinfo=UTC))  # type: ignore[no-untyped-call]
    assert times.all([0.0, 90.0]).tolist() == [times.at(0.0), times.at(90.0)]
