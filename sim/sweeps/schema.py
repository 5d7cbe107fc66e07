"""The typed, frozen sweep: which values of a scenario vary, how, how often, and what is kept."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from sim import units
from sim.errors import InputError, UnitError, described, did_you_mean, nearest, quoted
from sim.findings.names import METRICS
from sim.scenario import fields as f
from sim.scenario import values as v
from sim.scenario.parts import Frozen
from sim.sweeps.factors import Varied

MOST_POINTS = 1_000_000  # of a design; more would take days, and are a slip of the pen
_MOST_REPLICATIONS = 1_000_000
_LARGEST_SEED = 2**32 - 1  # what SALib's samplers take
_FIGURE = WithJsonSchema({"type": ["number", "string"]})


def _metric(value: object) -> str:
    name = v.scalar(value).strip()
    if name not in METRICS:
        near = nearest(name, METRICS)
        known = "" if near else f": expected one of {', '.join(METRICS)}"
        raise UnitError(
            f"{described(name)} is no metric{known}",
            hint=did_you_mean(name, METRICS),
        )
    return name


def _figure(value: object) -> float:
    return units.figure(v.scalar(value))


def _half_width(value: object) -> float:
    size = _figure(value)
    if size <= 0.0:
        raise UnitError(f"{described(value)} is too small: expected more than 0")
    return size


def _whole(least: int, most: int) -> tuple[Any, ...]:
    def read(value: object) -> int:
        return v.counted(value, least, most)

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return PlainValidator(read), WithJsonSchema(schema)


def _power_of_two(value: object) -> int:
    size = v.counted(value, 1, MOST_POINTS)
    if size & (size - 1):
        low = 1 << (size.bit_length() - 1)
        raise UnitError(
            f"{quoted(size)} is no power of 2, which these points need to be evenly spread",
            hint=f"write {low} or {2 * low}",
        )
    return size


def _levels(value: object) -> int:
    size = v.counted(value, 2, 100)
    if size % 2:
        raise UnitError(
            f"{quoted(size)} is odd: expected an even number, by which each level is as likely",
            hint=f"write {size + 1}",
        )
    return size


def _seed(value: object) -> int:
    digits = v.scalar(value).strip()
    if not (digits.isascii() and digits.isdigit() and int(digits[:12]) <= _LARGEST_SEED):
        raise UnitError(
            f"{described(digits)} is no seed: expected a whole number from 0 to {_LARGEST_SEED}"
        )
    return int(digits)


_WHOLE = {"type": "integer", "minimum": 1}
Metric = Annotated[str, PlainValidator(_metric), WithJsonSchema({"enum": [*METRICS]})]
Metrics = Annotated[
    tuple[str, ...],
    v.several_of(_metric, ", ".join(METRICS[3:5])),
    PlainSerializer(list, list[str]),
    WithJsonSchema({"type": "array", "items": {"enum": [*METRICS]}, "uniqueItems": True}),
]
Figure = Annotated[float, PlainValidator(_figure), _FIGURE]
HalfWidth = Annotated[float, PlainValidator(_half_width), _FIGURE]
Seed = Annotated[
    int,
    PlainValidator(_seed),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": _LARGEST_SEED}),
]
Repeats = Annotated[int, *_whole(1, _MOST_REPLICATIONS)]
Spread = Annotated[int, *_whole(2, _MOST_REPLICATIONS)]  # one alone has none
PointCount = Annotated[int, *_whole(1, MOST_POINTS)]
Trajectories = Annotated[int, *_whole(2, MOST_POINTS)]
PowerOfTwo = Annotated[int, PlainValidator(_power_of_two), WithJsonSchema(_WHOLE)]
Levels = Annotated[int, PlainValidator(_levels), WithJsonSchema({**_WHOLE, "multipleOf": 2})]
ScenarioPath = Annotated[
    str, PlainValidator(v.text), WithJsonSchema({"type": "string", "minLength": 1})
]
Row = dict[ScenarioPath, Annotated[Any, WithJsonSchema({})]]


class Until(Frozen):
    """What replications go on for: an interval as narrow as is wanted."""

    metric: Metric = Field(description="Whose interval it is.")
    half_width: HalfWidth = Field(
        alias="half-width", description="Half of the interval, at most; in the metric's own unit."
    )


class Precision(Frozen):
    """As many replications of each point as an interval needs."""

    until: Until = Field(description="What they go on for.")
    min: Spread = Field(100, description="How many there are at least.")
    max: Repeats = Field(2000, description="How many there are at most.")
    batch: Repeats = Field(100, description="After how many more it is looked at again.")

    @model_validator(mode="after")
    def _is_in_order(self) -> Precision:
        if self.min > self.max:
            raise InputError(
                f"min {self.min} is more than max {self.max}",
                at=("min" if "min" in self.model_fields_set else "max",),
            )
        return self

    @property
    def metric(self) -> str:
        """Whose interval is to be narrow."""
        return self.until.metric

    @property
    def half_width(self) -> float:
        """How narrow."""
        return self.until.half_width


def _as_written(value: int | Precision) -> Any:
    return value if isinstance(value, int) else value.model_dump(mode="json", by_alias=True)


def _replications(value: Any) -> int | Precision:
    if isinstance(value, dict):
        return Precision.model_validate(value)
    return v.counted(value, 1, _MOST_REPLICATIONS)


class Recommendation(Frozen):
    """The point to recommend: the cheapest whose metric is surely under a target."""

    metric: Metric = Field(description="What is to be small.")
    target: Figure = Field(
        description="What the upper end of its interval must not pass: 0.01, or 1 %."
    )
    cost: Metric = Field(description="By what points are cheap.")


class Sampled(Frozen):
    """A design of so many points."""

    points: PointCount = Field(description="How many points.")


class PowerSampled(Frozen):
    """A design of so many points, a power of 2."""

    points: PowerOfTwo = Field(description="How many points, a power of 2.")


class Saltelli(Frozen):
    """Saltelli's design for Sobol' indices: so many times two more points than factors."""

    points: PowerOfTwo = Field(description="How many base points, a power of 2.")
    second_order: f.Flag = Field(
        False,
        alias="second-order",
        description="Whether interactions of two factors are wanted, for nearly twice the points.",
    )


class Morris(Frozen):
    """Morris' design for elementary effects: trajectories of one more point than factors."""

    trajectories: Trajectories = Field(description="How many walks through the factors.")
    levels: Levels = Field(4, description="How many values of each factor, an even number.")


class OneAtATime(Frozen):
    """A base point, and from it each factor through its values with the others held."""

    base: Row = Field(
        {},
        description="The base's values by factor; without one, the scenario's own, and where it"
        " has none the factor's first.",
    )


class Nothing(Frozen):
    """A design without settings."""


class Design(Frozen):
    """How points are laid through the factors: exactly one of its keys, or its name alone."""

    grid: Nothing | None = Field(
        None, description="Every value with every other; the last factor changes fastest."
    )
    zip_: Nothing | None = Field(
        None, alias="zip", description="First values together, second values together, and so on."
    )
    list_: tuple[Row, ...] | None = Field(
        None,
        alias="list",
        min_length=1,
        max_length=MOST_POINTS,
        description="Each point written out: values by the paths or names of factors.",
    )
    csv: f.Text | None = Field(
        None,
        description="A table with a point a row, beside the sweep file; its columns are paths"
        " or names of factors.",
    )
    one_at_a_time: OneAtATime | None = Field(
        None, alias="one-at-a-time", description="From a base, each factor through its values."
    )
    latin_hypercube: Sampled | None = Field(
        None, alias="latin-hypercube", description="Random, each factor evenly covered."
    )
    sobol: PowerSampled | None = Field(
        None, description="Sobol' points, scrambled: evenly spread in all factors together."
    )
    random: Sampled | None = Field(None, description="At random.")
    saltelli: Saltelli | None = Field(None, description="For Sobol' indices.")
    morris: Morris | None = Field(None, description="For elementary effects.")

    @model_validator(mode="after")
    def _is_one(self) -> Design:
        given = [key for key, one in self._choices.items() if one is not None]
        if len(given) != 1:
            raise InputError(
                f"expected exactly one of {', '.join(self._choices)},"
                f" found {' and '.join(given) or 'none'}"
            )
        return self

    @property
    def _choices(self) -> dict[str, object]:
        return {
            field.alias or name: getattr(self, name)
            for name, field in type(self).model_fields.items()
        }

    @property
    def kind(self) -> str:
        """Which design it is, as files call it: ``grid``, ``latin-hypercube`` and so on."""
        return next(key for key, one in self._choices.items() if one is not None)

    @property
    def samples(self) -> bool:
        """Whether it takes factors anywhere between their ends, rather than to given values."""
        return self.kind in {"latin-hypercube", "sobol", "random", "saltelli", "morris"}


PLAIN_DESIGNS = ("grid", "zip", "one-at-a-time")
_NEEDS = {
    "list": "list: [{lead: 1 h}, {lead: 2 h}]",
    "csv": "csv: points.csv",
    "latin-hypercube": "latin-hypercube: {points: 64}",
    "sobol": "sobol: {points: 64}",
    "random": "random: {points: 64}",
    "saltelli": "saltelli: {points: 64}",
    "morris": "morris: {trajectories: 20}",
}


def _as_design(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    word = value.strip()
    if word in _NEEDS:
        raise UnitError(f"{quoted(word)} needs to be told more", hint=f"write {{{_NEEDS[word]}}}")
    if word not in PLAIN_DESIGNS:
        every = (*PLAIN_DESIGNS, *_NEEDS)
        raise UnitError(
            f"{described(word)} is no design: expected one of {', '.join(every)}",
            hint=did_you_mean(word, every),
        )
    return {word: {}}


class Sweep(Frozen):
    """A keepout sweep."""

    keepout_sweep: f.Version = Field(
        alias="keepout-sweep", description="The version of this format."
    )
    name: f.Text = Field(description="Shown at the top of reports.")
    about: f.Text = Field("", description="What the sweep asks, for readers.")
    sources: dict[str, f.Text] = Field({}, description="Where values come from, or assumed.")
    scenario: f.Text = Field(description="The scenario's file, seen from the sweep's.")
    set_: Row = Field(
        {}, alias="set", description="Values put into the scenario at every point, by path."
    )
    seed: Seed = Field(0, description="Root of all draws, those of the design among them.")
    factors: dict[ScenarioPath, Varied] = Field(
        {}, description="What varies, by its path in the scenario."
    )
    design: Annotated[
        Design,
        BeforeValidator(_as_design, json_schema_input_type=Design | str),
    ] = Field(
        Design.model_construct(grid=Nothing.model_construct()),
        description="How points are laid through the factors.",
    )
    replications: Annotated[
        int | Precision,
        PlainValidator(_replications, json_schema_input_type=Repeats | Precision),
        PlainSerializer(_as_written, Any),
    ] = Field(description="How many of each point, or until what.")
    metrics: Metrics = Field(METRICS, description="What is kept of each run; else all.")
    pareto: Metrics = Field(
        (), description="Metrics of which smaller is better; points that none beats are shown."
    )
    recommend: Recommendation | None = Field(None, description="Which point is recommended.")

    @model_validator(mode="after")
    def _compares(self) -> Sweep:
        if len(self.pareto) == 1:
            raise InputError(
                "expected two metrics or more, found one, of which the smallest is best",
                at=("pareto",),
            )
        return self

    @property
    def kept(self) -> tuple[str, ...]:
        """The metrics to keep: those asked for, and those that anything else in the file names."""
        named = {*self.metrics, *self.pareto}
        if isinstance(self.replications, Precision):
            named.add(self.replications.metric)
        if self.recommend is not None:
            named |= {self.recommend.metric, self.recommend.cost}
        return tuple(metric for metric in METRICS if metric in named)

    @property
    def free(self) -> tuple[str, ...]:
        """The paths of the factors that the design moves: those tied to no other."""
        return tuple(path for path, factor in self.factors.items() if factor.tied is None)
