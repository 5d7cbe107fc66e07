"""Sites and traffic in a file: what may be written, and what is said of slips."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from sim.errors import ScenarioError, UnitError
from sim.geometry.altitude import Limit, Reference
from sim.scenario.editor import json_schema
from sim.scenario.plan import prepare
from sim.scenario.reader import loads
from sim.scenario.writer import dumps
from sim.units import Position, rate

# The lines of the messages below are counted here.
TEXT = """\
keepout: 1
name: t
start: "2026-01-01T00:00Z"
end: +24 h
parties: {north: {}, south: {}}
operations:
  op:
    party: north
    area: {circle: {center: 0N 0E, radius: 10 km}}
    altitude: [SFC, UNL]
    window: {start: +1 h, duration: 2 h}
zones:
  z: {covers: op, exempt: [shuttle]}
sites:
  camp: {party: south, at: 0N 0E, present: {start: +2 h, end: +9 h}}
  town:
    party: south
    area: {circle: {center: 0N 1E, radius: 2 km}}
traffic:
  shuttle:
    party: south
    from: 0N 2W
    to: {circle: {center: 0N 2E, radius: 20 km}}
    rate: 12 per h
    pattern: poisson
    speed: {uniform: {min: 200 kt, max: 400 kt}}
    altitude: [FL200, FL220]
    tags: [medevac]
    window: {start: +1 h, duration: 6 h}
"""


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(json.dumps(json_schema())))


def faults(found: str, ruined: str) -> str:
    assert TEXT.count(found) == 1
    with pytest.raises(ScenarioError) as raised:
        loads(TEXT.replace(found, ruined), "s.yaml")
    return str(raised.value)


def test_what_may_be_written_is_typed() -> None:
    scenario = loads(TEXT)
    camp, stream = scenario.sites["camp"], scenario.traffic["shuttle"]
    assert camp.at == Position(0, 0)
    assert scenario.sites["town"].present is None
    assert stream.from_.at == Position(-2, 0)
    assert stream.to.circle is not None
    assert stream.rate == 12 / 3600
    assert stream.altitude == (Limit(Reference.FL, 6096.0), Limit(Reference.FL, 6705.6))
    assert loads(dumps(scenario)) == scenario


def test_what_may_be_left_out() -> None:
    bare = loads(TEXT.replace("    pattern: poisson\n", "").replace("[FL200, FL220]", "FL200"))
    assert bare.traffic["shuttle"].pattern == "poisson"
    assert bare.traffic["shuttle"].altitude == (Limit(Reference.FL, 6096.0),)


def test_the_plan_holds_streams_and_the_site_s_people_as_a_unit() -> None:
    plan = prepare(loads(TEXT))
    assert plan.flights == {}
    assert plan.units == {"north": (), "south": ("camp", "town")}
    assert plan.sites["camp"].window == (2 * 3600, 9 * 3600)
    assert plan.streams["shuttle"].window == (3600, 7 * 3600)
    assert plan.zones["z"].exempt == {"shuttle"}


def test_a_value_is_replaced_by_its_path() -> None:
    scenario = loads(TEXT).replace(
        {"traffic.shuttle.rate": "3 per d", "traffic.shuttle.to": "0N 3E", "sites.camp.at": "1N 1E"}
    )
    assert scenario.traffic["shuttle"].rate == 3 / 86400
    assert scenario.traffic["shuttle"].to.at == Position(3, 0)
    assert scenario.sites["camp"].at == Position(1, 1)


@pytest.mark.parametrize(
    ("found", "ruined", "message"),
    [
        (
            "at: 0N 0E",
            "att: 0N 0E",
            (
                "s.yaml:15:24 sites.camp.att: unknown key: expected party, at, area, present;"
                ' did you mean "at"?'
            ),
        ),
        (
            "camp: {party: south,",
            "camp: {party: sout,",
            (
                's.yaml:15:17 sites.camp.party: no party is called "sout":'
                ' expected one of north, south; did you mean "south"?'
            ),
        ),
        (
            "    area: {circle: {center: 0N 1E, radius: 2 km}}\n",
            "",
            "s.yaml:16:3 sites.town: expected exactly one of at, area, found none",
        ),
        (
            "end: +9 h}",
            "end: +1 h}",
            (
                "s.yaml:15:35 sites.camp.present: end 2026-01-01T01:00:00Z is before"
                " start 2026-01-01T02:00:00Z;"
                " write 2026-01-02T01:00:00Z if it is on the next day"
            ),
        ),
        (
            "rate: 12 per h",
            "rate: 12",
            's.yaml:24:11 traffic.shuttle.rate: "12" is no rate: expected 12 per h or 300 per d',
        ),
        (
            "rate: 12 per h",
            "rate: 12 per hr",
            (
                's.yaml:24:11 traffic.shuttle.rate: "hr" in "12 per hr" is no unit of a duration:'
                ' expected ms, s, min, h, d, such as 12 per h or 300 per d; did you mean "h"?'
            ),
        ),
        (
            "rate: 12 per h",
            "rate: 1 per s",
            (
                "s.yaml:24:11 traffic.shuttle.rate: this makes 21600 movements:"
                " expected 20000 or fewer; lower the rate, or give it a shorter window"
            ),
        ),
        (
            "    from: 0N 2W\n",
            "",
            "s.yaml:20:3 traffic.shuttle: from is missing",
        ),
        (
            "pattern: poisson",
            "pattern: poison",
            (
                's.yaml:25:14 traffic.shuttle.pattern: "poison" is none of the choices here:'
                ' expected poisson or scheduled; did you mean "poisson"?'
            ),
        ),
        (
            "altitude: [FL200, FL220]",
            "altitude: [FL200, UNL]",
            (
                "s.yaml:27:23 traffic.shuttle.altitude.1: a flight cannot be at UNL:"
                " expected such as FL180"
            ),
        ),
        (
            "to: {circle: {center: 0N 2E, radius: 20 km}}",
            "to: {corridor: {route: [0N 2E, 0N 9E], width: 10 m}}",
            (
                "s.yaml:23:5 traffic.shuttle.to: places are drawn from a circle around this area"
                " until one lies within, and it is less than 1/1000 of that circle;"
                " make it broader or shorter"
            ),
        ),
        (
            "to: {circle: {center: 0N 2E, radius: 20 km}}",
            "to: 0N 2W",
            "s.yaml:23:9 traffic.shuttle.to: this is where it comes from: expected another place",
        ),
        (
            "window: {start: +1 h, duration: 6 h}\n",
            "window: {start: -1 h, duration: 6 h}\n",
            (
                "s.yaml:29:5 traffic.shuttle.window: the first may depart at 2025-12-31T23:00:00Z,"
                " before the scenario's start 2026-01-01T00:00:00Z; let it be 1 h later"
            ),
        ),
        (
            "exempt: [shuttle]",
            "exempt: [shutle]",
            (
                's.yaml:13:28 zones.z.exempt.0: no flight or party is called "shutle": expected'
                ' one of medevac, north, shuttle, south; did you mean "shuttle"?'
            ),
        ),
        (
            "altitude: [SFC, UNL]",
            "altitude: [400 m MSL, UNL]",
            (
                "s.yaml:10:16 operations.op.altitude.0: whether 1312 ft MSL reaches the surface at"
                " the site camp cannot be told without vertical.terrain;"
                " set vertical.terrain, or use SFC or a limit above ground level\n"
                "s.yaml:27:16 traffic.shuttle.altitude.0: FL200 cannot be compared with 1312 ft MSL"
                " (operations.op.altitude.0) without vertical.qnh; set vertical.qnh, such as"
                " standard, or use one reference"
            ),
        ),
        (
            "traffic:\n",
            (
                "flights:\n  shuttle: {party: south, route: [0N 2W, 0N 2E], speed: 400 kt,"
                " altitude: FL200, departs: +1 h}\ntraffic:\n"
            ),
            's.yaml:22:3 traffic.shuttle: "shuttle" is a flight as well; rename one',
        ),
        (
            "traffic:\n",
            (
                "flights:\n  camp: {party: north, route: [0N 2W, 0N 2E], speed: 400 kt,"
                " altitude: FL200, departs: +1 h}\ntraffic:\n"
            ),
            (
                "s.yaml:15:3 sites.camp: a flight of north has this id, and the site's people are a"
                " unit of south; rename one"
            ),
        ),
        (
            "tags: [medevac]",
            (
                "unit: shared\n  other: {party: north, from: 0N 0E, to: 0N 1E, rate: 1 per h,"
                " speed: 9 kt, altitude: FL9, unit: shared}\n  more:\n    party: south\n"
                "    from: 0N 1E\n    to: 0N 2E\n    rate: 1 per h\n    speed: 9 kt\n"
                "    altitude: FL9"
            ),
            (
                's.yaml:29:98 traffic.other.unit: the unit "shared" belongs to south already,'
                " and this stream to north"
            ),
        ),
    ],
)
def test_a_slip_gets_one_readable_message(found: str, ruined: str, message: str) -> None:
    assert faults(found, ruined) == message


@pytest.mark.parametrize(
    ("path", "value", "valid"),
    [
        ("sites.camp.at", {"lat": 1, "lon": 2}, True),
        ("sites.camp.area", {"circle": {"center": "0N 0E", "radius": "1 km"}}, False),
        ("sites.camp.present", {"start": "+1 h"}, False),
        ("sites.camp.party", None, False),
        ("traffic.shuttle.from", {"lat": 1, "lon": 2}, True),
        ("traffic.shuttle.from", {"at": "0N 0E"}, True),
        ("traffic.shuttle.from", {"polygon": ["0N 0E", "0N 1E", "1N 1E"]}, True),
        ("traffic.shuttle.from", [0, 1], False),
        ("traffic.shuttle.altitude", "FL100", True),
        ("traffic.shuttle.altitude", [], False),
        ("traffic.shuttle.rate", "300 per d", True),
        ("traffic.shuttle.rate", "300", False),
        ("traffic.shuttle.rate", 300, False),
        ("traffic.shuttle.pattern", "scheduled", True),
        ("traffic.shuttle.pattern", "sometimes", False),
        ("traffic.shuttle.unit", "ops", True),
        ("traffic.shuttle.x-note", "mine", True),
        ("traffic.shuttle.count", 3, False),
    ],
)
def test_editors_are_told_the_same(
    validator: Draft202012Validator, path: str, value: Any, *, valid: bool
) -> None:
    document = yaml.safe_load(TEXT)
    section, id_, key = path.split(".")
    assert validator.is_valid(document)
    if value is None:
        del document[section][id_][key]
    else:
        document[section][id_][key] = value
    assert validator.is_valid(document) is valid


class TestRate:
    @pytest.mark.parametrize(
        ("text", "per_second"),
        [("12 per h", 12 / 3600), ("300 per d", 300 / 86400), ("1.5 per min", 0.025)],
    )
    def test_is_read_in_events_per_second(self, text: str, per_second: float) -> None:
        assert rate(text) == pytest.approx(per_second, rel=1e-15)

    @pytest.mark.parametrize("text", ["", "12", "12/h", "per h", "12 per", "12 h", "nan per h"])
    def test_what_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(UnitError, match="12 per h or 300 per d"):
            rate(text)
