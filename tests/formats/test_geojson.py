"""GeoJSON whose properties say how high and when, in and out."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import FormatError, GeometryError
from sim.formats import geojson
from sim.formats.lonlat import polygons_of, rings_of
from sim.formats.records import Problem, Zone
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.footprint import Circle, Corridor, Edges, Polygon
from sim.geometry.relations import uncovered_area_km2
from sim.geometry.volume import Volume
from sim.units import Position
from tests.strategies import bands, footprints, windows

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}
ANY = Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf))


def feature(geometry: Any = SQUARE, **properties: Any) -> str:
    return json.dumps({"type": "Feature", "id": 7, "geometry": geometry, "properties": properties})


def only(found: list[Zone | Problem]) -> Zone:
    (zone,) = found
    assert isinstance(zone, Zone), zone
    return zone


def test_a_feature_with_the_properties_that_are_looked_for() -> None:
    text = feature(
        id="R1",
        name="Range",
        kind="R",
        lower=1000,
        upper=2000,
        units="ft",
        reference="AMSL",
        start="1970-01-01T00:00:00Z",
        end="1970-01-01T01:00:00Z",
        remark="hot",
    )
    zone = only(geojson.zones(text))
    footprint = Polygon(((0, 0), (1, 0), (1, 1), (0, 1)), (), Edges.STRAIGHT)  # type: ignore[arg-type]
    band = Band(Limit(Reference.MSL, 304.8), Limit(Reference.MSL, 609.6))
    assert zone == Zone(
        "R1", "Range", (Volume(footprint, band, (0.0, 3600.0)),), "R", {"remark": "hot"}
    )


def test_other_properties_may_say_it() -> None:
    text = feature(ident="R1", title="Range", floor="GND", ceil=95, uom="FL", valid=None)
    zone = only(
        geojson.zones(
            text, id="ident", name="title", lower="floor", upper="ceil", units="uom", start="valid"
        )
    )
    assert (zone.id, zone.name) == ("R1", "Range")
    assert zone.volumes[0].band == Band(Limit(Reference.SFC, 0.0), Limit(Reference.FL, 2895.6))


def test_nothing_said_is_unbounded_and_the_feature_s_own_id_serves() -> None:
    for text in (
        feature(),
        json.dumps({"type": "Feature", "id": 7, "geometry": SQUARE, "properties": None}),
    ):
        zone = only(geojson.zones(text))
        assert (zone.id, zone.name) == ("7", "7")
        assert (zone.volumes[0].band, zone.volumes[0].window) == (ANY, (-inf, inf))
    assert only(geojson.zones(json.dumps(SQUARE))).id == "zone"


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ({"upper": "5000 ft MSL"}, ("MSL", 1524.0)),
        ({"upper": "FL100"}, ("FL", 3048.0)),
        ({"upper": "unl"}, ("UNL", inf)),
        ({"upper": 100, "units": "FL"}, ("FL", 3048.0)),
        ({"upper": "300", "units": "metres", "reference": "wgs84"}, ("W84", 300.0)),
        ({"upper": 300, "units": "m", "reference": "SFC"}, ("AGL", 300.0)),
        (
            {"upper": 300, "units": "m", "reference": "MSL", "upper_reference": "AGL"},
            ("AGL", 300.0),
        ),
        ({"upper": 1000, "reference": "MSL", "default": "ft"}, ("MSL", 304.8)),
        ({"upper": "1000ft AMSL"}, ("MSL", 304.8)),
        ({"upper": "1000 FEET msl"}, ("MSL", 304.8)),
        ({"upper": "120 m ASFC"}, ("AGL", 120.0)),
        ({"upper": "300m WGS84"}, ("W84", 300.0)),
        ({"upper": "300 m", "reference": "AGL"}, ("AGL", 300.0)),
    ],
)
def test_altitudes_as_people_write_them(said: dict[str, Any], limit: Any) -> None:
    default = said.pop("default", None)
    zone = only(geojson.zones(feature(**said), default_units=default))
    assert zone.volumes[0].band.upper == Limit(*limit)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (feature(upper=300, units="m"), "nothing gives a reference"),
        (feature(upper=300, reference="MSL"), "nothing gives units"),
        (feature(upper=300, reference="MSL", units="furlongs"), "is none of units"),
        (feature(upper="1000 ft QFE", reference="MSL"), "expected an altitude"),
        (feature(upper="high", reference="MSL", units="m"), "expected an altitude"),
        (feature(upper="high"), "expected an altitude such as 5000 ft MSL"),
        (feature(upper="400 ft"), "nothing gives a reference"),
        (feature(upper="1000 ft MSL", lower="2000 ft MSL"), "is not below"),
        (feature(start="noon"), "is no time"),
        (
            feature(start="1970-01-02T00:00:00Z", end="1970-01-01T00:00:00Z"),
            "from 1970-01-02T00:00:00Z to 1970-01-01T00:00:00Z",
        ),
        (feature(None), "no area"),
        (feature({"type": "Point", "coordinates": [1, 2]}), "expected a property for its radius"),
        (feature({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}), "for its width"),
        (feature({"type": "Curve"}), 'the type is "Curve"'),
        (feature({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1]]]}), "cross"),
    ],
)
def test_a_feature_that_cannot_be_read_is_a_problem(text: str, message: str) -> None:
    (problem,) = geojson.zones(text)
    assert isinstance(problem, Problem)
    assert message in str(problem)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "expected a GeoJSON mapping"),
        ({"type": "Topology"}, 'the type is "Topology"'),
        ({"type": "FeatureCollection", "features": {}}, "features: expected a list"),
        ({"type": "FeatureCollection", "crs": {"name": "EPSG:3857"}}, "expected WGS84"),
    ],
)
def test_what_is_no_geojson_is_refused(document: Any, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        geojson.zones(json.dumps(document))


def test_circles_and_corridors() -> None:
    circle = feature({"type": "Point", "coordinates": [7, 46, 500]}, radius="5 km")
    line = feature({"type": "LineString", "coordinates": [[7, 46], [8, 46]]}, width=2000)
    assert only(geojson.zones(circle)).volumes[0].footprint == Circle(Position(7, 46), 5000)
    corridor = Corridor((Position(7, 46), Position(8, 46)), 2000, Edges.STRAIGHT)
    assert only(geojson.zones(line)).volumes[0].footprint == corridor


CUT = [
    [[(179.0, 10.0), (180.0, 10.0), (180.0, 11.0), (179.0, 11.0)]],
    [[(-180.0, 10.0), (-179.0, 10.0), (-179.0, 11.0), (-180.0, 11.0)]],
]


def test_what_was_cut_at_the_antimeridian_is_one_again() -> None:
    (whole,) = polygons_of(CUT)
    assert whole.contains(180.0, 10.5)
    assert whole.area_km2 == pytest.approx(sum(p.area_km2 for c in CUT for p in polygons_of([c])))
    assert [len(rings) for rings in rings_of(whole)] == [1, 1]


def test_a_hole_across_the_antimeridian_is_a_hole_again() -> None:
    hole = ((179.5, 10.2), (-179.5, 10.2), (-179.5, 10.8), (179.5, 10.8))
    whole = Polygon(((179, 10), (-179, 10), (-179, 11), (179, 11)), (hole,), Edges.STRAIGHT)  # type: ignore[arg-type]
    parts = rings_of(whole)
    assert all(abs(lon) <= 180.0 for rings in parts for ring in rings for lon, _ in ring)
    (back,) = polygons_of([[[(x, y) for x, y in ring] for ring in rings] for rings in parts])
    assert len(back.holes) == 1
    assert not back.contains(180.0, 10.5)
    assert back.area_km2 == pytest.approx(whole.area_km2)


def test_parts_at_the_antimeridian_that_cross_themselves_in_the_plane_alone_stay_apart() -> None:
    east = [[(179.0, 10.0), (180.0, 10.0), (180.0, 11.0), (179.0, 11.0)]]
    west = [[(-180.0, 10.0), (-179.0, 10.0), (-179.0, 11.0), (1.0, 11.0)]]  # 1E by the shorter way
    assert len(polygons_of([east, west])) == 2


def test_parts_that_are_apart_at_the_antimeridian_stay_apart() -> None:
    other = [[(lon, lat + 5.0) for lon, lat in ring] for ring in CUT[1]]
    assert len(polygons_of([CUT[0], other])) == 2


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_cap_of_a_pole(sign: float) -> None:
    literal = [
        (-180.0, 80.0 * sign),
        (180.0, 80.0 * sign),
        (180.0, 90.0 * sign),
        (-180.0, 90.0 * sign),
    ]
    (cap,) = polygons_of([[literal]])
    assert cap.contains(0.0, 90.0 * sign)
    assert cap.contains(77.0, 80.01 * sign)
    assert not cap.contains(77.0, 79.99 * sign)
    ((ring,),) = rings_of(cap)
    assert {abs(lon) for lon, lat in ring if abs(lat) == 90.0} == {180.0}
    (back,) = polygons_of([[[(x, y) for x, y in ring]]])
    assert back.area_km2 == pytest.approx(cap.area_km2)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("where", [180.0, 0.0, 90.0])
def test_a_cap_of_a_pole_keeps_a_hole_where_it_is_cut(sign: float, where: float) -> None:
    """The hole is cut in two by the antimeridian, and so becomes notches of the exterior."""

    def ring(*places: tuple[float, float]) -> tuple[Position, ...]:
        return tuple(Position((lon + where + 180) % 360 - 180, lat * sign) for lon, lat in places)

    outer = ring((0, 89.8), (-74, 89.8), (-180, 89.8), (73, 89.8))
    hole = ring((0, 89.9), (37, 89.94), (0, 89.98), (-37, 89.94))
    beside = ring((150, 89.9), (170, 89.9), (160, 89.95))
    polygon = Polygon(outer, (hole, beside))
    (back,) = polygons_of([[[(x, y) for x, y in ring] for ring in rings_of(polygon)[0]]])
    assert back.area_km2 == pytest.approx(polygon.area_km2, rel=1e-8)
    for lon, lat, is_in in (
        (0, 89.94, False),
        (0, 89.89, True),
        (0, 89.99, True),
        (160, 89.92, False),
        (90, 90.0, True),
    ):
        assert back.contains((lon + where + 180) % 360 - 180, lat * sign) is is_in


def test_notches_of_a_cap_whose_holes_are_none_are_refused() -> None:
    notched = [(-180.0, 90.0), (-180.0, 85.0), (-170.0, 84.0), (-180.0, 83.0), (-180.0, 80.0)]
    notched += [(-lon, lat) for lon, lat in reversed(notched)]
    with pytest.raises(GeometryError, match="distinct"):
        polygons_of([[notched, [(0.0, 85.0), (1.0, 85.0)]]])
    (whole,) = polygons_of([[notched]])
    assert not whole.contains(180.0, 84.0)


def test_written_rings_wind_as_the_standard_says() -> None:
    hole = ((0.4, 0.4), (0.6, 0.4), (0.5, 0.6))
    square = Polygon(((0, 0), (0, 1), (1, 1), (1, 0)), (hole,), Edges.STRAIGHT)  # type: ignore[arg-type]
    ((exterior, interior),) = rings_of(square)
    assert exterior[0] == exterior[-1]
    assert signed(exterior) > 0.0 > signed(interior)


def signed(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def test_a_band_round_a_pole_cannot_be_said() -> None:
    def circle(lat: float) -> tuple[Position, ...]:
        return tuple(Position(lon, lat) for lon in range(-180, 180, 30))

    with pytest.raises(GeometryError, match="a hole goes round a pole"):
        rings_of(Polygon(circle(70.0), (circle(80.0),)))


def test_polygons_of_the_same_height_and_time_share_a_feature() -> None:
    polygons = [Polygon(((x, 0), (x + 1, 0), (x, 1)), (), Edges.STRAIGHT) for x in (0, 5)]  # type: ignore[arg-type]
    volumes = tuple(Volume(p, ANY) for p in polygons)
    text = geojson.write([Zone("A", "A", volumes)])
    assert [f["geometry"]["type"] for f in json.loads(text)["features"]] == ["MultiPolygon"]
    assert only(geojson.zones(text)).volumes == volumes


@settings(max_examples=25)
@given(st.floats(200.0, 2e5).flatmap(lambda size: footprints(size=size)), bands, windows)
def test_what_is_written_is_read_back(
    footprint: Any, band: Band, window: tuple[float, float]
) -> None:
    zone = Zone("A", "Name", (Volume(footprint, band, window),), "R", {"remark": "x"})
    try:
        back = only(geojson.zones(geojson.write([zone])))
    except GeometryError as error:
        assert "a hole goes round a pole" in str(error)  # noqa: PT017 - the one thing refused
        return
    assert (back.id, back.name, back.kind, back.attributes) == ("A", "Name", "R", {"remark": "x"})
    assert {v.band for v in back.volumes} == {band}
    assert {v.window for v in back.volumes} == {window}
    if isinstance(footprint, Circle):
        assert back.volumes[0].footprint == footprint
        return
    written = [v.footprint for v in back.volumes]
    limit = 2e-7 * footprint.cap.radius_m + 1e-6  # a border of 1 cm and more
    assert uncovered_area_km2(footprint, written) < limit
    assert all(uncovered_area_km2(one, [footprint]) < limit for one in written)


LIMITS = [Limit(Reference(r), m) for r in ("AGL", "MSL", "FL", "W84") for m in (0.1, 914.4, 3e3)]
ALL_BANDS = [
    *(Band(Limit(Reference.SFC, 0.0), one) for one in LIMITS),
    *(Band(one, Limit(Reference.UNL, inf)) for one in LIMITS),
    *(Band(low, high) for low in LIMITS for high in LIMITS if low.reference != high.reference),
    Band(Limit(Reference.AGL, -30.0), Limit(Reference.SFC, 0.0)),
]
MICROSECONDS = st.integers(-2_200_000_000_000_000, 7_200_000_000_000_000)


@settings(max_examples=60)
@given(
    st.floats(200.0, 2e5).flatmap(lambda size: footprints(size=size)),
    st.sampled_from(ALL_BANDS),
    st.lists(MICROSECONDS, min_size=2, max_size=2, unique=True).map(sorted),
    st.sampled_from(["both", "start", "end", "neither"]),
)
def test_what_is_written_exactly_is_read_back_the_same(
    footprint: Any, band: Band, micros: list[int], bounded: str
) -> None:
    start, end = (
        micros[0] / 1e6 if bounded in {"both", "start"} else -inf,
        micros[1] / 1e6 if bounded in {"both", "end"} else inf,
    )
    zone = Zone("A", "Name", (Volume(footprint, band, (start, end)),), "R", {"created": "x"})
    back = only(geojson.zones(geojson.write([zone], exact=True)))
    assert back == zone


def test_several_volumes_are_several_zones_where_they_are_written_exactly() -> None:
    volumes = tuple(Volume(Circle(Position(x, 0), 500.0), ANY) for x in (0, 1))
    back = geojson.zones(geojson.write([Zone("A", "A", volumes)], exact=True))
    assert [(one.id, one.volumes) for one in back if isinstance(one, Zone)] == [
        ("A", volumes[:1]),
        ("A#2", volumes[1:]),
    ]


def test_properties_of_our_own_say_what_runs_between_positions() -> None:
    crossing = {"type": "Polygon", "coordinates": [[[179, 10], [-179, 10], [-179, 11], [179, 11]]]}
    footprint = only(geojson.zones(feature(crossing, edges="parallel"))).volumes[0].footprint
    ring = ((179, 10), (-179, 10), (-179, 11), (179, 11))
    assert footprint == Polygon(ring, (), Edges.PARALLEL)  # type: ignore[arg-type]
    grown = only(geojson.zones(feature(grown="2 km"))).volumes[0].footprint
    plain = only(geojson.zones(feature())).volumes[0].footprint
    assert grown == plain.buffer(2000.0)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        (
            {"edges": "rhumb"},
            '"rhumb" says nothing of edges: expected geodesic, parallel, straight',
        ),
        ({"grown": "wide"}, "expected a buffer in metres"),
        ({"grown": -5}, "a buffer"),
    ],
)
def test_odd_properties_of_our_own_are_problems(properties: Any, message: str) -> None:
    (problem,) = geojson.zones(feature(**properties))
    assert message in str(problem)


def test_attributes_that_would_be_read_as_something_else_are_left_out() -> None:
    zone = Zone("A", "A", (Volume(Circle(Position(0, 0), 500.0), ANY),), "", {"edges": "of a wood"})
    for exact in (False, True):
        assert only(geojson.zones(geojson.write([zone], exact=exact))).attributes == {}


@given(
    st.text(max_size=40)
    | st.recursive(st.none() | st.floats() | st.text(max_size=5), st.lists).map(str)
)
def test_whatever_text_there_is_gives_an_answer_or_one_error(text: str) -> None:
    with suppress(FormatError):
        geojson.zones(text)


def test_nothing_flies_below_0_above_ground() -> None:
    zone = only(geojson.zones(feature(lower=0, upper=120, units="m", reference="AGL")))
    assert zone.volumes[0].band == Band(Limit(Reference.SFC, 0.0), Limit(Reference.AGL, 120.0))
    above_sea = only(geojson.zones(feature(lower=0, upper=120, units="m", reference="MSL")))
    assert above_sea.volumes[0].band.lower == Limit(Reference.MSL, 0.0)


def test_altitudes_and_times_by_other_names_are_told_of() -> None:
    told = {"minAltitude": 0, "upper_limit": 120, "validFrom": "2024-01-01", "colour": "red"}
    features = [json.loads(feature(**said)) for said in (told, told, {"salt": 1})]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    found = geojson.zones(text)
    problems = [str(one) for one in found if isinstance(one, Problem)]
    assert len(found) == 5
    assert problems == [
        (
            'features[0].properties: "minAltitude", "upper_limit" not read, in 2 zones: what has no'
            " lower and upper is not limited there: SFC to UNL; call them lower and upper"
        ),
        (
            'features[0].properties: "validFrom" not read, in 2 zones: what has no start and end is'
            " always active; call them start and end"
        ),
    ]
    named = {"lower": "minAltitude", "upper": "upper_limit", "start": "validFrom"}
    told["validFrom"] = "2024-01-01T00:00Z"
    known = geojson.zones(feature(**told), **named, default_units="m", default_reference="AGL")
    assert [type(one) for one in known] == [Zone]
