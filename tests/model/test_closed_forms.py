"""Queues, retries, readings and failures against what theory says of them.

Each tolerance is four standard errors of the estimate, taken from batch means where values
depend on each other: by chance one in some 16 000 seeds would fail, and the seed is fixed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import exp, factorial, inf, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.model.copies import Copy
from sim.model.engine import World
from sim.model.journal import ChannelDown, ChannelUp, NoticeStep, Step
from sim.model.streams import Streams
from sim.scenario.plan import prepare
from sim.scenario.presets import MEDIA
from sim.scenario.reader import build
from sim.sweeps.runner import replicate
from tests.stories import FLIGHT, LINE, ZONE, as_text, journal_of, run_of, scenario

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

ERRORS = 4.0
MEAN_S = 300.0  # of a call
CALLS = 20_000


def erlang_b(lines: int, load: float) -> float:
    """Probability that a call is blocked (Erlang 1917)."""
    terms = [load**k / factorial(k) for k in range(lines + 1)]
    return terms[-1] / sum(terms)


def erlang_c(lines: int, load: float) -> float:
    """Probability that a call has to wait (Erlang 1917)."""
    blocked = erlang_b(lines, load)
    return lines * blocked / (lines - load * (1 - blocked))


def batch_error(values: np.ndarray[Any, np.dtype[np.float64]], batches: int = 25) -> float:
    """Standard error of the mean of a stationary series, by batch means."""
    means = [batch.mean() for batch in np.array_split(values, batches)]
    return float(np.std(means, ddof=1) / sqrt(batches))


def calls(lines: int, load: float, **line: Any) -> list[NoticeStep]:
    """Let calls come at random, of exponential length, and give their steps."""
    length = {"exponential": {"mean": f"{MEAN_S} s"}}
    told = scenario(
        end="+3000 d",
        zones={"z": ZONE | {"notices": {}}},
        channels={
            "line": LINE
            | {
                "lines": lines,
                "answer": {"probability": 1, "wait": "0 s", "patience": "1 min"},
                "transfer": length,
                "retry": {"after": "1 s", "attempts": 1},
            }
            | line
        },
    )
    world = World(prepare(told), Streams(1))
    channel = world.channels["line"]
    gaps = np.random.default_rng(1).exponential(MEAN_S / load, CALLS)
    declared = replace(prepare(told).zones["z"].volume, window=(0.0, inf))

    def arrive() -> Generator[simpy.Event, object, None]:
        for number, gap in enumerate(gaps):
            yield world.env.timeout(gap)
            copy = Copy("z", str(number), 1, "new", "north", "south", ("line",), 1, declared)
            world.env.process(channel.send(copy, lambda _: None))

    world.env.process(arrive())
    world.env.run(until=float(gaps.sum()) + 100 * MEAN_S)
    return [record for record in world.recorder.records if isinstance(record, NoticeStep)]


@pytest.mark.parametrize(("lines", "load"), [(1, 0.5), (3, 2.0)])
def test_waiting_for_a_line_is_erlang_c(lines: int, load: float) -> None:
    asked: dict[str, float] = {}
    waited = []
    for step in calls(lines, load):
        if step.step is Step.ATTEMPTED:
            asked[step.notice] = step.at
        elif step.step is Step.CALLING:
            waited.append(step.at - asked[step.notice])
    waits = np.array(waited[500:])
    delayed = (waits > 0).astype(float)
    probability = erlang_c(lines, load)
    assert delayed.mean() == pytest.approx(probability, abs=ERRORS * batch_error(delayed))
    mean = probability * MEAN_S / (lines - load)
    assert waits.mean() == pytest.approx(mean, abs=ERRORS * batch_error(waits))


@pytest.mark.parametrize(("lines", "load"), [(1, 0.5), (3, 2.0)])
def test_calls_that_may_not_wait_are_blocked_as_erlang_b_says(lines: int, load: float) -> None:
    steps = calls(lines, load, waiting=0)
    blocked = np.array([s.step is Step.UNANSWERED for s in steps if s.step in _ENDS], dtype=float)
    assert blocked.mean() == pytest.approx(erlang_b(lines, load), abs=ERRORS * batch_error(blocked))


_ENDS = (Step.UNANSWERED, Step.DELIVERED)


def test_retries_follow_the_geometric_law() -> None:
    answered = 0.4
    line = LINE | {
        "lines": 1000,
        "answer": {"probability": answered, "wait": "0 s", "patience": "0 s"},
        "retry": {"after": "0 s", "attempts": 50},
    }
    zones = {f"z{k}": ZONE for k in range(1000)}
    journal = journal_of(zones=zones, channels={"line": line})
    tries = [s.attempt for s in journal.of(NoticeStep) if s.step is Step.DELIVERED]
    assert len(tries) == 1000
    counts = [sum(t == k for t in tries) for k in range(1, 8)]
    counts.append(1000 - sum(counts))
    expected = [1000 * answered * (1 - answered) ** k for k in range(7)]
    expected.append(1000 - sum(expected))
    assert stats.chisquare(counts, expected).pvalue > 1e-3


def test_a_publication_waits_uniformly_for_its_reader() -> None:
    notam = {
        "medium": "notam",
        "between": ["north", "south"],
        "transfer": "0 s",
        "poll": "1 h",
        "unread": 0,
    }
    plan_ = scenario(zones={"z": ZONE}, channels={"line": notam})
    waits = []
    for seed in range(400):
        world = World(prepare(plan_), Streams(seed))
        world.run()
        at = {s.step: s.at for s in world.recorder.records if isinstance(s, NoticeStep)}
        waits.append(at[Step.DELIVERED] - at[Step.PUBLISHED])
    assert stats.kstest(waits, "uniform", args=(0, 3600)).pvalue > 1e-3


def test_unread_notices_are_as_many_as_their_probability_says() -> None:
    notam = {"medium": "notam", "between": ["north", "south"], "unread": 0.1, "poll": "1 min"}
    zones = {f"z{k}": ZONE for k in range(2000)}
    journal = journal_of(zones=zones, channels={"line": notam})
    read = sum(s.step is Step.DELIVERED for s in journal.of(NoticeStep))
    error = sqrt(0.1 * 0.9 * 2000)
    assert read == pytest.approx(0.9 * 2000, abs=ERRORS * error)


def test_the_uninformed_are_those_whose_notice_took_longer_than_its_lead() -> None:
    # Told at 60 over a line that takes an exponential time of mean 20 min; in at 98.632.
    line = LINE | {
        "answer": {"probability": 1, "wait": "0 s", "patience": "1 min"},
        "transfer": {"exponential": {"mean": "20 min"}},
    }
    first = {"to": "south", "via": "line", "at": "+60 min"}
    told = scenario(
        zones={"z": ZONE | {"notices": {"first": first}}},
        flights={"f": FLIGHT},
        channels={"line": line},
    )
    found = replicate(told, 1500, seed=3).metrics["p_uninformed"]
    probability = exp(-(98.631949 - 60) / 20)
    error = sqrt(probability * (1 - probability) / 1500)
    assert found.mean == pytest.approx(probability, abs=ERRORS * error)


def test_a_channel_that_fails_and_is_repaired_is_up_as_renewal_theory_says() -> None:
    failures = {
        "after": {"exponential": {"mean": "8 h"}},
        "repair": {"exponential": {"mean": "2 h"}},
    }
    journal = journal_of(end="+2000 d", channels={"line": LINE | {"failures": failures}})
    downs = [r.at for r in journal.of(ChannelDown)]
    ups = [r.at for r in journal.of(ChannelUp)]
    cycles = min(len(downs), len(ups)) - 1
    up = np.diff([0.0, *ups])[:cycles] - (np.array(ups) - np.array(downs[: len(ups)]))[:cycles]
    down = (np.array(ups) - np.array(downs[: len(ups)]))[:cycles]
    availability = up.sum() / (up.sum() + down.sum())
    # Ratio estimator over independent cycles; 0.8 = 8 / (8 + 2).
    residual = up - 0.8 * (up + down)
    error = residual.std(ddof=1) / sqrt(cycles) / (up + down).mean()
    assert cycles > 4000
    assert availability == pytest.approx(0.8, abs=ERRORS * error)


def test_the_datalink_preset_is_that_of_astm_f3548() -> None:
    spec = build(
        as_text(
            scenario().document
            | {"channels": {"l": {"medium": "datalink", "between": ["north", "south"]}}}
        )
    ).channels["l"]
    assert spec.transfer.ppf(0.95) == pytest.approx(5.0, abs=0.005)
    assert spec.transfer.ppf(0.99) == pytest.approx(7.07, abs=0.005)
    assert spec.transfer.ppf(0.3) == 0.0
    assert set(MEDIA) == {"hotline", "relay", "notam", "datalink"}


def test_more_lead_never_loses_a_notice_that_had_arrived() -> None:
    # On an uncontended channel without hours or outages, by the same draws.
    line = LINE | {
        "answer": {
            "probability": 0.5,
            "wait": {"exponential": {"mean": "2 min"}},
            "patience": "4 min",
        },
        "transfer": {"exponential": {"mean": "10 min"}},
    }

    def informed(lead: int) -> set[int]:
        first = {"to": "south", "via": "line", "lead": f"{lead} min"}
        zone = ZONE | {"notices": {"first": first}}
        runs = [
            run_of(
                n, zones={"z": zone}, flights={"f": FLIGHT}, channels={"line": line}, parties=_DEAF
            )
            for n in range(60)
        ]
        return {n for n, run in enumerate(runs) if run.violations[0].cause == "disregarded"}

    sets = [informed(lead) for lead in (-30, -10, 10, 40)]
    for fewer, more in pairwise(sets):
        assert fewer <= more
    assert len(sets[0]) < len(sets[-1])


_DEAF = {"north": {}, "south": {"response": {"comply": 0}}}
