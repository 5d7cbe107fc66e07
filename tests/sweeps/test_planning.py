"""What is run next, and when a point has had enough: decided by rows in order alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.stats import Stopping, mean_interval
from sim.sweeps.planning import CHUNK_S, FixedCount, Known, Pace, Planner, Rule, UntilPrecise
from sim.sweeps.work import Chunk, Rows

METRICS = ("violations", "incursions")
POINTS = {"a": {"x": "1"}, "b": {"x": "2"}, "c": {"x": "3"}}


def value(key: str, replication: int) -> float:
    """Some number that is always the same, of a mean of 5 and a spread by key."""
    return 5.0 + (ord(key) - ord("a")) * ((replication * 7919) % 11 - 5)


def run(chunk: Chunk, *, seconds: float = 0.001) -> Rows:
    values = np.array([[value(chunk.key, number), 0.0] for number in chunk.replications])
    return Rows(chunk.key, chunk.replications, values, {}, ran_s=seconds * len(values))


def worked(planner: Planner, order: list[int]) -> dict[str, list[int]]:
    """Work a plan off, with chunks given back in some order; give what was run of each point."""
    flying: list[Chunk] = []
    ran: dict[str, list[int]] = {key: [] for key in POINTS}
    turn = 0
    while not planner.is_complete:
        while len(flying) < 4 and (chunk := planner.next_chunk()) is not None:
            flying.append(chunk)
        if not flying:
            break
        turn += 1
        chunk = flying.pop(order[turn % len(order)] % len(flying))
        ran[chunk.key] += chunk.replications
        planner.take(run(chunk))
    assert planner.is_complete
    return ran


def precise(maximum: int) -> UntilPrecise:
    stopping = Stopping(mean_interval, half_width=0.6, minimum=10, maximum=maximum, batch=10)
    return UntilPrecise("violations", stopping)


RULES: list[Rule] = [
    FixedCount(37),
    precise(maximum=200),
]


@pytest.mark.parametrize("rule", RULES, ids=["fixed", "precise"])
@given(
    order=st.lists(st.integers(0, 3), min_size=1, max_size=20),
    known=st.dictionaries(st.sampled_from("abc"), st.sets(st.integers(0, 60), max_size=40)),
)
def test_the_same_runs_come_out_in_whatever_order(
    rule: Rule, order: list[int], known: dict[str, set[int]]
) -> None:
    straight = worked(Planner(POINTS, rule, {}, METRICS), [0])
    there = {
        key: Known(
            np.array(sorted(numbers), np.int64),
            np.array([value(key, number) for number in sorted(numbers)]),
        )
        for key, numbers in known.items()
    }
    planner = Planner(POINTS, rule, there, METRICS)
    ran = worked(planner, order)
    for key in POINTS:
        count = planner.counts[key]
        assert sorted(straight[key]) == [*range(count)]
        assert sorted(ran[key]) == [n for n in range(count) if n not in known.get(key, ())]


def test_precision_looks_at_whole_batches_only() -> None:
    rule = precise(maximum=45)
    planner = Planner(POINTS, rule, {}, METRICS)
    worked(planner, [0])
    assert planner.counts["a"] == 10  # no spread at all
    assert planner.counts["c"] == 45  # never precise enough
    values = np.array([value("b", number) for number in range(50)])
    count: int | None = 0
    asked = []
    while (count := rule.next_count(values[:count])) is not None:
        asked.append(count)
    assert asked == [10, 20, 30, 40, 45][: len(asked)]
    assert planner.counts["b"] == asked[-1]


def test_a_metric_that_is_never_defined_goes_on_to_the_most() -> None:
    rule = precise(maximum=45)
    assert rule.next_count(np.full(20, np.nan)) == 30


def test_chunks_grow_to_a_quarter_of_a_second() -> None:
    planner = Planner({"a": {}}, FixedCount(10_000), {}, METRICS)
    sizes = []
    for _ in range(5):
        chunk = planner.next_chunk()
        assert chunk is not None
        sizes.append(len(chunk.replications))
        planner.take(run(chunk, seconds=0.002))
    assert sizes == [4, 32, 125, 125, 125]
    assert sizes[-1] * 0.002 == CHUNK_S


def test_slow_runs_go_one_by_one() -> None:
    pace = Pace()
    assert pace.estimate_s(10, 1) is None
    pace.take(Rows("a", (0,), np.zeros((1, 2)), {}, prepared_s=1.0, ran_s=3.0))
    assert pace.runs == 1
    assert pace.estimate_s(10, 2) == 32.0


def test_one_run_that_kills_is_found_among_many_and_fails_alone() -> None:
    planner = Planner({"a": {}}, FixedCount(20), {}, METRICS)
    failed: list[Rows] = []
    ran: list[int] = []
    deaths = 0
    while (chunk := planner.next_chunk()) is not None:
        if 13 not in chunk.replications:
            ran += chunk.replications
            planner.take(run(chunk))
            continue
        deaths += 1
        row = planner.bury(chunk)
        if row is not None:
            failed.append(row)
            planner.take(row)
    assert planner.is_complete
    assert [row.errors for row in failed] == [
        {13: "WorkerDied: the process that ran it died, 3 times"}
    ]
    assert sorted(ran) == [number for number in range(20) if number != 13]
    assert deaths < 10
