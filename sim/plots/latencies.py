"""How long each step of the notices took: a dot each time, median and 95 % quantile."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from sim.plots.canvas import drawing, headline, ink, legend_below, nothing
from sim.plots.delays import FOR_MEDIAN, FOR_P95, delays
from sim.plots.palette import FLIGHT
from sim.report.headline import which_run
from sim.units import show_duration

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.findings.run import Run
    from sim.plots.delays import Delay, Delays

WIDE, HIGH = 9.0, 4.6  # inches
_WIDE_RANGE = 30.0  # from the least to the longest, from which on the axis is logarithmic
_SHAKE = 0.26  # rows, by which dots are moved apart
_COARSE_S = (0, 1, 10, 60, 600, 3600, 36_000, 86_400, 864_000, 8_640_000)
_FINE_S = sorted({*_COARSE_S, 3, 30, 180, 1800, 10_800, 259_200})
_MANY = 200  # dots, which are small and pale then
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200)
_MOST_TICKS = 8


def latency(subject: Run, ax: Axes | None = None) -> Axes:
    """Draw how long the steps of a run's notices took, for each copy that took them.

    Parameters
    ----------
    subject
        The run.
    ax
        Where to draw; without it, on a figure of its own.
    """
    found = delays(subject)
    with drawing(ax, WIDE, HIGH) as on:
        if found.drafted:
            _draw(found, on)
        else:
            on.set_axis_off()
            nothing(on, "No notices, no delays.")
        beside = which_run(subject)
        headline(on, found.finding, f"{beside}; {found.handled} of {found.drafted} copies handled")
    return on


def _draw(found: Delays, ax: Axes) -> None:
    handles: dict[str, Artist] = {}
    for y, step in enumerate(found.steps):
        handles |= _row(ax, y, step)
        ax.annotate(
            _in_words(step),
            (1.0, y),
            (8.0, 0.0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            annotation_clip=False,
            gid=f"latency:{step.step}/words",
        )
    ax.axhline(len(found.steps) - 1.5, color=ink(), linewidth=0.6, alpha=0.4)
    ax.set_ylim(len(found.steps) - 0.5, -0.5)
    ax.set_yticks(range(len(found.steps)), [s.step.replace("_", " ") for s in found.steps])
    ax.tick_params("y", length=0.0)
    _axis_of_durations(ax, [time for step in found.steps for time in step.times])
    ax.grid(visible=True, axis="x", alpha=0.18, linewidth=0.6)
    ax.set_axisbelow(True)
    legend_below(ax, list(handles.values()))


def _row(ax: Axes, y: int, step: Delay) -> dict[str, Artist]:
    """Draw the times of one step; give what the legend says."""
    gid = f"latency:{step.step}"
    ys = y + _SHAKE * (2.0 * _spaced(len(step.times)) - 1.0)
    size, alpha = (14.0, 0.7) if len(step.times) < _MANY else (6.0, 0.35)
    dots = ax.scatter(step.times, ys, s=size, color=FLIGHT, alpha=alpha, linewidths=0.0, gid=gid)
    dots.set_label("one copy, or one crew told")
    handles: dict[str, Artist] = {"dots": dots} if step.times else {}
    for what, least, at, width in (
        ("median", FOR_MEDIAN, step.spread.p50_s, 2.4),
        ("95 % within", FOR_P95, step.spread.p95_s, 1.2),
    ):
        if len(step.times) < least or isnan(at):
            continue
        (line,) = ax.plot([at, at], [y - 0.36, y + 0.36], color=ink(), linewidth=width)
        line.set_gid(f"{gid}/{what.partition(' ')[0]}")
        line.set_label(what)
        handles[what] = line
    return handles


def _spaced(number: int) -> NDArray[np.float64]:
    """Give that many numbers in [0, 1), each far from those before it."""
    golden = (5.0**0.5 - 1.0) / 2.0
    spaced: NDArray[np.float64] = (0.5 + golden * np.arange(number)) % 1.0
    return spaced


def _in_words(step: Delay) -> str:
    """Say how many there are, and what is in the middle and at the end of them."""
    number = len(step.times)
    if number == 0:
        return "none"
    if number < FOR_MEDIAN:
        return f"n = {number}, too few for a median"
    half = f"n = {number:,}, median {show_duration(step.spread.p50_s)}"
    if number < FOR_P95:
        return f"{half}\ntoo few for 95 %"
    return f"{half}\n95 % within {show_duration(step.spread.p95_s)}"


def _axis_of_durations(ax: Axes, times: list[float]) -> None:
    """Make the x-axis one of durations, logarithmic where they differ by a lot."""
    longest = max([*times, 1.0])
    above = [time for time in times if time > 0.0]
    if above and longest / max(1.0, float(np.quantile(above, 0.05))) > _WIDE_RANGE:
        if min(times) < 1.0:
            ax.set_xscale("symlog", linthresh=1.0, linscale=0.4)
            ax.set_xlim(-0.2, longest * 1.5)
        else:
            ax.set_xscale("log")
            ax.set_xlim(min(times) / 1.5, longest * 1.5)
        low, high = ax.get_xlim()
        ticks = [float(tick) for tick in _FINE_S if low <= tick <= high]
        if len(ticks) > _MOST_TICKS:
            ticks = [tick for tick in ticks if tick in _COARSE_S]
    else:
        ax.set_xlim(-0.02 * longest, longest * 1.05)
        step = next((s for s in _STEPS_S if longest / s <= _MOST_TICKS), 86_400)
        ticks = [float(tick) for tick in range(0, int(longest * 1.05) + 1, step)]
    ax.set_xticks(ticks, [show_duration(tick) for tick in ticks])
    ax.set_xticks([], minor=True)
    ax.set_xlabel("time taken")
