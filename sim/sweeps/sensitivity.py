"""Which factors matter: designs and estimators of Sobol' indices and of Morris effects.

The designs fill the unit cube; a sweep turns their coordinates into values of its
factors. What comes out at each point is one number, such as a metric's mean over its
replications. That mean is an estimate: as all points share their draws, much of its
error is common to them and does no harm; the rest counts as variance that no factor
explains alone, raises total indices and widens all intervals. More replications
shrink it.

References
----------
.. [1] Sobol', I. M. (2001). Global sensitivity indices for nonlinear mathematical models
   and their Monte Carlo estimates. Mathematics and Computers in Simulation 55, 271-280.
.. [2] Saltelli, A. (2002). Making best use of model evaluations to compute sensitivity
   indices. Computer Physics Communications 145, 280-297.
.. [3] Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M. and Tarantola, S.
   (2010). Variance based sensitivity analysis of model output. Computer Physics
   Communications 181, 259-270.
.. [4] Morris, M. D. (1991). Factorial sampling plans for preliminary computational
   experiments. Technometrics 33, 161-174.
.. [5] Campolongo, F., Cariboni, J. and Saltelli, A. (2007). An effective screening design
   for sensitivity analysis of large models. Environmental Modelling & Software 22,
   1509-1518.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.stats import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Places = npt.NDArray[np.intp]

_RESAMPLES = 500  # of the bootstrap: they give a standard deviation to 3 %


@dataclass(frozen=True, slots=True)
class SobolIndex:
    """What part of an output's variance a factor explains.

    ``first`` is what falls away, on average, if the factor is fixed; ``total`` is
    what remains if all others are. Between the two lies what it does together
    with others. An estimate may lie a little outside [0, 1], as its interval may.
    ``n`` is the number of base points.
    """

    factor: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float
    n: int


@dataclass(frozen=True, slots=True)
class SobolInteraction:
    """What part of an output's variance two factors explain together and not alone."""

    factors: tuple[str, str]
    second: float
    second_low: float
    second_high: float
    n: int


@dataclass(frozen=True, slots=True)
class MorrisEffect:
    """How an output changes as a factor goes from one end of its range to the other.

    ``mu`` is the mean of the elementary effects, changes of the output over
    changes of the unit coordinate; ``mu_star`` that of their sizes, by which
    factors are ranked; ``sigma`` their standard deviation, which tells of
    curvature and of interactions. ``n`` is the number of trajectories.
    """

    factor: str
    mu: float
    mu_star: float
    mu_star_low: float
    mu_star_high: float
    sigma: float
    n: int


def saltelli_sample(d: int, n: int, *, second_order: bool = False, seed: int = 0) -> Floats:
    """Draw the design from which Sobol' indices are estimated [2]_, [3]_.

    Parameters
    ----------
    d
        Factors, at least 1.
    n
        Base points of a scrambled Sobol' sequence, at least 1. Best a power of 2:
        others leave it out of balance.
    second_order
        Whether :func:`sobol_interactions` will be asked for too.
    seed
        Of the scrambling.

    Returns
    -------
    numpy.ndarray
        Points in the unit cube, shape (n * (d + 2), d), with ``second_order``
        (n * (2 * d + 2), d): for each base point in turn A, A with each
        coordinate of B, with ``second_order`` B with each of A, and B.
    """
    from SALib.sample import sobol  # type: ignore[import-untyped]  # noqa: PLC0415 - a second

    with warnings.catch_warnings():
        # scipy's, of numbers that are no power of 2: said above
        warnings.filterwarnings("ignore", "The balance properties of Sobol'", UserWarning)
        design: Floats = sobol.sample(_problem(d), n, calc_second_order=second_order, seed=seed)
    return design


def morris_sample(d: int, trajectories: int, *, levels: int = 4, seed: int = 0) -> Floats:
    """Draw trajectories along which one factor changes at a time [4]_.

    Parameters
    ----------
    d
        Factors, at least 1.
    trajectories
        How many, at least 2 for any interval.
    levels
        Of each factor, evenly from 0 to 1; an even number, so that every level is
        as likely. A step is levels / (2 * (levels - 1)).
    seed
        Of the trajectories.

    Returns
    -------
    numpy.ndarray
        Points in the unit cube, shape (trajectories * (d + 1), d).

    Raises
    ------
    ValueError
        If ``levels`` is odd or under 2.
    """
    from SALib.sample import morris  # noqa: PLC0415 - a second

    if levels < 2 or levels % 2:  # noqa: PLR2004 - two ends
        raise ValueError(f"{levels} levels; an even number is expected")
    design: Floats = morris.sample(_problem(d), trajectories, num_levels=levels, seed=seed)
    return design


def sobol_indices(
    names: Sequence[str],
    outputs: Sequence[float] | Floats,
    *,
    second_order: bool = False,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> tuple[SobolIndex, ...]:
    """Estimate the first-order and total Sobol' indices [1]_ of each factor [3]_.

    Parameters
    ----------
    names
        The factors, in the order of the design's columns.
    outputs
        What came out at each point of :func:`saltelli_sample`, shape
        (n * (d + 2),), with ``second_order`` (n * (2 * d + 2),). A base point
        of which any output is not finite is left out.
    second_order
        As the design was drawn.
    confidence
        Coverage wanted of the intervals, in (0, 1). They are normal ones, with the
        standard deviation of a bootstrap of base points. Those are more even than
        chance would have them, so that the intervals are on the wide side: for
        Ishigami's function they cover 92 to 99 times in a hundred with 128 base
        points, always with 1024.
    seed
        Of the bootstrap.

    Returns
    -------
    tuple of SobolIndex
        In the order of ``names``; NaN where the output does not vary between base
        points, and of fewer than two.

    Raises
    ------
    ValueError
        If the outputs are not of such a design.
    """
    found, n = _analyse_sobol(len(names), outputs, second_order, confidence, seed)
    return tuple(
        SobolIndex(
            name,
            *_around(found["S1"][place], found["S1_conf"][place]),
            *_around(found["ST"][place], found["ST_conf"][place]),
            n,
        )
        for place, name in enumerate(names)
    )


def sobol_interactions(
    names: Sequence[str],
    outputs: Sequence[float] | Floats,
    *,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> tuple[SobolInteraction, ...]:
    """Estimate the second-order Sobol' index of each pair of factors [2]_.

    Parameters
    ----------
    names, outputs, confidence, seed
        As of :func:`sobol_indices`; the outputs of a design with ``second_order``.

    Returns
    -------
    tuple of SobolInteraction
        In the order of the pairs of ``names``.

    Raises
    ------
    ValueError
        If the outputs are not of such a design.
    """
    found, n = _analyse_sobol(len(names), outputs, True, confidence, seed)
    return tuple(
        SobolInteraction(
            (names[one], names[other]),
            *_around(found["S2"][one, other], found["S2_conf"][one, other]),
            n,
        )
        for one, other in combinations(range(len(names)), 2)
    )


def morris_effects(
    names: Sequence[str],
    inputs: Sequence[Sequence[float]] | Floats,
    outputs: Sequence[float] | Floats,
    *,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> tuple[MorrisEffect, ...]:
    """Estimate the elementary effects of each factor [4]_, [5]_.

    Parameters
    ----------
    names
        The factors, in the order of the design's columns.
    inputs
        The design that :func:`morris_sample` drew, shape (r * (d + 1), d).
    outputs
        What came out at each of its points, shape (r * (d + 1),). A trajectory on
        which any is not finite is left out.
    confidence
        Coverage wanted of the intervals of ``mu_star``, in (0, 1). They are normal
        ones, with the standard deviation of a bootstrap of trajectories: of 20
        normal effects they cover 92.9 times in a hundred, not 95.
    seed
        Of the bootstrap.

    Returns
    -------
    tuple of MorrisEffect
        In the order of ``names``; NaN of fewer than two trajectories.

    Raises
    ------
    ValueError
        If the inputs and outputs are not of such a design.
    """
    from SALib.analyze import morris  # type: ignore[import-untyped]  # noqa: PLC0415 - a second

    d = len(names)
    points = np.asarray(inputs, dtype=np.float64)
    results, whole = _blocks(outputs, d + 1)
    if points.shape != (np.size(outputs), d):
        raise ValueError(
            f"inputs of shape {points.shape} for {np.size(outputs)} outputs and {d} factors"
        )
    n = len(results)
    if n < 2:  # noqa: PLR2004 - one trajectory shows no spread
        nan = math.nan
        return tuple(MorrisEffect(name, nan, nan, nan, nan, nan, n) for name in names)
    paths = points.reshape(-1, d + 1, d)[whole]
    found = morris.analyze(
        _problem(d),
        paths.reshape(-1, d),
        results.reshape(-1),
        num_resamples=_RESAMPLES,
        conf_level=confidence,
        num_levels=_levels(paths),
        seed=seed,
    )
    columns = (found[key] for key in ("mu", "mu_star", "mu_star_conf", "sigma"))
    return tuple(
        MorrisEffect(
            name,
            float(mu),
            float(size),
            max(0.0, float(size - half)),
            float(size + half),
            float(sigma),
            n,
        )
        for name, mu, size, half, sigma in zip(names, *columns, strict=True)
    )


def _problem(d: int) -> dict[str, Any]:
    return {"num_vars": d, "names": [f"x{place}" for place in range(d)], "bounds": [[0, 1]] * d}


def _analyse_sobol(
    d: int,
    outputs: Sequence[float] | Floats,
    second_order: bool,
    confidence: float,
    seed: int,
) -> tuple[Mapping[str, Floats], int]:
    """Estimate all indices, and count the base points that they come from."""
    from SALib.analyze import sobol  # noqa: PLC0415 - a second

    results, _ = _blocks(outputs, 2 * d + 2 if second_order else d + 2)
    n = len(results)
    ends = results[:, [0, -1]]  # A and B, whose variance is the measure
    if n < 2 or np.ptp(ends) <= np.finfo(np.float64).eps * results.std():  # noqa: PLR2004
        undefined = np.full((d, d), math.nan)
        keys = ("S1", "ST", "S2", "S1_conf", "ST_conf", "S2_conf")
        return {key: undefined if key.startswith("S2") else undefined[0] for key in keys}, n
    found = sobol.analyze(
        _problem(d),
        results.reshape(-1),
        calc_second_order=second_order,
        num_resamples=_RESAMPLES,
        conf_level=confidence,
        seed=np.random.default_rng(seed),  # the number 0 would be taken for none
    )
    return found, n


def _blocks(outputs: Sequence[float] | Floats, size: int) -> tuple[Floats, Places]:
    """Part outputs into those that belong together; give the whole ones, and which they are."""
    column = np.asarray(outputs, dtype=np.float64)
    if column.ndim != 1 or column.size % size:
        raise ValueError(f"outputs of shape {column.shape} are no number of blocks of {size}")
    blocks = column.reshape(-1, size)
    whole = np.flatnonzero(np.isfinite(blocks).all(axis=1))
    return blocks[whole], whole


def _levels(paths: Floats) -> int:
    """Tell of how many levels trajectories are, shape (r, d + 1, d), by their steps."""
    steps = np.abs(np.diff(paths, axis=1))
    step = float(steps.max())
    once = np.allclose(steps.sum(axis=1), step) and np.allclose(steps.sum(axis=2), step)
    if step <= 0.5 or not once:  # noqa: PLR2004 - of ever more levels
        raise ValueError("inputs are no trajectories on which each factor takes one equal step")
    return round(2 * step / (2 * step - 1))


def _around(middle: float, half: float) -> tuple[float, float, float]:
    return float(middle), float(middle - half), float(middle + half)
