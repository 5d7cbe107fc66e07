"""Hours of a desk: when somebody is there, and when nobody is."""

from __future__ import annotations

import pytest

from sim.model.hours import DAY_S, Hours

H = 3600.0


def test_a_desk_without_hours_is_never_closed() -> None:
    assert Hours((), 0.0).closed(10 * DAY_S) == []


@pytest.mark.parametrize(
    ("shifts", "start", "ahead", "closed"),
    [
        (((8 * H, 16 * H),), 0.0, 0.0, [(0, 8 * H), (16 * H, 32 * H)]),
        (((8 * H, 16 * H),), 10 * H, 0.0, [(6 * H, 22 * H), (30 * H, 40 * H)]),
        (((20 * H, 4 * H),), 0.0, 0.0, [(4 * H, 20 * H), (28 * H, 40 * H)]),
        (((8 * H, 16 * H),), 0.0, H, [(0, 7 * H), (15 * H, 31 * H), (39 * H, 40 * H)]),
        (((6 * H, 12 * H), (11 * H, 18 * H)), 0.0, 0.0, [(0, 6 * H), (18 * H, 30 * H)]),
        (((0.0, 0.0),), 0.0, 0.0, []),
    ],
    ids=["by day", "begun by day", "by night", "clock ahead", "two shifts", "all day"],
)
def test_what_lies_between_shifts_is_closed(
    shifts: tuple[tuple[float, float], ...],
    start: float,
    ahead: float,
    closed: list[tuple[float, float]],
) -> None:
    assert Hours(shifts, start, ahead).closed(40 * H) == closed


@pytest.mark.parametrize("shifts", [((8 * H, 16 * H),), ((22 * H, 3 * H), (9 * H, 10 * H))])
def test_a_desk_is_open_when_it_is_not_closed(shifts: tuple[tuple[float, float], ...]) -> None:
    hours = Hours(shifts, 5 * H, ahead_s=600.0)
    closed = hours.closed(3 * DAY_S)
    for quarter in range(3 * 96):
        at = quarter * 900.0
        assert hours.is_open(at) == (not any(start <= at < end for start, end in closed))
