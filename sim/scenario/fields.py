"""The types of a scenario's fields: how each is read, and what it is in the JSON Schema.

Each names its entry in the published schema, which :mod:`sim.scenario.editor` spells out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import PlainValidator, WithJsonSchema

from sim import units
from sim.distributions import Distribution
from sim.geometry.altitude import Limit
from sim.scenario import values
from sim.scenario.presets import MEDIA
from sim.units import Position, Time

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

NAMED = "keepout-type"  # marks in the raw JSON Schema where a named definition goes

Action = Literal["delay", "reroute", "divert", "cancel", "climb", "descend", "hold"]
ACTIONS = get_args(Action)
DOINGS = ("retry", "go", "cancel")
EDGES = ("geodesic", "parallel", "straight")

EXAMPLES = {
    "Id": "us",
    "Ids": "[us, russia]",
    "Pair": "[us, russia]",
    "Exempt": "[civil, patrol#1]",
    "File": "day.parquet",
    "Actions": "[delay, reroute]",
    "Angle": "0.5 deg",
    "Bearing": "90 deg",
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

chance = values.chance  # also read where a mapping may stand in its place


def named(field: FieldInfo) -> str | None:
    """Give the name of a field's type among :data:`EXAMPLES`, if it has one."""
    marks = (one.json_schema for one in field.metadata if isinstance(one, WithJsonSchema))
    return next((str(mark[NAMED]) for mark in marks if mark and NAMED in mark), None)


def _named(name: str) -> WithJsonSchema:
    return WithJsonSchema({NAMED: name})


Text = Annotated[str, PlainValidator(values.text), WithJsonSchema({"type": "string"})]
File = Annotated[str, PlainValidator(values.file_name), _named("File")]
Id = Annotated[str, PlainValidator(values.identifier), _named("Id")]
Count = Annotated[int, PlainValidator(values.count), _named("Count")]
Number = Annotated[int, PlainValidator(values.whole), _named("Count")]
Ids = Annotated[tuple[str, ...], PlainValidator(values.ids), _named("Ids")]
Pair = Annotated[tuple[str, str], PlainValidator(values.pair), _named("Pair")]
Exempt = Annotated[tuple[str, ...], PlainValidator(values.exempt), _named("Exempt")]

ZONE_FORMATS = ("notam", "openair", "ed269", "ed318", "f3548", "geojson")
ZoneFormat = Annotated[
    Literal["notam", "openair", "ed269", "ed318", "f3548", "geojson"],
    values.choice(ZONE_FORMATS),
    WithJsonSchema({"enum": [*ZONE_FORMATS]}),
]
Edges = Annotated[
    Literal["geodesic", "parallel", "straight"],
    values.choice(EDGES),
    WithJsonSchema({"enum": [*EDGES]}),
]
Hours = Annotated[
    tuple[tuple[float, float], ...], PlainValidator(values.daily_hours), _named("Hours")
]
Priority = Annotated[
    Literal["urgent", "routine"],
    values.choice(("urgent", "routine")),
    WithJsonSchema({"enum": ["urgent", "routine"]}),
]
Doing = Annotated[
    Literal["retry", "go", "cancel"], values.choice(DOINGS), WithJsonSchema({"enum": [*DOINGS]})
]
Flag = Annotated[
    bool, PlainValidator(values.flag), WithJsonSchema({"enum": [*values.FLAGS, True, False]})
]
Pattern = Annotated[
    Literal["poisson", "scheduled"],
    values.choice(("poisson", "scheduled")),
    WithJsonSchema({"enum": ["poisson", "scheduled"]}),
]
Medium = Annotated[
    Literal["hotline", "notam", "datalink", "relay"],
    values.choice(tuple(MEDIA)),
    WithJsonSchema({"enum": [*MEDIA]}),
]
Actions = Annotated[tuple[Action, ...], values.several(ACTIONS), _named("Actions")]
Version = Annotated[Literal[1], PlainValidator(values.version), WithJsonSchema({"const": 1})]

Length = Annotated[float, values.plain(units.length, least=0.0), _named("Length")]
Size = Annotated[float, values.plain(units.length, above=0.0), _named("Length")]
Height = Annotated[float, values.plain(units.length), _named("Length")]
Duration = Annotated[float, values.plain(units.duration, least=0.0), _named("Duration")]
Span = Annotated[float, values.plain(units.duration, above=0.0), _named("Duration")]
Extension = Annotated[float, PlainValidator(values.extension), _named("Duration")]
Speed = Annotated[float, values.plain(units.speed, above=0.0), _named("Speed")]
Share = Annotated[float, values.plain(units.probability), _named("Probability")]
Pressure = Annotated[float, PlainValidator(values.qnh), _named("Pressure")]
Rate = Annotated[float, values.plain(units.rate, above=0.0), _named("Rate")]

RandomLength = Annotated[
    Distribution, values.drawable(units.length, least=0.0), _named("RandomLength")
]
RandomDuration = Annotated[
    Distribution, values.drawable(units.duration, least=0.0), _named("RandomDuration")
]
RandomShift = Annotated[Distribution, values.drawable(units.duration), _named("RandomDuration")]
RandomSpeed = Annotated[Distribution, PlainValidator(values.ground_speed), _named("RandomSpeed")]
RandomHeight = Annotated[Distribution, values.drawable(units.length), _named("RandomLength")]
RandomAngle = Annotated[Distribution, values.drawable(units.angle), _named("RandomAngle")]
RandomProbability = Annotated[Distribution, PlainValidator(chance), _named("RandomProbability")]

Angle = Annotated[float, values.plain(units.angle, above=0.0), _named("Angle")]
Bearing = Annotated[float, values.plain(units.angle), _named("Bearing")]
Place = Annotated[Position, PlainValidator(values.position), _named("Position")]
AltitudeLimit = Annotated[Limit, PlainValidator(values.altitude), _named("Altitude")]
Levels = Annotated[tuple[Limit, ...], PlainValidator(values.levels), _named("Levels")]
AltitudeBand = Annotated[tuple[Limit, Limit], PlainValidator(values.band), _named("Band")]
Instant = Annotated[Time, PlainValidator(values.instant), _named("Instant")]
Start = Annotated[Time, PlainValidator(values.start), _named("Start")]
