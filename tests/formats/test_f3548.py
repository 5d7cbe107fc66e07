"""ASTM F3548-21: volumes of intents and constraints, in and out."""

from __future__ import annotations

import json
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import FormatError, GeometryError, VerticalError
from sim.formats import f3548
from sim.formats.records import Problem, Zone
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.footprint import Circle, Corridor, Edges, Polygon
from sim.geometry.relations import uncovered_area_km2
from sim.geometry.volume import Volume
from sim.units import Position
from tests.strategies import footprints, unix_times

CIRCLE = {
    "outline_circle": {
        "center": {"lng": 36.7, "lat": 36.3},
        "radius": {"value": 6000, "units": "M"},
    },
    "altitude_lower": {"value": 100, "reference": "W84", "units": "M"},
    "altitude_upper": {"value": 500.5, "reference": "W84", "units": "M"},
}
TRIANGLE = {
    "outline_polygon": {
        "vertices": [
            {"lng": 7.0, "lat": 46.0},
            {"lng": 7.1, "lat": 46.0},
            {"lng": 7.0, "lat": 46.1},
        ]
    }
}
TIMES = {
    "time_start": {"value": "1970-01-01T00:01:00Z", "format": "RFC3339"},
    "time_end": {"value": "1970-01-01T00:02:00.500Z", "format": "RFC3339"},
}
CYLINDER = {"volume": CIRCLE, **TIMES}
PRISM = {"volume": TRIANGLE, "time_start": None, "time_end": None}
REFERENCE = {"id": "4b1c", "manager": "uss1", "state": "Activated", "version": 3}
INTENT = {
    "reference": REFERENCE,
    "details": {"volumes": [CYLINDER], "off_nominal_volumes": [PRISM], "priority": 100},
}
W84 = Reference.W84


def test_a_cylinder() -> None:
    (volume,) = f3548.volumes(json.dumps(CYLINDER))
    assert volume == Volume(
        Circle(Position(36.7, 36.3), 6000.0),
        Band(Limit(W84, 100.0), Limit(W84, 500.5)),
        (60.0, 120.5),
    )


def test_a_prism_without_ends_is_unbounded_and_has_geodesic_sides() -> None:
    (volume,) = f3548.volumes(PRISM)
    assert isinstance(volume.footprint, Polygon)
    assert volume.footprint.edges is Edges.GEODESIC
    assert volume.band == Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf))
    assert volume.window == (-inf, inf)


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ([], 0),
        ([CYLINDER, PRISM], 2),
        ({"volumes": [CYLINDER], "priority": 0}, 1),
        ({"volumes": [], "off_nominal_volumes": [PRISM]}, 1),
        ({"volumes": None, "off_nominal_volumes": [PRISM]}, 1),
        ({"volumes": [CYLINDER], "type": "com.example.closed"}, 1),
        (INTENT, 2),
        ([INTENT, INTENT], 4),
        ({"operational_intent": INTENT}, 2),
        ({"operational_intent_id": "a", "operational_intent": INTENT, "subscriptions": []}, 2),
        ({"constraints": [{"reference": {"id": "c"}, "details": {"volumes": [PRISM]}}]}, 1),
        ({"area_of_interest": CYLINDER}, 1),
        ({"extents": [CYLINDER], "state": "Accepted"}, 1),
        ({"operational_intent_id": "a", "operational_intent": None}, 0),
    ],
)
def test_every_document_that_holds_volumes_is_read(document: Any, count: int) -> None:
    assert len(f3548.volumes(document)) == count
    assert len(f3548.volumes(json.dumps(document).encode())) == count


def test_an_intent_is_a_zone_with_its_priority_and_state() -> None:
    (zone,) = f3548.zones(INTENT)
    assert isinstance(zone, Zone)
    assert (zone.id, zone.kind, len(zone.volumes)) == ("4b1c", "operational intent", 2)
    assert zone.attributes == {
        "manager": "uss1",
        "state": "Activated",
        "version": "3",
        "priority": "100",
        "off_nominal_volumes": "1",
    }


def test_a_volume_that_cannot_be_read_stands_beside_the_rest() -> None:
    bad: dict[str, Any] = {"volume": {"outline_polygon": {"vertices": []}}}
    problem, zone = f3548.zones({"volumes": [bad, CYLINDER], "type": "closed"})
    assert isinstance(problem, Problem)
    assert problem.place == "volumes[0].volume.outline_polygon"
    assert isinstance(zone, Zone)
    assert (zone.kind, len(zone.volumes)) == ("closed", 1)


def test_an_intent_without_any_volume_is_no_zone() -> None:
    (problem,) = f3548.zones({"volumes": []})
    assert "no volume" in str(problem)


def changed(**changes: Any) -> dict[str, Any]:
    return {"volume": CIRCLE | changes}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"type": "FeatureCollection"}, 'not a mapping with "type"'),
        (CIRCLE, "a Volume3D stands under"),
        ("3", "expected a Volume4D"),
        ([3], r"\[0\]: expected a Volume4D"),
        (
            changed(**TRIANGLE),
            "volume: expected outline_circle or outline_polygon, and there is both",
        ),
        ({"volume": {}}, "there is neither"),
        (changed(altitude_lower={"value": 5, "units": "FT"}), "F3548 knows M alone"),
        (changed(altitude_lower={"value": 5, "reference": "SFC"}), "F3548 knows W84 alone"),
        (changed(altitude_lower={"value": 600}), "is not below the upper one"),
        (changed(altitude_upper={"value": 1e6}), "from -8000 to 100000 m"),
        (changed(outline_circle={"center": {"lng": 1}, "radius": {"value": 5}}), r"center\.lat"),
        (CYLINDER | {"time_end": {"value": "1970-01-01T00:00:30Z"}}, "to 1970-01-01T00:00:30Z"),
        (CYLINDER | {"time_end": {"value": "tomorrow"}}, "time_end.value: .* is no time"),
        ({"volumes": {}}, "volumes: expected a list"),
    ],
)
def test_what_is_no_volume_is_refused_with_its_place(document: Any, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        f3548.volumes(document)


def zone(*volumes: Volume, kind: str = "", **attributes: str) -> Zone:
    return Zone("z", "z", volumes, kind, attributes)


def test_other_references_need_their_settings() -> None:
    volume = Volume(Circle(Position(0, 0), 5.0), Band(Limit("MSL", 10.0), Limit("FL", 3000.0)))  # type: ignore[arg-type]
    with pytest.raises(VerticalError, match=r"vertical\.(geoid|qnh)"):
        f3548.write([zone(volume)])
    written = f3548.write([zone(volume)], vertical=Vertical(geoid_m=48.0, qnh_hpa=1013.25))
    assert f3548.volumes(written)[0].band == Band(Limit(W84, 58.0), Limit(W84, 3048.0))


def test_a_hole_cannot_be_said() -> None:
    hole = ((0.4, 0.4), (0.6, 0.4), (0.5, 0.6))
    square = Polygon(((0, 0), (1, 0), (1, 1), (0, 1)), (hole,))  # type: ignore[arg-type]
    with pytest.raises(GeometryError, match="no holes"):
        f3548.write([zone(Volume(square, Band(Limit(W84, 0.0), Limit(W84, 9.0))))])


def test_a_corridor_becomes_a_polygon_close_to_it() -> None:
    corridor = Corridor((Position(36, 35), Position(37, 36)), 10_000)
    band = Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf))
    (back,) = f3548.volumes(f3548.write([zone(Volume(corridor, band))]))
    assert uncovered_area_km2(corridor, [back.footprint]) < 0.01
    assert uncovered_area_km2(back.footprint, [corridor]) < 0.01


def test_longitudes_stay_on_the_globe() -> None:
    across = Polygon(((179, 10), (-179, 10), (-179, 12), (179, 12)), (), Edges.PARALLEL)  # type: ignore[arg-type]
    band = Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf))
    text = f3548.write([zone(Volume(across, band))])
    vertices = json.loads(text)[0]["volumes"][0]["volume"]["outline_polygon"]["vertices"]
    assert len(vertices) > 4
    assert all(-180 <= vertex["lng"] <= 180 for vertex in vertices)
    (back,) = f3548.volumes(text)
    assert back.footprint.area_km2 == pytest.approx(across.area_km2, rel=1e-6)


heights = st.floats(-8000.0, 99_000.0)


@st.composite
def w84_volumes(draw: Any) -> Volume:
    footprint = draw(
        footprints(kinds=("circle", "ring")).filter(lambda f: not getattr(f, "holes", ()))
    )
    low, high = sorted((draw(heights), draw(heights)))
    lower = draw(st.sampled_from([Limit(W84, low), Limit(Reference.SFC, 0.0)]))
    upper = draw(st.sampled_from([Limit(W84, high + 1.0), Limit(Reference.UNL, inf)]))
    start = draw(unix_times)
    window = draw(
        st.sampled_from([(start, start + 60.0), (-inf, start), (start, inf), (-inf, inf)])
    )
    return Volume(footprint, Band(lower, upper), window)


@given(st.lists(w84_volumes(), max_size=3))
def test_what_is_written_is_read_back(volumes: list[Volume]) -> None:
    back = f3548.volumes(f3548.write([zone(volume) for volume in volumes]))
    assert [v.footprint for v in back] == [v.footprint for v in volumes]
    assert [v.band for v in back] == [v.band for v in volumes]
    for one, other in zip(back, volumes, strict=True):
        assert one.window == pytest.approx(other.window, abs=0.001)


def test_intents_and_constraints_stay_what_they_are() -> None:
    volumes = f3548.volumes([{"volume": CIRCLE}] * 3)
    intent = zone(*volumes, kind="operational intent", priority="100", off_nominal_volumes="1")
    constraint, closed = zone(*volumes[:1]), zone(*volumes[:1], kind="PROHIBITED")
    found = f3548.zones(f3548.write([intent, constraint, closed]))
    assert [(one.kind, len(one.volumes)) for one in found if isinstance(one, Zone)] == [
        ("operational intent", 3),
        ("constraint", 1),
        ("PROHIBITED", 1),
    ]
    assert isinstance(found[0], Zone)
    assert found[0].attributes == intent.attributes
    again = [one for one in found if isinstance(one, Zone)]
    assert f3548.write(again) == f3548.write([intent, constraint, closed])


@pytest.mark.parametrize("metres", [-8001.0, 100_001.0])
def test_an_altitude_that_readers_refuse_is_not_written(metres: float) -> None:
    band = Band(Limit(Reference.SFC, 0), Limit(W84, metres))
    one = Zone("z", "z", (Volume(Circle(Position(7, 46), 500), band),))
    with pytest.raises(FormatError, match="F3548 has altitudes from -8000 to 100000 m, and"):
        f3548.write([one])


def test_a_band_that_settings_turn_upside_down_is_not_written() -> None:
    band = Band(Limit(Reference.AGL, 100.0), Limit(Reference.MSL, 450.0))
    one = Zone("z", "z", (Volume(Circle(Position(7, 46), 500), band),))
    with pytest.raises(GeometryError, match="328 ft AGL is not below 1476 ft MSL above"):
        f3548.write([one], vertical=Vertical(terrain_m=400.0, geoid_m=25.0))


def test_counts_that_are_none_are_nought() -> None:
    for odd in ("x", "-1", "\u00b2", "1" * 5000):
        said = {"off_nominal_volumes": odd, "priority": odd}
        volume = Volume(Circle(Position(7, 46), 500), Band(Limit(W84, 0), Limit(W84, 100)))
        (found,) = json.loads(f3548.write([Zone("z", "z", (volume,), "operational intent", said)]))
        assert (len(found["volumes"]), found["priority"]) == (1, 0)
