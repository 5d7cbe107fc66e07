"""Figures of sweeps, read back from what was drawn: curves, cells, points and marks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.path import Path
from matplotlib.text import Text

from sim import plots
from sim.errors import InputError
from sim.stats import Interval
from tests.plots.drawn import axes, beside, by_gid, check, legend, names, title
from tests.sweeps.studies import ANSWERED, LEAD, at_points, made_up

if TYPE_CHECKING:
    from sim.sweeps.answers import Answers

PAIR = ["p_uninformed", "denied_km2_h"]
ASKED = {"metric": "p_uninformed", "target": "10 %", "cost": "denied_km2_h"}
LEADS, CHANCES = ["5 min", "10 min", "20 min"], ["0.5", "0.9"]
HOSTILE = r"$\frac{a}$ <script>"


def about(mean: float, half: float) -> Interval:
    return Interval(mean, mean - half, mean + half, 0.95, 20)


def grid(**keys: Any) -> Answers:
    """Delay in seconds: 60 a minute of lead, 600 times the chance, give or take 30."""
    return at_points(
        {LEAD: LEADS, ANSWERED: CHANCES},
        "delay_s",
        lambda lead, answered: about(lead + 600 * answered, 30.0),
        **keys,
    )


def priced(costs: list[tuple[float, float]], half: float = 0.01, **keys: Any) -> Answers:
    chances = [about(chance, half) for chance, _ in costs]
    return made_up({PAIR[0]: chances, PAIR[1]: [cost for _, cost in costs]}, **keys)


class TestResponses:
    def test_a_curve_for_each_value_has_its_points_in_minutes_and_a_band(self) -> None:
        ax = plots.responses(grid(), axes())
        assert names(ax, "curve") == CHANCES
        (half, most) = by_gid(ax, "curve")
        assert half.get_xdata().tolist() == [300.0, 600.0, 1200.0]
        assert half.get_ydata() == pytest.approx([10.0, 15.0, 25.0])
        assert most.get_ydata() == pytest.approx([14.0, 19.0, 29.0])
        assert names(ax, "band") == CHANCES
        extent = by_gid(ax, "band")[0].get_datalim(ax.transData).intervaly
        assert extent.tolist() == pytest.approx([9.5, 25.5])
        assert (ax.get_ylabel(), ax.get_xlabel()) == ("delay of flights, min", "lead")
        assert [label.get_text() for label in ax.get_xticklabels()] == LEADS
        assert ax.get_xscale() == "log"  # 5, 10 and 20 are even by ratio
        assert legend(ax) == ["0.9", "0.5"]
        assert title(ax) == (
            "Delay of flights: from 10.0 min, at point 0 (lead 5 min, answered 0.5), to 29.0 min,"
            " at point 5 (lead 20 min, answered 0.9)."
        )
        check(ax)

    def test_curves_that_lie_on_each_other_share_an_entry(self) -> None:
        same = at_points(
            {LEAD: LEADS, ANSWERED: ["0.5", "0.7", "0.9"]},
            "delay_s",
            lambda lead, answered: about(lead + (600 if answered < 0.6 else 0), 30.0),
        )
        ax = plots.responses(same, axes())
        assert len(by_gid(ax, "curve")) == 3
        assert legend(ax) == ["0.7 and 0.9", "0.5"]
        check(ax)

    def test_factors_are_asked_for_by_name_or_path(self) -> None:
        ax = plots.responses(grid(), axes(), factor=ANSWERED, by="lead")
        assert (ax.get_xlabel(), names(ax, "curve")) == ("answered", LEADS)
        with pytest.raises(InputError, match='no factor is called "leed"; did you mean "lead"'):
            plots.responses(grid(), axes(), factor="leed")
        with pytest.raises(InputError, match='no metric "delay" here; did you mean "delay_s"'):
            plots.responses(grid(), axes(), metric="delay")

    def test_target_and_recommended_point_are_marked(self) -> None:
        found = priced([(0.3, 1.0), (0.05, 2.0), (0.01, 3.0)], recommend=ASKED)
        ax = plots.responses(found, axes())
        (target,), (best,) = by_gid(ax, "target"), by_gid(ax, "recommended")
        assert target.get_ydata() == pytest.approx([10.0, 10.0])
        assert (*best.get_xdata(), *best.get_ydata()) == pytest.approx((120.0, 5.0))
        assert legend(ax) == ["target: 10.0%", "recommended: point 1"]
        other = plots.responses(found, axes(), metric=PAIR[1])
        assert by_gid(other, "target") == []

    @pytest.mark.parametrize(
        ("value", "said"),
        [(math.nan, "No run gave a value of violations."), (0.0, "Violations: 0 at every point.")],
    )
    def test_nothing_and_nought_are_drawn_and_said(self, value: float, said: str) -> None:
        ax = plots.responses(made_up({"violations": [value] * 3}, failed={1: 2}), axes())
        assert title(ax) == said
        assert beside(ax) == "Tiny; 95% intervals; 2 failed runs left out"
        check(ax)

    def test_one_point_and_one_value_each_have_no_band(self) -> None:
        one_value = Interval(3.0, -math.inf, math.inf, 0.95, 1)
        for values in ([about(2.0, 1.0)], [one_value, one_value]):
            ax = plots.responses(made_up({"violations": values}), axes())
            assert len(by_gid(ax, "curve")) == 1
            assert np.isfinite(ax.get_ylim()).all()
            check(ax)

    def test_points_of_a_sample_are_not_joined(self) -> None:
        found = made_up(
            {"violations": [about(float(k), 0.5) for k in range(300)]},
            factors=(LEAD, ANSWERED),
            design={"random": {"points": "300"}},
        )
        ax = plots.responses(found, axes())
        (points,) = by_gid(ax, "curve")
        assert (len(points.get_xdata()), points.get_linestyle()) == (300, "None")
        assert by_gid(ax, "band") == []
        check(ax)

    def test_hostile_names_are_shown_as_they_are(self) -> None:
        axis = {"zones.area.notices.first.lead": [HOSTILE, "{uniform: {min: 1 s, max: 2 s}}"]}
        ax = plots.responses(at_points(axis, "violations", lambda _: 1.0, name=HOSTILE), axes())
        assert ax.get_xticklabels()[0].get_text() == HOSTILE
        assert beside(ax).startswith(HOSTILE)
        check(ax)


class TestHeatmap:
    def test_each_cell_has_its_value_written_and_coloured(self) -> None:
        ax = plots.heatmap(grid(), axes())
        (cells,) = by_gid(ax, "cells")
        assert cells.get_array().ravel().tolist() == pytest.approx(
            [10.0, 15.0, 25.0, 14.0, 19.0, 29.0]
        )
        written = {t.get_gid(): t.get_text() for t in by_gid(ax, "value")}
        assert written == {
            "value:0,0": "10.0",
            "value:1,0": "15.0",
            "value:2,0": "25.0",
            "value:0,1": "14.0",
            "value:1,1": "19.0",
            "value:2,1": "29.0",
        }
        assert [label.get_text() for label in ax.get_yticklabels()] == CHANCES
        assert "9.5 to 10.5" in [text.get_text() for text in ax.texts]
        check(ax)

    def test_wide_cells_are_marked_in_their_corner(self) -> None:
        found = at_points(
            {LEAD: LEADS, ANSWERED: CHANCES},
            "delay_s",
            lambda lead, answered: about(lead + 600 * answered, 200.0 if lead == 600 else 30.0),
        )
        ax = plots.heatmap(found, axes())
        (corners,) = by_gid(ax, "unsure")
        middles = [path.vertices.mean(axis=0).round() for path in corners.get_paths()]
        assert [(x, y) for x, y in middles] == [(1.0, 0.0), (1.0, 1.0)]
        assert legend(ax) == ["not sure: half of the interval is over a tenth of the range shown"]
        assert by_gid(plots.heatmap(grid(), axes()), "unsure") == []

    def test_with_a_target_cells_are_unsure_that_have_it_within(self) -> None:
        found = at_points(
            {LEAD: LEADS, ANSWERED: CHANCES},
            "p_uninformed",
            lambda lead, answered: about(lead / 6000 + answered / 1000, 0.06),
            recommend={**ASKED, "cost": "p_uninformed"},
        )  # 5, 10 and 20 % give or take 6 against 10 %
        ax = plots.heatmap(found, axes())
        (corners,) = by_gid(ax, "unsure")
        assert {round(path.vertices[:, 0].mean()) for path in corners.get_paths()} == {0, 1}
        assert legend(ax) == ["not sure: the target of 10.0% lies within the interval"]
        bold = [t.get_gid() for t in by_gid(ax, "value") if t.get_fontweight() == "bold"]
        assert bold == []

    def test_cells_surely_within_the_target_are_bold_and_the_best_is_framed(self) -> None:
        found = at_points(
            {LEAD: LEADS, ANSWERED: CHANCES},
            "p_uninformed",
            lambda lead, answered: about(lead / 6000 + answered / 1000, 0.01),
            recommend={**ASKED, "cost": "p_uninformed"},
        )
        ax = plots.heatmap(found, axes())
        bold = [t.get_gid() for t in by_gid(ax, "value") if t.get_fontweight() == "bold"]
        assert bold == ["value:0,0", "value:0,1"]
        assert beside(ax).endswith("in bold: surely within the target")
        (frame,) = by_gid(ax, "recommended")
        assert (round(frame.get_x() + 0.5), round(frame.get_y() + 0.5)) == (0, 0)
        check(ax)
        inside, cell = frame.get_window_extent(), ax.transData.transform([(-0.5, -0.5), (0.5, 0.5)])
        off = [*(inside.min - cell[0]), *(cell[1] - inside.max)]
        assert max(off) < 1.5 * min(off)  # as far from the sides as from top and bottom

    def test_absent_and_undefined_cells_are_left_empty(self) -> None:
        rows = [("5 min", "0.5"), ("10 min", "0.9"), ("20 min", "0.5")]
        found = at_points(
            {LEAD: LEADS, ANSWERED: CHANCES},
            "delay_s",
            lambda lead, _: math.nan if lead == 600 else lead,
            rows=rows,
            design={"list": [{"lead": "5 min"}]},
        )
        ax = plots.heatmap(found, axes())
        (cells,) = by_gid(ax, "cells")
        assert np.ma.getmaskarray(cells.get_array()).ravel().tolist() == [
            *(False, True, False),
            *(True, True, True),
        ]
        assert [t.get_text() for t in by_gid(ax, "value")] == ["5.0", "-", "20.0"]
        check(ax)

    def test_where_no_value_fits_a_scale_says_what_colours_mean(self) -> None:
        many = {
            LEAD: [f"{k} min" for k in range(1, 41)],
            ANSWERED: [f"0.{k:03d}" for k in range(30)],
        }
        ax = plots.heatmap(at_points(many, "delay_s", lambda lead, _: about(lead, 1.0)), axes())
        assert by_gid(ax, "value") == []
        whole: Any = ax.get_figure(root=True)
        assert whole.axes[1].get_ylabel() == "delay of flights, min"
        check(ax)

    def test_two_factors_are_asked_for(self) -> None:
        assert plots.heatmap(grid(), axes(), factors=("answered", LEAD)).get_xlabel() == "answered"
        with pytest.raises(InputError, match="1 factors asked for; a heat map is of two"):
            plots.heatmap(grid(), axes(), factors=["lead"])


class TestPareto:
    COSTS = ((0.5, 10.0), (0.3, 20.0), (0.4, 30.0), (0.02, 40.0), (0.3, 25.0))

    def test_points_front_and_recommended_are_drawn(self) -> None:
        found = priced([*self.COSTS], recommend=ASKED, pareto=PAIR)
        ax = plots.pareto(found, axes())
        (points,), (front,) = by_gid(ax, "points"), by_gid(ax, "front")
        assert points.get_xdata().tolist() == [10.0, 20.0, 30.0, 40.0, 25.0]
        assert front.get_xydata().ravel() == pytest.approx([10, 50, 20, 30, 40, 2])
        assert front.get_drawstyle() == "steps-post"
        (best,) = by_gid(ax, "recommended")
        assert best.get_xydata().ravel() == pytest.approx([40.0, 2.0])
        assert set(names(ax, "label")) == {"lead 4 min", "lead 1 min", "lead 2 min"}
        segments = by_gid(ax, "intervals:up")[0].get_segments()
        assert segments[0].ravel() == pytest.approx([10.0, 49.0, 10.0, 51.0])
        assert title(ax).startswith("Recommended: point 3 (lead 4 min). It keeps chance of any")
        check(ax)

    def test_no_name_stands_on_the_steps_of_the_front(self) -> None:
        costs = [(0.95, 975.0), (0.82, 995.0), (0.62, 1240.0), (0.005, 1900.0), (0.7, 3746.0)]
        ax = plots.pareto(priced([*costs], recommend=ASKED, pareto=PAIR), axes())
        check(ax)
        (front,) = by_gid(ax, "front")
        x, y = front.get_xydata().T  # drawn as steps: along first, then down
        corners = np.column_stack([np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]])
        steps = front.get_transform().transform(Path(corners).interpolated(200).vertices)
        for label in by_gid(ax, "label"):
            assert not Text.get_window_extent(label).count_contains(steps), label

    def test_those_alike_are_named_once(self) -> None:
        found = priced([(0.1, 5.0), (0.1, 5.0), (0.4, 9.0)], pareto=PAIR)
        ax = plots.pareto(found, axes())
        assert names(ax, "label") == ["lead 1 min (and 1 alike)"]
        assert title(ax).startswith("2 of 3 points are not dominated: no other has less of chance")

    def test_unasked_it_is_of_what_is_recommended_by_or_of_given_metrics(self) -> None:
        found = priced([*self.COSTS], recommend=ASKED)
        assert plots.pareto(found, axes()).get_xlabel() == "airspace denied (area x time), km2 h"
        unasked = priced([*self.COSTS])
        with pytest.raises(
            InputError, match="which metrics smaller is better; ask for two, as met"
        ):
            plots.pareto(unasked, axes())
        ax = plots.pareto(unasked, axes(), metrics=PAIR[::-1])
        assert ax.get_xlabel() == "chance of any by the uninformed, %"
        for metrics in (PAIR[:1], [PAIR[0], PAIR[0]]):
            with pytest.raises(InputError, match="a front is drawn of two that differ"):
                plots.pareto(unasked, axes(), metrics=metrics)

    def test_a_front_of_three_metrics_is_not_joined(self) -> None:
        columns: dict[str, list[float]] = {
            "p_uninformed": [0.1, 0.2, 0.3],
            "denied_km2_h": [1.0, 2.0, 0.5],
            "delay_s": [3.0, 1.0, 2.0],
        }
        found = made_up(columns, pareto=[*columns])
        ax = plots.pareto(found, axes())
        (front,) = by_gid(ax, "front")
        assert len(front.get_xdata()) == 3
        assert front.get_linestyle() == "None"
        assert "the front is of 3 metrics, of which two are drawn" in beside(ax)

    def test_costs_many_times_apart_are_even_by_ratio(self) -> None:
        ax = plots.pareto(priced([(0.5, 10.0), (0.4, 900.0)], pareto=PAIR), axes())
        assert ax.get_xscale() == "log"
        assert [t.get_text() for t in ax.get_xticklabels()] == [
            *("10", "20", "50", "100"),
            *("200", "500"),
        ]
        check(ax)

    @pytest.mark.parametrize("costs", [[(math.nan, math.nan)], [(0.0, 0.0)], [(0.1, 1.0)] * 3])
    def test_nothing_nought_and_one_are_drawn(self, costs: list[tuple[float, float]]) -> None:
        check(plots.pareto(priced(costs, recommend=ASKED, pareto=PAIR), axes()))

    def test_many_are_drawn(self) -> None:
        draw = np.random.default_rng(0)
        costs = [*zip(draw.uniform(0, 1, 1000), draw.uniform(1, 1000, 1000), strict=True)]
        ax = plots.pareto(priced(costs, recommend=ASKED, pareto=PAIR), axes())
        assert len(by_gid(ax, "points")[0].get_xdata()) == 1000
        check(ax)


class TestSensitivity:
    def of_function(self, design: dict[str, Any], outputs: Any, **keys: Any) -> Answers:
        from sim.sweeps.design import unit_cube  # noqa: PLC0415 - draws by SALib
        from tests.sweeps.test_answers import as_sweep  # noqa: PLC0415 - likewise

        cube = unit_cube(as_sweep(design).design, 2, 3)
        values = [*map(float, outputs(*cube.T))]
        columns = {"delay_s": values, "p_uninformed": [0.5] * len(cube)}
        return made_up(columns, factors=(LEAD, ANSWERED), design=design, seed=3, **keys)

    def test_sobol_has_two_bars_a_factor_the_strongest_first(self) -> None:
        design = {"saltelli": {"points": "256"}}
        ax = plots.sensitivity(self.of_function(design, lambda a, b: a + 3 * b), axes())
        assert names(ax, "row") == ["answered", "lead"]
        widths = {b.get_gid(): b.get_width() for b in [*by_gid(ax, "alone"), *by_gid(ax, "in all")]}
        assert widths == pytest.approx(
            {"alone:answered": 0.9, "in all:answered": 0.9, "alone:lead": 0.1, "in all:lead": 0.1},
            abs=0.04,
        )
        assert len(by_gid(ax, "interval")) == 4
        assert title(ax).startswith("The factor that drives delay of flights most is answered: 0.")
        assert legend(ax) == ["alone (first order)", "in all (total)"]
        check(ax)

    def test_morris_has_a_bar_and_a_spread_a_factor_in_the_metrics_unit(self) -> None:
        design = {"morris": {"trajectories": "6"}}
        found = self.of_function(design, lambda a, b: 180 * a - 60 * b)
        ax = plots.sensitivity(found, axes(), metric="delay_s")
        assert {b.get_gid(): b.get_width() for b in by_gid(ax, "size")} == pytest.approx(
            {"size:lead": 3.0, "size:answered": 1.0}
        )
        (spread,) = by_gid(ax, "spread")
        assert spread.get_xdata() == pytest.approx([0.0, 0.0], abs=1e-9)
        assert ax.get_xlabel() == "change in delay of flights, min"
        assert title(ax) == (
            "The factor that changes delay of flights most is lead: by 3.0 min from one end of its"
            " range to the other (3.0 to 3.0 min)."
        )
        check(ax)

    def test_unasked_it_is_of_the_first_metric_that_anything_drives(self) -> None:
        design = {"saltelli": {"points": "8"}}
        found = self.of_function(design, lambda a, b: a + b, pareto=["p_uninformed", "delay_s"])
        assert "delay of flights" in title(plots.sensitivity(found, axes()))
        ax = plots.sensitivity(found, axes(), metric="p_uninformed")
        assert title(ax) == "Nothing is seen to drive chance of any by the uninformed."
        assert by_gid(ax, "in all") == []
        check(ax)

    def test_other_designs_tell_of_none(self) -> None:
        with pytest.raises(
            InputError, match=r"this study, grid, tells of no sensitivities; design: "
        ):
            plots.sensitivity(grid(), axes())
