"""The timeline's artists: where bars, marks and links stand, for empty, tiny and large runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim import plots
from sim.findings.run import run
from sim.plots.canvas import figure
from sim.plots.palette import CAUSE_COLOURS
from sim.scenario.reader import load
from tests.stories import FLIGHT, LINE, MINUTE, ZONE, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.findings.run import Run

    Drawn = Callable[[Axes, str], list[Artist]]
    Seconds = Callable[[Any, Any], list[float]]

SCENARIOS = Path(__file__).parents[2] / "scenarios"
TOLD: dict[str, Any] = {
    "parties": {"north": {}, "south": {"desk": {"handling": "4 min"}}},
    "zones": {"area": ZONE},
}
UNTOLD: dict[str, Any] = {"zones": {"area": ZONE | {"notices": {}, "issued": "+1 min"}}}


@pytest.fixture(scope="module")
def day() -> Run:
    return run(load(SCENARIOS / "deconfliction_day.yaml"))


def names(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def legend(ax: Axes) -> list[str]:
    (legend,) = ax.get_figure(root=True).legends  # type: ignore[union-attr]  # axes have a figure
    return [text.get_text() for text in legend.get_texts()]


def test_a_run_of_nothing_says_so(drawn: Drawn) -> None:
    ax = plots.timeline(run_of())
    (words,) = drawn(ax, "nothing")
    assert words.get_text() == "Nothing happens."  # type: ignore[attr-defined]
    assert ax.get_title("left") == "There are no flights. No plans overlap."


def test_names_stand_along_the_axis_party_by_party() -> None:
    ax = plots.timeline(run_of(**TOLD, flights={"mapper": FLIGHT}))
    assert names(ax) == [
        *("north", "area", "desk"),
        *("south", "desk", "told of area", "mapper"),
    ]


def test_a_notice_is_a_line_from_desk_to_desk(drawn: Drawn, seconds: Seconds) -> None:
    told = run_of(**TOLD)
    ax = plots.timeline(told)
    line = next(x for x in drawn(ax, "notice:") if x.get_gid() == "notice:area.first/v1/south")
    assert seconds(told, line.get_xdata()) == [31 * MINUTE, 33 * MINUTE]  # type: ignore[attr-defined]
    desks = [y for y, name in zip(ax.get_yticks(), names(ax), strict=True) if name == "desk"]
    assert list(line.get_ydata()) == desks  # type: ignore[attr-defined]


def test_calls_that_fail_end_short_of_the_other_desk(drawn: Drawn, seconds: Seconds) -> None:
    deaf = LINE | {"answer": {"probability": 0, "wait": "1 min", "patience": "5 min"}}
    called = run_of(channels={"line": deaf}, zones={"area": ZONE})
    ax = plots.timeline(called)
    ends = [one for one in drawn(ax, "notice:") if (one.get_gid() or "").endswith("/end")]
    places = [seconds(called, one.get_xdata())[0] / MINUTE for one in ends]  # type: ignore[attr-defined]
    assert places == [35, 43, 51, 59]
    assert not drawn(ax, "desk:north/unanswered")  # its lines say it
    assert "attempt failed" in legend(ax)


def test_a_violation_is_a_bar_in_the_colour_of_its_cause(drawn: Drawn, seconds: Seconds) -> None:
    entered = run_of(**UNTOLD, flights={"mapper": FLIGHT})
    ax = plots.timeline(entered)
    bar, mark = drawn(ax, "violation:violation-1")
    (violation,) = entered.violations
    left, right = bar.get_x(), bar.get_x() + bar.get_width()  # type: ignore[attr-defined]
    assert seconds(entered, [left, right]) == pytest.approx(
        [violation.entry, violation.exit], abs=0.002
    )
    colour = to_hex(bar.get_facecolor())  # type: ignore[attr-defined]
    assert colour == CAUSE_COLOURS["never_addressed"]
    assert seconds(entered, mark.get_xdata()) == pytest.approx([violation.entry], abs=0.002)  # type: ignore[attr-defined]
    assert "never_addressed: never told" in legend(ax)


def test_the_legend_names_what_is_drawn_and_nothing_else() -> None:
    announced = "zone announced, not in force yet"
    assert legend(plots.timeline(run_of(**UNTOLD))) == ["zone as declared", announced]
    operation = {key: ZONE[key] for key in ("party", "area", "altitude", "window")}
    inside: dict[str, Any] = {"operations": {"raid": operation}, "flights": {"one": FLIGHT}}
    assert "inside an operation" in legend(plots.timeline(run_of(**UNTOLD, **inside)))
    assert "inside an operation" not in legend(
        plots.timeline(run_of(**UNTOLD, flights={"one": FLIGHT}))
    )


def test_a_large_run_draws_every_entry_once(day: Run, drawn: Drawn) -> None:
    ax = plots.timeline(day)
    entries = [one for one in drawn(ax, "violation:") if "/" not in (one.get_gid() or "")]
    assert len(entries) == len(day.violations)
    assert len(drawn(ax, "strip:east-west")) == 2  # its counts, and when its crews were told
    assert len(names(ax)) < 45


def test_the_size_goes_with_what_there_is_to_show(day: Run) -> None:
    small, large = (plots.timeline(one).get_figure(root=True) for one in (run_of(**TOLD), day))
    assert isinstance(small, Figure)
    assert isinstance(large, Figure)
    assert 4.0 <= small.get_figheight() < 5.0 < large.get_figheight() <= 14.0


def test_on_small_axes_less_is_drawn_apart(day: Run) -> None:
    ax = plots.timeline(day, figure(9.0, 6.0).subplots())
    assert len(names(ax)) < 35


def test_a_choice_shows_flights_one_by_one(day: Run, drawn: Drawn) -> None:
    ax = plots.timeline(day, flights=["aid-lifts"], parties=["aid"])
    assert len(drawn(ax, "flight:aid-lifts#1/")) >= 1
    assert not drawn(ax, "strip:")
    assert {name for name in names(ax) if "#" in name} == {f"aid-lifts#{n}" for n in range(1, 18)}


def test_a_stretch_of_time_is_the_axis(seconds: Seconds) -> None:
    told = run_of(**TOLD)
    ax = plots.timeline(told, between=("+20 min", "+40 min"))
    assert seconds(told, ax.get_xlim()) == [20 * MINUTE, 40 * MINUTE]


def test_the_legend_of_a_stretch_of_time_tells_of_nothing_outside() -> None:
    # Crews are told before the zone begins at 60 min; the flight departs at 90 min.
    told = run_of(**TOLD, flights={"one": FLIGHT})
    whole = {"crew told", "notice drafted", "zone announced, not in force yet"}
    assert whole <= set(legend(plots.timeline(told)))
    later = plots.timeline(told, between=("+60 min", "+100 min"))
    assert whole.isdisjoint(legend(later))
    assert "flight as planned" in legend(later)
    assert "one" not in names(plots.timeline(told, between=("+70 min", "+90 min")))


def test_hostile_names_are_shown_as_they_are(tmp_path: Path) -> None:
    odd = run_of(
        parties={"north": {"name": "<script>$x^2$</script>"}, "south": {"name": "a" * 200}},
        zones={"area": ZONE},
    )
    ax = plots.timeline(odd)
    assert "<script>$x^2$</script> (north)" in names(ax)
    assert max(map(len, names(ax))) <= 34
    ax.get_figure(root=True).savefig(tmp_path / "odd.svg")  # type: ignore[union-attr]
    assert (tmp_path / "odd.svg").stat().st_size > 1000


def test_links_and_bars_stand_within_the_axes(day: Run, drawn: Drawn) -> None:
    ax = plots.timeline(day)
    bottom, top = ax.get_ylim()
    for one in drawn(ax, "notice:"):
        if not isinstance(one, Line2D):
            continue
        ys = np.asarray(one.get_ydata(), dtype=np.float64)
        assert top < ys.min() <= ys.max() < bottom


def test_the_marks_of_what_began_at_once_stand_on_the_edge_and_are_whole(drawn: Drawn) -> None:
    """Of a night in a year, all happens within a point of it; of what began before it, none."""
    year = load(SCENARIOS / "northwest_syria_2022.yaml").replace({"end": "2023-02-03T06:00Z"})
    found = run(year, 7)
    violation = found.violations[0]
    ax = plots.timeline(found)
    (_, mark) = drawn(ax, f"violation:{violation.id}")
    assert isinstance(mark, Line2D)
    assert not mark.get_clip_on()
    place = mark.get_transform().transform(mark.get_xydata())[0]
    edge = ax.transAxes.transform((0.0, 0.0))[0]
    assert edge - 0.1 <= place[0] <= edge + 1.5
    later = plots.timeline(found, between=(violation.entry + 60.0, violation.entry + 7200.0))
    assert all(one.get_clip_on() for one in drawn(later, f"violation:{violation.id}"))
