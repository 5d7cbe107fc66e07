"""Ruined copies of the seed scenario: one fault each, and the message it gets, as shipped.

The line and column of every case are counted by hand in the seed file, whose lines
must not move without this table.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from sim.errors import ScenarioError
from sim.scenario import explain
from sim.scenario.parts import Frozen
from sim.scenario.plan import prepare
from sim.scenario.reader import load, loads
from sim.scenario.schema import ZoneArea
from sim.scenario.tree import parse_value

SEED = Path(__file__).parents[2] / "scenarios" / "northwest_syria_2022.yaml"


class Case(NamedTuple):
    kind: str
    found: str
    ruined: str
    message: str


CASES = [
    Case(
        "unknown key, a slip",
        "    party: us\n",
        "    partty: us\n",
        "s.yaml:48:5 operations.raid.partty: unknown key: expected party, area, altitude, window,"
        ' slip, overrun, cancel, moved; did you mean "party"?',
    ),
    Case(
        "unknown key at the top",
        "operations:",
        "opperations:",
        "s.yaml:46:1 opperations: unknown key: expected keepout, name, about, sources, start, end,"
        " vertical, minima, parties, groups, channels, operations, zones, flights, sites, traffic;"
        ' did you mean "operations"?\n'
        's.yaml:56:13 zones.raid-area.covers: no operation is called "raid": there is no operation',
    ),
    Case(
        "missing key",
        "    altitude: [SFC, FL180]\n",
        "",
        "s.yaml:47:3 operations.raid: altitude is missing: expected such as [SFC, FL180]",
    ),
    Case(
        "missing key at the top",
        "start: 2022-02-02T18:00Z\n",
        "",
        "s.yaml:18:1: start is missing: expected such as 2022-02-02T18:00Z",
    ),
    Case(
        "an extension that would be repeated without end",
        "exempt: []",
        "exempt: []\n    amend: {overrun: {extend: 1 ms}}",
        's.yaml:61:31 zones.raid-area.amend.overrun.extend: "1 ms" is too short:'
        " expected 1 min or more, as each extension is a new version of the zone;"
        " write such as 30 min",
    ),
    Case(
        "no unit",
        "radius: 6 km",
        "radius: 6",
        's.yaml:49:50 operations.raid.area.circle.radius: "6" has no unit:'
        " expected m, km, NM, ft, such as 6 km or 12 NM",
    ),
    Case(
        "wrong unit",
        "margin: 5 km",
        "margin: 5 nm",
        's.yaml:34:54 parties.russia.response.margin: "nm" in "5 nm" is no unit of a length:'
        ' expected m, km, NM, ft, such as 6 km or 12 NM; did you mean "NM"?',
    ),
    Case(
        "impossible value",
        "radius: 6 km",
        "radius: -6 km",
        's.yaml:49:50 operations.raid.area.circle.radius: "-6 km" is too small:'
        " expected more than 0",
    ),
    Case(
        "impossible probability",
        "comply: 0.9",
        "comply: 1.9",
        's.yaml:34:24 parties.russia.response.comply: "1.9" is no probability:'
        " expected 0 to 1, such as 0.85 or 85 %",
    ),
    Case(
        "not a number",
        "radius: 6 km",
        "radius: nan km",
        's.yaml:49:50 operations.raid.area.circle.radius: "nan km" is no length:'
        " expected 6 km or 12 NM",
    ),
    Case(
        "infinity",
        "speed: 420 kt",
        "speed: .inf kt",
        's.yaml:68:12 flights.patrol.speed: ".inf kt" is no speed: expected 420 kt or 120 m/s',
    ),
    Case(
        "infinity by another way",
        "speed: 420 kt",
        "speed: 1e999 kt",
        's.yaml:68:12 flights.patrol.speed: "1e999 kt" is too large:'
        " expected a speed such as 420 kt or 120 m/s",
    ),
    Case(
        "bare pair of numbers",
        "center: 36.3N 36.7E",
        "center: [36.3, 36.7]",
        "s.yaml:49:21 operations.raid.area.circle.center: two bare numbers do not say which is"
        " the latitude, and half the world writes the longitude first:"
        " expected 36.3N 36.7E, 361800N0364200E or 36°18'N 36°42'E",
    ),
    Case(
        "bare pair of numbers as a text",
        "center: 36.3N 36.7E",
        "center: 36.3 36.7",
        "s.yaml:49:29 operations.raid.area.circle.center: two bare numbers do not say which is"
        " the latitude, and half the world writes the longitude first:"
        " expected 36.3N 36.7E, 361800N0364200E or 36°18'N 36°42'E",
    ),
    Case(
        "unknown party",
        "to: [russia]",
        "to: [rusia]",
        's.yaml:62:20 zones.raid-area.notices.first.to.0: no party or group is called "rusia":'
        ' expected one of civil, russia, us; did you mean "russia"?',
    ),
    Case(
        "unknown channel",
        "via: deconfliction-line",
        "via: deconfliction-lime",
        "s.yaml:62:34 zones.raid-area.notices.first.via:"
        ' no channel is called "deconfliction-lime":'
        ' expected one of deconfliction-line; did you mean "deconfliction-line"?',
    ),
    Case(
        "unknown operation",
        "covers: raid ",
        "covers: raids ",
        's.yaml:56:13 zones.raid-area.covers: no operation is called "raids":'
        ' expected one of raid; did you mean "raid"?',
    ),
    Case(
        "unknown exemption",
        "exempt: []",
        "exempt: [patroll]",
        's.yaml:60:14 zones.raid-area.exempt.0: no flight or party is called "patroll":'
        ' expected one of aid-flight, civil, patrol, russia, us; did you mean "patrol"?',
    ),
    Case(
        "unknown repeat",
        "exempt: []",
        "exempt: ['patrol#9']",
        's.yaml:60:14 zones.raid-area.exempt.0: "patrol#9" does not exist:'
        " patrol has repeats 1 to 3",
    ),
    Case(
        "unknown action",
        "[delay, reroute, divert]",
        "[delay, rerout]",
        's.yaml:34:77 parties.russia.response.actions.1: "rerout" is none of the choices here:'
        " expected delay or reroute or divert or cancel or climb or descend or hold;"
        ' did you mean "reroute"?',
    ),
    Case(
        "a unit that nobody belongs to",
        "    response: {comply",
        "    units: {patrl: {response: {comply: 1}}}\n    response: {comply",
        's.yaml:34:13 parties.russia.units.patrl: no flight of russia belongs to a unit "patrl":'
        ' expected one of patrol; did you mean "patrol"?',
    ),
    Case(
        "a misspelt key of what compliance depends on",
        "comply: 0.9,",
        "comply: {base: 0.9, form: {us: 0.5}},",
        "s.yaml:34:36 parties.russia.response.comply.form: unknown key:"
        ' expected base, from, lead_under, after_notices; did you mean "from"?',
    ),
    Case(
        "compliance by a sender that there is not",
        "comply: 0.9,",
        "comply: {base: 0.9, from: {uk: 0.5}},",
        's.yaml:34:47 parties.russia.response.comply.from.uk: no party is called "uk":'
        " expected one of civil, russia, us",
    ),
    Case(
        "compliance with one's own notices",
        "comply: 0.9,",
        "comply: {base: 0.9, from: {russia: 0.5}},",
        "s.yaml:34:51 parties.russia.response.comply.from.russia:"
        " russia sends no notices to itself",
    ),
    Case(
        "a base that is no probability",
        "comply: 0.9,",
        "comply: {base: 1.9},",
        's.yaml:34:31 parties.russia.response.comply.base: "1.9" is no probability:'
        " expected 0 to 1, such as 0.85 or 85 %",
    ),
    Case(
        "two factors for one lead",
        "comply: 0.9,",
        "comply: {lead_under: [{lead: 1 h, factor: 0.5}, {lead: 60 min, factor: 0.6}]},",
        "s.yaml:34:64 parties.russia.response.comply.lead_under.1:"
        " this gives a second factor for the same",
    ),
    Case(
        "a factor that is none",
        "comply: 0.9,",
        "comply: {after_notices: [{count: 3, factor: 1.5}]},",
        's.yaml:34:60 parties.russia.response.comply.after_notices.0.factor: "1.5" is no'
        " probability: expected 0 to 1, such as 0.85 or 85 %",
    ),
    Case(
        "a floor over the ceiling",
        "margin: 5 km,",
        "floor: FL200, ceiling: FL100,",
        "s.yaml:34:5 parties.russia.response:"
        " the lower limit FL200 is not below the upper one, FL100; exchange floor and ceiling",
    ),
    Case(
        "a floor without end",
        "margin: 5 km,",
        "floor: UNL,",
        "s.yaml:34:53 parties.russia.response.floor: UNL is no floor: expected such as FL100",
    ),
    Case(
        "a ceiling beyond comparison",
        "margin: 5 km,",
        "ceiling: 300 m W84,",
        "s.yaml:34:55 parties.russia.response.ceiling: 984 ft W84 cannot be compared with FL250"
        " (flights.patrol.altitude) without vertical.geoid; set vertical.geoid, such as 20 m,"
        " or use one reference",
    ),
    Case(
        "a negative margin in time",
        "margin: 5 km,",
        "time_margin: -1 min,",
        's.yaml:34:59 parties.russia.response.time_margin: "-1 min" is negative:'
        " expected 0 or more",
    ),
    Case(
        "an offset of what is not made coarser",
        "area: {buffer: 40 km}",
        "area: {circle: {center: 36N 36E, radius: 9 km}, offset: {by: 9 km, bearing: 45 deg}}",
        "s.yaml:57:53 zones.raid-area.area.offset: only what is made coarser is displaced:"
        " expected beside buffer, bounding_circle or grid; write the area where it is to be",
    ),
    Case(
        "an offset towards nowhere",
        "area: {buffer: 40 km}",
        "area: {buffer: 40 km, offset: {by: 9 km}}",
        "s.yaml:57:27 zones.raid-area.area.offset: bearing is missing: expected such as 90 deg",
    ),
    Case(
        "a negative offset",
        "area: {buffer: 40 km}",
        "area: {buffer: 40 km, offset: {by: -9 km, bearing: 45 deg}}",
        's.yaml:57:40 zones.raid-area.area.offset.by: "-9 km" is negative: expected 0 or more',
    ),
    Case(
        "minutes of arc that could be a time",
        "area: {buffer: 40 km}",
        "area: {grid: 30 min}",
        's.yaml:57:18 zones.raid-area.area.grid: "min" in "30 min" is no unit of an angle:'
        " expected deg, °, ', such as 90 deg or 30'; did you mean \"'\"?",
    ),
    Case(
        "a grid of cells too small",
        "area: {buffer: 40 km}",
        "area: {grid: 0.1'}",
        "s.yaml:57:18 zones.raid-area.area.grid: a grid of 0.00166667 degrees has over 2500 cells"
        " here; choose a larger step",
    ),
    Case(
        "a move towards nowhere",
        "    overrun: {exponential: {mean: 10 min}}",
        "    moved: {by: 9 km}",
        "s.yaml:52:5 operations.raid.moved: bearing is missing: expected such as 90 deg",
    ),
    Case(
        "a move by less than nothing",
        "    overrun: {exponential: {mean: 10 min}}",
        "    moved: {by: {normal: {mean: 5 km, sd: 5 km}}, bearing: 90 deg}",
        "s.yaml:52:13 operations.raid.moved.by: this distribution can be negative,"
        " which is impossible here; give it a min of 0",
    ),
    Case(
        "a move that is more than certain",
        "    overrun: {exponential: {mean: 10 min}}",
        "    moved: {by: 5 km, bearing: 90 deg, probability: 1.2}",
        's.yaml:52:53 operations.raid.moved.probability: "1.2" is no probability:'
        " expected 0 to 1, such as 0.85 or 85 %",
    ),
    Case(
        "a move decided before the scenario starts",
        "    overrun: {exponential: {mean: 10 min}}",
        "    moved: {by: 5 km, bearing: 90 deg, decided: 5 h}",
        "s.yaml:52:49 operations.raid.moved.decided: the move is decided at 2022-02-02T17:30:00Z,"
        " before the scenario's start 2022-02-02T18:00:00Z;"
        " start the scenario at 2022-02-02T17:30:00Z or earlier",
    ),
    Case(
        "a move of a zone that covers nothing",
        "    covers: raid               # or, in its own right: party, area, altitude, window\n"
        "    area: {buffer: 40 km}\n"
        "    window: {pad: 30 min}\n",
        "    party: us\n"
        "    area: {circle: {center: 36N 36E, radius: 9 km}}\n"
        "    window: {start: +4 h, duration: 1 h}\n"
        "    amend: {move: {delay: 5 min}}\n",
        "s.yaml:59:13 zones.raid-area.amend.move:"
        " this needs an operation that the zone covers, and there is none",
    ),
    Case(
        "a move that says where to",
        "exempt: []",
        "exempt: []\n    amend: {move: {by: 5 km}}",
        "s.yaml:61:20 zones.raid-area.amend.move.by: unknown key: expected delay",
    ),
    Case(
        "unknown distribution",
        "overrun: {exponential: {mean",
        "overrun: {exponentail: {mean",
        's.yaml:52:15 operations.raid.overrun.exponentail: "exponentail" is no distribution:'
        " expected one of fixed, uniform, triangular, normal, lognormal, exponential, gamma,"
        ' weibull, empirical, mixture; did you mean "exponential"?',
    ),
    Case(
        "a distribution's parameters contradict",
        "{median: 4 min, p95: 15 min}",
        "{median: 4 min, p95: 3 min}",
        "s.yaml:32:50 parties.russia.desk.handling.lognormal.p95: p95 must be above the median,"
        ' found "3 min"',
    ),
    Case(
        "a distribution that can be negative",
        "overrun: {exponential: {mean: 10 min}}",
        "overrun: {normal: {mean: 5 min, sd: 5 min}}",
        "s.yaml:52:5 operations.raid.overrun: this distribution can be negative,"
        " which is impossible here; give it a min of 0",
    ),
    Case(
        "scenario ends before it starts",
        "end: 2022-02-03T06:00Z",
        "end: 2022-02-01T06:00Z",
        "s.yaml:23:6 end: end 2022-02-01T06:00:00Z is before start 2022-02-02T18:00:00Z;"
        " let it end later",
    ),
    Case(
        "window ends before it starts",
        "start: 2022-02-02T22:30Z, duration: 3 h",
        "start: 2022-02-02T22:30Z, end: 2022-02-02T21:00Z",
        "s.yaml:51:5 operations.raid.window:"
        " end 2022-02-02T21:00:00Z is before start 2022-02-02T22:30:00Z;"
        " write 2022-02-03T21:00:00Z if it is on the next day",
    ),
    Case(
        "window of no length",
        "duration: 3 h",
        "duration: 0 h",
        's.yaml:51:50 operations.raid.window.duration: "0 h" is too small: expected more than 0',
    ),
    Case(
        "self-crossing polygon",
        "area: {circle: {center: 36.3N 36.7E, radius: 6 km}}",
        "area: {polygon: [36N 36E, 37N 37E, 37N 36E, 36N 37E]}",
        "s.yaml:49:12 operations.raid.area.polygon:"
        " edges 1 and 3 of the exterior cross near 36.50N 36.50E",
    ),
    Case(
        "circle larger than a hemisphere",
        "radius: 6 km",
        "radius: 10000 km",
        "s.yaml:49:12 operations.raid.area.circle:"
        " a circle of 10000 km is not smaller than a hemisphere",
    ),
    Case(
        "buffer beyond a hemisphere",
        "buffer: 40 km",
        "buffer: 9990 km",
        "s.yaml:57:20 zones.raid-area.area.buffer:"
        " the operation's area grown by this buffer is not smaller than a hemisphere",
    ),
    Case(
        "too many points",
        "area: {circle: {center: 36.3N 36.7E, radius: 6 km}}",
        "area: {polygon: [" + "36N 36E, " * 2001 + "]}",
        "s.yaml:49:12 operations.raid.area.polygon: expected at most 2000 entries, found 2001",
    ),
    Case(
        "a zone's own settings settle too little",
        "altitude: [SFC, UNL]",
        "altitude: [SFC, 300 m W84]\n    vertical: {terrain: 1 m}",
        "s.yaml:59:21 zones.raid-area.altitude.1: 984 ft W84 cannot be given above mean sea"
        " level, as the zone's own vertical asks, without geoid;"
        " set zones.raid-area.vertical.geoid, such as 20 m",
    ),
    Case(
        "altitude without a reference",
        "[SFC, FL180]",
        "[SFC, 5000 ft]",
        's.yaml:50:21 operations.raid.altitude.1: "5000 ft" does not say above what:'
        " expected FL180, 5000 ft MSL, 1200 m AGL, 120 m W84, SFC or UNL;"
        ' write "5000 ft MSL" if it is above mean sea level',
    ),
    Case(
        "altitudes upside down",
        "[SFC, FL180]",
        "[FL180, FL100]",
        "s.yaml:50:5 operations.raid.altitude:"
        " the lower limit FL180 is not below the upper one, FL100; write [FL100, FL180]",
    ),
    Case(
        "altitude references that cannot be compared",
        "[SFC, FL180]",
        "[SFC, 400 ft W84]",
        "s.yaml:50:21 operations.raid.altitude.1:"
        " 400 ft W84 cannot be compared with FL250 (flights.patrol.altitude)"
        " without vertical.geoid; set vertical.geoid, such as 20 m, or use one reference",
    ),
    Case(
        "notice due before the start",
        "lead: 2 h",
        "lead: 6 h",
        "s.yaml:62:60 zones.raid-area.notices.first.lead: the notice may have to be drafted at"
        " 2022-02-02T16:00:00Z, before the scenario's start 2022-02-02T18:00:00Z;"
        " start the scenario at 2022-02-02T16:00:00Z or earlier",
    ),
    Case(
        "notice due any time before the start",
        "lead: 2 h",
        "lead: {exponential: {mean: 2 h}}",
        "s.yaml:62:54 zones.raid-area.notices.first.lead: the notice may have to be drafted any"
        " time before the scenario's start: this distribution has no max; give it a max",
    ),
    Case(
        "flight due before the start, by its jitter",
        "departs: 2022-02-02T22:00Z",
        "departs: 2022-02-02T18:10Z",
        "s.yaml:70:14 flights.patrol.departs: the flight may depart at 2022-02-02T17:55:00Z,"
        " before the scenario's start 2022-02-02T18:00:00Z;"
        " start the scenario at 2022-02-02T17:55:00Z or earlier",
    ),
    Case(
        "notice drafted at an offset before the start",
        "lead: 2 h",
        "at: -1 h",
        "s.yaml:62:58 zones.raid-area.notices.first.at: the notice is drafted at"
        " 2022-02-02T17:00:00Z, before the scenario's start 2022-02-02T18:00:00Z;"
        " let it be 1 h later",
    ),
    Case(
        "both lead and at",
        "lead: 2 h",
        "lead: 2 h, at: +1 h",
        "s.yaml:62:7 zones.raid-area.notices.first:"
        " expected exactly one of lead, at, found lead and at",
    ),
    Case(
        "channel leads elsewhere",
        "to: [russia]",
        "to: [civil]",
        "s.yaml:62:33 zones.raid-area.notices.first.via:"
        " deconfliction-line does not lead from us to civil: it is between us and russia",
    ),
    Case(
        "sender notifies itself",
        "to: [russia]",
        "to: [us]",
        "s.yaml:62:20 zones.raid-area.notices.first.to.0: us would notify itself; leave it out",
    ),
    Case(
        "a relay without a way",
        "via: deconfliction-line",
        "via: [deconfliction-line, russia]",
        "s.yaml:62:29 zones.raid-area.notices.first.via: expected a channel, or channel,"
        " relaying party, channel and so on, found 2",
    ),
    Case(
        "buffer without covers",
        "covers: raid  ",
        "party: us  ",
        "s.yaml:57:20 zones.raid-area.area.buffer:"
        " this needs an operation that the zone covers, and there is none\n"
        "s.yaml:58:19 zones.raid-area.window.pad:"
        " this needs an operation that the zone covers, and there is none",
    ),
    Case(
        "covers and party",
        "covers: raid  ",
        "party: us\n    covers: raid",
        "s.yaml:56:12 zones.raid-area.party: a zone that covers an operation is its party's:"
        " expected either covers or party",
    ),
    Case(
        "neither covers nor party",
        "    covers: raid  ",
        "    #",
        "s.yaml:55:3 zones.raid-area: a zone that covers no operation needs party\n"
        "s.yaml:57:20 zones.raid-area.area.buffer:"
        " this needs an operation that the zone covers, and there is none\n"
        "s.yaml:58:19 zones.raid-area.window.pad:"
        " this needs an operation that the zone covers, and there is none",
    ),
    Case(
        "speed missing",
        "    speed: 420 kt\n",
        "    #\n",
        "s.yaml:65:3 flights.patrol: speed is missing: expected such as 420 kt,"
        " or times at waypoints",
    ),
    Case(
        "times that do not rise",
        "route: [36.1N 36.1E, 36.5N 37.3E]",
        "route: [36N 36E, {at: 36N 37E, time: 1 h}, {at: 37N 37E, time: 30 min}]",
        "s.yaml:74:68 flights.aid-flight.route.2.time:"
        " times must rise, and 30 min does not come after 1 h",
    ),
    Case(
        "time without a zone",
        "departs: 2022-02-02T22:00Z",
        "departs: 2022-02-02T22:00",
        's.yaml:70:14 flights.patrol.departs: "2022-02-02T22:00" names no time zone:'
        " expected 2022-02-02T18:00Z, or +4 h after the scenario's start;"
        ' write "2022-02-02T22:00Z" if it is UTC',
    ),
    Case(
        "no such time zone",
        "departs: 2022-02-02T22:00Z",
        "departs: 2022-02-02T22:00+25:00",
        's.yaml:70:14 flights.patrol.departs: "2022-02-02T22:00+25:00" is no time:'
        " the zone must be less than 24 h from UTC; expected 2022-02-02T18:00Z, or +4 h after"
        " the scenario's start",
    ),
    Case(
        "no such day",
        "departs: 2022-02-02T22:00Z",
        "departs: 2022-02-30T22:00Z",
        's.yaml:70:14 flights.patrol.departs: "2022-02-30T22:00Z" is no time:'
        " day is out of range for month; expected 2022-02-02T18:00Z, or +4 h after the"
        " scenario's start",
    ),
    Case(
        "bad id",
        "  civil: {name",
        "  9civil: {name",
        's.yaml:35:3 parties.9civil: "9civil" is no id:'
        " expected a letter, then letters, digits, _ or -\n"
        's.yaml:73:12 flights.aid-flight.party: no party is called "civil":'
        ' expected one of 9civil, russia, us; did you mean "9civil"?',
    ),
    Case(
        "a text where a mapping belongs",
        "  us: {name: United States}",
        "  us: United States",
        "s.yaml:27:7 parties.us: expected a mapping with name, desk, response, clock,"
        ' observes, units, found "United States"; write such as {name: Survey company}',
    ),
    Case(
        "a list where one value belongs",
        "    party: civil",
        "    party: [civil]",
        "s.yaml:73:5 flights.aid-flight.party: expected one value, found a list",
    ),
    Case(
        "nothing where a list belongs",
        "exempt: []",
        "exempt:",
        "s.yaml:60:12 zones.raid-area.exempt:"
        " expected a list of parties, flights and tags, found nothing",
    ),
    Case(
        "impossible count",
        "officers: 1",
        "officers: 0",
        's.yaml:31:17 parties.russia.desk.officers: "0" is no count:'
        " expected a whole number from 1 to 10000",
    ),
    Case(
        "another version of the format",
        "keepout: 1",
        "keepout: 2",
        's.yaml:18:10 keepout: "2" is no version that this keepout reads: expected 1',
    ),
    Case(
        "duplicate key",
        "    party: us\n",
        "    party: us\n    party: civil\n",
        "s.yaml:49:5 operations.raid.party: this key stands here twice (first on line 48);"
        " keep one of the two",
    ),
    Case(
        "alias and anchor",
        "exempt: []",
        "exempt: &none []\n    issued: *none",
        "s.yaml:60:13 zones.raid-area.exempt: anchors such as &none are not read; leave it out\n"
        "s.yaml:61:13 zones.raid-area.issued: aliases such as *none are not read; write it out",
    ),
    Case(
        "tag",
        "officers: 1",
        "officers: !!int 1",
        's.yaml:31:17 parties.russia.desk.officers: tags such as "int" are not read;'
        " write the plain value",
    ),
    Case(
        "no YAML",
        "exempt: []",
        "exempt: [",
        's.yaml:60:13: this is no YAML: "[" is not closed; close it with ]',
    ),
    Case(
        "no colon after a key",
        "    party: us\n",
        "    party us\n",
        's.yaml:48:5: this is no YAML: "party us" is no key with a value:'
        ' expected a colon and a blank after the key; write "party: us"',
    ),
    Case(
        "tab",
        "    exempt: []",
        "\texempt: []",
        "s.yaml:60:1: this is no YAML: found a tab; indent with spaces",
    ),
    Case(
        "second document",
        "flights:\n",
        "---\nflights:\n",
        "s.yaml:64:1: a second document starts here: expected one scenario a file",
    ),
    Case(
        "binary",
        "name: Russia",
        "name: \x00\x01",
        "s.yaml:29:11: the character U+0000 does not belong in a text file:"
        " expected a scenario in YAML, not binary data",
    ),
]


def faults_of(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "s.yaml")
    return str(caught.value)


@pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])
def test_each_ruined_copy_gets_one_readable_message(case: Case) -> None:
    seed = SEED.read_text(encoding="utf-8")
    assert seed.count(case.found) >= 1, "the seed file has changed"
    assert faults_of(seed.replace(case.found, case.ruined, 1)) == case.message


class Remedy(NamedTuple):
    found: str
    ruined: str
    hint: str
    mended: str
    """What the hint leads to; it is read in place of what was ruined."""


BAND, CENTER, NIGHT = "[SFC, FL180]", "center: 36.3N 36.7E", "start: 2022-02-02T22:30Z"
HANDLING = "{lognormal: {median: 4 min, p95: 15 min}}"
CIRCLE = "area: {circle: {center: 36.3N 36.7E, radius: 6 km}}"
NO_COMMA = "a comma ends a value: write 6.5 for 6,5, and several values as [a, b]"
REMEDIES = [
    Remedy(BAND, "[FL100, SFC]", "write [SFC, FL100]", "[SFC, FL100]"),
    Remedy(BAND, "[UNL, FL180]", "write [FL180, UNL]", "[FL180, UNL]"),
    Remedy(BAND, "[FL50, FL50]", "let the upper one be higher", "[FL50, FL60]"),
    Remedy(BAND, "[1 km MSL, 50 m MSL]", "exchange the two", "[50 m MSL, 1 km MSL]"),
    Remedy(BAND, "SFC to FL180", "write [SFC, FL180]", BAND),
    Remedy(BAND, "SFC, FL180]", "write [SFC, FL180]", BAND),
    Remedy(
        BAND,
        "[SFC, 18,000 ft MSL]",
        "write numbers without a comma, and two limits",
        "[SFC, 18000 ft MSL]",
    ),
    Remedy(BAND, "[surface, FL180]", 'did you mean "SFC"?', BAND),
    Remedy(BAND, "[SFC, unl]", 'did you mean "UNL"?', "[SFC, UNL]"),
    Remedy(BAND, "[0, FL180]", "write SFC for the ground", BAND),
    Remedy(BAND, "[SFC, F180]", "write FL180", BAND),
    Remedy(BAND, "[SFC, FL18000]", "write FL180", BAND),
    Remedy(BAND, "[SFC, 9000]", 'write "9000 ft MSL" if it is in feet', "[SFC, 9000 ft MSL]"),
    Remedy(CENTER, "center: 36.70E 36.30N", "write 36.30N 36.70E", "center: 36.30N 36.70E"),
    Remedy(CENTER, "center: 0364200E361800N", "write 361800N 0364200E", CENTER),
    Remedy(CENTER, "center: N36.3 E36.7", "write 36.3N 36.7E", CENTER),
    Remedy(CENTER, "center: E36.7 N36.3", "write 36.3N 36.7E", CENTER),
    Remedy(CENTER, "center: 36.3n 36.7e", "write 36.3N 36.7E", CENTER),
    Remedy(CENTER, "center: 36.3N", "write both halves, such as 36.3N 36.7E", CENTER),
    Remedy(
        CENTER,
        "center: {lat: 36.3, lng: 36.7}",
        "write such as {lat: 36.3, lon: 36.7}",
        "center: {lat: 36.3, lon: 36.7}",
    ),
    Remedy(CENTER, "center 36.3N 36.7E", 'write "center: 36.3N 36.7E"', CENTER),
    Remedy("comply: 0.9", "comply: 95", "write 0.95 or 95 %", "comply: 95 %"),
    Remedy("comply: 0.9", "comply: 0,9", NO_COMMA, "comply: 0.9"),
    Remedy("to: [russia]", "to: russia, civil", NO_COMMA, "to: [russia]"),
    Remedy(
        "to: [russia]",
        "to: all",
        "all is for channels; name each party, or a group of them",
        "to: [russia]",
    ),
    Remedy("duration: 3 h", "duration: 03:30", "write 3 h 30 min if it lasts so long",
           "duration: 3 h 30 min"),
    Remedy(NIGHT, "start: 22:30Z", "put its date before it, such as 2022-02-02T22:30Z", NIGHT),
    Remedy(NIGHT, "start: 2022-02-02 22:30 UTC", 'write "2022-02-02 22:30Z"',
           "start: 2022-02-02 22:30Z"),
    Remedy(NIGHT, "start: 2022-02-02", 'add the time of the day, such as "2022-02-02T18:00Z"',
           NIGHT),
    Remedy(NIGHT, "start: 4 h", 'write "+4 h" if it is counted from the start', "start: +4 h"),
    Remedy("end: 2022-02-03T06:00Z", "end: 2022-02-02T17:00Z",
           "write 2022-02-03T17:00:00Z if it is on the next day", "end: 2022-02-03T17:00:00Z"),
    Remedy(HANDLING, "4-15 min", "write {uniform: {min: 4 min, max: 15 min}} for a range",
           "{uniform: {min: 4 min, max: 15 min}}"),
    Remedy(HANDLING, "4 min to 1 h", "write {uniform: {min: 4 min, max: 1 h}} for a range",
           "{uniform: {min: 4 min, max: 1 h}}"),
    Remedy(HANDLING, "[4 min, 1 h]", "write {uniform: {min: 4 min, max: 1 h}} for a range",
           "{uniform: {min: 4 min, max: 1 h}}"),
    Remedy(HANDLING, "Lognormal(4, 15)", "write {lognormal: {median: ..., p95: ...}}", HANDLING),
    Remedy("{exponential: {mean: 10 min}}", "exponential 10 min",
           "write {exponential: {mean: ...}}", "{exponential: {mean: 10 min}}"),
    Remedy("keepout: 1\n", "", 'write "keepout: 1"', "keepout: 1\n"),
    Remedy("name: Northwest Syria, February 2022\n", "", 'write such as "name: Northern range"',
           "name: Northern range\n"),
    Remedy("      first: {to", "      - first: {to", "write each id as a key", "      first: {to"),
    Remedy("[delay, reroute, divert]", "delay", "write [delay]", "[delay]"),
    Remedy("exempt: []", "exempt: civil", "write [civil]", "exempt: [civil]"),
    Remedy("[36.1N 36.1E, 36.5N 37.3E]", "36.1N 36.1E, 36.5N 37.3E",
           "put it in brackets: [36.1N 36.1E, 36.5N 37.3E]", "[36.1N 36.1E, 36.5N 37.3E]"),
    Remedy("area: {buffer: 40 km}", "area: 40 km", "write such as {buffer: 40 km}",
           "area: {buffer: 40 km}"),
    Remedy("{pad: 30 min}", "30 min", "write such as {pad: 30 min}", "{pad: 30 min}"),
    Remedy(CIRCLE, CIRCLE.replace("area: {", "", 1)[:-1], "it belongs in area", CIRCLE),
    Remedy("{circle: {center: 36.3N 36.7E, radius: 6 km}}", "{center: 36.3N 36.7E}",
           "it belongs in circle", "{circle: {center: 36.3N 36.7E, radius: 6 km}}"),
    Remedy("  aid-flight:", "  aid flight:", "write aid-flight", "  aid-flight:"),
    Remedy("end: 2022-02-03T06:00Z", "duration: 12 h",
           'write "end: +12 h" for so long after the start', "end: +12 h"),
    Remedy("margin: 5 km", "margin: 5 miles", "a nautical mile is 1 NM, a statute one 1.609 km",
           "margin: 5 NM"),
    Remedy("speed: 420 kt", "speed: 420 mph",
           "a knot is 1 kt, a statute mile an hour 1.609 km/h", "speed: 420 kt"),
]  # fmt: skip


@pytest.mark.parametrize(
    "remedy", REMEDIES, ids=[one.ruined.strip() or one.hint for one in REMEDIES]
)
def test_the_next_step_leads_to_what_is_read(remedy: Remedy) -> None:
    seed = SEED.read_text(encoding="utf-8")
    assert remedy.found in seed
    last = faults_of(seed.replace(remedy.found, remedy.ruined, 1)).splitlines()[-1]
    assert last.endswith(f"; {remedy.hint}")
    loads(seed.replace(remedy.found, remedy.mended, 1))


@pytest.mark.parametrize("kind", sorted(explain._EXAMPLES))
def test_what_is_given_as_an_example_is_one(kind: str) -> None:
    kinds: list[type[Frozen]] = [*Frozen.__subclasses__(), ZoneArea]
    models = {model.__name__: model for model in kinds}
    models[kind].model_validate(parse_value(explain._EXAMPLES[kind]))


@pytest.mark.parametrize("share", ["-1", "1.9", "101", "950 %"])
def test_what_is_no_percentage_either_is_not_called_one(share: str) -> None:
    ruined = SEED.read_text(encoding="utf-8").replace("comply: 0.9", f"comply: {share}")
    assert faults_of(ruined).endswith("expected 0 to 1, such as 0.85 or 85 %")


def test_the_table_covers_every_named_kind() -> None:
    assert len({case.kind for case in CASES}) == len(CASES) >= 20


def test_messages_carry_no_words_of_the_validation_library() -> None:
    jargon = ("Input should", "validation error", "type=", "pydantic", "Traceback", "NoneType")
    assert not [case.kind for case in CASES if any(word in case.message for word in jargon)]


def test_all_faults_are_told_together_in_the_order_of_the_file() -> None:
    text = SEED.read_text(encoding="utf-8")
    for found, ruined in (
        ("qnh: standard", "qnh: 10 hPa"),
        ("comply: 0.9", "comply: most"),
        ("lines: 1", "lines: 1\n    lines: 2"),
        ("radius: 6 km", "radius: 6"),
        ("to: [russia]", "to: [rusia]"),
        ("FL250", "FL25O"),
        ("party: civil", "party: civl"),
    ):
        assert found in text
        text = text.replace(found, ruined, 1)
    lines = faults_of(text).splitlines()
    assert [line.split(":")[1] for line in lines] == ["24", "34", "42", "50", "63", "70", "74"]


def test_a_reference_that_leads_nowhere_is_told_of_beside_another_fault_of_its_entry() -> None:
    seed = SEED.read_text(encoding="utf-8")
    ruined = seed.replace("party: civil", "party: civvil").replace("210 kt", "210")
    ruined = ruined.replace("via: deconfliction-line, lead: 2 h", "via: deconfliction, lead: 2")
    assert [line.partition(": ")[0] for line in faults_of(ruined).splitlines()] == [
        "s.yaml:62:34 zones.raid-area.notices.first.via",
        "s.yaml:62:55 zones.raid-area.notices.first.lead",
        "s.yaml:73:12 flights.aid-flight.party",
        "s.yaml:75:12 flights.aid-flight.speed",
    ]


def test_a_zone_with_a_fault_still_counts_as_known() -> None:
    text = SEED.read_text(encoding="utf-8")
    text = text.replace("altitude: [SFC, FL180]", "altitude: [SFC]", 1)
    assert faults_of(text).count("\n") == 0  # the zone that covers the operation is not at fault


def test_a_fault_under_a_duplicate_key_is_not_told_twice() -> None:
    text = SEED.read_text(encoding="utf-8")
    text = text.replace("    party: us\n", "    party: uss\n    party: us\n", 1)
    assert faults_of(text).count("\n") == 0


def test_a_flood_of_faults_is_cut_short() -> None:
    entries = "".join(f"  f{n}: {{party: nobody}}\n" for n in range(5000))
    lines = faults_of(f"flights:\n{entries}").splitlines()
    assert len(lines) == 101
    assert lines[-1] == "s.yaml: more faults are not shown"


def test_a_group_that_holds_the_sender_is_told_of() -> None:
    text = SEED.read_text(encoding="utf-8")
    text = text.replace("channels:\n", "groups: {forces: [us, russia]}\nchannels:\n", 1)
    text = text.replace("to: [russia]", "to: forces", 1)
    assert faults_of(text) == (
        "s.yaml:63:19 zones.raid-area.notices.first.to:"
        " us (in forces) would notify itself; leave it out"
    )


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("from: us, to: russia", ""),
        ("from: us, to: all", ""),
        ("from: us, to: [forces]", ""),
        ("from: russia, to: us", "line does not lead from us to russia: it is from russia to us"),
        ("from: us, to: civil", "line does not lead from us to russia: it is from us to civil"),
        ("from: us", "expected either between: [a, b], or both from and to"),
        ("between: [us, russia], to: us", "expected either between: [a, b], or both from and to"),
    ],
)
def test_channels_lead_where_they_say(channel: str, expected: str) -> None:
    text = f"""
keepout: 1
name: t
start: 2022-02-02T18:00Z
end: +6 h
parties: {{us: {{}}, russia: {{}}, civil: {{}}}}
groups: {{forces: [russia]}}
channels: {{line: {{medium: hotline, {channel}}}}}
zones:
  z:
    party: us
    area: {{circle: {{center: 36N 36E, radius: 5 km}}}}
    altitude: [SFC, UNL]
    window: {{start: +2 h, end: +3 h}}
    notices: {{n: {{to: russia, via: line, lead: 1 h}}}}
"""
    if expected:
        assert expected in faults_of(text)
    else:
        assert loads(text).zones["z"].notices["n"].to == ("russia",)


@pytest.mark.parametrize(
    ("operation", "zone", "flight", "settings", "fault"),
    [
        ("[SFC, 900 m AGL]", "[SFC, UNL]", "300 m AGL", "", ""),  # one axis needs no setting
        ("[SFC, UNL]", "[SFC, UNL]", "FL100", "", ""),  # nothing bounds, nothing is compared
        ("[SFC, FL100]", "[SFC, FL90]", "FL80", "", ""),
        ("[SFC, 900 m AGL]", "[SFC, UNL]", "900 m MSL", "terrain: 1 m", ""),
        (
            "[SFC, 900 m AGL]",
            "[SFC, UNL]",
            "900 m MSL",
            "qnh: standard",
            "without vertical.terrain",
        ),
        ("[FL50, UNL]", "[900 m MSL, UNL]", "FL80", "", "without vertical.qnh"),
        ("[300 m MSL, FL50]", "[SFC, UNL]", "900 m MSL", "", "without vertical.qnh"),
        ("[2000 m MSL, FL50]", "[SFC, UNL]", "FL80", "qnh: standard", "is not below the upper"),
        ("[SFC, 0 m AGL]", "[SFC, UNL]", "FL80", "", "is not below the upper"),
        ("[UNL, UNL]", "[SFC, UNL]", "FL80", "", "UNL is no lower limit"),
        ("[SFC, UNL]", "[SFC, UNL]", "UNL", "", "a flight cannot be at UNL"),
    ],
)
def test_altitudes_are_compared_only_with_what_that_needs(
    operation: str, zone: str, flight: str, settings: str, fault: str
) -> None:
    text = f"""
keepout: 1
name: t
start: 2022-02-02T18:00Z
end: +6 h
vertical: {{{settings}}}
parties: {{us: {{}}, russia: {{}}}}
operations:
  o:
    party: us
    area: {{circle: {{center: 36N 36E, radius: 5 km}}}}
    altitude: {operation}
    window: {{start: +2 h, end: +3 h}}
zones: {{z: {{covers: o, altitude: {zone}}}}}
flights:
  f: {{party: russia, route: [36N 36E, 37N 37E], speed: 9 kt, altitude: {flight}, departs: +1 h}}
"""
    if fault:
        assert fault in faults_of(text)
    else:
        loads(text)


def one_flight(flight: str, zone: str = "") -> str:
    return f"""
keepout: 1
name: t
start: 2022-02-02T18:00Z
end: +6 h
parties: {{us: {{}}, russia: {{}}}}
zones: {{{zone}}}
flights:
  f: {{party: russia, altitude: FL100, departs: +1 h, {flight}}}
"""


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ("[0N 0E, 0N 178E]", ""),  # 19,815 km along the equator
        ("[0N 0E, 0N 179E]", "1"),  # 19,926 km
        ("[0N 0E, 0.5S 179.5W]", "1"),
        ("[36N 36E, 37N 37E, 36.9S 143.1W]", "2"),
        ("[36N 36E, {at: 36.1S 144.1W, time: 20 h}]", "1"),
        ("[90N 0E, 89S 0E]", ""),  # 19,892 km on WGS84, though 19,904 km on a sphere
        ("[90N 0E, 90S 0E]", "1"),
    ],
)
def test_a_leg_to_the_other_side_of_the_earth_has_no_one_way(route: str, fault: str) -> None:
    text = one_flight(f"speed: 420 kt, route: {route}")
    if not fault:
        prepare(loads(text))
        return
    assert faults_of(text).partition(" ")[2] == (
        f"flights.f.route.{fault}: this is the other side of the Earth from the waypoint before,"
        " so the way here is ambiguous; give a waypoint between"
    )


@pytest.mark.parametrize(
    "route",
    [
        "[36N 36E, 36N 36E]",
        "[36N 180E, 36N 180W, {lat: 36, lon: 180}]",
        "[90N 10E, 90N 20E]",
    ],
)
def test_a_flight_that_never_moves_needs_times(route: str) -> None:
    assert faults_of(one_flight(f"speed: 420 kt, route: {route}")).partition(" ")[2] == (
        "flights.f.route: all waypoints are one place, so the flight takes no time and is never"
        " anywhere; say how long it stays by times, such as {at: 36N 36E, time: 1 h}"
    )


@pytest.mark.parametrize(
    "flight",
    [
        "route: [36N 36E, {at: 36N 36E, time: 1 h}]",
        "speed: 9 kt, route: [36N 36E, 36N 36E, 36N 36.0001E]",
    ],
)
def test_a_flight_may_stay_where_it_is_for_a_time(flight: str) -> None:
    track = prepare(loads(one_flight(flight))).flights["f"].track
    assert track.end > track.start


@pytest.mark.parametrize(
    ("zone", "settings", "message"),
    [
        (
            "[SFC, FL180]",
            "{qnh: standard}",
            (
                "flights.f.altitude: FL100 cannot be compared with FL180 (zones.z.altitude.1),"
                " which the zone's own vertical puts above mean sea level, without vertical.qnh;"
                " set vertical.qnh, such as standard"
            ),
        ),
        (
            "[200 m AGL, UNL]",
            "{terrain: 400 m}",
            (
                "flights.f.altitude: FL100 cannot be compared with 656 ft AGL (zones.z.altitude.0),"
                " which the zone's own vertical puts above mean sea level, without vertical.qnh;"
                " set vertical.qnh, such as standard"
            ),
        ),
        (
            "[SFC, 9000 ft MSL]",
            "{terrain: 400 m}",
            (
                "flights.f.altitude: FL100 cannot be compared with 9000 ft MSL (zones.z.altitude.1)"
                " without vertical.qnh; set vertical.qnh, such as standard, or use one reference"
            ),
        ),
    ],
)
def test_limits_that_a_zone_settles_itself_are_named_as_written(
    zone: str, settings: str, message: str
) -> None:
    text = one_flight(
        "speed: 420 kt, route: [36N 36E, 37N 37E]",
        "z: {party: us, area: {circle: {center: 36N 36E, radius: 5 km}},"
        f" altitude: {zone}, vertical: {settings}, window: {{start: +1 h, end: +2 h}}}}",
    )
    assert faults_of(text).partition(" ")[2] == message
    loads(text.replace("end: +6 h", "end: +6 h\nvertical: {qnh: standard}"))


SPAN = "the scenario (2022-02-02T18:00:00Z to 2022-02-03T06:00:00Z)"


@pytest.mark.parametrize(
    ("found", "ruined", "message"),
    [
        (
            "departs: 2022-02-02T23:10Z",
            "departs: 2023-02-02T23:10Z",
            (
                "s.yaml:77:14 flights.aid-flight.departs: the flight departs at"
                f" 2023-02-02T23:10:00Z, when {SPAN} is over;"
                " make it earlier, or let the scenario end later"
            ),
        ),
        (
            "departs: 2022-02-02T22:00Z",
            "departs: 2022-02-03T06:20Z",  # the jitter is 15 min to either side
            (
                "s.yaml:70:14 flights.patrol.departs: the flight departs at 2022-02-03T06:05:00Z or"
                f" later, when {SPAN} is over; make it earlier, or let the scenario end later"
            ),
        ),
        ("departs: 2022-02-02T22:00Z", "departs: 2022-02-03T06:10Z", ""),
        ("departs: 2022-02-02T22:00Z", "departs: 2022-02-03T05:59Z", ""),  # two repeats are late
        (
            "window: {start: 2022-02-02T22:30Z, duration: 3 h}",
            "window: {start: +12 h, duration: 3 h}",
            (
                "s.yaml:51:5 operations.raid.window: the operation begins at 2022-02-03T06:00:00Z,"
                f" when {SPAN} is over; make it earlier, or let the scenario end later"
            ),
        ),
        (
            "window: {start: 2022-02-02T22:30Z, duration: 3 h}",
            "window: {start: +11 h, duration: 3 h}\n    slip: 2 h",
            (
                "s.yaml:51:5 operations.raid.window: the operation begins at 2022-02-03T07:00:00Z"
                f" or later, when {SPAN} is over; make it earlier, or let the scenario end later"
            ),
        ),
        (
            "window: {start: 2022-02-02T22:30Z, duration: 3 h}",
            "window: {start: +12 h, duration: 3 h}\n    slip: {uniform: {min: -1 h, max: 1 h}}",
            "",
        ),
        (
            "window: {pad: 30 min}",
            "window: {start: 2023-02-02T22:00Z, end: 2023-02-03T02:00Z}",
            (
                "s.yaml:58:5 zones.raid-area.window: the zone begins at 2023-02-02T22:00:00Z,"
                f" when {SPAN} is over; make it earlier, or let the scenario end later"
            ),
        ),
        (
            "window: {pad: 30 min}",
            "window: {start: -2 h, duration: 2 h}\n    issued: +0 s",
            (
                "s.yaml:58:5 zones.raid-area.window: the zone ends at 2022-02-02T18:00:00Z,"
                f" before {SPAN} begins; make it later, or let the scenario start earlier"
            ),
        ),
        (
            "window: {pad: 30 min}",
            "window: {start: 2023-02-02T22:00Z, end: 2023-02-02T20:00Z}",
            (
                "s.yaml:58:5 zones.raid-area.window:"
                " end 2023-02-02T20:00:00Z is before start 2023-02-02T22:00:00Z;"
                " write 2023-02-03T20:00:00Z if it is on the next day"
            ),
        ),
        (
            "lead: 2 h",
            "at: +12 h",
            (
                "s.yaml:62:58 zones.raid-area.notices.first.at: the notice is drafted at"
                f" 2022-02-03T06:00:00Z, when {SPAN} is over;"
                " make it earlier, or let the scenario end later"
            ),
        ),
        (
            "lead: 2 h",
            "lead: {uniform: {min: -9 h, max: -8 h}}",
            (
                "s.yaml:62:54 zones.raid-area.notices.first.lead: the notice is drafted at"
                f" 2022-02-03T06:00:00Z or later, when {SPAN} is over;"
                " make it earlier, or let the scenario end later"
            ),
        ),
        (
            "exempt: []",
            "issued: 2022-02-03T18:00Z",
            (
                "s.yaml:60:13 zones.raid-area.issued: the zone is issued at 2022-02-03T18:00:00Z,"
                f" when {SPAN} is over; make it earlier, or let the scenario end later"
            ),
        ),
    ],
)
def test_what_can_never_happen_is_told_of(found: str, ruined: str, message: str) -> None:
    seed = SEED.read_text(encoding="utf-8")
    assert found in seed
    text = seed.replace(found, ruined, 1)
    if message:
        assert faults_of(text) == message
    else:
        loads(text)


def test_a_zone_may_have_begun_before_the_start() -> None:
    text = one_flight(
        "speed: 420 kt, route: [36N 36E, 37N 37E]",
        "z: {party: us, area: {circle: {center: 36N 36E, radius: 5 km}},"
        " altitude: [SFC, UNL], window: {start: -2 h, end: +1 min}}",
    )
    assert loads(text).zones["z"].window is not None


def test_a_unit_belongs_to_one_party() -> None:
    text = SEED.read_text(encoding="utf-8")
    text = text.replace("    party: civil\n", "    party: civil\n    unit: wing\n", 1)
    text = text.replace("    speed: 420 kt\n", "    speed: 420 kt\n    unit: wing\n", 1)
    assert faults_of(text) == (
        's.yaml:75:11 flights.aid-flight.unit: the unit "wing" belongs to russia already,'
        " and this flight to civil"
    )


def test_an_alias_for_a_key_is_one_fault() -> None:
    assert faults_of("*1:").startswith("s.yaml:1:1: ")


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_opened_is_told_of(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError, match="the file cannot be read: "):
        load(tmp_path / name)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty: expected a scenario; keepout new FILE writes one"),
        (b"# nothing yet\n", "the file is empty: expected a scenario"),
        (b"- a\n- b\n", ":1:1: expected a scenario: keys with values, found a list"),
        (b"hello", ':1:1: expected a scenario: keys with values, found "hello"'),
        (b"name: caf\xe9\n", ":1:10: the byte 0xe9 is no UTF-8: expected a text file"),
        (b"\x89PNG\r\n\x1a\n", ":1:1: the byte 0x89 is no UTF-8"),
        (b"\xff\xfea\x00", ":1:1: the byte 0xff is no UTF-8"),
        (b"#" * (2**20 + 1), "the file is larger than 1 MiB, the most that is read"),
        (b"a: " + b"[" * 100_000, ":1:67: this is nested more than 64 deep"),
        (b"{a: " * 100_000, ":1:257: this is nested more than 64 deep"),
        (b"a: [" + b"*x, " * 100_000, ":1:5 a.0: aliases such as *x are not read"),
        (b"? [a, b]\n: c\n", ":1:3: a key must be a text, found a mapping or a list"),
    ],
)
def test_files_that_are_no_scenario(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    ("channel", "fault"),
    [
        (
            "failures: {after: 0 s, repair: 0 s}",
            "failures: one follows another too soon: expected 100000 or fewer in the scenario",
        ),
        (
            "failures: {after: {uniform: {min: 0 s, max: 20 ms}}, repair: 10 ms}",
            "failures: one follows another too soon: expected 100000 or fewer in the scenario",
        ),
        (
            "bursts: {every: 0 s, lasting: {exponential: {mean: 1 ms}}, loss: 1}",
            "bursts: one follows another too soon: expected 100000 or fewer in the scenario",
        ),
        ("failures: {after: 1 s, repair: 0 s}", ""),
        ("bursts: {every: {mixture: [{weight: 1, value: 10 s}]}, lasting: 0 s, loss: 1}", ""),
    ],
)
def test_a_channel_that_fails_without_end_is_told_of(channel: str, fault: str) -> None:
    between = f"  link: {{medium: datalink, between: [us, civil], {channel}}}\n"
    text = SEED.read_text("utf-8").replace("channels:\n", f"channels:\n{between}")
    if not fault:
        loads(text)
        return
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    (found,) = caught.value.faults
    assert f"channels.link.{fault}" in str(found)
    assert found.hint == "let them be rarer, or last longer"
