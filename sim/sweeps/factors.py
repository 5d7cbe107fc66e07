"""What a sweep varies: factors, each with the values or the law that a design goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from sim import units
from sim.errors import InputError, UnitError, described, quoted
from sim.scenario import fields as f
from sim.scenario import values as v
from sim.scenario.parts import Frozen
from sim.sweeps.amounts import Amount, amount, converted, same_unit
from sim.sweeps.laws import Law, read_law

if TYPE_CHECKING:
    from typing import Self

    from sim.scenario.tree import Tree

LONGEST_NAME = 60  # characters; it heads a column
_LARGEST_COUNT = 1_000_000
_AMOUNT = {"type": ["number", "string"]}
Written = Annotated[
    Amount, PlainValidator(amount), PlainSerializer(str, str), WithJsonSchema(_AMOUNT)
]


def _name(value: object) -> str:
    name = v.scalar(value).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UnitError(
            f"{described(name)} is no name: expected 1 to {LONGEST_NAME} letters on one line"
        )
    return name


def _steps(value: object) -> int:
    return v.counted(value, 2, _LARGEST_COUNT)


def _times(value: object) -> float:
    return units.figure(v.scalar(value))


class Factor(Frozen):
    """One value of the scenario that a sweep varies, also written as a bare list of its values."""

    name: Annotated[str, PlainValidator(_name), WithJsonSchema({"type": "string"})] | None = Field(
        None,
        description="What tables call it; without it, the shortest end of its path that tells"
        " it from the other factors.",
    )
    values: tuple[Annotated[Any, WithJsonSchema({})], ...] | None = Field(
        None, min_length=1, description="The values, in order."
    )
    from_: Written | None = Field(
        None, alias="from", description="Where a range begins; beside it to, in the same unit."
    )
    to: Written | None = Field(None, description="Where a range ends.")
    steps: (
        Annotated[
            int,
            PlainValidator(_steps),
            WithJsonSchema({"type": "integer", "minimum": 2, "maximum": _LARGEST_COUNT}),
        ]
        | None
    ) = Field(
        None,
        description="How many values of a range are taken, both ends among them. Designs that"
        " sample do without.",
    )
    scale: (
        Annotated[
            Literal["linear", "log"],
            v.choice(("linear", "log")),
            WithJsonSchema({"enum": ["linear", "log"]}),
        ]
        | None
    ) = Field(
        None,
        description="Whether a range is even by difference or by ratio [linear].",
    )
    distribution: (
        Annotated[
            Law,
            PlainValidator(read_law),
            PlainSerializer(lambda law: law.tree, dict[str, Any]),
            WithJsonSchema({"type": "object"}),
        ]
        | None
    ) = Field(
        None,
        description="A distribution as in scenarios, all its parameters in one unit. For designs"
        " that sample.",
    )
    tied: f.Text | None = Field(
        None, description="The path or name of another factor, whose value this one follows."
    )
    times: Annotated[float, PlainValidator(_times), WithJsonSchema(_AMOUNT)] | None = Field(
        None, description="What the other factor's value is multiplied by."
    )
    plus: Written | None = Field(None, description="What is added to the other factor's value.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        given = [key for key in ("values", "from", "distribution", "tied") if _has(self, key)]
        if len(given) > 1:
            raise InputError(
                "expected at most one of values, from with to, distribution, tied,"
                f" found {' and '.join(given)}"
            )
        for key, owner in _OWNERS.items():
            if _has(self, key) and not _has(self, owner):
                raise InputError(f"{key} is for what has {owner}", at=(key,))
        _check_range(self)
        if self.values is not None:
            _check_values(self.values)
        return self

    @property
    def is_range(self) -> bool:
        """Whether it runs from one amount to another."""
        return self.from_ is not None

    @property
    def ends(self) -> tuple[Amount, Amount]:
        """Where its range begins and ends, in one unit."""
        assert self.from_ is not None
        assert self.to is not None
        return same_unit(self.from_, self.to), self.to

    def levels(self) -> tuple[Tree, ...]:
        """Give the values that a design of steps goes through.

        Raises
        ------
        InputError
            If it has none.
        """
        if self.values is not None:
            return self.values
        if self.is_range and self.steps is not None:
            last = self.steps - 1
            return tuple(self._between(place / last) for place in range(self.steps))
        if self.is_range:
            raise InputError("steps is missing: expected such as 5, as this design goes by steps")
        what = "a distribution" if self.distribution is not None else "nothing"
        raise InputError(
            f"expected values that this design can go through, found {what}",
            hint="write a list of values, or from, to and steps",
        )

    def at(self, u: float) -> Tree:
        """Give the value at u, from 0 to 1.

        Of a range the share u of the way, of a list the value in whose equal share u
        lies, of a distribution the quantile.

        Raises
        ------
        InputError
            If it has no values.
        """
        if self.distribution is not None:
            return self.distribution.at(u)
        if self.is_range:
            return self._between(u)
        values = self.levels()
        return values[min(int(u * len(values)), len(values) - 1)]

    def tied_to(self, value: Tree) -> Tree:
        """Give its value where the factor that it is tied to has another.

        Raises
        ------
        InputError
            If it is to be computed of what is no number, or of another kind of quantity.
        """
        if self.times is None and self.plus is None:
            return value
        given = amount(value)
        times = 1.0 if self.times is None else self.times
        plus = 0.0 if self.plus is None else converted(self.plus, given.unit)
        return given.of(given.number * times + plus)

    def probes(self) -> tuple[tuple[tuple[str | int, ...], Tree], ...]:
        """Give the values that must fit if all are to, each behind where it stands in the factor.

        Of a list all of them, of a range both ends, of a distribution the ends of its support.
        """
        if self.values is not None:
            return tuple((("values", place), value) for place, value in enumerate(self.values))
        if self.is_range:
            low, high = self.ends
            return (("from",), str(low)), (("to",), low.of(high.number))
        if self.distribution is not None:
            return tuple((("distribution",), end) for end in self.distribution.ends)
        return ()

    def _between(self, share: float) -> str:
        low, high = self.ends
        if share <= 0.0 or share >= 1.0:
            return low.of(high.number if share >= 1.0 else low.number)
        if self.scale == "log":
            return low.of(low.number * (high.number / low.number) ** share)
        return low.of(low.number + share * (high.number - low.number))


_OWNERS = {"to": "from", "steps": "from", "scale": "from", "times": "tied", "plus": "tied"}


def _has(factor: Factor, key: str) -> bool:
    return getattr(factor, "from_" if key == "from" else key) is not None


def _check_range(factor: Factor) -> None:
    if factor.from_ is None:
        return
    if factor.to is None:
        raise InputError("to is missing: expected where the range ends")
    try:
        low, high = factor.ends
    except UnitError as error:
        raise UnitError(error.message, at=("to",), hint=error.hint) from None
    if low.number == high.number:
        raise InputError(f"the range ends where it begins, at {quoted(str(low))}", at=("to",))
    for key, end in (("from", low), ("to", high)):
        if factor.scale == "log" and end.number <= 0.0:
            raise InputError(
                f"{quoted(str(end))} has no logarithm: expected more than 0 for scale: log",
                at=(key,),
                hint="write scale: linear, or a small end",
            )


def _check_values(values: tuple[Any, ...]) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise InputError(f"{described(value)} stands here twice", at=("values", place))


def _as_factor(value: Any) -> Any:
    return {"values": value} if isinstance(value, list) else value


Varied = Annotated[
    Factor,
    BeforeValidator(_as_factor, json_schema_input_type=Factor | list[Any]),
]
