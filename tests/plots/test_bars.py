"""Causes, links and differences, read back from the bars and marks that were drawn."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pytest
from matplotlib.colors import to_hex

from sim import plots
from sim.errors import InputError
from sim.findings.causes import CAUSES
from sim.findings.run import run
from sim.plots.palette import CAUSE_COLOURS
from sim.stats import difference_interval
from sim.sweeps.comparing import Comparison, compare
from sim.sweeps.links import LINKS
from sim.sweeps.runner import Replications, replicate
from sim.sweeps.why import Prevented, Why
from tests.plots.drawn import axes, beside, by_gid, check, names, title
from tests.stories import FLIGHT, ZONE
from tests.sweeps.studies import LEAD, tiny

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

BLANK = dict.fromkeys(replicate(tiny(), 1).rows[0], 0.0)


def many(rows: Sequence[dict[str, float]], name: str = "Story") -> Replications:
    """Make replications of metrics, those left out being 0."""
    scenario = SimpleNamespace(name=name, document={})
    plan = cast("Any", SimpleNamespace(scenario=scenario))
    return Replications(plan, 7, tuple({**BLANK, **row} for row in rows), frozenset())


ROWS = [{"never_addressed": 1.0, "violations": 1.0}] * 6 + [{"no_time": 2.0, "violations": 2.0}] * 2


def empty(ax: Axes) -> str:
    """Give what stands in place of rows, without a scale, which would be of nothing."""
    assert list(ax.get_xticks()) == []
    assert by_gid(ax, "row") == []
    (words,) = by_gid(ax, "nothing")
    return str(words.get_text())


class TestCauses:
    def test_each_that_occurs_has_its_share_in_its_colour(self) -> None:
        found = many(ROWS)
        ax = plots.causes(found, axes())
        bars = {bar.get_gid(): bar for bar in by_gid(ax, "cause")}
        assert {key: bar.get_width() for key, bar in bars.items()} == pytest.approx(
            {"cause:never_addressed": 60.0, "cause:no_time": 40.0}
        )
        for key, bar in bars.items():
            assert to_hex(bar.get_facecolor()) == CAUSE_COLOURS[key.partition(":")[2]]
        ends = [line.get_xdata() for line in by_gid(ax, "interval")]
        share = found.causes["no_time"]
        assert ends[1] == pytest.approx([100 * share.low, 100 * share.high])
        assert [text.get_text().partition(",")[0] for text in by_gid(ax, "numbers")] == [
            *("6 of 10", "4 of 10")
        ]
        assert ax.get_xlabel() == "share of all violations, %"
        assert title(ax).startswith("The most common cause is never_addressed (never told), 60% of")
        assert beside(ax) == "Story; 8 replications, seed 7; 95% intervals"
        check(ax)

    def test_all_causes_at_once_are_in_the_order_of_the_tree(self) -> None:
        ax = plots.causes(many([dict.fromkeys(CAUSES, 1.0)] * 3), axes())
        assert names(ax, "cause") == [*CAUSES]
        check(ax)

    def test_one_run_has_counts_and_no_intervals(self) -> None:
        one = run(tiny(zones={"area": ZONE | {"notices": {}}}, flights={"flight": FLIGHT}))
        ax = plots.causes(one, axes())
        expected = {f"cause:{cause}": one.metrics[cause] for cause in CAUSES if one.metrics[cause]}
        assert expected
        assert {bar.get_gid(): bar.get_width() for bar in by_gid(ax, "cause")} == expected
        assert by_gid(ax, "interval") == []
        assert title(ax).endswith(": 1 of 1.")
        check(ax)

    def test_none_is_said(self) -> None:
        ax = plots.causes(many([{}, {}]), axes())
        assert title(ax) == "Nobody entered anything in any of them."
        assert by_gid(ax, "cause") == []
        assert empty(ax) == "Nobody entered anything."
        check(ax)
        calm = plots.causes(run(tiny(flights={})), axes())
        assert title(calm) == "Nobody entered anything."
        check(calm)

    def test_a_hostile_name_is_shown_as_it_is(self) -> None:
        ax = plots.causes(many(ROWS, name="$\\frac{a}$\n<b>\x1b"), axes())
        assert beside(ax).startswith("$\\frac{a}$\\n<b>\\x1b; 8 replications")
        check(ax)


def because(prevented: dict[str, list[float]], rows: Sequence[dict[str, float]] = ROWS) -> Why:
    """Make a why of how many violations each link prevents in each replication."""
    total = sum(row.get("violations", 0.0) for row in rows)
    links = {}
    for link in LINKS:
        fewer = prevented.get(link, [0.0] * len(rows))
        found = difference_interval(fewer, [0.0] * len(rows))
        share = sum(fewer) / total if total else math.nan
        links[link] = Prevented(link, found, found, found, share)
    return Why(many(rows), links)


class TestWhy:
    def test_links_stand_beside_causes_on_one_scale(self) -> None:
        found = because({"addressing": [1.0] * 6 + [0.0] * 2, "line": [-1.0] + [0.0] * 7})
        ax = plots.why(found, axes())
        assert {b.get_gid(): b.get_width() for b in by_gid(ax, "cause")} == pytest.approx(
            {"cause:never_addressed": 0.75, "cause:no_time": 0.5}
        )
        assert {b.get_gid(): b.get_width() for b in by_gid(ax, "link")} == pytest.approx(
            {"link:addressing": 0.75, "link:line": -0.125}
        )
        assert names(ax, "row") == [
            *("Shares by cause", "never_addressed (never told)"),
            "no_time (told too late to stay out)",
            *("What a perfect link would have prevented", "addressing (all who fly are told)"),
            "line (answered, nothing lost)",
        ]
        low, high = by_gid(ax, "interval:link:addressing")[0].get_xdata()
        interval = found.links["addressing"].violations
        assert (low, high) == (interval.low, interval.high)
        assert title(ax) == (
            "The link that would have prevented most, if it alone were perfect, is addressing"
            " (all who fly are told): 60% of all violations, 0.75 a replication (0.363 to 1.14)."
        )
        assert beside(ax).endswith(
            "would have changed nothing: " + "sending, transfer, clocks,"
            " relays, desk, dissemination, reaction, compliance and actions"
        )
        check(ax)

    def test_where_nothing_helps_or_happened_it_is_said(self) -> None:
        idle = plots.why(because({}), axes())
        assert title(idle).startswith("No link, if it alone were perfect, would have prevented")
        assert by_gid(idle, "link") == []
        calm = plots.why(because({}, [{}, {}]), axes())
        assert title(calm) == "There were no violations to prevent."
        assert empty(calm) == "Nobody entered anything."
        assert "intervals" not in beside(calm)
        check(calm)


def pairs(before: Sequence[dict[str, float]], after: Sequence[dict[str, float]]) -> Comparison:
    """Make a comparison whose scenarios differ in one value."""
    sides = [many(before), many(after)]
    made = Comparison(*sides)
    vars(made)["changes"] = (SimpleNamespace(path="x", before="1", after="2"),)
    return made


class TestDifferences:
    AFTER: ClassVar = [
        {"never_addressed": 0.0, "violations": 0.0, "delay_s": 60.0 * (k % 2)} for k in range(8)
    ]

    def test_each_is_on_a_scale_of_its_own_and_those_shown_come_first(self) -> None:
        found = pairs(ROWS, self.AFTER)
        ax = plots.differences(found, axes(), metrics=["delay_s", "violations", "no_time"])
        assert names(ax, "row") == [
            *("A difference shows", "violations"),
            *(
                "No difference shows",
                "delay of flights, min",
                "no_time (told too late to stay out)",
            ),
        ]
        marks = {mark.get_gid(): mark for mark in by_gid(ax, "difference")}
        for name in ("violations", "delay_s", "no_time"):
            change = found.metrics[name].difference
            size = max(abs(change.low), abs(change.high))
            assert marks[f"difference:{name}"].get_xdata() == pytest.approx(change.mean / size)
            (line,) = by_gid(ax, f"interval:difference:{name}")
            assert line.get_xdata() == pytest.approx([change.low / size, change.high / size])
        ground = to_hex(ax.get_facecolor())
        filled = {key: to_hex(m.get_markerfacecolor()) != ground for key, m in marks.items()}
        assert filled == {
            "difference:violations": True,
            "difference:delay_s": False,
            "difference:no_time": False,
        }
        assert [t.get_text() for t in by_gid(ax, "numbers:violations")] == [
            "1.25 to 0.00: -1.25 (-1.64 to -0.86)"
        ]
        assert [t.get_text() for t in ax.get_xticklabels()] == [
            *("less after", "no difference", "more after")
        ]
        check(ax)

    def test_unasked_they_are_all_of_the_report_that_differ(self) -> None:
        ax = plots.differences(pairs(ROWS, self.AFTER), axes())
        assert names(ax, "difference") == ["violations", "delay_s"]
        assert title(ax).startswith("The mean number of violations falls from 1.25 to 0.00: -1.25")

    def test_what_has_no_interval_or_never_varies_is_drawn(self) -> None:
        one = plots.differences(pairs(ROWS[:1], self.AFTER[:1]), axes())
        assert names(one, "row")[0] == "No difference shows"
        assert by_gid(one, "interval") == []
        check(one)
        alike = plots.differences(pairs([{}] * 3, [{"delay_s": 60.0}] * 3), axes())
        assert "0 to 1: +1 (always the same)" in [t.get_text() for t in alike.texts]
        check(alike)

    def test_where_nothing_differs_it_is_said(self) -> None:
        story = tiny()
        ax = plots.differences(compare(story, story, 2), axes())
        assert title(ax) == "The two scenarios are the same, so no difference can come of them."
        assert empty(ax) == "Nothing differs."
        assert by_gid(ax, "difference") == []
        check(ax)

    def test_a_real_comparison_is_drawn(self) -> None:
        found = compare(tiny(), tiny().replace({LEAD: "5 min"}), 8)
        ax = plots.differences(found, axes())
        assert by_gid(ax, "difference")
        check(ax)

    def test_an_unknown_metric_is_refused(self) -> None:
        with pytest.raises(InputError, match='no metric "delay" here; did you mean "delay_s"'):
            plots.differences(pairs(ROWS, self.AFTER), axes(), metrics=["delay"])


def test_replacing_a_link_changes_no_other() -> None:
    found = because({"desk": [1.0] * 8})
    assert replace(found.links["desk"], link="x").violations == found.links["desk"].violations
