"""Designs: from a sweep's factors to its points, the same points from the same file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from sim.errors import InputError, quoted
from sim.scenario.writer import write_value
from sim.sweeps.amounts import in_si
from sim.sweeps.consistency import order_of_ties
from sim.sweeps.labels import factor_called, labels_of
from sim.sweeps.schema import MOST_POINTS
from sim.sweeps.tables import by_path, listed_rows, tied_already

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sim.scenario.tree import Tree
    from sim.sweeps.schema import Design, Sweep
    from sim.sweeps.tables import Row

    Values = tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One setting of all factors.

    Parameters
    ----------
    number
        Its place in the design, from 0.
    changes
        Every factor's value by its path, tied ones included, as
        :meth:`~sim.scenario.schema.Scenario.replace` takes them.
    labels
        The names of the factors by their paths.
    """

    number: int
    changes: Mapping[str, Tree]
    labels: Mapping[str, str] = field(repr=False)

    @property
    def values(self) -> dict[str, str]:
        """Every factor's value as a text, by its name."""
        return {self.labels[path]: write_value(value) for path, value in self.changes.items()}

    @property
    def numbers(self) -> dict[str, float]:
        """Every factor's value in SI, by its name; nan where it is no quantity."""
        return {self.labels[path]: in_si(value) for path, value in self.changes.items()}

    def __str__(self) -> str:
        """Name the point with its values: ``point 3 (lead 1 h, buffer 5 km)``."""
        values = ", ".join(f"{label} {value}" for label, value in self.values.items())
        return f"point {self.number} ({values})"


def draw_points(
    sweep: Sweep, *, rows: Sequence[Row] = (), base: Mapping[str, Tree] | None = None
) -> tuple[Point, ...]:
    """Give the points of a sweep's design, in its order.

    Parameters
    ----------
    sweep
        The sweep; its seed is that of designs with chance in them.
    rows
        For a design of a table, its rows.
    base
        For one factor at a time, the scenario's own values by path.

    Returns
    -------
    tuple[Point, ...]
        Of a grid of factors with n, m, ... values n x m x ... points, the last factor
        changing fastest. Of n values zipped n. One at a time, 1 and one for each further
        value. Of Saltelli's design of n for d factors n (d + 2), or n (2 d + 2) with the
        second order; of Morris' t trajectories t (d + 1).

    Raises
    ------
    InputError
        With ``at`` the path in the file, if the factors do not suit the design.
    """
    labels = labels_of(sweep)
    ties = order_of_ties(sweep, labels)
    return tuple(
        Point(number, _with_tied(sweep, dict(zip(sweep.free, values, strict=True)), ties), labels)
        for number, values in enumerate(_settings(sweep, labels, rows, base or {}))
    )


def _settings(
    sweep: Sweep, labels: Mapping[str, str], rows: Sequence[Row], base: Mapping[str, Tree]
) -> Iterable[Values]:
    """Give the values of the free factors, point by point."""
    kind = sweep.design.kind
    if kind == "grid":
        return _grid(sweep)
    if kind == "zip":
        return _zipped(sweep, labels)
    if kind == "one-at-a-time":
        return _one_at_a_time(sweep, labels, base)
    if kind in {"list", "csv"}:
        return _written(sweep, labels, listed_rows(sweep) if kind == "list" else rows)
    return _sampled(sweep)


def _levels(sweep: Sweep) -> list[Values]:
    return [_of_factor(path, sweep.factors[path].levels) for path in sweep.free]


def _of_factor(path: str, give: Callable[[], Values]) -> Values:
    try:
        return give()
    except InputError as error:
        raise InputError(error.message, at=("factors", path, *error.at), hint=error.hint) from None


def _grid(sweep: Sweep) -> Iterator[Values]:
    levels = _levels(sweep)
    _ask_size(math.prod(len(one) for one in levels), "give factors fewer values, or sample them")
    return product(*levels)


def _ask_size(size: int, hint: str) -> None:
    if size > MOST_POINTS:
        raise InputError(
            f"this design has {size} points: expected at most {MOST_POINTS}",
            at=("design",),
            hint=hint,
        )


def _zipped(sweep: Sweep, labels: Mapping[str, str]) -> Iterator[Values]:
    levels = _levels(sweep)
    if len({len(one) for one in levels}) > 1:
        lengths = ", ".join(
            f"{labels[path]} has {len(one)}" for path, one in zip(sweep.free, levels, strict=True)
        )
        raise InputError(
            f"zip takes first values together, second values together, and so on: {lengths}",
            at=("design",),
            hint="give all factors as many, or write design: grid",
        )
    return zip(*levels, strict=True)


def _one_at_a_time(
    sweep: Sweep, labels: Mapping[str, str], own: Mapping[str, Tree]
) -> Iterator[Values]:
    levels = _levels(sweep)
    _ask_size(1 + sum(len(one) for one in levels), "give factors fewer values")
    given = _base_given(sweep, labels)
    base = tuple(
        given.get(path, own.get(path, values[0]))
        for path, values in zip(sweep.free, levels, strict=True)
    )
    yield base
    for place, values in enumerate(levels):
        for value in values:
            if not _are_same(value, base[place]):
                yield (*base[:place], value, *base[place + 1 :])


def _are_same(value: Tree, other: Tree) -> bool:
    """Tell whether two values are one, if only in other units."""
    return value == other or in_si(value) == in_si(other)


def _base_given(sweep: Sweep, labels: Mapping[str, str]) -> dict[str, Tree]:
    design = sweep.design.one_at_a_time
    found = {}
    for called, value in design.base.items() if design is not None else ():
        at = ("design", "one-at-a-time", "base", called)
        try:
            path = factor_called(called, labels)
        except InputError as error:
            raise InputError(error.message, at=at, hint=error.hint) from None
        if path not in sweep.free:
            raise InputError(tied_already(labels[path]), at=at)
        found[path] = value
    return found


def _written(sweep: Sweep, labels: Mapping[str, str], rows: Sequence[Row]) -> Iterator[Values]:
    for row in rows:
        values = by_path(row, sweep.free, labels)
        yield tuple(values[path] for path in sweep.free)


def _sampled(sweep: Sweep) -> Iterator[Values]:
    factors = [sweep.factors[path] for path in sweep.free]
    for path, factor in zip(sweep.free, factors, strict=True):
        law = factor.distribution
        if sweep.design.kind == "morris" and law is not None and not law.is_bounded:
            raise InputError(
                "this distribution has no ends, and morris goes from end to end",
                at=("factors", path, "distribution"),
                hint="give it a min and a max",
            )
        _of_factor(path, lambda factor=factor: (factor.at(0.5),))  # type: ignore[misc]
    for shares in unit_cube(sweep.design, len(factors), sweep.seed):
        yield tuple(factor.at(float(u)) for factor, u in zip(factors, shares, strict=True))


def unit_cube(design: Design, factors: int, seed: int) -> NDArray[np.float64]:
    """Give a sampling design's points in the unit cube, shape (points, factors).

    Latin hypercube: McKay, Beckman and Conover, Technometrics 21 (1979) 239. Sobol' points
    are scrambled: Owen, Journal of Complexity 14 (1998) 466. Random and Sobol' points of a
    larger design begin with those of a smaller.

    Raises
    ------
    InputError
        If there would be more points than are allowed.
    """
    import numpy as np  # noqa: PLC0415 - heavy, and grids do without
    from scipy.stats import qmc  # noqa: PLC0415 - likewise

    chance = np.random.default_rng(seed)
    if design.random is not None:
        return chance.random((design.random.points, factors))
    if design.latin_hypercube is not None:
        cube = qmc.LatinHypercube(factors, seed=chance).random(design.latin_hypercube.points)
        return np.asarray(cube, dtype=np.float64)
    if design.sobol is not None:
        cube = qmc.Sobol(factors, seed=chance).random(design.sobol.points)
        return np.asarray(cube, dtype=np.float64)
    return _for_sensitivities(design, factors, seed)


def _for_sensitivities(design: Design, factors: int, seed: int) -> NDArray[np.float64]:
    from sim.sweeps import sensitivity  # noqa: PLC0415 - heavy

    if design.saltelli is not None:
        points, second = design.saltelli.points, design.saltelli.second_order
        _ask_size(points * ((2 * factors + 2) if second else (factors + 2)), "take fewer points")
        return sensitivity.saltelli_sample(factors, points, second_order=second, seed=seed)
    assert design.morris is not None, "no other design samples"
    walks, levels = design.morris.trajectories, design.morris.levels
    _ask_size(walks * (factors + 1), "take fewer trajectories")
    return sensitivity.morris_sample(factors, walks, levels=levels, seed=seed)


def _with_tied(sweep: Sweep, values: dict[str, Tree], ties: Mapping[str, str]) -> dict[str, Tree]:
    """Add the values of tied factors, and put all in the order of the file."""
    if not ties:
        return values
    for path, other in ties.items():
        try:
            values[path] = sweep.factors[path].tied_to(values[other])
        except InputError as error:
            raise InputError(
                f"of {quoted(write_value(values[other]))} this cannot be computed: {error.message}",
                at=("factors", path, "tied"),
                hint=error.hint,
            ) from None
    return {path: values[path] for path in sweep.factors}
