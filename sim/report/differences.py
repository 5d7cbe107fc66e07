"""Differences between two sides as text: a sign, and as many digits as their intervals allow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.wording import number_text

if TYPE_CHECKING:
    from sim.report.figures import Figure
    from sim.stats import Paired

ALIKE = "always the same"
_DIGITS = 2  # of the half-width that mean something
_MOST = 6  # digits after the point
_ROUNDING = 1e-9
_EXACT, _ENDLESS = 1e3, 1e9  # replications


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric before, after, and what changed, as bare numbers in the figure's noun."""

    before: str
    after: str
    change: str
    interval: str


def difference(figure: Figure, found: Paired) -> Difference:
    """Put a difference in numbers that have their last digit in common.

    It is the second of the half-width of the interval; what varies less than can
    be seen, or has no interval, is shown as any number is.
    """
    change, factor = found.difference, figure.factor
    low, high = change.low * factor, change.high * factor
    half = (high - low) / 2
    digits = _digits(half, factor * max(abs(found.before.mean), abs(found.after.mean)))
    return Difference(
        before=_number(found.before.mean * factor, digits),
        after=_number(found.after.mean * factor, digits),
        change=_signed(change.mean * factor, digits),
        interval=_interval(low, high, digits, found.n),
    )


def unpaired(found: Paired) -> str:
    """Say how many independent replications a side would tell as much as the pairs do.

    It comes of a ratio of estimated variances, of which two digits are all that is known;
    small ones are given in full, as they are read beside the number of pairs.
    """
    size = found.independent_n
    if math.isnan(size):
        return "-"
    if size > _ENDLESS:
        return "no end"
    if size >= _EXACT:
        digit = 10.0 ** (math.floor(math.log10(size)) - 1)
        size = round(size / digit) * digit
    return f"{size:,.0f}"


def _digits(half: float, size: float) -> int | None:
    """Count the digits after the point; None where the half-width decides nothing."""
    if not math.isfinite(half) or half <= _ROUNDING * max(size, _ROUNDING):
        return None
    return min(max(_DIGITS - 1 - math.floor(math.log10(half)), 0), _MOST)


def _interval(low: float, high: float, digits: int | None, pairs: int) -> str:
    if pairs == 0:
        return "-"
    if pairs == 1:
        return "unknown: one pair"
    if digits is None:
        return ALIKE
    return f"{_signed(low, digits)} to {_signed(high, digits)}"


def _signed(value: float, digits: int | None) -> str:
    text = _number(abs(value), digits)
    if not set(text) & set("123456789"):
        return text
    return f"{'-' if value < 0 else '+'}{text}"


def _number(value: float, digits: int | None) -> str:
    if math.isnan(value):
        return "-"
    if digits is not None:
        return f"{value:,.{digits}f}"
    return number_text(value)
