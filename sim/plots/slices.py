"""Cuts through a sweep's design: along one factor or two, the others held."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.plots.levels import levels_of
from sim.report.choices import brief
from sim.report.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.plots.levels import Levels
    from sim.sweeps.answers import Answers, Estimate

MOST_CURVES = 6  # that can be told apart


@dataclass(frozen=True, slots=True)
class Curve:
    """Estimates along one factor, at one level of another; without another, of none."""

    level: str
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """How points lie along a factor.

    Attributes
    ----------
    along
        The factor's values.
    by
        The factor of which each curve has a value; None if there is one curve.
    curves
        In the order of those values.
    note
        What a reader has to know of the other factors.
    is_joined
        Whether the points of a curve differ in nothing but what the axis shows, so that a
        line may join them.
    """

    along: Levels
    by: str | None
    curves: tuple[Curve, ...]
    note: str
    is_joined: bool

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """All that are shown."""
        return tuple(estimate for curve in self.curves for estimate in curve.estimates)


@dataclass(frozen=True, slots=True)
class Cells:
    """The estimate at each pair of values of two factors, by (across, up); some may be absent."""

    across: Levels
    up: Levels
    cells: dict[tuple[str, str], Estimate]
    note: str


def curves_of(found: Answers, factor: str | None = None, by: str | None = None) -> Curves:
    """Cut a design along a factor, by default the one of most values.

    A full grid has a curve for each value of a second factor, and holds further ones at
    the recommended point, or in their middle. One factor at a time has the one through its
    base. Of other designs the points are shown as they are.

    Raises
    ------
    InputError
        If both factors are one.
    """
    kind, free = found.study.sweep.design.kind, _varying(found) or found.free[:1]
    along = factor or _longest(found, free)
    others = tuple(name for name in free if name != along)
    if by == along:
        raise InputError(f"curves along {along} cannot each have one value of {along}")
    if kind == "one-at-a-time" or not others:
        base = found.estimates[0]
        held = _held_at(base, others)
        estimates = _matching(found.estimates, held)
        return _curves(found, along, None, estimates, _held_note(held))
    if _is_grid(found, free):
        by = by or _longest(found, others)
        held = _held_at(_middle(found), tuple(name for name in others if name != by))
        return _curves(found, along, by, _matching(found.estimates, held), _held_note(held))
    rest = [name for name in others if name != by]
    moving = f"{listed(rest)} {'varies' if len(rest) == 1 else 'vary'} too" if rest else ""
    return _curves(found, along, by, found.estimates, moving, is_joined=kind == "zip" or not rest)


def cells_of(found: Answers, factors: Sequence[str] | None = None) -> Cells:
    """Cut a grid along two factors, by default the two of most values.

    Raises
    ------
    InputError
        If there are no two factors, or the points form no grid of them.
    """
    free = _varying(found)
    if len(free) < 2:  # noqa: PLR2004 - across and up
        raise InputError(
            f"a heat map is of two factors that vary, and here {listed(free) or 'none'} does",
            hint="sim.plots.responses shows one",
        )
    across = factors[0] if factors else _longest(found, free)
    up = factors[1] if factors else _longest(found, tuple(n for n in free if n != across))
    if across == up:
        raise InputError(f"{across} cannot go both across and up", hint="give two factors")
    held = {} if _is_plane(found.estimates, across, up) else _held_at(_middle(found), free)
    held = {name: text for name, text in held.items() if name not in {across, up}}
    estimates = _matching(found.estimates, held)
    cells = {(e.point.values[across], e.point.values[up]): e for e in estimates}
    if len(cells) < len(estimates) or not _is_filled(cells):
        raise InputError(
            f"the points of this design ({found.study.sweep.design.kind}) form no grid of"
            f" {across} and {up}",
            hint="sim.plots.responses shows them as they are; design: grid would form one",
        )
    return Cells(levels_of(found, across), levels_of(found, up), cells, _held_note(held))


def _is_plane(estimates: Iterable[Estimate], across: str, up: str) -> bool:
    """Tell whether no two points have the same values of two factors."""
    pairs = [(e.point.values[across], e.point.values[up]) for e in estimates]
    return len({*pairs}) == len(pairs)


def _is_filled(cells: Iterable[tuple[str, str]]) -> bool:
    """Tell whether pairs form a grid of two by two at least, of which half is there."""
    pairs = [*cells]
    columns, rows = ({pair[place] for pair in pairs} for place in (0, 1))
    return min(len(columns), len(rows)) > 1 and 2 * len(pairs) >= len(columns) * len(rows)


def _curves(
    found: Answers,
    along: str,
    by: str | None,
    estimates: Sequence[Estimate],
    note: str,
    *,
    is_joined: bool = True,
) -> Curves:
    """Part estimates by the levels of a factor, and leave some levels out if they are many."""
    levels = levels_of(found, along, (e.point.values[along] for e in estimates))
    parts: dict[str, list[Estimate]] = defaultdict(list)
    for estimate in sorted(estimates, key=lambda e: levels.place(e.point.values[along])):
        parts[estimate.point.values[by] if by else ""].append(estimate)
    texts: Sequence[str] = levels_of(found, by, parts).texts if by else [*parts]
    chosen = _some(texts, MOST_CURVES)
    if by and len(chosen) < len(texts):
        fewer = f"{len(chosen)} of {len(texts)} values of {by}"
        note = "; ".join(filter(None, (fewer, note)))
    curves = tuple(Curve(text, tuple(parts[text])) for text in chosen)
    return Curves(levels, by, curves, note, is_joined and levels.scale != "named")


def _varying(found: Answers) -> tuple[str, ...]:
    """Give the free factors with more than one value."""
    return tuple(name for name in found.free if len(_texts(found, name)) > 1)


def _texts(found: Answers, name: str) -> dict[str, None]:
    return dict.fromkeys(estimate.point.values[name] for estimate in found.estimates)


def _longest(found: Answers, names: Sequence[str]) -> str:
    return max(names, key=lambda name: len(_texts(found, name)))


def _is_grid(found: Answers, names: Sequence[str]) -> bool:
    """Tell whether each value of some factors goes with each of the others, once."""
    rows = [tuple(e.point.values[name] for name in names) for e in found.estimates]
    size = math.prod(len(_texts(found, name)) for name in names)
    return len(rows) == len({*rows}) == size


def _middle(found: Answers) -> Estimate:
    """Give the point through which to cut: the recommended one, or that amid all values."""
    if found.recommended is not None:
        return found.recommended
    middle = {name: [*_texts(found, name)] for name in found.free}
    wanted = {name: texts[len(texts) // 2] for name, texts in middle.items()}
    return max(
        found.estimates,
        key=lambda e: sum(e.point.values[name] == text for name, text in wanted.items()),
    )


def _held_at(estimate: Estimate, names: Iterable[str]) -> dict[str, str]:
    return {name: estimate.point.values[name] for name in names}


def _matching(estimates: Iterable[Estimate], held: dict[str, str]) -> tuple[Estimate, ...]:
    return tuple(
        estimate
        for estimate in estimates
        if all(estimate.point.values[name] == text for name, text in held.items())
    )


def _held_note(held: dict[str, str]) -> str:
    texts = [f"{name} {brief(text)}" for name, text in held.items()]
    return f"at {listed(texts)}" if texts else ""


def _some(items: Sequence[str], count: int) -> list[str]:
    """Take so many at most, evenly, and both ends among them."""
    if len(items) <= count:
        return [*items]
    last = len(items) - 1
    return [items[round(place * last / (count - 1))] for place in range(count)]
