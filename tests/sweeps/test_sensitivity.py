"""Sobol' indices against closed forms, Morris effects of known functions, and coverage."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from sim.sweeps.sensitivity import (
    morris_effects,
    morris_sample,
    saltelli_sample,
    sobol_indices,
    sobol_interactions,
)

Floats = npt.NDArray[np.float64]
NAMES = ("lead", "buffer", "lines")


def ishigami(points: Floats) -> Floats:
    """Ishigami and Homma (1990): sin x + 7 sin^2 y + 0.1 z^4 sin x, each in [-pi, pi]."""
    x, y, z = (2 * points.T - 1) * math.pi
    return np.asarray(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


# Its variances in closed form: of x alone, of y alone, of x with z.
X = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2
Y = 7**2 / 8
XZ = 0.1**2 * math.pi**8 * (1 / 18 - 1 / 50)
ALL = X + Y + XZ
FIRST = (X / ALL, Y / ALL, 0.0)
SECOND = (0.0, XZ / ALL, 0.0)  # x and y, x and z, y and z
TOTAL = ((X + XZ) / ALL, Y / ALL, XZ / ALL)


def slack(trials: int, coverage: float = 0.95) -> float:
    return 4 * math.sqrt(coverage * (1 - coverage) / trials)


@pytest.mark.parametrize(("second_order", "blocks"), [(False, 5), (True, 8)])
def test_a_saltelli_design_changes_one_coordinate_at_a_time(
    second_order: bool, blocks: int
) -> None:
    design = saltelli_sample(3, 16, second_order=second_order, seed=1)
    assert design.shape == (16 * blocks, 3)
    assert ((design >= 0) & (design < 1)).all()
    by_base = design.reshape(16, blocks, 3)
    first, last = by_base[:, 0], by_base[:, -1]
    for place in range(3):
        mixed = first.copy()
        mixed[:, place] = last[:, place]
        assert (by_base[:, 1 + place] == mixed).all()


def test_designs_are_the_same_for_the_same_seed() -> None:
    assert (saltelli_sample(2, 8, seed=0) == saltelli_sample(2, 8, seed=0)).all()
    assert (saltelli_sample(2, 8, seed=0) != saltelli_sample(2, 8, seed=1)).any()
    assert (morris_sample(2, 8, seed=0) == morris_sample(2, 8, seed=0)).all()
    assert (morris_sample(2, 8, seed=0) != morris_sample(2, 8, seed=1)).any()


def test_base_points_that_are_no_power_of_two_are_quietly_drawn() -> None:
    assert saltelli_sample(1, 10).shape == (30, 1)


@pytest.mark.parametrize("second_order", [False, True])
def test_the_indices_of_ishigamis_function_are_its_closed_form(second_order: bool) -> None:
    design = saltelli_sample(3, 4096, second_order=second_order, seed=2)
    found = sobol_indices(NAMES, ishigami(design), second_order=second_order)
    assert [index.factor for index in found] == list(NAMES)
    assert [index.first for index in found] == pytest.approx(FIRST, abs=0.02)
    assert [index.total for index in found] == pytest.approx(TOTAL, abs=0.02)
    for index, first, total in zip(found, FIRST, TOTAL, strict=True):
        assert index.first_low <= first <= index.first_high
        assert index.total_low <= total <= index.total_high
        assert index.n == 4096


def test_only_two_factors_of_ishigamis_function_work_together() -> None:
    design = saltelli_sample(3, 4096, second_order=True, seed=3)
    found = sobol_interactions(NAMES, ishigami(design))
    assert [pair.factors for pair in found] == [
        ("lead", "buffer"),
        ("lead", "lines"),
        ("buffer", "lines"),
    ]
    assert [pair.second for pair in found] == pytest.approx(SECOND, abs=0.03)
    for pair, truth in zip(found, SECOND, strict=True):
        assert pair.second_low <= truth <= pair.second_high


def test_the_intervals_of_indices_cover_as_often_as_stated() -> None:
    # With 128 base points from 92 (the first index of x) to 99 times in a hundred.
    trials = 150
    hits = np.zeros((3, 3))
    for seed in range(trials):
        outputs = ishigami(saltelli_sample(3, 128, second_order=True, seed=seed))
        found = sobol_indices(NAMES, outputs, second_order=True, seed=seed)
        pairs = sobol_interactions(NAMES, outputs, seed=seed)
        for place, (index, pair) in enumerate(zip(found, pairs, strict=True)):
            hits[0, place] += index.first_low <= FIRST[place] <= index.first_high
            hits[1, place] += index.total_low <= TOTAL[place] <= index.total_high
            hits[2, place] += pair.second_low <= SECOND[place] <= pair.second_high
    assert (hits / trials >= 0.92 - slack(trials, 0.92)).all()
    assert hits.mean() / trials >= 0.95


def test_a_seed_makes_the_intervals_the_same_the_seed_zero_too() -> None:
    outputs = ishigami(saltelli_sample(3, 64))
    assert sobol_indices(NAMES, outputs) == sobol_indices(NAMES, outputs)
    assert sobol_indices(NAMES, outputs) != sobol_indices(NAMES, outputs, seed=1)


def test_base_points_with_an_undefined_output_are_left_out() -> None:
    outputs = ishigami(saltelli_sample(3, 64)).reshape(64, 5)
    without = np.delete(outputs, [3, 40], axis=0).reshape(-1)
    outputs[3, 0] = outputs[40, 4] = math.nan
    found = sobol_indices(NAMES, outputs.reshape(-1))
    assert found == sobol_indices(NAMES, without)
    assert found[0].n == 62


@pytest.mark.parametrize(
    "outputs",
    [
        [2.0] * 40,
        [math.nan] * 40,
        [math.inf] * 40,
        [1.0, 2.0, 3.0, 4.0],
        [],
        [2.0, 3.0, 2.0, 2.0] * 9,
    ],
)
def test_where_nothing_varies_no_index_is_defined(outputs: list[float]) -> None:
    for index in sobol_indices(("lead", "buffer"), outputs):
        assert math.isnan(index.first)
        assert math.isnan(index.total_high)
    pair = sobol_interactions(("lead", "buffer"), [2.0] * 12)[0]
    assert math.isnan(pair.second_low)


def test_outputs_of_another_design_are_refused() -> None:
    with pytest.raises(ValueError, match=r"outputs of shape \(7,\) are no number of blocks of 4"):
        sobol_indices(("lead", "buffer"), [1.0] * 7)
    design = morris_sample(2, 5)
    with pytest.raises(ValueError, match=r"inputs of shape \(15, 2\) for 12 outputs"):
        morris_effects(("lead", "buffer"), design, [1.0] * 12)
    with pytest.raises(ValueError, match="inputs are no trajectories"):
        morris_effects(("lead", "buffer"), np.random.default_rng(1).random((15, 2)), [1.0] * 15)


@pytest.mark.parametrize("levels", [2, 4, 10])
def test_the_effects_of_a_linear_function_are_its_slopes(levels: int) -> None:
    # Twelve factors, so that an order by name would be another.
    slopes = np.arange(12.0) - 5
    names = [f"f{place}" for place in range(12)]
    design = morris_sample(12, 6, levels=levels, seed=4)
    assert design.shape == (78, 12)
    found = morris_effects(names, design, 3.0 + design @ slopes)
    assert [effect.factor for effect in found] == names
    assert [effect.mu for effect in found] == pytest.approx(slopes.tolist())
    assert [effect.mu_star for effect in found] == pytest.approx(np.abs(slopes).tolist())
    assert [effect.sigma for effect in found] == pytest.approx([0.0] * 12, abs=1e-12)
    assert [effect.mu_star_high for effect in found] == pytest.approx(np.abs(slopes).tolist())


def test_levels_are_an_even_number() -> None:
    for levels in (0, 1, 3, 5):
        with pytest.raises(ValueError, match=f"{levels} levels; an even number is expected"):
            morris_sample(2, 5, levels=levels)


def test_trajectories_with_an_undefined_output_are_left_out() -> None:
    design = morris_sample(3, 10, seed=5)
    outputs = ishigami(design)
    kept = np.delete(design.reshape(10, 4, 3), 7, axis=0).reshape(-1, 3)
    outputs[7 * 4 + 2] = math.nan
    found = morris_effects(NAMES, design, outputs)
    assert found == morris_effects(NAMES, kept, ishigami(kept))
    assert found[0].n == 9
    few = morris_effects(NAMES, design[:4], ishigami(design[:4]))
    assert few[0].n == 1
    assert math.isnan(few[0].mu)


def test_the_interval_of_an_effect_covers_as_often_as_theory_says() -> None:
    # f = x^2 (1 + y) on four levels: an effect of x is ((x + 2/3)^2 - x^2) (1 + y) / (2/3)
    # for x in {0, 1/3} and y on any level, all as likely. Of 20 normal effects the interval,
    # of the n-divisor sd, covers as Student's t says; these are near enough to normal.
    values = [(2 * x + 2 / 3) * (1 + y) for x, y in product((0, 1 / 3), (0, 1 / 3, 2 / 3, 1))]
    truth = float(np.mean(values))
    trials = 400
    hits = 0
    for seed in range(trials):
        design = morris_sample(2, 20, seed=seed)
        effect = morris_effects(
            NAMES[:2], design, design[:, 0] ** 2 * (1 + design[:, 1]), seed=seed
        )[0]
        assert effect.mu == effect.mu_star
        hits += effect.mu_star_low <= truth <= effect.mu_star_high
    expected = float(2 * stats.t.cdf(stats.norm.ppf(0.975) * math.sqrt(19 / 20), 19) - 1)
    assert expected == pytest.approx(0.929, abs=5e-4)
    assert hits / trials == pytest.approx(expected, abs=slack(trials, expected))


def test_the_library_is_imported_when_used() -> None:
    code = "import sys, sim.sweeps.sensitivity; assert 'SALib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
