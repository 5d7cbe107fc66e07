"""The published JSON Schema: accepts what the reader accepts, refuses the common slips."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from sim.scenario.editor import json_schema
from sim.scenario.starter import starter

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


class Core(yaml.SafeLoader):
    """Loads as editors do, by YAML 1.2's core schema: times are texts, `NO` is a text."""


Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":int", ":float"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(json.dumps(json_schema()))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def as_loaded(text: str) -> Any:
    return yaml.load(text, Loader=Core)  # noqa: S506 - a safe loader with fewer guesses


SEED = as_loaded((SCENARIOS[0].parent / "northwest_syria_2022.yaml").read_text("utf-8"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: str(path.stem))
def test_shipped_scenarios_are_valid(validator: Draft202012Validator, path: Path) -> None:
    faults = validator.iter_errors(as_loaded(path.read_text("utf-8")))
    assert [(list(fault.absolute_path), fault.message) for fault in faults] == []


def test_the_starter_is_valid(validator: Draft202012Validator) -> None:
    validator.validate(as_loaded(starter()))


def changed(path: str, value: object) -> Any:
    """The seed scenario with one value put in, or taken out where it is None."""
    document = copy.deepcopy(SEED)
    *above, last = path.split(".")
    here = document
    for step in above:
        here = here[int(step) if isinstance(here, list) else step]
    key: Any = int(last) if isinstance(here, list) else last
    if value is None:
        del here[key]
    else:
        here[key] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("x-note", {"anything": [1, 2]}),
        ("parties.us.x-colour", "red"),
        ("parties.x-later", 3),
        ("operations.raid.area.circle.center", {"lat": 36.3, "lon": 36.7}),
        ("operations.raid.area.circle.center", "361800N0364200E"),
        ("operations.raid.area.circle.center", "36°18'N 36°42'E"),
        ("operations.raid.area", {"polygon": ["36N 36E", "36N 37E", "37N 37E"]}),
        ("operations.raid.window.duration", "PT1H30M"),
        ("operations.raid.window.duration", "1 h 30 min"),
        ("operations.raid.window.start", "+4 h"),
        ("operations.raid.altitude", ["1200 m AGL", "5000 ft MSL"]),
        (
            "zones.raid-area.area",
            {"grid": "0.5 deg", "offset": {"by": "5 km", "bearing": "0 deg"}},
        ),
        ("zones.raid-area.area", {"grid": "30'"}),
        ("operations.raid.moved", {"by": "5 km", "bearing": "90 deg"}),
        (
            "operations.raid.moved",
            {
                "by": {"uniform": {"min": "0 km", "max": "9 km"}},
                "bearing": {"uniform": {"min": "0 deg", "max": "360 deg"}},
                "probability": "20 %",
                "decided": "1 h",
            },
        ),
        ("zones.raid-area.amend", {"move": {}}),
        ("zones.raid-area.amend", {"move": {"delay": {"exponential": {"mean": "5 min"}}}}),
        ("zones.raid-area.window.pad", {"before": "1 h", "after": "10 min"}),
        ("zones.raid-area.notices.first.to", "russia"),
        ("zones.raid-area.exempt", ["patrol#1", "civil"]),
        ("parties.russia.response.comply", "90 %"),
        ("parties.russia.response.comply", {"uniform": {"min": 0.5, "max": "90 %"}}),
        ("parties.russia.response.comply", {"base": 0.9, "from": {"us": "50 %"}}),
        (
            "parties.russia.response.comply",
            {"lead_under": [{"lead": "30 min", "factor": 0.7}], "after_notices": []},
        ),
        ("parties.russia.response.actions", ["climb", "descend", "hold"]),
        ("parties.russia.response.climb_rate", "1500 ft/min"),
        ("parties.russia.units", {"patrol": {"response": {"comply": 1}}}),
        ("flights.aid-flight.route.0", {"at": "36N 36E", "altitude": "FL100"}),
        ("flights.aid-flight.route.0", {"at": "36N 36E", "altitude": "FL-0.75"}),
        ("operations.raid.slip", {"empirical": {"quantiles": {"0.05": "0 s", "95 %": "1 h"}}}),
        ("operations.raid.slip", {"empirical": {"samples": ["-5 min", "1 h"], "min": "0 s"}}),
        ("flights.patrol.speed", {"mixture": [{"weight": 1, "value": "400 kt"}]}),
        ("flights.patrol", {"party": "us", "track": "day.parquet"}),
        ("flights.patrol", {"party": "us", "track": {"file": "day.csv", "id": "abc"}}),
        ("flights.from", "day.parquet"),
        ("flights.from", [{"file": "day.csv", "party": "us", "tags": ["day"]}, "a/b.csv"]),
        ("zones.from", "zones.json"),
        ("zones.from", ["zones.json", {"file": "zones.txt", "format": "openair"}]),
        ("zones.from", {"file": "z", "to": ["us"], "via": "line", "at": "+1 h", "exempt": []}),
    ],
)
def test_what_may_be_written_is_valid(
    validator: Draft202012Validator, path: str, value: object
) -> None:
    assert [fault.message for fault in validator.iter_errors(changed(path, value))] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("operations.raid.area.circle.center", [36.3, 36.7]),
        ("operations.raid.area.circle.center", "36.3 36.7"),
        ("operations.raid.partty", "us"),
        ("opperations", {}),
        ("operations.raid.party", None),
        ("operations.raid.area.circle.radius", 6),
        ("operations.raid.area.circle.radius", "6 nm"),
        ("operations.raid.area", {}),
        ("operations.raid.altitude", ["SFC"]),
        ("operations.raid.altitude.1", "5000 ft"),
        ("operations.raid.window.end", "2022-02-03T01:00Z"),
        ("operations.raid.window.start", "22:30"),
        ("operations.9raid", SEED["operations"]["raid"]),
        ("operations.raid.overrun", {"exponentail": {"mean": "10 min"}}),
        ("operations.raid.overrun", {"exponential": {"mean": "10"}}),
        ("operations.raid.overrun", {"exponential": {}}),
        ("operations.raid.slip", {"empirical": {"quantiles": {"median": "0 s"}}}),
        ("operations.raid.moved", {"by": "5 km"}),
        ("operations.raid.moved", {"by": "5 km", "bearing": 90}),
        ("zones.raid-area.amend", {"move": {"by": "5 km"}}),
        ("zones.raid-area.covers", None),
        (
            "zones.raid-area.area",
            {
                "circle": {"center": "36N 36E", "radius": "6 km"},
                "offset": {"by": "5 km", "bearing": "0 deg"},
            },
        ),
        ("zones.raid-area.area", {"grid": "30 min"}),
        ("zones.raid-area.area", {"buffer": "5 km", "offset": {"by": "5 km"}}),
        ("zones.raid-area.notices.first.at", "+1 h"),
        ("channels.deconfliction-line.medium", "telex"),
        ("channels.deconfliction-line.between", ["us", "us"]),
        ("parties.russia.response.comply", 1.2),
        ("parties.russia.response.comply", {"base": 0.9, "form": {}}),
        ("parties.russia.units", {"patrol": {"actions": ["delay"]}}),
        ("parties.russia.response.actions", ["hover"]),
        ("parties.russia.desk.officers", 0),
        ("flights.patrol", {"party": "us"}),
        ("flights.patrol.track", "day.parquet"),
        ("flights.patrol", {"party": "us", "track": {"id": "abc"}}),
        ("flights.from", {"party": "us"}),
        ("flights.from", " "),
        ("zones.from", {"file": "zones.json", "format": "shapefile"}),
        ("zones.from", {"file": "zones.json", "to": ["us"]}),
        ("zones.from", {"covers": "raid"}),
        ("operations.from", "operations.csv"),
        ("keepout", 2),
        ("start", None),
        ("start", "+4 h"),
    ],
)
def test_the_common_slips_are_not(
    validator: Draft202012Validator, path: str, value: object
) -> None:
    assert not validator.is_valid(changed(path, value))


def test_every_reference_is_defined_and_every_definition_used() -> None:
    schema = json_schema()
    text = json.dumps(schema)
    assert "keepout-type" not in text
    for name in schema["$defs"]:
        assert f'"#/$defs/{name}"' in text


def properties_of(part: Any, path: str = "") -> dict[str, Any]:
    """Every property that the schema, or a part of it, describes anywhere, by its path."""
    if isinstance(part, list):
        return properties_of({"type": "array", **{str(n): one for n, one in enumerate(part)}}, path)
    if not isinstance(part, dict):
        return {}
    here = part["properties"] if part.get("type") == "object" and "properties" in part else {}
    found = {f"{path}/{key}": value for key, value in here.items()}
    for key, value in part.items():
        found |= properties_of(value, f"{path}/{key}")
    return found


def test_every_property_is_described() -> None:
    properties = properties_of(json_schema())
    # Some of every depth, so that the walk is known to have come there.
    assert {
        "/start",
        "/$defs/Zone/notices",
        "/$defs/Position/anyOf/1/lat",
        "/$defs/RandomLength/anyOf/1/properties/mixture/items/weight",
    } <= {*properties}
    assert [key for key, value in properties.items() if not value.get("description")] == []


def test_a_description_is_one_short_sentence_or_two() -> None:
    for key, value in properties_of(json_schema()).items():
        said = value["description"]
        assert said.endswith("."), key
        assert "\n" not in said, key
        assert len(said) <= 200, key
