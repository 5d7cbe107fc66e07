"""Axes of factors: the scale on which written values are even, and labels that do not touch."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from sim.plots.levels import LETTER_IN, Levels, as_words, levels_of, round_ratios, round_steps
from tests.sweeps.studies import LEAD, at_points, made_up

LEADS = ["15 min", "30 min", "1 h", "2 h", "4 h", "6 h"]
LAWS = ["1 min", "{uniform: {min: 1 min, max: 2 min}}", "{exponential: {mean: 20 min}}"]


def levels(values: list[str]) -> Levels:
    return levels_of(at_points({LEAD: values}, "violations", lambda _: 0.0), "lead")


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (LEADS, "log"),
        (["5 km", "10 km", "20 km", "40 km"], "log"),
        (["10 %", "20 %", "30 %"], "linear"),
        (["0 min", "1 min", "10 min", "100 min"], "linear"),
        (["-1 h", "1 h"], "linear"),
        (["5 km", "80 km"], "linear"),
        (["5 km"], "linear"),
        (LAWS, "named"),
    ],
)
def test_values_stand_on_the_scale_on_which_they_are_more_even(
    values: list[str], scale: str
) -> None:
    assert levels(values).scale == scale


def test_a_range_states_its_scale() -> None:
    assert levels_of(made_up({"violations": [0.0] * 5}), "lead").scale == "linear"


def test_values_stand_in_order_at_what_they_are_in_si_and_words_as_they_were_given() -> None:
    found = levels([*LEADS[::-1]])
    assert (found.texts, found.places[0]) == (tuple(LEADS), 900.0)
    assert found.place("1 h") == 3600.0
    assert (levels(LAWS).texts, levels(LAWS).places) == (tuple(LAWS), (0.0, 1.0, 2.0))
    assert as_words(found).places == (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
    assert as_words(found).ends == (-0.5, 5.5)


@pytest.mark.parametrize(
    "values",
    [
        LEADS,
        LAWS,
        LAWS[1:2],
        [f"{k} min" for k in range(1, 60)],
        [f"{1.1**k:.12g} km" for k in range(60)],
        [f"FL{k}" for k in range(100, 400, 10)],
        [f"{k}.123456789 h" for k in range(30)],
        ["2022-02-02T18:00Z", "2022-02-02T18:01Z", "2022-02-03T18:00Z"],
        [f"{{exponential: {{mean: {k} min}}}}" for k in range(40)],
    ],
    ids=lambda values: values[0],
)
@pytest.mark.parametrize("inches", [1.0, 3.0, 7.5, 12.0])
def test_labels_do_not_touch_and_their_ticks_are_on_the_axis(
    values: list[str], inches: float
) -> None:
    found = levels(values)
    ticks = found.ticks(inches)
    assert ticks
    low, high = found.ends
    assert all(low < place < high for place, _ in ticks)
    even = math.log if found.scale == "log" else float
    at = [(even(place) - even(low)) / (even(high) - even(low)) * inches for place, _ in ticks]
    half = [LETTER_IN * max(map(len, label.split("\n"))) / 2 for _, label in ticks]
    for k in range(1, len(ticks)):
        assert at[k - 1] + half[k - 1] < at[k] - half[k]


def test_a_few_values_all_have_their_ticks_and_many_get_round_ones_in_their_unit() -> None:
    assert [label for _, label in levels(LEADS).ticks(7.5)] == LEADS
    many = levels([f"{k * 0.37:.12g} h" for k in range(1, 41)]).ticks(7.5)
    assert [(place / 3600.0, label) for place, label in many] == [
        (2.5, "2.5 h"),
        (5.0, "5 h"),
        (7.5, "7.5 h"),
        (10.0, "10 h"),
        (12.5, "12.5 h"),
    ]
    mixed = levels([f"{k} min" for k in range(1, 30)] + ["1 h"]).ticks(7.5)
    assert {label for _, label in mixed} <= {*(f"{k} min" for k in range(1, 30)), "1 h"}


def test_words_are_left_out_evenly() -> None:
    found = as_words(levels([f"{k} min" for k in range(1, 30)])).ticks(7.5)
    steps = {round(after[0] - before[0]) for before, after in pairwise(found)}
    assert len(steps) == 1


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.1, 0.31), (-3.0, 250.0), (0.0, 7e6)])
def test_round_steps_are_few_and_within(low: float, high: float) -> None:
    found = round_steps(low, high)
    assert 2 <= len(found) <= 8
    assert low - 1e-9 <= found[0]
    assert found[-1] <= high * (1 + 1e-9)


def test_round_ratios_are_one_two_five_or_powers_of_ten() -> None:
    assert round_ratios(1500.0, 92000.0) == [2000.0, 5000.0, 10000.0, 20000.0, 50000.0]
    assert round_ratios(1.0, 1e9) == pytest.approx([10.0**k for k in range(10)])
