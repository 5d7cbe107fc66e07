"""Amounts as sweep files write them: a number and its unit, computed with and written again."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from math import isfinite, nan
from typing import TYPE_CHECKING, NamedTuple

from sim import units
from sim.errors import UnitError, described, quoted
from sim.scenario.values import scalar

if TYPE_CHECKING:
    from collections.abc import Callable

_DIGITS = 12  # significant ones that a value made keeps; all that a quantity can mean
_QUANTITIES: dict[str, Callable[[str], float]] = {
    "length": units.length,
    "duration": units.duration,
    "speed": units.speed,
    "pressure": units.pressure,
    "angle": units.angle,
}
_KIND_OF = {unit: kind for kind, spelt in units.SPELLINGS.items() for unit in spelt}
_REMEMBERED = 2**16  # texts whose numbers in SI are kept


class Amount(NamedTuple):
    """A number and its unit; ``signed`` if a plus is written too, as offsets in time have it."""

    number: float
    unit: str
    signed: bool = False

    def __str__(self) -> str:
        """Give the amount as it stands in a file."""
        return self.of(self.number)

    def of(self, number: float) -> str:
        """Give another number in the same unit, as it stands in a file."""
        sign = "+" if self.signed else ""
        return f"{number:{sign}.{_DIGITS}g} {self.unit}".rstrip()


def amount(value: object) -> Amount:
    """Take a number with one unit, or a duration of several, which is then one of seconds.

    Raises
    ------
    UnitError
        If the value is none.
    """
    text = scalar(value).strip()
    try:
        number, unit = units.parted(text)
    except UnitError:
        with suppress(UnitError):
            return Amount(units.duration(text), "s", text.startswith("+"))
        raise
    return Amount(number, unit, text.startswith("+"))


def converted(given: Amount, unit: str) -> float:
    """Give the number of an amount in another unit of its kind.

    Raises
    ------
    UnitError
        If the units are not of one kind.
    """
    if given.unit == unit:
        return given.number
    kind = _KIND_OF.get(unit)
    if kind is None or _KIND_OF.get(given.unit) != kind:
        raise UnitError(
            f"{_unit_named(given.unit)} and {_unit_named(unit)} measure different things"
        )
    read = _QUANTITIES[kind]
    return given.number * read(f"1 {given.unit}") / read(f"1 {unit}")


def _unit_named(unit: str) -> str:
    return quoted(unit) if unit else "a plain number"


def in_si(value: object) -> float:
    """Give the number that a value stands for, in SI, degrees and shares; nan where it is none."""
    return _in_si(value) if isinstance(value, str) else nan


@lru_cache(_REMEMBERED)
def _in_si(text: str) -> float:
    readers: tuple[Callable[[str], float], ...] = (
        *(_by_unit(text)),
        units.figure,
        units.duration,
        units.rate,
        lambda text: units.altitude(text)[1],
        lambda text: units.instant(text).seconds,
    )
    for read in readers:
        with suppress(UnitError):
            size = read(text)
            return size if isfinite(size) else nan
    return nan


def _by_unit(text: str) -> tuple[Callable[[str], float], ...]:
    with suppress(UnitError):
        kind = _KIND_OF.get(units.parted(text)[1])
        return () if kind is None else (_QUANTITIES[kind],)
    return ()


def same_unit(first: Amount, second: Amount) -> Amount:
    """Give the first amount, signed if either is, once both are known to share a unit.

    Raises
    ------
    UnitError
        If they do not; with the second in the unit of the first as a hint where that can be.
    """
    if first.unit == second.unit:
        return first._replace(signed=first.signed or second.signed)
    hint = ""
    with suppress(UnitError):
        hint = f"write {first.of(converted(second, first.unit))}"
    raise UnitError(
        f"{described(str(second))} is in another unit than {quoted(str(first))}:"
        " expected one unit for both",
        hint=hint,
    )
