"""Laws of factors: distributions whose numbers have one unit, so that values can be written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sim.distributions import Distribution  # noqa: TC001 - pydantic looks into the class below
from sim.errors import InputError, described
from sim.scenario.draws import read_distribution
from sim.sweeps.amounts import Amount, amount, same_unit

_ALMOST_NEVER = 1e-9  # a quantile that stands for the end where there is none


@dataclass(frozen=True, slots=True)
class Law:
    """A distribution of numbers, the unit that they are all in, and how both are written."""

    numbers: Distribution
    unit: Amount
    tree: dict[str, Any]

    def at(self, u: float) -> str:
        """Give the quantile at u, from 0 to 1, as it stands in a file."""
        if u <= 0.0 or u >= 1.0:
            return self.ends[u >= 1.0]
        return self.unit.of(self.numbers.ppf(u))

    @property
    def is_bounded(self) -> bool:
        """Whether there are a smallest and a largest value."""
        return math.isfinite(self.numbers.lower) and math.isfinite(self.numbers.upper)

    @property
    def ends(self) -> tuple[str, str]:
        """The smallest and the largest value; without bounds, what is almost never passed."""
        low, high = self.numbers.lower, self.numbers.upper
        if not math.isfinite(low):
            low = self.numbers.ppf(_ALMOST_NEVER)
        if not math.isfinite(high):
            high = self.numbers.ppf(1.0 - _ALMOST_NEVER)
        return self.unit.of(low), self.unit.of(high)


def read_law(value: object) -> Law:
    """Read one of the distributions of a scenario; its parameters have one unit."""
    found: list[Amount] = []

    def read_one(text: str) -> float:
        given = amount(text)
        found.append(same_unit(found[0], given) if found else given)
        return given.number

    if not isinstance(value, dict):
        raise InputError(
            f"expected a distribution, found {described(value)}",
            hint="write such as {uniform: {min: 0.5, max: 1}}",
        )
    numbers = read_distribution(value, read_one)
    return Law(numbers, found[-1], value)
