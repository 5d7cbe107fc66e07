"""Draws: keyed, uniform, and each alone."""

from __future__ import annotations

from scipy import stats

from sim.distributions import Fixed, Uniform
from sim.model.streams import Streams


def test_a_draw_depends_on_all_of_its_key_and_on_nothing_else() -> None:
    streams = Streams(7, 3)
    first = streams.uniform(("zone", 1, "russia"), "wait", 2)
    streams.uniform(("something", "else"), "wait")
    assert streams.uniform(("zone", 1, "russia"), "wait", 2) == first
    assert Streams(7, 3).uniform(("zone", 1, "russia"), "wait", 2) == first
    others = {
        Streams(8, 3).uniform(("zone", 1, "russia"), "wait", 2),
        Streams(7, 4).uniform(("zone", 1, "russia"), "wait", 2),
        streams.uniform(("zone", 2, "russia"), "wait", 2),
        streams.uniform(("zone", 1, "russia"), "loss", 2),
        streams.uniform(("zone", 1, "russia"), "wait", 3),
        streams.uniform(("zone1", "russia"), "wait", 2),
        streams.uniform(("zone", "1russia"), "wait", 2),
    }
    assert first not in others
    assert len(others) == 7


def test_draws_are_uniform_and_their_replications_uncorrelated() -> None:
    draws = [[Streams(0, n).uniform(("e", k), "d") for k in range(20)] for n in range(500)]
    flat = [u for row in draws for u in row]
    # One p-value over 10 000 draws, fixed by the seed: it fails if the hash is biased.
    assert stats.kstest(flat, "uniform").pvalue > 0.01
    correlation = stats.pearsonr([row[0] for row in draws], [row[1] for row in draws])
    assert correlation.pvalue > 0.01
    assert all(0 < u < 1 for u in flat)


def test_values_come_by_the_inverse_cdf() -> None:
    streams = Streams(1)
    u = streams.uniform(("e",), "d")
    assert streams.value(Uniform(10, 20), ("e",), "d") == 10 + 10 * u
    assert streams.value(Fixed(5), ("e",), "d") == 5


def test_a_certain_chance_always_and_an_impossible_never_happens() -> None:
    streams = Streams(1)
    owner = ("channel", "line")
    assert all(streams.chance(Fixed(1), owner, ("e", k), "d") for k in range(200))
    assert not any(streams.chance(Fixed(0), owner, ("e", k), "d") for k in range(200))


def test_an_uncertain_probability_is_drawn_once_a_replication() -> None:
    owner = ("channel", "line")
    anything = Uniform(0, 1)
    for n in range(50):
        streams = Streams(5, n)
        level = streams.value(anything, owner, "probability of d")
        happened = [streams.chance(anything, owner, ("e",), "d", k) for k in range(400)]
        assert abs(sum(happened) / 400 - level) < 0.13  # over five standard errors of 0.025
