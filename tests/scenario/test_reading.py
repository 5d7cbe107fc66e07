"""Reading, typing, replacing and writing scenarios."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sim.distributions import Exponential, Fixed, LogNormal, Triangular, Uniform
from sim.errors import ScenarioError
from sim.geometry.altitude import Limit, Reference
from sim.scenario.areas import footprint
from sim.scenario.plan import prepare
from sim.scenario.reader import build, load, loads
from sim.scenario.starter import starter
from sim.scenario.tree import parse_value
from sim.scenario.writer import dumps
from sim.units import Position, Time

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SEED = SCENARIOS / "northwest_syria_2022.yaml"


@pytest.fixture(scope="module")
def seed() -> Scenario:
    return load(SEED)


def small(**sections: str) -> str:
    """A scenario of two parties with the sections given."""
    lines = "".join(f"{key}: {value}\n" for key, value in sections.items())
    start = "keepout: 1\nname: t\nstart: 2022-02-02T18:00Z\nend: +12 h\n"
    return f"{start}parties: {{a: {{}}, b: {{}}}}\n{lines}"


def test_the_seed_scenario_is_typed_in_si(seed: Scenario) -> None:
    assert seed.start_unix == 1643824800.0  # date -u -d 2022-02-02T18:00Z +%s
    assert seed.end.since(seed.start_unix) == 12 * 3600.0
    assert seed.vertical.terrain == 400.0
    assert seed.vertical.qnh == 1013.25
    russia = seed.parties["russia"]
    assert russia.desk.handling == LogNormal(240.0, 900.0)
    assert russia.desk.dissemination == Triangular(120.0, 480.0, 1800.0)
    assert russia.response.comply.base == Fixed(0.9)
    assert russia.response.margin == 5000.0
    assert russia.response.actions == ("delay", "reroute", "divert")
    raid = seed.operations["raid"]
    assert raid.area.circle is not None
    assert raid.area.circle.center == Position(36.7, 36.3)
    assert raid.altitude[0] == Limit(Reference.SFC, 0.0)
    assert raid.altitude[1].metres == pytest.approx(5486.4)
    assert raid.window.duration == 3 * 3600.0
    assert raid.overrun == Exponential(600.0)
    zone = seed.zones["raid-area"]
    assert zone.area is not None
    assert zone.area.buffer == 40_000.0
    assert zone.window is not None
    assert zone.window.pad is not None
    assert (zone.window.pad.before, zone.window.pad.after) == (1800.0, 1800.0)
    assert zone.altitude is not None
    assert zone.altitude[1].metres == math.inf
    assert zone.notices["first"].via == ("deconfliction-line",)
    patrol = seed.flights["patrol"]
    assert [point.at for point in patrol.route][1] == Position(36.5, 35.9)
    assert patrol.repeat is not None
    assert patrol.repeat.jitter == Uniform(-900.0, 900.0)


def test_a_channel_is_completed_from_its_medium_key_by_key() -> None:
    text = small(
        channels="{line: {medium: hotline, between: [a, b], answer: {wait: 1 min},"
        " garble: {offset: 2 km}}}"
    )
    line = loads(text).channels["line"]
    assert line.answer is not None
    assert line.answer.wait == Fixed(60.0)
    assert line.answer.probability == Fixed(0.85)
    assert line.answer.patience == 300.0
    assert line.garble.offset == Fixed(2000.0)
    assert line.garble.bearing == Uniform(0.0, 360.0)
    assert line.transfer == LogNormal(300.0, 720.0)
    assert (line.lines, line.retry.attempts) == (1, 6)
    assert line.acknowledgement is not None
    assert line.acknowledgement.after == Fixed(0.0)


def test_a_distribution_of_a_preset_is_replaced_whole() -> None:
    text = small(
        channels="{line: {medium: hotline, between: [a, b],"
        " answer: {wait: {exponential: {mean: 1 min}}}}}"
    )
    answer = loads(text).channels["line"].answer
    assert answer is not None
    assert answer.wait == Exponential(60.0)


@pytest.mark.parametrize(
    "written",
    ["36.3N 36.7E", "361800N0364200E", "36°18'N 36°42'E", "{lat: 36.3, lon: 36.7}"],
)
def test_positions_may_be_written_in_every_way(written: str) -> None:
    place = f"'{written}'".replace("°18'", "°18''").replace("°42'", "°42''")
    text = small(
        operations=f"{{o: {{party: a, area: {{circle: {{center: "
        f"{written if written[0] == '{' else place}, radius: 1 km}}}},"
        f" altitude: [SFC, UNL], window: {{start: +1 h, end: +2 h}}}}}}"
    )
    circle = loads(text).operations["o"].area.circle
    assert circle is not None
    assert circle.center == pytest.approx(Position(36.7, 36.3))


def test_short_and_long_forms_mean_the_same() -> None:
    operation = "party: a, altitude: [SFC, UNL], window: {start: +2 h, end: +3 h}"
    ring = "[36N 36E, 36N 37E, 37N 37E]"
    short = small(
        operations=f"{{o: {{{operation}, area: {{polygon: {ring}}}}}}}",
        zones="{z: {covers: o, window: {pad: 10 min}}}",
        flights="{f: {party: b, route: [36N 36E, 37N 37E], speed: 100 kt, altitude: FL100,"
        " departs: +1 h, tags: med}}",
    )
    long = small(
        operations=f"{{o: {{{operation}, area: {{polygon: {{points: {ring}}}}}}}}}",
        zones="{z: {covers: o, window: {pad: {before: 10 min, after: 600 s}}}}",
        flights="{f: {party: b, route: [{at: {lat: 36, lon: 36}}, {at: 37N 37E}],"
        " speed: 100 kt, altitude: FL100, departs: 2022-02-02T19:00Z, tags: [med]}}",
    )
    one, other = loads(short), loads(long)
    assert one.operations == other.operations
    assert one.zones == other.zones
    assert one.flights["f"].route == other.flights["f"].route
    assert one.flights["f"].tags == other.flights["f"].tags
    assert one.flights["f"].departs == Time(3600.0, relative=True)


def test_scalars_are_texts_until_the_schema_types_them() -> None:
    text = small(about="12:30", sources="{no: NO, octal: 0o17, date: 2022-02-02, one: '1'}")
    scenario = loads(text.replace("keepout: 1", "keepout: '1'"))
    assert scenario.about == "12:30"
    assert scenario.sources == {"no": "NO", "octal": "0o17", "date": "2022-02-02", "one": "1"}


def test_authors_own_keys_are_ignored_anywhere() -> None:
    text = small(**{"x-note": "[1, {a: b}]"}).replace("a: {}", "a: {x-colour: red, desk: {x-y: }}")
    scenario = loads(text)
    assert scenario.parties == loads(small()).parties
    assert scenario.document["x-note"] == ["1", {"a": "b"}]


def test_areas_become_footprints(seed: Scenario) -> None:
    raid = footprint(seed.operations["raid"].area)
    assert raid.area_km2 == pytest.approx(math.pi * 36.0, rel=1e-4)


def test_scenarios_are_frozen(seed: Scenario) -> None:
    with pytest.raises(ValueError, match="frozen"):
        seed.name = "other"  # type: ignore[misc]


def test_replacing_a_value_changes_it_and_nothing_else(seed: Scenario) -> None:
    later = seed.replace({"zones.raid-area.notices.first.lead": "30 min"})
    assert later.zones["raid-area"].notices["first"].lead == Fixed(1800.0)
    assert seed.zones["raid-area"].notices["first"].lead == Fixed(7200.0)
    assert later.replace({"zones.raid-area.notices.first.lead": "2 h"}) == seed


@pytest.mark.parametrize(
    ("path", "value", "read"),
    [
        ("name", "other", lambda s: s.name == "other"),
        (
            "channels.deconfliction-line.answer.probability",
            0.5,
            lambda s: s.channels["deconfliction-line"].answer.probability == Fixed(0.5),
        ),
        (
            "channels.deconfliction-line.garble.bearing.uniform.max",
            "90 deg",
            lambda s: s.channels["deconfliction-line"].garble.bearing == Uniform(0.0, 90.0),
        ),
        (
            "channels.deconfliction-line.lines",
            2,
            lambda s: s.channels["deconfliction-line"].lines == 2,
        ),
        (
            "channels.deconfliction-line.transfer",
            {"uniform": {"min": "1 min", "max": "2 min"}},
            lambda s: s.channels["deconfliction-line"].transfer == Uniform(60.0, 120.0),
        ),
        (
            "flights.patrol.route.1",
            "36N 36E",
            lambda s: s.flights["patrol"].route[1].at == (36, 36),
        ),
        (
            "operations.raid.altitude.1",
            "FL100",
            lambda s: str(s.operations["raid"].altitude[1]) == "FL100",
        ),
        ("parties.us.response.margin", "1 km", lambda s: s.parties["us"].response.margin == 1000.0),
        ("zones.raid-area.exempt", ["civil"], lambda s: s.zones["raid-area"].exempt == ("civil",)),
    ],
)
def test_any_value_can_be_replaced(seed: Scenario, path: str, value: object, read: Any) -> None:
    assert read(seed.replace({path: value}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"zones.raid-area.notices.first.leda": "1 h"},
            (
                'zones.raid-area.notices.first.leda: there is no "leda" here,'
                ' only to, via, priority, lead, at, unacknowledged; did you mean "lead"?'
            ),
        ),
        (
            {"zones.raidarea.notices": {}},
            (
                'zones.raidarea: there is no "raidarea" here, only raid-area;'
                ' did you mean "raid-area"?'
            ),
        ),
        (
            {"flights.patrol.route.4": "36N 36E"},
            'flights.patrol.route.4: there is no "4" here: the items here are 0 to 3',
        ),
        (
            {"flights.patrol.speed.uniform": "1 kt"},
            'flights.patrol.speed.uniform: there is no "uniform" here: "420 kt" has no parts',
        ),
        (
            {"zones.raid-area.notices.first.lead": "2"},
            (
                'zones.raid-area.notices.first.lead: "2" has no unit:'
                " expected ms, s, min, h, d, such as 90 min, 1 h 30 min or PT1H30M"
            ),
        ),
        (
            {"operations.raid.party": "usa"},
            (
                'operations.raid.party: no party is called "usa": expected one of civil, russia,'
                ' us; did you mean "us"?'
            ),
        ),
        ({"nam": "x", "abuot": "y"}, 'did you mean "name"?'),
        ({"nam": "x", "abuot": "y"}, 'did you mean "about"?'),
    ],
)
def test_a_replacement_that_cannot_be_is_refused(
    seed: Scenario, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        seed.replace(changes)
    assert message in str(caught.value)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: str(path.stem))
def test_shipped_scenarios_read_back_equal_when_written(path: Path) -> None:
    scenario = load(path)
    written = dumps(scenario)
    assert loads(written) == scenario
    assert loads(written).document == scenario.document
    assert dumps(loads(written)) == written


def test_the_writer_keeps_order_and_wording_and_quotes_only_where_needed(seed: Scenario) -> None:
    written = dumps(seed)
    assert [line.split(":")[0] for line in written.splitlines() if line[0] != " "] == [
        *seed.document
    ]
    for kept in ("center: 36.3N 36.7E", "FL180", "keepout: 1\n", "comply: 0.9", "radius: 6 km"):
        assert kept in written
    assert "'news item of 4 February 2022: area and timeframe told, no figures'" in written


@pytest.mark.parametrize(
    "odd",
    [
        "",
        " ",
        "# no comment",
        "a: b",
        "- a",
        "*a",
        "&a",
        "!a",
        "'",
        '"',
        "a\nb",
        "é°",
        "\t",
        "\r",
        "\x85",
        "a\u2028b",
        "a\r\nb ",
    ],
)
def test_odd_texts_read_back_equal_when_written(odd: str) -> None:
    scenario = build({**loads(small()).document, "about": odd, "x-é: [": [odd, {odd: odd}]})
    again = loads(dumps(scenario))
    assert again.about == odd
    assert again.document == scenario.document


def test_the_starter_runs_and_fits_a_terminal() -> None:
    text = starter()
    assert max(len(line) for line in text.splitlines()) < 80
    scenario = loads(text, "starter.yaml")
    assert set(prepare(scenario).flights) == {"survey#1", "survey#2", "glider"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30 min", "30 min"),
        ("a: b", "a: b"),
        ("{uniform: {min: 1 s, max: 2 s}}", {"uniform": {"min": "1 s", "max": "2 s"}}),
        ("[a, 1]", ["a", "1"]),
    ],
)
def test_values_for_a_path_are_read_as_in_a_file(text: str, value: object) -> None:
    assert parse_value(text) == value


@pytest.mark.parametrize("text", ["[1", "{a: 1, a: 2}", "[*a]", "[1], 2", "{a: !b c}"])
def test_a_broken_value_is_refused_without_a_place(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_value(text)
    assert {(fault.line, fault.file) for fault in caught.value.faults} == {(None, "")}
