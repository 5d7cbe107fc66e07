"""How an interval narrows: the same estimates as of the rows, and what precision was asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import plots
from sim.errors import InputError
from sim.plots.narrowing import narrowing_of
from sim.sweeps.estimates import estimate
from sim.sweeps.runner import replicate
from sim.sweeps.schema import Precision
from sim.sweeps.sweeping import sweep
from tests.plots.drawn import axes, by_gid, check, legend, title
from tests.sweeps.studies import grid, made_up, study, tiny


def precise(half: float, most: int = 60) -> Any:
    return {
        "until": {"metric": "latency_p50_s", "half-width": f"{half}"},
        "min": "10",
        "max": f"{most}",
        "batch": "20",
    }


def test_every_interval_is_that_of_the_first_values() -> None:
    values = np.random.default_rng(1).exponential(600.0, 5000)
    values[17] = np.nan
    found = narrowing_of("latency_p50_s", values)
    assert (found.counts[0], found.counts[-1]) == (2, 5000)
    assert len(found.counts) < 500
    for count, interval in zip(found.counts, found.intervals, strict=True):
        assert interval == estimate("latency_p50_s", values[:count])
    assert (found.asked, found.looks) == (None, ())


def test_the_looks_are_those_of_the_rule() -> None:
    values = np.zeros(60)
    asked = Precision.model_validate(precise(1.0))
    assert narrowing_of("latency_p50_s", values, "", asked).looks == (10, 30, 50, 60)
    assert narrowing_of("latency_p50_s", values[:30], "", asked).looks == (10, 30)
    assert narrowing_of("violations", values, "", asked).asked is None


@pytest.mark.parametrize(("half", "verdict"), [(1e4, "no more than"), (1.0, "more than")])
def test_a_sweep_shows_its_precision_at_the_point_asked_for(half: float, verdict: str) -> None:
    found = sweep(study(grid(), replications=precise(half)), workers=1)
    ax = plots.convergence(found, axes(), point=2)
    frame = found.to_frame(["point", "latency_p50_s"])
    values = frame[frame["point"] == 2]["latency_p50_s"] / 60.0
    (mean,) = by_gid(ax, "mean")
    assert mean.get_ydata()[-1] == pytest.approx(values.mean())
    lines = by_gid(ax, "asked")[0].get_segments()
    assert [line[0, 1] for line in lines] == pytest.approx(
        [values.mean() - half / 60, values.mean() + half / 60]
    )
    (looks,) = by_gid(ax, "looks")
    assert looks.get_xdata().tolist() == ([10] if half > 1.0 else [10, 30, 50, 60])
    assert len(legend(ax)) == 2
    assert title(ax).startswith("Drafted to handled, median at point 2 ")
    assert f", {verdict} the {half / 60:,.0f} min asked for." in title(ax) or half == 1.0
    check(ax)


def test_unasked_the_point_is_that_of_the_widest_interval_or_the_recommended_one() -> None:
    plain = sweep(study(grid(), replications=6), workers=1)
    widths = [e.metrics["latency_p50_s"] for e in plain.answers.estimates]
    widest = max(range(4), key=lambda k: widths[k].high - widths[k].low)
    ax = plots.convergence(plain, axes(), metric="latency_p50_s")
    assert f"at point {widest} (" in title(ax)
    asked = {"metric": "latency_p50_s", "target": "1e9", "cost": "denied_km2_h"}
    wanted = sweep(study(grid(), replications=6, recommend=asked), workers=1)
    assert wanted.answers.recommended is not None
    best = wanted.answers.recommended.point.number
    assert f"at point {best} (" in title(plots.convergence(wanted, axes()))


def test_many_replications_need_no_sweep() -> None:
    many = replicate(tiny(), 12)
    ax = plots.convergence(many, axes())
    chance = many.metrics["p_uninformed"]
    (mean,) = by_gid(ax, "mean")
    assert mean.get_ydata()[-1] == pytest.approx(100 * chance.mean)
    assert title(ax).endswith("after 12 replications.")
    assert by_gid(ax, "asked") == []
    check(ax)
    one = plots.convergence(replicate(tiny(), 1), axes(), metric="violations")
    assert title(one).endswith("after 1 replication, of one value, and so without interval.")
    check(one)
    none = plots.convergence(many, axes(), metric="site_incursions")
    assert title(none) == "Incursions upon sites: no value after 12 replications."
    check(none)


def test_what_has_no_runs_or_no_such_point_is_refused() -> None:
    with pytest.raises(InputError, match=r"answers have no runs.*sim\.open_sweep gave"):
        plots.convergence(made_up({"violations": [1.0]}), axes())  # type: ignore[arg-type]
    many = replicate(tiny(), 2)
    with pytest.raises(InputError, match="have no points; leave out point"):
        plots.convergence(many, axes(), point=0)
    with pytest.raises(InputError, match='no metric "violation" here; did you mean "violations"'):
        plots.convergence(many, axes(), metric="violation")
    found = sweep(study(grid(), replications=2), workers=1)
    with pytest.raises(InputError, match="there is no point 4: expected one from 0 to 3"):
        plots.convergence(found, axes(), point=4)
