"""Figures are drawn without a window, and closed after each test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest

mpl.use("Agg")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    from matplotlib import pyplot as plt  # noqa: PLC0415 - slow to import, and seldom needed

    plt.close("all")


@pytest.fixture
def drawn() -> Callable[[Axes, str], list[Artist]]:
    """Find the artists whose gid begins so."""

    def find(ax: Axes, prefix: str) -> list[Artist]:
        return [one for one in ax.get_children() if (one.get_gid() or "").startswith(prefix)]

    return find


@pytest.fixture
def seconds() -> Callable[[Any, Any], list[float]]:
    """Turn places on an axis of time back into seconds since a run's start."""

    def turn(run: Any, places: Any) -> list[float]:
        return [round(x * 86_400.0 - run.scenario.start_unix, 3) for x in places]

    return turn
