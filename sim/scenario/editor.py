"""The JSON Schema of scenario files, for editors that complete and check while one types.

It describes a file as YAML 1.2 loads it: ``1`` is an integer, ``0.85`` a number, and
times and quantities are strings. What only a reader can tell (references, times,
footprints) is left to ``keepout validate``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from sim.scenario.bulk import BULK, FROM
from sim.scenario.fields import ACTIONS, EXAMPLES, NAMED
from sim.scenario.schema import COARSER, Scenario
from sim.units import SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel
    from pydantic_core.core_schema import WithDefaultSchema

    Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_ID = "[A-Za-z][A-Za-z0-9_-]*"
_OWN_KEYS: Schema = {"^x-": {"description": "The author's own; ignored."}}
_HALF = r"""[0-9]+(?:\.[0-9]+)?[^A-Za-z,\[\]]*"""
_ISO_DURATION = r"P(?=[0-9T])(?:[0-9.]+D)?(?:T(?=[0-9])(?:[0-9.]+H)?(?:[0-9.]+M)?(?:[0-9.]+S)?)?"
_ISO_INSTANT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?"
    r"\s?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)

# Where of several keys one has to be given, and no two together.
_ONE_OF = {
    "Area": [["circle"], ["polygon"], ["corridor"]],
    "ZoneArea": [["circle"], ["polygon"], ["corridor"], ["buffer"], ["bounding_circle"], ["grid"]],
    "Window": [["end"], ["duration"]],
    "Site": [["at"], ["area"]],
    "End": [["at"], ["circle"], ["polygon"], ["corridor"]],
    "ZoneWindow": [["pad"], ["start", "end"], ["start", "duration"]],
    "Notice": [["lead"], ["at"]],
    "Channel": [["between"], ["from", "to"]],
    "Flight": [["route", "departs"], ["track"]],
    "Zone": [["covers"], ["party", "area", "altitude", "window"]],
}
_PRESET = ("Channel", "Answer", "Garble", "Retry")  # what a medium's preset completes


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of scenario files."""
    schema = schema_of(Scenario, "keepout scenario", _ONE_OF, _definitions())
    for section, files in BULK.items():
        _admit_files(schema, section, files)
    for name in _PRESET:
        schema["$defs"][name]["required"] = ["medium"] if name == "Channel" else []
    together = {"to": ["via"], "via": ["to"], "at": ["to"]}
    schema["$defs"]["ZoneFile"]["dependentRequired"] = together
    any_coarser = {"anyOf": [{"required": [key]} for key in COARSER]}
    schema["$defs"]["ZoneArea"]["dependentSchemas"] = {"offset": any_coarser}
    return schema


def _admit_files(schema: Schema, section: str, files: type[BaseModel]) -> None:
    """Let a section of entries by id have the one key that names files of them."""
    part = schema_of(files, section, {})
    schema["$defs"] |= part["$defs"]
    entries, by_id = schema["properties"][section], f"^(?!x-){_ID}$"
    entries["properties"] = part["properties"]
    patterns = entries["patternProperties"]
    patterns[f"^(?!x-|{FROM}$){_ID}$"] = patterns.pop(by_id)


def schema_of(
    model: type[BaseModel],
    title: str,
    one_of: Mapping[str, Sequence[Sequence[str]]],
    definitions: Mapping[str, Schema] | None = None,
) -> dict[str, Any]:
    """Give the JSON Schema of one kind of file.

    Parameters
    ----------
    model
        What such a file is read as.
    title
        What it is called.
    one_of
        By the names of parts, sets of keys of which just one has to be given.
    definitions
        The named types that fields of the model refer to.
    """
    raw = model.model_json_schema(by_alias=True, schema_generator=_Generator)
    raw.setdefault("$defs", {}).update(definitions or {})
    for name, choices in one_of.items():
        raw["$defs"][name]["oneOf"] = [{"required": [*keys]} for keys in choices]
    return {"$schema": DRAFT, "title": title, **_finished(raw)}


class _Generator(GenerateJsonSchema):
    """Leaves defaults out: they are values of the schema, not texts of a file."""

    def default_schema(self, schema: WithDefaultSchema) -> Schema:
        return self.generate_inner(schema["schema"])


def _finished(part: Any) -> Any:
    """Put named definitions in their places and let authors' own keys pass."""
    if isinstance(part, list):
        return [_finished(one) for one in part]
    if not isinstance(part, dict):
        return part
    if NAMED in part:
        rest = {key: value for key, value in part.items() if key not in (NAMED, "title")}
        return {"$ref": f"#/$defs/{part[NAMED]}", **rest}
    part = _closed(part)
    return {key: _finished(value) for key, value in part.items() if not _is_title(key, value)}


def _is_title(key: str, value: object) -> bool:
    return key == "title" and isinstance(value, str)


def _closed(part: Mapping[str, Any]) -> Schema:
    """Refuse keys that are neither known nor the author's own; entries go by their ids."""
    entries = part.get("additionalProperties")
    if part.get("type") != "object" or entries is None:
        return dict(part)
    if entries is False:
        return {**part, "patternProperties": _OWN_KEYS | part.get("patternProperties", {})}
    if entries == {"type": "string"} or "propertyNames" in part:
        return dict(part)  # sources go by any name, quantiles by their probabilities
    by_id = {f"^(?!x-){_ID}$": entries}
    return {**part, "additionalProperties": False, "patternProperties": _OWN_KEYS | by_id}


def _definitions() -> dict[str, Schema]:
    """Give the named types of :mod:`sim.scenario.fields`, as they stand in a file."""
    duration = _text(
        "Duration", rf"[+-]?(?:{_NUMBER}\s*{_units('duration')}\s*)+|[+-]?{_ISO_DURATION}"
    )
    level = r"FL\s?-?[0-9]{1,3}(?:\.[0-9]+)?"
    altitude = rf"SFC|UNL|{level}|[+-]?{_NUMBER}\s*{_units('length')}\s+(?:AGL|MSL|W84)"
    angle = rf"[+-]?{_NUMBER}\s*{_units('angle')}"
    plain = {
        "File": _text("File", r"[^\s](?:.*[^\s])?"),
        "Id": _text("Id", _ID),
        "Count": {"type": "integer", "minimum": 1, "maximum": 10_000, "examples": [1]},
        "Length": _text("Length", rf"[+-]?{_NUMBER}\s*{_units('length')}"),
        "Duration": duration,
        "Speed": _text("Speed", rf"[+-]?{_NUMBER}\s*{_units('speed')}"),
        "Angle": _text("Angle", angle),
        "Bearing": _text("Bearing", angle),
        "Pressure": _text("Pressure", rf"standard|{_NUMBER}\s*{_units('pressure')}"),
        "Altitude": _text("Altitude", altitude),
        "Rate": _text("Rate", rf"{_NUMBER}\s*per\s+{_units('duration')}"),
        "Start": _text("Start", _ISO_INSTANT),
        "Instant": _text("Instant", rf"{_ISO_INSTANT}|[+-].*[0-9A-Za-z]"),
        "Position": _position(),
        "Probability": {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*%\s*$"},
            ],
            "examples": [0.85, "85 %"],
        },
    }
    ids = {"type": "array", "items": _ref("Id")}
    clock = "(?:[01][0-9]|2[0-4]):[0-5][0-9]Z?"
    shift = {"type": "string", "pattern": rf"^\s*{clock}\s?-\s?{clock}\s*$"}
    return {
        **plain,
        "Ids": {"anyOf": [_ref("Id"), ids], "examples": ["us", ["us", "russia"]]},
        "Hours": {
            "anyOf": [shift, {"type": "array", "items": shift}],
            "examples": ["06:00-18:00", ["06:00-12:00", "13:00-18:00"]],
        },
        "Pair": {**ids, "minItems": 2, "maxItems": 2, "uniqueItems": True},
        "Exempt": {"type": "array", "items": {"type": "string", "pattern": f"^{_ID}(?:#[0-9]+)?$"}},
        "Actions": {"type": "array", "items": {"enum": [*ACTIONS]}, "uniqueItems": True},
        "Levels": {
            "anyOf": [
                _ref("Altitude"),
                {"type": "array", "items": _ref("Altitude"), "minItems": 1},
            ],
            "examples": ["FL240", ["FL240", "FL280"]],
        },
        "Band": {
            "type": "array",
            "items": _ref("Altitude"),
            "minItems": 2,
            "maxItems": 2,
            "description": "Lower and upper limit.",
            "examples": [["SFC", "FL180"]],
        },
        **{f"Random{name}": _random(name) for name in _DRAWN},
    }


_DRAWN = ("Length", "Duration", "Speed", "Angle", "Probability")


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _units(kind: str) -> str:
    return f"(?:{'|'.join(map(re.escape, SPELLINGS[kind]))})"


def _text(name: str, pattern: str) -> Schema:
    return {"type": "string", "pattern": rf"^\s*(?:{pattern})\s*$", "examples": [EXAMPLES[name]]}


def _position() -> Schema:
    degrees = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": rf"^[+-]?{_NUMBER}$"}]}
    return {
        "anyOf": [
            {"type": "string", "pattern": rf"^\s*{_HALF}[NS]\s*,?\s*{_HALF}[EW]\s*$"},
            {
                "type": "object",
                "properties": {
                    "lat": degrees | {"description": "Degrees north."},
                    "lon": degrees | {"description": "Degrees east."},
                },
                "required": ["lat", "lon"],
                "additionalProperties": False,
            },
        ],
        "description": "Latitude first, each half with its letter; or {lat, lon} in degrees.",
        "examples": ["36.3N 36.7E", "361800N0364200E", {"lat": 36.3, "lon": 36.7}],
    }


_DRAWING = {  # what the distributions and their parameters are
    "fixed": "Always this value.",
    "uniform": "Any value between two, each as likely.",
    "triangular": "Between two values, most likely near a third.",
    "normal": "Symmetric about the mean.",
    "lognormal": "Above 0, with a long tail of large values.",
    "exponential": "Times until what happens at random; small values are likeliest.",
    "gamma": "Above 0, by its mean and standard deviation.",
    "weibull": "Above 0; a shape above 1 means ever likelier with time.",
    "empirical": "As observed: samples or quantiles.",
    "mixture": "One of several, by weight.",
    "min": "No draw is below it.",
    "max": "No draw is above it.",
    "mode": "The likeliest value.",
    "mean": "The mean, before min and max clip it.",
    "sd": "The standard deviation, before min and max clip it.",
    "median": "Half the draws are below it, half above.",
    "p95": "95 % of the draws are below it.",
    "scale": "63 % of the draws are below it.",
    "shape": "The exponent k; 1 is the exponential.",
    "samples": "Values observed, each as likely.",
    "quantiles": "Values by the probability that a draw is below.",
    "weight": "How likely beside the others.",
    "value": "A value or a distribution.",
}


def _random(name: str) -> Schema:
    """Give a plain value of a type, or one of the distributions of it."""
    value, shape = _ref(name), {"type": ["number", "string"]}
    clips = {"min": value, "max": value}
    spread = {"mean": value, "sd": value}
    samples = {"type": "array", "items": value, "minItems": 1}
    quantiles = {
        "type": "object",
        "propertyNames": {"pattern": rf"^{_NUMBER}\s*%?$"},
        "additionalProperties": value,
        "minProperties": 1,
    }
    part = _closed_object({"weight": shape, "value": _ref(f"Random{name}")}, ["weight", "value"])
    kinds = {
        "fixed": value,
        "uniform": _closed_object(clips, ["min", "max"]),
        "triangular": _closed_object({**clips, "mode": value}, ["min", "mode", "max"]),
        "normal": _closed_object({**spread, **clips}, [*spread]),
        "lognormal": _closed_object({"median": value, "p95": value, **clips}, ["median", "p95"]),
        "exponential": _closed_object({"mean": value, **clips}, ["mean"]),
        "gamma": _closed_object({**spread, **clips}, [*spread]),
        "weibull": _closed_object({"scale": value, "shape": shape, **clips}, ["scale", "shape"]),
        "empirical": _closed_object({"samples": samples, "quantiles": quantiles, **clips}, []),
        "mixture": {"type": "array", "items": part, "minItems": 1},
    }
    one = {**_closed_object(kinds, []), "minProperties": 1}
    return {"anyOf": [value, one]}


def _closed_object(properties: Schema, required: list[str]) -> Schema:
    said = {key: part | {"description": _DRAWING[key]} for key, part in properties.items()}
    return {
        "type": "object",
        "properties": said,
        "required": required,
        "additionalProperties": False,
    }
