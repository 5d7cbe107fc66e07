"""From what a scenario writes of a random quantity to the distribution it means."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from sim.distributions import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    LogNormal,
    Mixture,
    Normal,
    Triangular,
    Uniform,
    Weibull,
)
from sim.errors import InputError, UnitError, described, did_you_mean, quoted
from sim.units import number, probability

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Quantity = Callable[[str], float]

_KINDS: dict[str, type[Distribution]] = {
    "uniform": Uniform,
    "triangular": Triangular,
    "normal": Normal,
    "lognormal": LogNormal,
    "exponential": Exponential,
    "gamma": Gamma,
    "weibull": Weibull,
}
_RANGE = re.compile(r"\s*(?:\bto\b|(?<=[0-9A-Za-z%])\s*[-–])\s*")  # noqa: RUF001 - as typed
NAMES = ("fixed", *_KINDS, "empirical", "mixture")


def read_distribution(value: object, quantity: Quantity) -> Distribution:
    """Read a plain value, or a mapping of one distribution's name to its parameters.

    Parameters
    ----------
    value
        A text (or number), a mapping such as ``{lognormal: {median: 5 min, p95: 12 min}}``,
        ``{empirical: {samples: [1 min, 4 min]}}``, ``{empirical: {quantiles: {0.5: 5 min}}}``
        or ``{mixture: [{weight: 0.9, value: 5 min}, {weight: 0.1, value: {...}}]}``.
    quantity
        What reads one parameter, such as :func:`sim.units.duration`; shapes, weights and
        probabilities are plain numbers.

    Raises
    ------
    InputError
        With ``at`` the keys below ``value`` that lead to the fault.
    """
    if not isinstance(value, dict):
        try:
            return Fixed(_parameter(value, quantity))
        except UnitError as error:
            hint = _meant(value, quantity) or error.hint
            raise UnitError(error.message, at=error.at, hint=hint) from None
    if len(value) != 1:
        found = ", ".join(quoted(key) for key in list(value)[:4]) or "none"
        raise InputError(
            f"a distribution is written as one name with its parameters, found {found}",
            hint="for example {uniform: {min: ..., max: ...}}",
        )
    ((name, given),) = value.items()
    try:
        return _build(str(name), given, quantity)
    except InputError as error:
        raise type(error)(error.message, at=(name, *error.at), hint=error.hint) from None


def _meant(value: object, quantity: Quantity) -> str:
    """Suggest the distribution that a range, or a distribution in another notation, means."""
    ends = value if isinstance(value, list) else _RANGE.split(str(value).strip(), maxsplit=1)
    if len(ends) == len(("min", "max")):
        low, high = (str(end).strip() for end in ends)
        unit = high.lstrip("0123456789. ")
        for first in (low, f"{low} {unit}"):
            if _is_quantity(first, quantity) and _is_quantity(high, quantity):
                return f"write {{uniform: {{min: {first}, max: {high}}}}} for a range"
    name = re.split(r"[^a-z]", value.strip().lower())[0] if isinstance(value, str) else ""
    if name not in _KINDS:
        return ""
    needed = [one.name for one in fields(_KINDS[name]) if one.default is MISSING]  # type: ignore[arg-type]
    return f"write {{{name}: {{{', '.join(f'{key}: ...' for key in needed)}}}}}"


def _is_quantity(text: str, quantity: Quantity) -> bool:
    try:
        quantity(text)
    except UnitError:
        return False
    return text.isprintable()


def _build(name: str, given: object, quantity: Quantity) -> Distribution:
    if name == "fixed":
        return Fixed(_parameter(given, quantity))
    if name == "empirical":
        return _empirical(_keys(given, Empirical), quantity)
    if name == "mixture":
        return _mixture(given, quantity)
    if name not in _KINDS:
        raise InputError(
            f"{quoted(name)} is no distribution: expected one of {', '.join(NAMES)}",
            hint=did_you_mean(name, NAMES),
        )
    kind = _KINDS[name]
    parameters = _keys(given, kind)
    read_one = {"shape": number}
    return _made(
        kind,
        {key: _at(key, text, read_one.get(key, quantity)) for key, text in parameters.items()},
        parameters,
    )


def _keys(given: object, kind: type[Distribution]) -> Mapping[str, object]:
    """Give the parameters once their names are right and none that is needed is missing."""
    known = [one.name for one in fields(kind)]  # type: ignore[arg-type]
    needed = [one.name for one in fields(kind) if one.default is MISSING]  # type: ignore[arg-type]
    if not isinstance(given, dict):
        example = ", ".join(f"{key}: ..." for key in needed or known[2:3])
        raise InputError(f"expected its parameters as {{{example}}}, found {described(given)}")
    for key in given:
        if key not in known:
            raise InputError(
                f"unknown parameter: expected {', '.join(known)}",
                at=(key,),
                hint=did_you_mean(str(key), known),
            )
    if missing := [key for key in needed if key not in given]:
        raise InputError(f"{' and '.join(missing)} must be given")
    return given


def _made(
    kind: Callable[..., Distribution], parameters: Mapping[str, Any], texts: Mapping[str, object]
) -> Distribution:
    try:
        return kind(**parameters)
    except InputError as error:
        key = error.at[0] if error.at else None
        found = f", found {described(texts[str(key)])}" if key in texts else ""
        raise InputError(f"{error.message}{found}", at=error.at, hint=error.hint) from None


def _empirical(given: Mapping[str, object], quantity: Quantity) -> Distribution:
    parameters: dict[str, Any] = {}
    for key, value in given.items():
        if key == "samples":
            items = value if isinstance(value, list) else []
            parameters[key] = tuple(
                _at(key, text, quantity, place) for place, text in enumerate(items)
            )
        elif key == "quantiles":
            pairs = value if isinstance(value, dict) else {}
            parameters[key] = tuple(
                sorted(
                    (_at(key, p, probability, p), _at(key, text, quantity, p))
                    for p, text in pairs.items()
                )
            )
        else:
            parameters[key] = _at(key, value, quantity)
    return _made(Empirical, parameters, {})


def _mixture(given: object, quantity: Quantity) -> Distribution:
    parts = []
    for place, part in enumerate(given if isinstance(given, list) else []):
        if not isinstance(part, dict) or set(part) != {"weight", "value"}:
            raise InputError("each part is written as {weight: 0.9, value: ...}", at=(place,))
        weight = _at(place, part["weight"], number, "weight")
        try:
            parts.append((weight, read_distribution(part["value"], quantity)))
        except InputError as error:
            at = (place, "value", *error.at)
            raise type(error)(error.message, at=at, hint=error.hint) from None
    return _made(Mixture, {"parts": tuple(parts)}, {})


def _at(key: str | int, text: object, quantity: Quantity, *below: str | int) -> float:
    """Read one parameter; a fault says where it stands."""
    try:
        return _parameter(text, quantity)
    except InputError as error:
        raise type(error)(error.message, at=(key, *below), hint=error.hint) from None


def _parameter(value: object, quantity: Quantity) -> float:
    if isinstance(value, (dict, list)):
        raise UnitError(f"expected one value, found {described(value)}")
    return quantity(str(value))
