"""Axes of time: UTC, with ticks that people would choose."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from sim.scenario.schema import Scenario

    Floats = NDArray[np.float64]

_DAY_S = 86_400.0
_STEPS_S = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200, 86_400),
    *(172_800, 604_800, 1_209_600),
)
_MONTHS = (1, 3, 6, 12, 24, 60, 120)  # from here on ticks stand at the first of a month
_MONTH_S = 30 * 86_400
_TICKS = 9  # at most


class Times:
    """Turns seconds since a scenario's start into places on an axis of time.

    Those are days of Unix time, as :mod:`matplotlib.dates` has them, so that a
    user may draw dates of one's own on the same axes.
    """

    def __init__(self, start_unix: float) -> None:
        self.start_unix = start_unix

    @classmethod
    def of(cls, scenario: Scenario) -> Times:
        """Make those of a scenario."""
        return cls(scenario.start_unix)

    def at(self, seconds: float) -> float:
        """Give the place of one instant."""
        return (self.start_unix + seconds) / _DAY_S

    def all(self, seconds: ArrayLike) -> Floats:
        """Give the places of many."""
        return (self.start_unix + np.asarray(seconds, dtype=np.float64)) / _DAY_S

    def axis(self, ax: Axes, start: float, end: float) -> None:
        """Make the x-axis one of UTC, from one instant to another, and name it."""
        from matplotlib.ticker import FuncFormatter  # noqa: PLC0415 - slow to import

        ax.set_xlim(self.at(start), self.at(end))
        step, ticks = ticks_between(self.start_unix + start, self.start_unix + end)
        ax.set_xticks([tick / _DAY_S for tick in ticks])
        dated = _dated(ticks)
        labels = {tick: _label(tick, step, dated=tick in dated) for tick in ticks}
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: labels.get(round(x * _DAY_S), "")))
        ax.set_xlabel("UTC")


def ticks_between(start: float, end: float) -> tuple[int, list[int]]:
    """Give whole, even Unix times from a start to an end, some nine at most, and their distance."""
    step = next((s for s in _STEPS_S if (end - start) / s <= _TICKS), None)
    if step is None:
        return _months_between(start, end)
    first = int(-(-start // step)) * step
    return step, list(range(first, int(end) + 1, step))


def _months_between(start: float, end: float) -> tuple[int, list[int]]:
    """Give the first of even months likewise, and about how far apart they are."""
    step = next((m for m in _MONTHS if (end - start) / (m * _MONTH_S) <= _TICKS), _MONTHS[-1])
    first, last = (np.datetime64(int(t), "s").astype("datetime64[M]") for t in (start, end))
    months = np.arange(first, last + 1)
    firsts = months[months.astype(np.int64) % step == 0].astype("datetime64[s]").astype(np.int64)
    return step * _MONTH_S, [tick for tick in firsts.tolist() if start <= tick <= end]


def _dated(ticks: list[int]) -> set[int]:
    """Give the ticks that show their date: the first, and the first of each day."""
    days: dict[int, int] = {}
    for tick in ticks:
        days.setdefault(int(tick // _DAY_S), tick)
    return set(days.values())


def _label(tick: int, step: int, *, dated: bool) -> str:
    when = datetime.fromtimestamp(tick, UTC)
    if step >= _DAY_S:
        return f"{when.day} {when:%b}\n{when:%Y}" if dated else f"{when.day} {when:%b}"
    clock = f"{when:%H:%M}" if step % 60 == 0 else f"{when:%H:%M:%S}"
    return f"{clock}\n{when.day} {when:%b %Y}" if dated else clock
