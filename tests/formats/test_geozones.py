"""ED-269 and ED-318: national geozones, when and where they apply, in and out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import FormatError, GeometryError, VerticalError
from sim.formats import ed269, ed318
from sim.formats.records import Problem, Zone
from sim.formats.sun import EVENTS, sun_event
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.footprint import Circle, Edges, Polygon
from sim.geometry.relations import uncovered_area_km2
from sim.geometry.volume import Volume
from sim.units import Position
from tests.formats.shared import real_file
from tests.strategies import footprints

SQUARE = [[[7.0, 46.0], [7.1, 46.0], [7.1, 46.1], [7.0, 46.1], [7.0, 46.0]]]
LAYER: dict[str, Any] = {
    "uomDimensions": "M",
    "lowerLimit": 0,
    "lowerVerticalReference": "AGL",
    "upperLimit": 120,
    "upperVerticalReference": "AMSL",
    "horizontalProjection": {"type": "Polygon", "coordinates": SQUARE},
}
DAY_S = 86400.0


def unix(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def old(applicability: Any = None, *layers: dict[str, Any], **others: Any) -> str:
    zone = {
        "identifier": "EDR1",
        "country": "DEU",
        "name": "Testwald",
        "restriction": "PROHIBITED",
        "reason": ["NATURE", "NOISE"],
        "applicability": applicability or [{"permanent": "YES"}],
        "geometry": list(layers) or [LAYER],
    }
    return json.dumps({"title": "test", "features": [zone | others]})


def only(found: list[Zone | Problem]) -> Zone:
    (zone,) = found
    assert isinstance(zone, Zone), zone
    return zone


def times(*periods: dict[str, Any], between: tuple[float, float] | None = None) -> list[Any]:
    return [v.window for v in only(ed269.zones(old(list(periods)), between=between)).volumes]


def test_a_permanent_zone() -> None:
    zone = only(ed269.zones(old()))
    (volume,) = zone.volumes
    assert (zone.id, zone.name, zone.kind) == ("EDR1", "Testwald", "PROHIBITED")
    assert zone.attributes == {"country": "DEU", "reason": "NATURE, NOISE"}
    assert isinstance(volume.footprint, Polygon)
    assert volume.footprint.edges is Edges.STRAIGHT
    assert volume.footprint.contains(7.05, 46.05)
    assert volume.band == Band(Limit(Reference.SFC, 0.0), Limit(Reference.MSL, 120.0))
    assert volume.window == (-inf, inf)


@pytest.mark.parametrize(
    ("changes", "lower", "upper"),
    [
        ({"uomDimensions": "FT", "upperLimit": 1000}, ("SFC", 0.0), ("MSL", 304.8)),
        ({"upperLimit": 99999}, ("SFC", 0.0), ("UNL", inf)),
        ({"upperLimit": "120", "lowerLimit": "5"}, ("AGL", 5.0), ("MSL", 120.0)),
        ({"upperLimit": None, "upperVerticalReference": None}, ("SFC", 0.0), ("UNL", inf)),
        ({"lowerLimit": None}, ("SFC", 0.0), ("MSL", 120.0)),
        ({"upperVerticalReference": "WGS84"}, ("SFC", 0.0), ("W84", 120.0)),
    ],
)
def test_limits(changes: dict[str, Any], lower: Any, upper: Any) -> None:
    (volume,) = only(ed269.zones(old(None, LAYER | changes))).volumes
    assert volume.band == Band(Limit(*lower), Limit(*upper))


def test_absent_limits_do_not_limit() -> None:
    bare = {"horizontalProjection": {"type": "Circle", "center": [7, 46], "radius": 300}}
    (volume,) = only(ed269.zones(old(None, bare))).volumes
    assert volume.band == Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf))
    assert volume.footprint == Circle(Position(7, 46), 300)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"upperVerticalReference": "QNE"}, "above AGL, AMSL or WGS84"),
        ({"upperVerticalReference": None}, 'not "nothing"'),
        ({"uomDimensions": "KM"}, "in M or FT"),
        ({"upperLimit": "high"}, "expected an altitude"),
        ({"lowerLimit": 200, "lowerVerticalReference": "AMSL"}, "is not below"),
        (
            {"horizontalProjection": {"type": "Polygon", "coordinates": [[[7, 46], [8, 46]]]}},
            "vertices",
        ),
        ({"horizontalProjection": {"type": "Sector"}}, "a Polygon or a Circle"),
        ({"horizontalProjection": None}, "expected a mapping"),
    ],
)
def test_a_layer_that_cannot_be_read_stands_beside_the_rest(
    changes: dict[str, Any], message: str
) -> None:
    zone, problem = ed269.zones(old(None, LAYER, LAYER | changes))
    assert isinstance(zone, Zone)
    assert len(zone.volumes) == 1
    assert isinstance(problem, Problem)
    assert problem.place.startswith("features[0].geometry[1]")
    assert message in problem.message


def test_two_zones_of_one_name_are_told_apart() -> None:
    twice = json.loads(old())
    twice["features"] *= 2
    assert [z.id for z in ed269.zones(json.dumps(twice)) if isinstance(z, Zone)] == [
        "EDR1",
        "EDR1#2",
    ]


def test_early_files_have_another_list_and_begin_with_a_mark() -> None:
    zones = json.loads(old([{"permanent": "YES", "dailyPeriod": [{"day": [], "startTime": None}]}]))
    text = json.dumps({"UASZoneList": zones["features"]})
    assert only(ed269.zones(b"\xef\xbb\xbf" + text.encode())).volumes[0].window == (-inf, inf)


JUNE = {
    "permanent": "NO",
    "startDateTime": "2022-06-01T00:00:00Z",
    "endDateTime": "2022-06-08T00:00:00Z",
}


def test_a_period_without_a_schedule_is_one_window() -> None:
    assert times(JUNE) == [(unix("2022-06-01"), unix("2022-06-08"))]


def test_days_and_times() -> None:
    weekend = {"day": ["SAT", "SUN"], "startTime": "17:00:00.00Z", "endTime": "23:59:59.00Z"}
    assert times(JUNE | {"schedule": [weekend]}) == [
        (unix(f"2022-06-0{d} 17:00"), unix(f"2022-06-0{d} 23:59:59")) for d in (4, 5)
    ]


def test_a_time_that_ends_before_it_starts_ends_on_the_next_day() -> None:
    night = {"day": ["SAT"], "startTime": "22:00Z", "endTime": "06:00Z"}
    assert times(JUNE | {"schedule": [night]}) == [
        (unix("2022-06-04 22:00"), unix("2022-06-05 06:00"))
    ]


def test_a_night_that_has_begun_before_the_period_counts_from_its_start() -> None:
    night = {"day": ["TUE"], "startTime": "22:00Z", "endTime": "06:00Z"}
    got = times(JUNE | {"schedule": [night]})
    assert got[0] == (unix("2022-06-01"), unix("2022-06-01 06:00"))
    assert got[1] == (unix("2022-06-07 22:00"), unix("2022-06-08"))


def test_times_with_another_zone_are_of_its_days() -> None:
    early = {"day": ["SAT"], "startTime": "01:00+02:00", "endTime": "03:00+02:00"}
    assert times(JUNE | {"schedule": [early]}) == [
        (unix("2022-06-03 23:00"), unix("2022-06-04 01:00"))
    ]


def test_days_without_times_are_whole_and_adjoining_ones_are_one() -> None:
    assert times(JUNE | {"schedule": [{"day": ["FRI", "SAT"]}]}) == [
        (unix("2022-06-03"), unix("2022-06-05"))
    ]
    whole = {"day": ["ANY"], "startTime": "00:00Z", "endTime": "00:00Z"}
    assert times({"permanent": "YES", "schedule": [whole]}) == [(-inf, inf)]


def test_a_schedule_without_a_beginning_needs_to_be_told_when() -> None:
    noon = {
        "permanent": "YES",
        "schedule": [{"day": ["ANY"], "startTime": "11:00Z", "endTime": "13:00Z"}],
    }
    (problem,) = ed269.zones(old([noon]))
    assert "between=(start, end)" in str(problem)
    between = (unix("2022-06-01 12:00"), unix("2022-06-03 11:00"))
    assert times(noon, between=between) == [
        (unix(f"2022-06-0{d} 11:00"), unix(f"2022-06-0{d} 13:00")) for d in (1, 2)
    ]


def test_a_schedule_that_goes_on_is_cut_and_that_is_said() -> None:
    endless = {
        "startDateTime": "2022-01-01T00:00:00Z",
        "schedule": [{"day": ["ANY"], "endTime": "01:00Z"}],
    }
    zone, problem = ed269.zones(old([endless]))
    assert isinstance(zone, Zone)
    assert len(zone.volumes) == 1000
    assert "1000 were taken" in str(problem)


SATURDAY = unix("2022-06-04")
DAWN, RISE, SET, DUSK = (  # where the square lies
    sun_event(Position(7.05, 46.05), EVENTS[name], SATURDAY) or 0
    for name in ("BMCT", "SR", "SS", "EECT")
)


@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        ({"startEvent": "SR"}, {"endEvent": "SS"}, (RISE, SET)),
        ({"startEvent": "BMCT"}, {"endEvent": "EECT"}, (DAWN, DUSK)),
        ({"startEvent": "bmct"}, {"endEvent": "EMCT"}, (DAWN, DUSK)),
        ({"startEvent": "SS"}, {"endEvent": "SR"}, (SET, RISE + DAY_S)),
        ({"startTime": "12:00Z"}, {"endEvent": "SS"}, (SATURDAY + 43_200, SET)),
        ({"startEvent": "SR"}, {"endTime": "05:00+02:00"}, (RISE, SATURDAY + 10_800 + DAY_S)),
    ],
)
def test_what_the_sun_decides_is_worked_out(
    start: dict[str, str], end: dict[str, str], window: tuple[float, float]
) -> None:
    (found,) = times(JUNE | {"schedule": [{"day": ["SAT"]} | start | end]})
    assert found == pytest.approx(window, abs=60.0)  # the next day's sunrise is a minute earlier


def test_a_time_beside_an_event_is_taken_and_that_is_said() -> None:
    both = {"day": ["SAT"], "startTime": "08:00Z", "startEvent": "SR", "endEvent": "SS"}
    zone, problem = ed269.zones(old([JUNE | {"schedule": [both]}]))
    assert isinstance(zone, Zone)
    assert zone.volumes[0].window[0] == unix("2022-06-04 08:00")
    assert '"08:00Z" was taken' in str(problem)


def test_where_the_sun_stays_up_its_day_has_no_end() -> None:
    north = {"type": "Circle", "center": [20.0, 78.0], "radius": 900}
    sunlit = {"day": ["ANY"], "startEvent": "SR", "endEvent": "SS"}
    june, december = (
        {"startDateTime": f"2022-{month}-01T00:00:00Z", "endDateTime": f"2022-{month}-09T00:00:00Z"}
        for month in ("06", "12")
    )
    zone = only(
        ed269.zones(old([june | {"schedule": [sunlit]}], LAYER | {"horizontalProjection": north}))
    )
    assert [v.window for v in zone.volumes] == [(unix("2022-06-01"), unix("2022-06-09"))]
    (problem,) = ed269.zones(
        old([december | {"schedule": [sunlit]}], LAYER | {"horizontalProjection": north})
    )
    assert "does not apply" in str(problem)


@pytest.mark.parametrize(
    ("period", "message"),
    [
        ({"permanent": "PERHAPS"}, "expected YES or NO"),
        ({"startDateTime": "2022-06-01T00:00:00"}, "names no time zone"),
        (JUNE | {"endDateTime": "2022-05-01T00:00:00Z"}, "does not start before it ends"),
        (JUNE | {"schedule": [{"day": ["SAMEDI"]}]}, "is no day"),
        (JUNE | {"schedule": [{"day": ["SAT"], "startTime": "17:00"}]}, 'write "17:00Z"'),
        (JUNE | {"schedule": [{"day": ["SAT"], "startTime": "25:00Z"}]}, "ends at 24:00"),
        (JUNE | {"schedule": [{"day": ["SAT"], "startEvent": "TEA"}]}, "is no event"),
        (JUNE | {"schedule": [{"day": ["ANY"]}] * 201}, "at most 200 entries"),
        ("always", "expected a mapping"),
    ],
)
def test_a_period_that_cannot_be_read_is_a_problem(period: Any, message: str) -> None:
    (problem,) = ed269.zones(old([period]))
    assert isinstance(problem, Problem)
    assert message in str(problem)
    assert problem.place.startswith("features[0].applicability")


def test_a_permanent_zone_with_dates_stays_permanent_and_that_is_said() -> None:
    zone, problem = ed269.zones(old([JUNE | {"permanent": "YES"}]))
    assert isinstance(zone, Zone)
    assert zone.volumes[0].window == (-inf, inf)
    assert "taken as permanent" in str(problem)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type": "FeatureCollection", "features": []}', "read it as ED-318"),
        ("[]", "not a list"),
        ("{}", "there are none"),
        ('{"features": 3}', "features: expected a list"),
    ],
)
def test_what_is_no_ed269_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        ed269.zones(text)


def test_many_endless_schedules_stay_within_bounds() -> None:
    endless = {
        "startDateTime": "2022-01-01T00:00:00Z",
        "schedule": [{"day": ["ANY"], "endTime": "01:00Z"}],
    }
    document = json.loads(old([endless], *[LAYER] * 100))
    document["features"] *= 50
    found = ed269.zones(json.dumps(document))
    assert sum(len(z.volumes) for z in found if isinstance(z, Zone)) < 600_000


POINT = {
    "type": "Point",
    "coordinates": [2.6, 50.1],
    "extent": {"subType": "Circle", "radius": 3500},
    "layer": {"upper": 150, "upperReference": "AGL", "lower": 50, "lowerReference": "AGL"},
}


def new(geometry: Any, **properties: Any) -> str:
    said = {"identifier": "A1", "country": "FRA", "type": "PROHIBITED"} | properties
    feature = {"type": "Feature", "geometry": geometry, "properties": said}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_a_circle_of_ed318() -> None:
    zone = only(ed318.zones(new(POINT, name=[{"text": "Cercle", "lang": "fr-FR"}])))
    band = Band(Limit(Reference.AGL, 50.0), Limit(Reference.AGL, 150.0))
    assert (zone.id, zone.name, zone.kind) == ("A1", "Cercle", "PROHIBITED")
    assert zone.volumes == (Volume(Circle(Position(2.6, 50.1), 3500), band),)


def test_names_in_several_languages_are_kept_and_english_goes_first() -> None:
    names = [{"text": "Cercle", "lang": "fr-FR"}, {"text": "Circle", "lang": "en-GB"}]
    zone = only(ed318.zones(new(POINT, name=names)))
    assert zone.name == "Circle"
    assert json.loads(zone.attributes["name"]) == names


def test_identifiers_that_are_cut_stay_apart() -> None:
    """By a number within the seven characters; one that is short enough stays as it is."""
    ids = ["raid-area", "raid-ar", "raid-area-2", "other"]
    zone = only(ed318.zones(new(POINT)))
    text = ed318.write(Zone(id_, id_, zone.volumes) for id_ in ids)
    features = json.loads(text)["features"]
    assert [feature["id"] for feature in features] == ids
    cut = [feature["properties"]["identifier"] for feature in features]
    assert cut == ["raid--2", "raid-ar", "raid--3", "other"]


def test_layers_of_a_collection_and_of_its_members() -> None:
    polygon = {"type": "Polygon", "coordinates": SQUARE}
    lower = POINT | {"layer": {"upper": 100, "upperReference": "AMSL", "uom": "ft"}}
    whole = {"type": "GeometryCollection", "geometries": [polygon, lower], "layer": POINT["layer"]}
    first, second = only(ed318.zones(new(whole))).volumes
    assert first.band == Band(Limit(Reference.AGL, 50.0), Limit(Reference.AGL, 150.0))
    assert second.band == Band(Limit(Reference.SFC, 0.0), Limit(Reference.MSL, 30.48))


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        (None, "no layer, and so no place"),
        ({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, "has no area"),
        ({"type": "Point", "coordinates": [1, 2]}, "has no area"),
        (POINT | {"extent": {"subType": "Oval"}}, "expected a Circle"),
        (POINT | {"extent": {"subType": "Circle", "radius": -5}}, "a radius is at least"),
        (POINT | {"coordinates": [50, 100]}, "longitude comes first"),
        ({"type": "Polygon", "coordinates": []}, "at least one ring"),
        ({"type": "Polygon", "coordinates": [[]]}, "0 distinct vertices"),
        ({"type": "GeometryCollection", "geometries": [3]}, "expected a mapping"),
    ],
)
def test_a_geometry_that_cannot_be_read_is_a_problem(geometry: Any, message: str) -> None:
    (problem,) = ed318.zones(new(geometry))
    assert isinstance(problem, Problem)
    assert message in str(problem)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"features": []}, "read it as ED-269"),
        (
            {"type": "FeatureCollection", "features": [], "metadata": {"validFrom": {}}},
            r"metadata\.validFrom",
        ),
        ({"type": "FeatureCollection"}, "features: expected a list"),
        (3, "expected a FeatureCollection"),
    ],
)
def test_what_is_no_ed318_is_refused(document: Any, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        ed318.zones(json.dumps(document))


def test_flight_levels_need_a_setting_to_be_written() -> None:
    band = Band(Limit(Reference.SFC, 0.0), Limit(Reference.FL, 3048.0))
    zone = Zone("R1", "R1", (Volume(Circle(Position(0, 0), 5.0), band),))
    with pytest.raises(VerticalError, match=r"vertical\.qnh"):
        ed318.write([zone])
    back = only(ed318.zones(ed318.write([zone], vertical=Vertical(qnh_hpa=1013.25))))
    assert back.volumes[0].band.upper == Limit(Reference.MSL, 3048.0)


def test_kinds_and_attributes_are_kept() -> None:
    first = only(
        ed269.zones(
            old(None, LAYER, message="Hallo", uSpaceClass="Y", zoneAuthority=[{"name": "CAA"}])
        )
    )
    text = ed318.write([first])
    properties = json.loads(text)["features"][0]["properties"]
    assert properties["reason"] == ["NATURE", "NOISE"]
    assert properties["extendedProperties"] == {"uSpaceClass": "Y"}
    assert properties["message"] == [{"text": "Hallo", "lang": "und"}]
    assert properties["zoneAuthority"] == [
        {"purpose": "INFORMATION", "name": [{"text": "CAA", "lang": "und"}]}
    ]
    assert properties["country"] == "DEU"
    assert "limitedApplicability" not in properties
    again = ed318.write([only(ed318.zones(text))])
    assert json.loads(again) == json.loads(text)


def test_a_zone_tells_when_it_was_created_where_its_source_does() -> None:
    moment = "2025-06-01T07:30:00Z"
    zone = only(ed318.zones(new(POINT, dataSource={"creationDate": "2025-06-01T09:30:00+02:00"})))
    assert zone.attributes["created"] == moment
    assert only(ed318.zones(ed318.write([zone]))).attributes["created"] == moment
    said = Zone("A1", "A1", zone.volumes, "", {"created": moment})
    assert only(ed318.zones(ed318.write([said]))).attributes["created"] == moment
    assert "created" not in only(ed318.zones(new(POINT))).attributes


def test_a_creation_that_is_no_time_stands_beside_the_zone() -> None:
    problem, zone = ed318.zones(new(POINT, dataSource={"creationDate": "last week"}))
    assert isinstance(zone, Zone)
    assert "creationDate" in str(problem)
    assert "created" not in zone.attributes


def test_zones_with_layers_at_other_times_become_features_of_their_own() -> None:
    layers = [
        Volume(Circle(Position(0, 0), 5.0), Band(Limit("SFC", 0), Limit("MSL", 10)), window)  # type: ignore[arg-type]
        for window in [(0.0, 60.0), (90.0, 120.0)]
    ]
    other = Volume(Circle(Position(1, 0), 5.0), layers[0].band, (0.0, 60.0))
    found = ed318.zones(ed318.write([Zone("LONG-NAME-1", "x", (*layers, other), "R")]))
    assert [z.id for z in found if isinstance(z, Zone)] == ["LONG-NA", "LONG-NA#2"]
    assert [z.kind for z in found if isinstance(z, Zone)] == ["CONDITIONAL"] * 2
    assert [v for z in found if isinstance(z, Zone) for v in z.volumes] == [*layers, other]


BANDS = [
    Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf)),
    Band(Limit(Reference.AGL, 10.0), Limit(Reference.MSL, 1234.5)),
    Band(Limit(Reference.W84, -100.0), Limit(Reference.W84, 1e4)),
]


@settings(max_examples=25)
@given(
    st.floats(200.0, 2e5).flatmap(lambda size: footprints(size=size)),
    st.sampled_from(BANDS),
    st.floats(-2e9, 4e9),
)
def test_what_is_written_is_read_back(footprint: Any, band: Band, start: float) -> None:
    volume = Volume(footprint, band, (start, start + 3600.0))
    try:
        text = ed318.write([Zone("A", "A", (volume,))])
    except GeometryError as error:
        assert "a hole goes round a pole" in str(error)  # noqa: PT017 - the one thing refused
        return
    back = only(ed318.zones(text))
    assert back.volumes[0].band == band
    assert back.volumes[0].window == pytest.approx(volume.window, abs=0.001)
    if isinstance(footprint, Circle):
        assert back.volumes[0].footprint == footprint
        return
    written = [v.footprint for v in back.volumes]
    limit = 1e-5 * footprint.cap.radius_m * 2e-3 * 10 + 1e-6  # a border of 1 cm and more
    assert uncovered_area_km2(footprint, written) < limit
    assert all(uncovered_area_km2(one, [footprint]) < limit for one in written)


REAL_269 = [
    ("callmarcus_ed269-ch.json", 4),
    ("callmarcus_ed269-fi.json", 2),
    ("callmarcus_ed269-lu.json", 2),
    ("interuss_cis_source_sample_ed269.json", 1),
    ("interuss_geo-awareness-che-1.json", 6),
    ("interuss_test_eurocae_ed269.json", 6),
]
REAL_318 = [
    ("callmarcus_ed318-se.json", 3),
    ("eurocontrol_Example_Collection.json", 2),
    ("eurocontrol_Example_GeoZone_2_Layers.json", 1),
    ("eurocontrol_Example_GeoZone_Circle.json", 1),
    ("eurocontrol_Example_GeoZone_with_extension.json", 1),
    ("eurocontrol_PartialExample_featureGeoJSON.json", 1),
    ("interuss_cis_source_sample_ed318.json", 3),
]


@pytest.mark.parametrize(("name", "count"), REAL_269)
def test_real_files_of_ed269_are_read_in_full(name: str, count: int) -> None:
    found = ed269.zones(real_file(f"ed269/{name}"))
    assert [type(entry) for entry in found] == [Zone] * count


@pytest.mark.parametrize(("name", "count"), REAL_318)
def test_real_files_of_ed318_are_read_in_full(name: str, count: int) -> None:
    found = ed318.zones(real_file(f"ed318/{name}"))
    assert [type(entry) for entry in found] == [Zone] * count


def test_the_invalid_example_is_refused_for_what_it_says_is_wrong_with_it() -> None:
    text = real_file("ed318/eurocontrol_InvalidExample_GeoZone_2_Layers.json")
    with pytest.raises(FormatError, match=r"metadata\.validFrom: expected a time"):
        ed318.zones(text)


@pytest.mark.parametrize("name", ["GeoZoneProperties", "TimePeriod", "ZoneAuthority"])
def test_parts_of_a_file_are_no_file(name: str) -> None:
    with pytest.raises(FormatError, match="expected a FeatureCollection"):
        ed318.zones(real_file(f"ed318/eurocontrol_PartialExample_{name}.json"))
