"""The scalars of a scenario: how a text in the file becomes a typed value of the schema.

Every reader takes what stands in the document (a text, a list or a mapping) and raises
:class:`~sim.errors.InputError` with ``at`` the keys below it. Each type names its entry
in the published JSON Schema, which :mod:`sim.scenario.editor` spells out.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar, get_args

from pydantic import PlainValidator, WithJsonSchema

from sim import units
from sim.distributions import Distribution
from sim.errors import InputError, UnitError, described, did_you_mean
from sim.geometry.altitude import Limit, Reference
from sim.scenario.draws import read_distribution
from sim.scenario.presets import MEDIA
from sim.units import Position, Time

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic.fields import FieldInfo

NAMED = "keepout-type"  # marks in the raw JSON Schema where a named definition goes

Action = Literal["delay", "reroute", "divert", "cancel", "climb", "descend", "hold"]
ACTIONS = get_args(Action)
EDGES = ("geodesic", "parallel", "straight")

EXAMPLES = {
    "Id": "us",
    "Ids": "[us, russia]",
    "Pair": "[us, russia]",
    "Exempt": "[civil, patrol#1]",
    "Actions": "[delay, reroute]",
    "Angle": "0.5 deg",
    "Count": "1",
    "Hours": "[06:00-18:00]",
    "Length": "6 km",
    "Duration": "90 min",
    "Speed": "420 kt",
    "Pressure": "1013 hPa",
    "RandomLength": "9 km",
    "RandomDuration": "5 min",
    "RandomSpeed": "420 kt",
    "RandomAngle": "90 deg",
    "RandomProbability": "0.85",
    "Probability": "0.85",
    "Position": "36.3N 36.7E",
    "Altitude": "FL180",
    "Band": "[SFC, FL180]",
    "Levels": "[FL240, FL280]",
    "Rate": "12 per h",
    "Instant": "2022-02-02T22:30Z",
    "Start": "2022-02-02T18:00Z",
}

_T = TypeVar("_T")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NO_ID = re.compile(r"[^A-Za-z0-9_-]+")
_BETWEEN = re.compile(r"\s*(?:,|-|\bto\b)\s*")
_SHIFT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])Z?\s?-\s?([01][0-9]|2[0-4]):([0-5][0-9])Z?")
_COUNT = re.compile(r"[0-9]{1,9}")
_LARGEST_COUNT = 10_000  # lines, officers, attempts or repeats; more is a slip of the pen
_ALMOST_NEVER = 1e-9  # a quantile that no draw of a run comes near
_SHORTEST_EXTENSION_S = 60.0  # a day more is then 1,440 versions; of 1 ms it is millions
_QNH_HPA = (850.0, 1100.0)  # wider than any pressure observed at sea level


def text(value: object) -> str:
    """Take a text as it stands."""
    if not isinstance(value, str):
        raise UnitError(f"expected a text, found {described(value)}")
    return value


def _one(value: object) -> str:
    """Take the one text that a scalar is written as."""
    if not isinstance(value, str):
        raise UnitError(f"expected one value, found {described(value)}")
    return value


def is_id(name: str) -> bool:
    """Tell whether a text can be an id."""
    return _ID.fullmatch(name) is not None


def _id(value: object) -> str:
    name = _one(value)
    if not is_id(name):
        meant = _NO_ID.sub("-", name.strip())
        raise UnitError(
            f"{described(name)} is no id: expected a letter, then letters, digits, _ or -",
            hint=f"write {meant}" if is_id(meant) else "",
        )
    return name


def _count(value: object) -> int:
    digits = _one(value).strip()
    if not _COUNT.fullmatch(digits) or not 1 <= int(digits) <= _LARGEST_COUNT:
        raise UnitError(
            f"{described(digits)} is no count: expected a whole number from 1 to {_LARGEST_COUNT}"
        )
    return int(digits)


def _number(value: object) -> int:
    return 0 if _one(value).strip() == "0" else _count(value)


def _version(value: object) -> int:
    if _one(value).strip() != "1":
        raise UnitError(f"{described(value)} is no version that this keepout reads: expected 1")
    return 1


def _word(names: tuple[str, ...]) -> PlainValidator:
    """Take one of a few words."""

    def read(value: object) -> str:
        word = _one(value).strip()
        if word not in names:
            raise UnitError(
                f"{described(word)} is none of the choices here: expected {' or '.join(names)}",
                hint=did_you_mean(word, names),
            )
        return word

    return PlainValidator(read)


def _scalar(
    quantity: Callable[[str], float], *, least: float = -math.inf, above: float = -math.inf
) -> PlainValidator:
    """Take a plain quantity, and none below ``least`` or at ``above``."""

    def read(value: object) -> float:
        size = quantity(_one(value))
        if size < least:
            raise UnitError(f"{described(value)} is negative: expected 0 or more")
        if size <= above:
            raise UnitError(f"{described(value)} is too small: expected more than 0")
        return size

    return PlainValidator(read)


def _random(quantity: Callable[[str], float], *, least: float = -math.inf) -> PlainValidator:
    """Take a plain quantity or a distribution, and none that can fall below ``least``."""

    def read(value: object) -> Distribution:
        drawn = read_distribution(value, quantity)
        if drawn.lower < least:
            if isinstance(value, dict):
                raise InputError(
                    "this distribution can be negative, which is impossible here",
                    hint="give it a min of 0",
                )
            raise UnitError(f"{described(value)} is negative: expected 0 or more")
        return drawn

    return PlainValidator(read)


def chance(value: object) -> Distribution:
    """Take a probability, or a distribution that stays within 0 and 1."""
    drawn = read_distribution(value, units.probability)
    if drawn.lower < 0.0 or drawn.upper > 1.0:
        raise InputError(
            "this distribution can leave 0 to 1, which is impossible for a probability",
            hint="give it a min of 0 and a max of 1",
        )
    return drawn


def _ground_speed(value: object) -> Distribution:
    drawn = read_distribution(value, units.speed)
    if drawn.ppf(_ALMOST_NEVER) <= 0.0:
        if isinstance(value, dict):
            raise InputError(
                "this distribution can be 0 or negative, which is impossible for a speed",
                hint="give it a min above 0",
            )
        raise UnitError(f"{described(value)} is too small: expected more than 0")
    return drawn


def _place(value: object) -> Position:
    if isinstance(value, list):
        return units.position(" ".join(str(part) for part in value))
    if not isinstance(value, dict):
        return units.position(_one(value))
    if set(value) != {"lat", "lon"}:
        raise UnitError(
            "a position as a mapping has the keys lat and lon, and no other",
            hint="write such as {lat: 36.3, lon: 36.7}",
        )
    for key, limit in (("lat", 90.0), ("lon", 180.0)):
        try:
            size = units.number(_one(value[key]))
        except UnitError as error:
            raise UnitError(error.message, at=(key,), hint=error.hint) from None
        if abs(size) > limit:
            raise UnitError(
                f"{described(value[key])} is out of range: "
                f"expected -{limit:g} to {limit:g} degrees",
                at=(key,),
            )
    return Position(float(value["lon"]) + 0.0, float(value["lat"]) + 0.0)


def _limit(value: object) -> Limit:
    reference, metres = units.altitude(_one(value))
    return Limit(Reference(reference), metres)


def _band(value: object) -> tuple[Limit, Limit]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - lower and upper
        raise UnitError(
            f"expected a lower and an upper limit such as [SFC, FL180], found {_counted(value)}",
            hint=_band_meant(value),
        )
    return _item(0, value[0], _limit), _item(1, value[1], _limit)


def _band_meant(value: object) -> str:
    """Suggest the list that two limits in one text mean, or no comma within a number."""
    if isinstance(value, list):
        is_cut = len(value) > 2  # noqa: PLR2004 - lower and upper
        return "write numbers without a comma, and two limits" if is_cut else ""
    ends = _BETWEEN.split(value.strip("[] ")) if isinstance(value, str) else []
    try:
        _band(ends)
    except UnitError:
        return ""
    return f"write [{' '.join(ends[0].split())}, {' '.join(ends[1].split())}]"


def _levels(value: object) -> tuple[Limit, ...]:
    """Take one limit, or several of which each movement has one."""
    if not isinstance(value, list):
        return (_limit(value),)
    if not value:
        raise UnitError("expected an altitude such as FL240, or several, found none")
    return tuple(_item(place, one, _limit) for place, one in enumerate(value))


def _qnh(value: object) -> float:
    size = units.pressure(_one(value))
    low, high = _QNH_HPA
    if not low <= size <= high:
        raise UnitError(
            f"{described(value)} is no pressure at sea level: expected {low:g} to {high:g} hPa"
        )
    return size


def _extension(value: object) -> float:
    size = units.duration(_one(value))
    if size < _SHORTEST_EXTENSION_S:
        raise UnitError(
            f"{described(value)} is too short: expected 1 min or more, "
            "as each extension is a new version of the zone",
            hint="write such as 30 min",
        )
    return size


def _shifts(value: object) -> tuple[tuple[float, float], ...]:
    """Take daily hours in UTC, as seconds since midnight; one shift or a list of them."""
    shifts = [value] if isinstance(value, str) else value
    if not isinstance(shifts, list):
        raise UnitError(f"expected hours such as 06:00-18:00, found {described(value)}")
    return tuple(_item(place, one, _shift) for place, one in enumerate(shifts))


def _shift(value: object) -> tuple[float, float]:
    match = _SHIFT.fullmatch(_one(value).strip())
    if match is None:
        raise UnitError(f"{described(value)} are no hours: expected such as 06:00-18:00, in UTC")
    hours = [int(part) for part in match.groups()]
    opens, closes = hours[0] * 3600.0 + hours[1] * 60.0, hours[2] * 3600.0 + hours[3] * 60.0
    if opens == closes:
        raise UnitError(f"{described(value)} end as they begin", hint="leave hours out for always")
    return opens, closes


def _start(value: object) -> Time:
    moment = units.instant(_one(value))
    if moment.relative:
        raise UnitError(
            f"{described(value)} counts from the start, which this is: "
            "expected a time such as 2022-02-02T18:00Z"
        )
    return moment


def _instant(value: object) -> Time:
    return units.instant(_one(value))


def _ids(value: object) -> tuple[str, ...]:
    """Take a list of ids, or one id as a list of one."""
    if isinstance(value, str) and value.strip():
        return (_id(value),)
    if not isinstance(value, list):
        raise UnitError(f"expected an id or a list of ids, found {described(value)}")
    return tuple(_item(place, one, _id) for place, one in enumerate(value))


def _pair(value: object) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - the two ends
        raise UnitError(f"expected two parties such as [a, b], found {_counted(value)}")
    first, second = _ids(value)
    if first == second:
        raise UnitError(f"expected two different parties, found {described(first)} twice")
    return first, second


def _exempt(value: object) -> tuple[str, ...]:
    """Take parties, tags and flights; one repeat of a flight has its number behind it."""
    if not isinstance(value, list):
        raise UnitError(
            f"expected a list of parties, flights and tags, found {described(value)}",
            hint=_listed(value),
        )

    def read(one: object) -> str:
        name, mark, number = _one(one).partition("#")
        if mark and not _COUNT.fullmatch(number):
            raise UnitError(f"{described(one)} names no repeat: expected such as patrol#1")
        return _id(name) + mark + number

    return tuple(_item(place, one, read) for place, one in enumerate(value))


def _actions(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise UnitError(
            f"expected a list such as [delay, reroute], found {described(value)}",
            hint=_listed(value),
        )
    read = _word(ACTIONS).func
    actions: list[str] = []
    for place, one in enumerate(value):
        action: str = _item(place, one, read)
        if action in actions:
            raise UnitError(f"{described(one)} stands here twice", at=(place,))
        actions.append(action)
    return tuple(actions)


def _item(place: int, value: object, read: Callable[..., _T]) -> _T:
    """Read one item of a list; a fault says which."""
    try:
        return read(value)
    except InputError as error:
        raise UnitError(error.message, at=(place, *error.at), hint=error.hint) from None


def _listed(value: object) -> str:
    """Suggest the list of one that an id or a word alone means."""
    return f"write [{value}]" if isinstance(value, str) and is_id(value) else ""


def _counted(value: object) -> str:
    """Name what was found where a list of a certain length is expected."""
    return f"{len(value)} of them" if isinstance(value, list) else described(value)


def named(field: FieldInfo) -> str | None:
    """Give the name of a field's type among :data:`EXAMPLES`, if it has one."""
    marks = (one.json_schema for one in field.metadata if isinstance(one, WithJsonSchema))
    return next((str(mark[NAMED]) for mark in marks if mark and NAMED in mark), None)


def _named(name: str) -> WithJsonSchema:
    return WithJsonSchema({NAMED: name})


Text = Annotated[str, PlainValidator(text), WithJsonSchema({"type": "string"})]
Id = Annotated[str, PlainValidator(_id), _named("Id")]
Count = Annotated[int, PlainValidator(_count), _named("Count")]
Number = Annotated[int, PlainValidator(_number), _named("Count")]
Ids = Annotated[tuple[str, ...], PlainValidator(_ids), _named("Ids")]
Pair = Annotated[tuple[str, str], PlainValidator(_pair), _named("Pair")]
Exempt = Annotated[tuple[str, ...], PlainValidator(_exempt), _named("Exempt")]

Edges = Annotated[
    Literal["geodesic", "parallel", "straight"], _word(EDGES), WithJsonSchema({"enum": [*EDGES]})
]
Hours = Annotated[tuple[tuple[float, float], ...], PlainValidator(_shifts), _named("Hours")]
Priority = Annotated[
    Literal["urgent", "routine"],
    _word(("urgent", "routine")),
    WithJsonSchema({"enum": ["urgent", "routine"]}),
]
Pattern = Annotated[
    Literal["poisson", "scheduled"],
    _word(("poisson", "scheduled")),
    WithJsonSchema({"enum": ["poisson", "scheduled"]}),
]
Medium = Annotated[
    Literal["hotline", "notam", "datalink", "relay"],
    _word(tuple(MEDIA)),
    WithJsonSchema({"enum": [*MEDIA]}),
]
Actions = Annotated[tuple[Action, ...], PlainValidator(_actions), _named("Actions")]
Version = Annotated[Literal[1], PlainValidator(_version), WithJsonSchema({"const": 1})]

Length = Annotated[float, _scalar(units.length, least=0.0), _named("Length")]
Size = Annotated[float, _scalar(units.length, above=0.0), _named("Length")]
Height = Annotated[float, _scalar(units.length), _named("Length")]
Duration = Annotated[float, _scalar(units.duration, least=0.0), _named("Duration")]
Span = Annotated[float, _scalar(units.duration, above=0.0), _named("Duration")]
Extension = Annotated[float, PlainValidator(_extension), _named("Duration")]
Speed = Annotated[float, _scalar(units.speed, above=0.0), _named("Speed")]
Share = Annotated[float, _scalar(units.probability), _named("Probability")]
Pressure = Annotated[float, PlainValidator(_qnh), _named("Pressure")]
Rate = Annotated[float, _scalar(units.rate, above=0.0), _named("Rate")]

RandomLength = Annotated[Distribution, _random(units.length, least=0.0), _named("RandomLength")]
RandomDuration = Annotated[
    Distribution, _random(units.duration, least=0.0), _named("RandomDuration")
]
RandomShift = Annotated[Distribution, _random(units.duration), _named("RandomDuration")]
RandomSpeed = Annotated[Distribution, PlainValidator(_ground_speed), _named("RandomSpeed")]
RandomHeight = Annotated[Distribution, _random(units.length), _named("RandomLength")]
RandomAngle = Annotated[Distribution, _random(units.angle), _named("RandomAngle")]
RandomProbability = Annotated[Distribution, PlainValidator(chance), _named("RandomProbability")]

Angle = Annotated[float, _scalar(units.angle, above=0.0), _named("Angle")]
Place = Annotated[Position, PlainValidator(_place), _named("Position")]
AltitudeLimit = Annotated[Limit, PlainValidator(_limit), _named("Altitude")]
Levels = Annotated[tuple[Limit, ...], PlainValidator(_levels), _named("Levels")]
AltitudeBand = Annotated[tuple[Limit, Limit], PlainValidator(_band), _named("Band")]
Instant = Annotated[Time, PlainValidator(_instant), _named("Instant")]
Start = Annotated[Time, PlainValidator(_start), _named("Start")]
