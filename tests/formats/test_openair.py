from __future__ import annotations

import json
from contextlib import suppress
from math import inf
from time import perf_counter
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import FormatError, VerticalError
from sim.formats import openair
from sim.formats.records import Problem, Zone
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.earth import distance_m, inverse
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.geometry.relations import uncovered_area_km2
from sim.geometry.volume import Volume
from sim.units import Position
from tests.formats.shared import shared_data
from tests.strategies import footprints

HEAD = "AC R\nAN Range\nAH FL95\nAL GND\n"
SQUARE = "DP 45:00:00 N 010:00:00 E\nDP 45:00:00 N 011:00:00 E\nDP 46:00:00 N 011:00:00 E\n"
NEW_YEAR = 1_735_689_600.0  # 2025-01-01T00:00Z


def zone(text: str | bytes, **options: Any) -> Zone:
    (found,) = openair.zones(text, **options)
    assert isinstance(found, Zone), found
    return found


def problem(text: str | bytes, **options: Any) -> Problem:
    (found,) = openair.zones(text, **options)
    assert isinstance(found, Problem), found
    return found


def footprint(shape: str) -> Footprint:
    return zone(HEAD + shape).volumes[0].footprint


def test_an_airspace_is_read() -> None:
    found = zone(
        "* a comment\r\nAC D * class\r\nAY TMA\r\nAN Süd *\r\nAH 3000m AMSL\r\nAL GND\r\n" + SQUARE
    )
    (volume,) = found.volumes
    assert (found.id, found.name, found.kind) == ("Süd", "Süd", "TMA")
    assert found.attributes == {"AC": "D", "AY": "TMA"}
    assert volume.band == Band(Limit(Reference.SFC, 0), Limit(Reference.MSL, 3000))
    assert volume.footprint == Polygon((Position(10, 45), Position(11, 45), Position(11, 46)))
    assert volume.window == (-inf, inf)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_encodings_are_told_apart(encoding: str) -> None:
    text = HEAD.replace("Range", "Ocaña") + SQUARE
    assert zone(text.encode(encoding)).name == "Ocaña"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FL95", ("FL", 2895.6)),
        ("FL 095", ("FL", 2895.6)),
        ("1000ft AGL", ("AGL", 304.8)),
        ("1000 FT GND", ("AGL", 304.8)),
        ("2500 ft AMSL", ("MSL", 762.0)),
        ("2500 MSL", ("MSL", 762.0)),
        ("2500", ("MSL", 762.0)),
        ("1500m AMSL", ("MSL", 1500.0)),
        ("300ft ASFC", ("AGL", 91.44)),
        ("19500ft STD", ("FL", 5943.6)),
        ("1607.611551ft AMSL", ("MSL", 490.0)),
        ("UNL", ("UNL", inf)),
    ],
)
def test_altitudes(text: str, expected: tuple[str, float]) -> None:
    upper = zone(HEAD.replace("FL95", text) + SQUARE).volumes[0].band.upper
    assert str(upper.reference) == expected[0]
    assert upper.metres == pytest.approx(expected[1])


@pytest.mark.parametrize(
    "text",
    ["FL", "GND", "high", "100m AGL/423m AMSL", "1e400 ft", "nan", "5000ft QNH", "-10ft AGL"],
)
def test_what_is_no_upper_limit(text: str) -> None:
    assert problem(HEAD.replace("FL95", text) + SQUARE).place in {"line 1", "line 3"}


def test_the_lower_limit_is_not_unlimited_and_below_the_upper() -> None:
    assert "unlimited" in problem(HEAD.replace("GND", "UNL") + SQUARE).message
    assert "not below" in problem(HEAD.replace("GND", "FL100") + SQUARE).message


@pytest.mark.parametrize(
    "text",
    [
        "45:15:30 N 014:18:20 E",
        "45:15:30N 014:18:20E",
        "45:15.5N 014:18.33333333333 E",
        "451530N 0141820E",
        "45.258333333333 N, 14.30555555555 E",
    ],
)
def test_positions(text: str) -> None:
    (circle,) = (v.footprint for v in zone(f"{HEAD}V X={text}\nDC 5").volumes)
    assert isinstance(circle, Circle)
    assert distance_m(circle.center, Position(14 + 18 / 60 + 20 / 3600, 45 + 15.5 / 60)) < 0.001
    assert circle.radius_m == 9260


@pytest.mark.parametrize(
    "text", ["45:60:00 N 010:00:00 E", "45:00:60 N 010:00:00 E", "91:00:00 N 010:00:00 E", "45 10"]
)
def test_what_is_no_position(text: str) -> None:
    assert "no position" in problem(HEAD + f"DP {text}\n" + SQUARE).message


def test_an_arc_by_bearings_goes_clockwise_unless_told() -> None:
    centre = Position(10.0, 45.0)
    for direction, first in (("+", 180.0), ("-", 0.0)):
        text = f"V D={direction}\nV X=45:00:00 N 010:00:00 E\nDA 10, 90, 270\n"
        ring = footprint(text)
        assert isinstance(ring, Polygon)
        lon, lat = np.array(ring.exterior).T
        azimuth, distance = inverse(*centre, lon, lat)
        assert distance == pytest.approx(18520, abs=0.01)
        assert np.abs(np.cos(np.radians(azimuth - first))).max() == pytest.approx(1.0, abs=1e-3)
        assert ring.contains(10.0, 44.95) is (direction == "+")
        assert ring.area_km2 == pytest.approx(np.pi * 18.52**2 / 2, rel=2e-4)


def test_an_arc_between_places_keeps_both() -> None:
    ring = footprint(
        "V X=45:00:00 N 010:00:00 E\nDB 45:10:00 N 010:00:00 E, 44:50:01 N 010:00:00 E\n"
    )
    assert isinstance(ring, Polygon)
    assert Position(10.0, 45 + 10 / 60) in ring.exterior
    assert Position(10.0, 44 + 50 / 60 + 1 / 3600) in ring.exterior
    assert ring.contains(10.1, 45.0)
    assert not ring.contains(9.9, 45.0)


def test_a_full_turn_is_a_circle() -> None:
    assert footprint("V X=45:00:00 N 010:00:00 E\nDA 10,0,360\n") == Circle(Position(10, 45), 18520)


def test_an_arc_about_another_centre_is_refused() -> None:
    text = "V X=45:00:00 N 011:00:00 E\nDB 45:10:00 N 010:00:00 E, 44:50:00 N 010:50:00 E\n"
    assert "from its centre" in problem(HEAD + text).message


def test_directions_and_centres_end_with_their_airspace() -> None:
    first = HEAD + "V D=-\nV X=45:00:00 N 010:00:00 E\nDC 5\n"
    found = openair.zones(first + HEAD + "DC 5\n")
    assert isinstance(found[1], Problem)
    assert found[1] == Problem("line 12", "DC needs a centre: V X=... before it")


def test_an_airway_is_a_corridor() -> None:
    way = footprint("V W=2.5\nDY 44:17:00 N 004:59:00 E\nDY 44:19:30 N 005:05:00 E\n")
    assert isinstance(way, Corridor)
    assert way.width_m == 4630
    assert "width" in problem(HEAD + "DY 44:17:00 N 004:59:00 E\nDY 44:19:30 N 005:05:00 E").message


def test_a_way_out_and_back_encloses_nothing() -> None:
    spike = "DP 46:30:00 N 010:00:00 E\nDP 46:00:00 N 011:00:00 E\n"
    assert footprint(SQUARE + spike) == footprint(SQUARE)


def test_two_shapes_or_none_are_refused() -> None:
    circle = "V X=45:00:00 N 010:00:00 E\nDC 5\n"
    assert "2 shapes" in problem(HEAD + circle + SQUARE).message
    assert "no shapes" in problem(HEAD).message


def test_activation_times_are_volumes() -> None:
    times = (
        "AA 2025-01-01T00:00Z/2025-01-01T24:00Z\nAA NONE/2025-01-01T00:00Z\n"
        "AA 2025-01-02T00:00Z/NONE\n"
    )
    found = zone(HEAD + times + SQUARE)
    day = (NEW_YEAR, NEW_YEAR + 86400)
    assert [v.window for v in found.volumes] == [day, (-inf, NEW_YEAR), (day[1], inf)]
    assert [v.window for v in zone(HEAD + times + SQUARE, between=day).volumes] == [day]


def test_activation_by_notam_is_said() -> None:
    found, note = openair.zones(HEAD + "AA NONE\n" + SQUARE)
    assert isinstance(found, Zone)
    assert isinstance(note, Problem)
    assert found.attributes["AA"] == "NONE"
    assert "NOTAM" in note.message


def test_what_is_never_active_between_is_said() -> None:
    text = HEAD + "AA 2025-01-01T00:00Z/2025-01-02T00:00Z\n" + SQUARE
    assert "not active between" in problem(text, between=(0.0, 1000.0)).message


@pytest.mark.parametrize(
    "text",
    [
        "NONE/NONE",
        "2025-01-02T14:00Z/2025-01-01T15:00Z",
        "2025-01-01T14:00/2025-01-01T15:00",
        "2025-01-01T14:00+01:00/2025-01-01T15:00Z",
        "MON-FRI",
        "+1 h/+2 h",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert problem(HEAD + f"AA {text}\n" + SQUARE).place == "line 5"


def test_one_fault_does_not_spoil_the_rest() -> None:
    found = openair.zones(HEAD + "DP nowhere\n" + HEAD + SQUARE + "QQ what\n" + HEAD + SQUARE)
    assert [type(one) for one in found] == [Problem, Problem, Zone]
    assert [one.place for one in found if isinstance(one, Problem)] == ["line 5", "line 13"]


def test_equal_names_get_numbers() -> None:
    found = openair.zones((HEAD + SQUARE) * 3)
    assert [one.id for one in found if isinstance(one, Zone)] == ["Range", "Range-2", "Range-3"]


@pytest.mark.parametrize("text", ["", "\n\n* nothing here\n", "SP 0,3,255,150,40\nTO name\n"])
def test_nothing_is_no_fault(text: str) -> None:
    assert openair.zones(text) == []


@pytest.mark.parametrize(
    "text", ['{"type": "FeatureCollection"}', "<kml></kml>", "a\0b", b"PAR1", "{ \n" * 20_000]
)
def test_what_is_not_openair_is_refused(text: str | bytes) -> None:
    with pytest.raises(FormatError, match="expected OpenAir"):
        openair.zones(text)


@pytest.mark.parametrize(
    "text",
    [
        "AC R\n" * 5000,
        HEAD + "AN " + "x" * 10_000_000,
        HEAD + "DP 45:00:00 N 010:00:00 E\n" * 100_000,
        HEAD + "V X=45:00:00 N 010:00:00 E\n" + "DA 999999,0,359\n" * 1000,
        HEAD + "V X=45:00:00 N 010:00:00 E\n" + "DA 1e400,nan,inf\n",
        HEAD + "DP " + "1" * 1900 + "\n",
        HEAD + "AA NONE/2025-01-01T00:00Z\n" * 5000,
        HEAD
        + "".join(
            f"DP {k * 7 % 80:02d}:{k % 60:02d}:00 N {k * 13 % 179:03d}:00:00 E\n"
            for k in range(49_000)
        ),
    ],
)
def test_hostile_input_is_refused_in_bounded_time(text: str) -> None:
    begun = perf_counter()
    found = openair.zones(text)
    assert found
    assert all(isinstance(one, Problem) for one in found)
    assert perf_counter() - begun < 5.0


def test_many_faults_end_the_reading() -> None:
    with pytest.raises(FormatError, match="more than 10000"):
        openair.zones("AC R\n" * 20_000)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300) | st.binary(max_size=300))
def test_no_text_is_a_crash(text: str | bytes) -> None:
    with suppress(FormatError):
        assert isinstance(openair.zones(text), list)


limits = st.sampled_from(
    [
        Band(Limit(Reference.SFC, 0), Limit(Reference.UNL, inf)),
        Band(Limit(Reference.FL, 3048), Limit(Reference.FL, 5486.4)),
        Band(Limit(Reference.AGL, 123.4), Limit(Reference.MSL, 5000.5)),
        Band(Limit(Reference.MSL, -10), Limit(Reference.FL, 3001.5)),
    ]
)
windows = st.sampled_from(
    [[(-inf, inf)], [(0.0, 60.0), (120.0, inf)], [(-inf, NEW_YEAR), (NEW_YEAR + 1, NEW_YEAR + 2)]]
)
names = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="*"), min_size=1)


@settings(max_examples=60, deadline=None)
@given(footprints(kinds=("circle", "ring", "corridor", "box", "grown")), limits, windows, names)
def test_what_is_written_is_read_back(
    shape: Footprint, band: Band, times: list[tuple[float, float]], name: str
) -> None:
    given_ = Zone("id", name, tuple(Volume(shape, band, w) for w in times), "R", {"AC": "R"})
    text = openair.write([given_])
    found = openair.zones(text)
    assert all(isinstance(one, Zone) for one in found), found
    for one in found:
        assert isinstance(one, Zone)
        assert (one.name, one.kind) == (given_.name, given_.kind)
        assert [v.window for v in one.volumes] == times
        for end in ("lower", "upper"):
            before, after = getattr(band, end), getattr(one.volumes[0].band, end)
            assert after.reference is before.reference
            assert after.metres == pytest.approx(before.metres, abs=1e-4)
    read = [one.volumes[0].footprint for one in found if isinstance(one, Zone)]
    if isinstance(shape, (Circle, Corridor)) or (isinstance(shape, Polygon) and not shape.holes):
        assert len(read) == 1
    missed = uncovered_area_km2(shape, read)
    extra = sum(uncovered_area_km2(one, [shape]) for one in read)
    border_km = float(shape.region.border.distance.sum()) / 1000
    within_m = 0.01 if type(read[0]) is type(shape) else 1.0
    assert missed + extra <= border_km * within_m / 1000 + 1e-9


def test_a_name_may_not_break_the_line() -> None:
    shape = Circle(Position(10, 45), 5000)
    band = Band(Limit(Reference.SFC, 0), Limit(Reference.UNL, inf))
    given_ = Zone("1", "A\nAC Q * <script>", (Volume(shape, band),), "PROHIBITED")
    found = zone(openair.write([given_]))
    assert (found.id, found.name, found.kind) == ("1", "A AC Q <script>", "PROHIBITED")


def test_what_is_always_active_has_no_times() -> None:
    shape, band = (
        Circle(Position(10, 45), 5000),
        Band(Limit(Reference.SFC, 0), Limit(Reference.UNL, inf)),
    )
    volumes = tuple(Volume(shape, band, window) for window in [(0.0, 1.0), (-inf, inf)])
    assert "AA" not in openair.write([Zone("z", "z", volumes)])
    with pytest.raises(FormatError, match="from 1900 to 2198"):
        openair.write([Zone("z", "z", (Volume(shape, band, (0.0, 1e18)),))])


def test_heights_above_the_ellipsoid_need_a_setting_to_be_written() -> None:
    band = Band(Limit(Reference.W84, 0), Limit(Reference.W84, 100))
    given_ = Zone("z", "z", (Volume(Circle(Position(10, 45), 5000), band),))
    with pytest.raises(VerticalError, match=r"set vertical\.geoid"):
        openair.write([given_])
    found = zone(openair.write([given_], vertical=Vertical(geoid_m=40.0)))
    lower, upper = found.volumes[0].band.lower, found.volumes[0].band.upper
    assert {lower.reference, upper.reference} == {Reference.MSL}
    assert (lower.metres, upper.metres) == pytest.approx((-40.0, 60.0), abs=1e-3)


def test_the_ground_as_a_lid_is_read_back() -> None:
    ground = Limit(Reference.SFC, 0)
    one = Zone("1", "A", (Volume(Circle(Position(8, 47), 500), Band(ground, ground)),))
    assert zone(openair.write([one])).volumes[0].band.upper == Limit(Reference.AGL, 0.0)


@pytest.mark.parametrize("kind", ["REQ_AUTHORISATION", "REQ_AUTHORIZATION"])
def test_a_zone_that_asks_for_leave_is_of_class_r_and_of_its_own_kind(kind: str) -> None:
    volume = Volume(
        Circle(Position(8, 47), 500), Band(Limit(Reference.SFC, 0), Limit(Reference.UNL, inf))
    )
    text = openair.write([Zone("1", "A", (volume,), kind)])
    assert f"AC R\nAY {kind}\n" in text
    assert zone(text).kind == kind


def test_a_prohibited_zone_is_of_class_p_and_of_its_own_kind() -> None:
    shape, band = (
        Circle(Position(10, 45), 5000),
        Band(Limit(Reference.SFC, 0), Limit(Reference.UNL, inf)),
    )
    text = openair.write([Zone("z", "z", (Volume(shape, band),), "PROHIBITED")])
    assert "AC P\nAY PROHIBITED\n" in text
    assert zone(text).kind == "PROHIBITED"


REFUSED = {  # and the reason that the source states for it
    "activation-times-invalid-with-none-none": "NONE/NONE",
    "activation-times-invalid-with-none": "AA NONE",
    "activation-times-invalid": "start before it ends",
    "ceiling-definitions-al-greater-ah": "not below the upper",
    "ceiling-definitions-duplicate": "AL is given twice",
    "coordinate-minutes-60": "60 minutes",
    "coordinate-seconds-60": "60 seconds",
    "do-not-split-into-multipolygon": "cross",
    "empty-name": "AN not given",
    "flight-level-missing-number": 'AH "FL"',
    "insufficient-coordinates": "distinct vertices",
    "invalid-coordinates": "no position",
    "missing-ah-al": "AL and AH not given",
    "self-intersecting": "cross",
    "single-airspace-ag-but-missing-af": "AF",
    "transponder-code-invalid": "7891",
    "without-ac": "before the first AC",
}


def test_the_shared_files_are_read_or_refused_as_their_source_says() -> None:
    for path in sorted(shared_data("openair").glob("*.txt")):
        found = openair.zones(path.read_bytes())
        problems = [one for one in found if isinstance(one, Problem)]
        if path.stem in REFUSED:
            assert len(found) == len(problems) == 1
            assert REFUSED[path.stem] in problems[0].message
            continue
        assert not problems or path.stem == "activation-times-none", (path, found)
        stem = "awy" if path.stem == "airway" else path.stem
        expected = path.with_name(f"{stem}-result.json")
        if expected.exists():
            zones = [one for one in found if isinstance(one, Zone)]
            features = json.loads(expected.read_text("utf-8"))["features"]
            for one, feature in zip(zones, features, strict=True):
                check(one, feature)


def check(one: Zone, feature: dict[str, Any]) -> None:
    said = feature["properties"]
    assert one.name == said["name"]
    assert one.attributes["AC"] == said["class"]
    assert one.attributes.get("AY") == said.get("type")
    assert one.attributes.get("AF") == said.get("frequency", {}).get("value")
    assert one.attributes.get("AG") == said.get("frequency", {}).get("name")
    assert int(one.attributes.get("AX", 0)) == said.get("transponderCode", 0)
    assert len(one.volumes) == max(1, len(said.get("activationTimes", [])))
    band = one.volumes[0].band
    for limit, ceiling in ((band.lower, "lowerCeiling"), (band.upper, "upperCeiling")):
        check_limit(limit, **said[ceiling])
    if "geometry" in feature:  # made on a sphere, with coarser arcs
        expected = shapely.geometry.shape(feature["geometry"])
        lon, lat = one.volumes[0].footprint.region.rings[0]
        found = shapely.Polygon(np.stack([lon, lat], axis=-1))
        assert shapely.symmetric_difference(found, expected).area < 0.004 * expected.area


def check_limit(limit: Limit, value: float, unit: str, referenceDatum: str) -> None:  # noqa: N803
    reference = {"GND": "AGL", "MSL": "MSL", "STD": "FL"}[referenceDatum]
    metres = value * {"FT": 0.3048, "FL": 30.48, "M": 1.0}[unit]
    if (reference, metres) == ("AGL", 0.0):
        reference = "SFC"
    assert str(limit.reference) == reference
    assert limit.metres == pytest.approx(metres)
