"""Delays and the latency figure: the same times as the statistics, and what is said of few."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sim import plots
from sim.findings.run import run
from sim.plots.delays import delays
from sim.scenario.reader import load
from tests.stories import FLIGHT, LINE, ZONE, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.findings.run import Run

    Drawn = Callable[[Axes, str], list[Artist]]

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def day() -> Run:
    return run(load(SCENARIOS / "deconfliction_day.yaml"))


def told(**parts: object) -> Run:
    desk = {"desk": {"handling": "4 min", "dissemination": "5 min"}}
    values: dict[str, Any] = {
        "parties": {"north": {}, "south": desk},
        "zones": {"area": ZONE},
        "flights": {"mapper": FLIGHT},
    }
    return run_of(**values | parts)


def test_each_step_takes_its_time() -> None:
    found = delays(told())
    assert [(step.step, step.times) for step in found.steps] == [
        ("drafted_to_connected", (60.0,)),
        ("connected_to_delivered", (120.0,)),
        ("delivered_to_handled", (240.0,)),
        ("handled_to_disseminated", (300.0,)),
        ("drafted_to_handled", (420.0,)),
    ]
    assert found.finding == "The one notice was handled 7 min after drafting."


def test_the_spreads_are_those_of_the_statistics(day: Run) -> None:
    *parts, whole = delays(day).steps
    assert {part.step: part.spread for part in parts} == day.notice_statistics.latencies
    assert whole.spread.p50_s == day.metrics["latency_p50_s"]


@pytest.mark.parametrize(
    ("made", "finding"),
    [
        ({"zones": {}}, "No notices were drafted."),
        (
            {"channels": {"line": LINE | {"loss": 1}}},
            "The one notice was not handled.",
        ),
        (
            {"zones": {f"area-{n}": ZONE for n in range(3)}},
            "3 of 3 notices handled, 7 min to 15 min after drafting.",
        ),
    ],
    ids=["none", "lost", "few"],
)
def test_of_few_it_says_what_there_is(made: dict[str, object], finding: str) -> None:
    assert delays(told(**made)).finding == finding


def test_a_dot_stands_for_each_time(day: Run, drawn: Drawn) -> None:
    ax = plots.latency(day)
    for number, step in enumerate(delays(day).steps):
        dots, *others = drawn(ax, f"latency:{step.step}")
        xs, ys = dots.get_offsets().T  # type: ignore[attr-defined]
        assert tuple(xs) == pytest.approx(step.times)
        assert max(abs(ys - number)) < 0.4
        lines = {(one.get_gid() or "").rpartition("/")[2] for one in others}
        wanted = {"median", "95"} if len(step.times) >= 20 else {"median"}
        assert lines == wanted | {"words"}


def test_too_few_times_have_no_median(drawn: Drawn) -> None:
    ax = plots.latency(told())
    said = [one for one in drawn(ax, "latency:") if (one.get_gid() or "").endswith("/words")]
    assert {one.get_text() for one in said} == {"n = 1, too few for a median"}  # type: ignore[attr-defined]
    assert not [one for one in drawn(ax, "latency:") if "median" in (one.get_gid() or "")]


def test_the_axis_is_logarithmic_where_times_differ_by_a_lot(day: Run) -> None:
    assert plots.latency(day).get_xscale() == "log"
    assert plots.latency(told()).get_xscale() == "linear"
    ticks = [tick.get_text() for tick in plots.latency(told()).get_xticklabels()]
    assert ticks == ["0 s", "1 min", "2 min", "3 min", "4 min", "5 min", "6 min", "7 min"]


def test_without_notices_there_is_nothing(drawn: Drawn) -> None:
    assert drawn(plots.latency(told(zones={})), "nothing")
