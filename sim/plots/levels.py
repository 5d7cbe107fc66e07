"""The values of a factor along an axis: in their order, evenly by ratio or by difference."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

from sim.errors import UnitError
from sim.report.choices import brief
from sim.sweeps.amounts import amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.sweeps.answers import Answers
    from sim.sweeps.factors import Factor

Scale = Literal["linear", "log", "named"]

LETTER_IN = 0.075  # how wide a letter of a label is, about
_GAP_IN = 0.12  # between labels
_FEW = 12  # values that each have a tick
_LINES = 3  # of a label
_NARROWEST = 8  # letters of one
_TICKS = 7  # at most, that are round
_ROUND = 1e-9


@dataclass(frozen=True, slots=True)
class Levels:
    """All values of one factor, in the order in which they stand along an axis.

    Attributes
    ----------
    name
        The factor's.
    texts
        The values.
    places
        Where each stands: what it is in SI, or for words 0, 1, 2, ...
    scale
        Whether places are even by difference, by ratio, or name words.
    """

    name: str
    texts: tuple[str, ...]
    places: tuple[float, ...]
    scale: Scale

    def place(self, text: str) -> float:
        """Give where a value stands."""
        return self.places[self.texts.index(text)]

    @property
    def ends(self) -> tuple[float, float]:
        """Where an axis of them begins and ends, with a little room."""
        low, high = self.places[0], self.places[-1]
        if self.scale == "named":
            return low - 0.5, high + 0.5
        if self.scale == "log":
            room = (high / low) ** 0.03
            return low / room, high * room
        room = 0.03 * (high - low) or max(abs(low) * 0.05, 0.5)
        return low - room, high + room

    def ticks(self, inches: float) -> list[tuple[float, str]]:
        """Give places for ticks along an axis so long, with labels that do not touch."""
        if self.scale == "named":
            width = max(_NARROWEST, int(inches / len(self.texts) / LETTER_IN) - 1)
            named = [*zip(self.places, (_wrapped(t, width) for t in self.texts), strict=True)]
            steps = range(1, len(named) + 1)
            return next(few for s in steps if (few := named[::s]) == self._apart(few, inches))
        if len(self.texts) <= _FEW:
            own = zip(self.places, map(brief, self.texts), strict=True)
            return self._apart(list(own), inches)
        return self._apart(list(self._round()), inches)

    def _round(self) -> Iterator[tuple[float, str]]:
        """Give round numbers of the unit that all values have; else the values themselves."""
        amounts = [_amount(text) for text in self.texts]
        unit, factor = amounts[0][1], _factor(amounts, self.places)
        if math.isnan(factor):
            yield from zip(self.places, map(brief, self.texts), strict=True)
            return
        low, high = sorted(place / factor for place in (self.places[0], self.places[-1]))
        ticks = round_ratios(low, high) if self.scale == "log" else round_steps(low, high)
        for tick in ticks:
            yield tick * factor, f"{tick:g} {unit}".rstrip()

    def _apart(self, ticks: list[tuple[float, str]], inches: float) -> list[tuple[float, str]]:
        """Leave out labels that would touch one before, but not the last."""
        low, high = (self._even(end) for end in self.ends)
        shown: list[tuple[float, str]] = []
        for place, label in sorted(ticks, key=lambda tick: tick[0], reverse=True):
            if shown:
                apart = (self._even(shown[-1][0]) - self._even(place)) / (high - low) * inches
                if apart < (_inches(label) + _inches(shown[-1][1])) / 2 + _GAP_IN:
                    continue
            shown.append((place, label))
        return shown[::-1]

    def _even(self, place: float) -> float:
        return math.log(place) if self.scale == "log" else place


def levels_of(found: Answers, name: str, texts: Iterable[str] | None = None) -> Levels:
    """Give the values of a factor over all points, or those of some, in the order of an axis."""
    sizes = {e.point.values[name]: e.point.numbers[name] for e in found.estimates}
    if texts is not None:
        sizes = {text: sizes[text] for text in texts}
    if any(math.isnan(size) for size in sizes.values()):
        return Levels(name, (*sizes,), tuple(map(float, range(len(sizes)))), "named")
    path = next(path for path, label in found.study.labels.items() if label == name)
    ordered = sorted(sizes, key=lambda text: sizes[text])
    places = tuple(sizes[text] for text in ordered)
    return Levels(name, (*ordered,), places, _scale(found.study.sweep.factors.get(path), places))


def as_words(levels: Levels) -> Levels:
    """Let values stand evenly, whatever they are: at 0, 1, 2, ..."""
    places = tuple(map(float, range(len(levels.texts))))
    return replace(levels, places=places, scale="named")


def round_steps(low: float, high: float) -> list[float]:
    """Give the fewest round numbers, evenly from low to high, that an axis wants."""
    if not high > low:
        return [low]
    least = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(least))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= least)
    first, last = math.ceil(low / step - _ROUND), math.floor(high / step + _ROUND)
    return [number * step for number in range(first, last + 1)]


def round_ratios(low: float, high: float) -> list[float]:
    """Give 1, 2, 5, 10, ... from low to high, or powers of ten where those are many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [size * 10.0**power for power in powers for size in (1, 2, 5)]
    inside = [tick for tick in ticks if low <= tick * (1 + _ROUND) and tick <= high * (1 + _ROUND)]
    tens = [tick for tick in inside if math.isclose(math.log10(tick) % 1.0, 0.0, abs_tol=_ROUND)]
    return tens if len(inside) > 2 * _TICKS else inside


def _scale(factor: Factor | None, places: Sequence[float]) -> Scale:
    """Choose the scale that a factor states, or that of which written values are more even."""
    if min(places) <= 0.0:
        return "linear"
    if factor is not None and (factor.is_range or factor.distribution is not None):
        return factor.scale or "linear"
    logs = [math.log(place) for place in places]
    return "log" if _unevenness(logs) < _unevenness(places) - _ROUND else "linear"


def _unevenness(places: Sequence[float]) -> float:
    """Compare the widest step between values with the narrowest."""
    steps = [after - before for before, after in pairwise(places)]
    return max(steps) / min(steps) if steps and min(steps) > 0.0 else 1.0


def _amount(text: str) -> tuple[float, str]:
    try:
        found = amount(text)
    except UnitError:
        return math.nan, ""
    return found.number, found.unit


def _factor(amounts: Sequence[tuple[float, str]], places: Sequence[float]) -> float:
    """Give what one of the values' common unit is in SI; nan where there is no such number."""
    (number, unit), place = max(zip(amounts, places, strict=True), key=lambda one: abs(one[1]))
    factor = place / number if number else math.nan
    alike = all(
        other == unit and math.isclose(size * factor, at, rel_tol=1e-6, abs_tol=_ROUND)
        for (size, other), at in zip(amounts, places, strict=True)
    )
    return factor if alike else math.nan


def _wrapped(text: str, width: int) -> str:
    return "\n".join(wrap(brief(text), width, max_lines=_LINES, placeholder="..."))


def _inches(label: str) -> float:
    return LETTER_IN * max(map(len, label.split("\n")))
