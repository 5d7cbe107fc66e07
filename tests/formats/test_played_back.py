"""KML and CZML, as other libraries read them: where, how high, when and what they are called."""

from __future__ import annotations

import json
from datetime import datetime
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.formats import czml, kml
from sim.formats.drawing import TOP_M, readable
from sim.formats.records import Zone
from sim.formats.tracks import FlownTrack
from sim.formats.writing import write
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.earth import inverse
from sim.geometry.footprint import Polygon
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.report.exporting import chart_of_run
from tests.formats.closeness import off_border_m, own_places, some
from tests.strategies import footprints, tracks_about

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.geometry.footprint import Footprint

fastkml = pytest.importorskip("fastkml", reason="fastkml is not installed")
czml3 = pytest.importorskip("czml3", reason="czml3 is not installed")

NEW_YEAR = 1_735_689_600.0  # 2025-01-01T00:00Z
SETTINGS = Vertical(terrain_m=0.0, geoid_m=40.0, qnh_hpa=1013.25)
CLOSE_M = 0.01
ARC_M = 1.0  # how far chords leave arcs, as the writers say
ABOVE_GROUND = (Reference.SFC, Reference.AGL)
Places = np.ndarray[Any, Any]


class Drawn(NamedTuple):
    """What is left of a volume on a globe."""

    name: str
    window: tuple[float, float]
    places: Places  # of its outlines, seams and poles left out
    lower: tuple[float, bool]  # metres, and whether they are above the ground
    upper: tuple[float, bool]


class Played(NamedTuple):
    """What is left of a track on a globe."""

    name: str
    samples: Places  # time, lon, lat, metres
    above_ground: bool


# How fastkml sees a document.


def leaves(feature: Any) -> Iterator[Any]:
    for child in getattr(feature, "features", ()):
        yield from leaves(child)
    if isinstance(feature, fastkml.Placemark):
        yield feature


def kml_document(text: str) -> Any:
    (document,) = fastkml.KML.from_string(text).features
    return document


def of_kml(text: str) -> tuple[list[Drawn], list[Played]]:
    marks = list(leaves(kml_document(text)))
    solids = [mark for mark in marks if isinstance(mark.kml_geometry, fastkml.MultiGeometry)]
    paths = [mark for mark in marks if mark not in solids]
    return list(map(_kml_solid, solids)), list(map(_kml_path, paths))


def _kml_solid(mark: Any) -> Drawn:
    polygons = mark.kml_geometry.kml_geometries
    faces = [one for one in polygons if len({p[2] for p in one.geometry.exterior.coords}) == 1]
    heights = {
        (one.geometry.exterior.coords[0][2], one.altitude_mode.value != "absolute") for one in faces
    }
    upper = (faces[0].geometry.exterior.coords[0][2], faces[0].altitude_mode.value != "absolute")
    (lower,) = heights - {upper} or {(0.0, True)}
    assert faces[0].extrude is (lower == (0.0, True) and len(heights) == 1)
    rings = [
        ring.coords for one in faces for ring in (one.geometry.exterior, *one.geometry.interiors)
    ]
    begin, end = (mark.times.begin, mark.times.end) if mark.times else (None, None)
    window = (begin.dt.timestamp() if begin else -inf, end.dt.timestamp() if end else inf)
    return Drawn(mark.name or "", window, _off_seam(np.array(sum(rings, ()))[:, :2]), lower, upper)


def _off_seam(places: Places) -> Places:
    return places[np.abs(places[:, 1]) < 90.0]


def _kml_path(mark: Any) -> Played:
    shape = mark.kml_geometry
    parts = shape.tracks if hasattr(shape, "tracks") else (shape,)
    samples = [
        (item.when.dt.timestamp(), item.coord.x, item.coord.y, item.coord.z)
        for part in parts
        for item in part.track_items
    ]
    modes = {part.altitude_mode.value for part in parts}
    assert len(modes) == 1
    return Played(mark.name or "", np.array(samples), modes != {"absolute"})


# How czml3 sees a document.


def of_czml(text: str) -> tuple[list[Drawn], list[Played]]:
    packets = json.loads(text)
    references = [
        # czml3 takes this one for a number, which by the CZML Guide it is not
        packet.get("polygon", {}).pop("extrudedHeightReference", {}).get("heightReference")
        for packet in packets
    ]
    found = [czml3.Packet(**packet) for packet in packets]
    solids = [
        _czml_solid(packet, reference)
        for packet, reference in zip(found, references, strict=True)
        if packet.polygon
    ]
    return solids, [_czml_path(packet) for packet in found if packet.position]


def _czml_solid(packet: Any, reference: str) -> Drawn:
    shape = packet.polygon
    rings = [shape.positions.cartographicDegrees.values]
    if shape.holes:
        rings += shape.holes.cartographicDegrees.values
    places = np.concatenate([np.reshape(ring, (-1, 3)) for ring in rings])
    is_above = shape.heightReference.heightReference.value == "RELATIVE_TO_GROUND"
    return Drawn(
        packet.name,
        _czml_window(packet.availability),
        places[:, :2],
        (shape.extrudedHeight, reference != "NONE"),
        (shape.height, is_above),
    )


def _czml_window(available: Any) -> tuple[float, float]:
    if available is None:
        return -inf, inf
    start, end = available.start, available.end
    return (
        -inf if start.startswith("0001-") else unix(start),
        inf if end.startswith("9999-") else unix(end),
    )


def _czml_path(packet: Any) -> Played:
    samples = np.reshape(packet.position.cartographicDegrees.values, (-1, 4))
    samples[:, 0] += unix(packet.position.epoch)
    is_above = packet.point.heightReference.heightReference.value == "RELATIVE_TO_GROUND"
    return Played(packet.name, samples, is_above)


def unix(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


# What they should see.


def expected_height(limit: Limit, geoid_m: float) -> tuple[float, bool]:
    """Metres above the ground, or above what the format measures from."""
    match limit.reference:
        case Reference.SFC | Reference.AGL:
            return limit.metres, True
        case Reference.UNL:
            return TOP_M + geoid_m, False
        case Reference.W84:
            return limit.metres - 40.0 + geoid_m, False
        case _:  # at standard pressure a flight level is above mean sea level
            return limit.metres + geoid_m, False


def assert_drawn(name: str, volume: Volume, drawn: list[Drawn], geoid_m: float) -> None:
    """Check the polygons that a volume is drawn by, geoid_m metres higher."""
    footprint, band = volume.footprint, volume.band
    for one in drawn:
        assert one.name == name
        for end, found in zip(volume.window, one.window, strict=True):
            assert end == found or abs(end - found) < 1.0
        for limit, (metres, above_ground) in ((band.lower, one.lower), (band.upper, one.upper)):
            expected, is_above_ground = expected_height(limit, geoid_m)
            assert metres == pytest.approx(expected, abs=CLOSE_M)
            assert above_ground is is_above_ground
    places = np.concatenate([one.places for one in drawn])
    is_angular = isinstance(footprint, Polygon)
    assert off_border_m(footprint, some(places)).max() <= CLOSE_M + (0.0 if is_angular else ARC_M)
    if is_angular:
        for lon, lat in own_places(footprint).tolist():
            assert inverse(lon, lat, *places.T).distance.min() <= CLOSE_M


def assert_played(name: str, track: Track, played: Played, geoid_m: float) -> None:
    """Check that a track has each of its points, and no sample that is on none of its legs."""
    assert played.name == name
    assert played.above_ground is (track.reference in ABOVE_GROUND)
    lift = expected_height(Limit(track.reference, 0.0), geoid_m)[0]
    time, lon, lat, metres = played.samples.T
    for own_time, own_lon, own_lat, own_metres in track.points.T.tolist():
        is_there = inverse(own_lon, own_lat, lon, lat).distance <= CLOSE_M
        is_there &= np.abs(time - own_time) < 1.0
        is_there &= np.abs(metres - lift - own_metres) <= CLOSE_M
        assert is_there.any()
    for place in some(played.samples[:, 1:3]):
        assert track.legs.nearest(*place)[1].min() <= CLOSE_M
    lasting = np.diff(track.time)
    if (lasting > 0.0).all():
        expected = track.places(np.clip(time, track.start, track.end))
        fastest = float((track.legs.distance / lasting).max())
        off = inverse(*expected, lon, lat).distance
        assert off.max() <= CLOSE_M + fastest * 1e-3  # instants are written to a millisecond


# Zones and tracks of every kind.

levels = st.sampled_from(
    [
        (Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf)),
        (Limit(Reference.SFC, 0.0), Limit(Reference.AGL, 120.0)),
        (Limit(Reference.AGL, 30.48), Limit(Reference.AGL, 120.0)),
        (Limit(Reference.MSL, 304.8), Limit(Reference.FL, 2895.6)),
        (Limit(Reference.FL, 2895.6), Limit(Reference.UNL, inf)),
        (Limit(Reference.W84, 100.0), Limit(Reference.W84, 500.5)),
        (Limit(Reference.AGL, 100.0), Limit(Reference.MSL, 900.0)),
    ]
).map(lambda pair: Band(*pair))
ends = st.floats(-1e9, 4e9)
spans = st.one_of(
    st.sampled_from([(-inf, inf), (-inf, 0.0), (0.0, inf)]),
    st.tuples(ends, st.floats(1.0, 1e8)).map(lambda pair: (pair[0], pair[0] + pair[1])),
)
hostile = st.one_of(
    st.text(st.sampled_from("<>&\"'/!-[]]>\r\n\t\0\x1f\ud800\ufffe;CDATA#x \N{AIRPLANE}\xe9")),
    st.sampled_from(["]]>", "<![CDATA[x]]>", "&amp;", "&#13;", "<!--", "--><x/>", "a\r\nb"]),
    st.text(),
)


@settings(max_examples=25, deadline=None)
@given(footprints(), levels, spans)
def test_zones_are_seen_where_and_when_they_are(
    footprint: Footprint, band: Band, window: tuple[float, float]
) -> None:
    volume = Volume(footprint, band, window)
    zone = Zone("z", "Zone", (volume,), "R")
    for write_globe, see, geoid_m in ((kml.write, of_kml, 0.0), (czml.write, of_czml, 40.0)):
        drawn, played = see(write_globe([zone], vertical=SETTINGS))
        assert not played
        assert_drawn("Zone", volume, drawn, geoid_m)


@settings(max_examples=25, deadline=None)
@given(
    footprints().flatmap(tracks_about),
    st.sampled_from([Reference.MSL, Reference.FL, Reference.W84, Reference.AGL]),
)
def test_flights_are_seen_where_and_when_they_are(about: Track, reference: Reference) -> None:
    time, lon, lat, metres = about.points
    track = Track(time + NEW_YEAR, lon, lat, metres, reference)
    one = FlownTrack("t", "", "", track)
    for write_globe, see, geoid_m in ((kml.write, of_kml, 0.0), (czml.write, of_czml, 40.0)):
        drawn, (played,) = see(write_globe((), [one], vertical=SETTINGS))
        assert not drawn
        assert_played("t", track, played, geoid_m)


@settings(max_examples=200, deadline=None)
@given(hostile)
def test_names_come_back_whole(name: str) -> None:
    track = Track([NEW_YEAR, NEW_YEAR + 60], [7, 7.1], [46, 46], [0, 0])
    one = FlownTrack(name, "", "", track, {"party": "us"})
    chart: dict[str, Any] = {"tracks": [one], "name": name, "parties": {"us": name}}
    document = kml_document(kml.write(**chart))
    (folder,) = document.features
    (mark,) = leaves(document)
    shown = readable(name).strip() or None  # fastkml takes the outer blanks of texts away
    assert (document.name, folder.name, mark.name) == (shown, shown, shown)
    packets = [czml3.Packet(**packet) for packet in json.loads(czml.write(**chart))]
    assert [packet.name for packet in packets] == [name] * 3
    assert packets[2].label.text == name


# A scenario as it stands in the repository.

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@pytest.mark.parametrize("file", ["northwest_syria_2022.yaml"])
def test_a_run_is_seen_as_it_was(file: str) -> None:
    chart = chart_of_run(sim.run(sim.load(SCENARIOS / file), seed=7))
    zones = [zone for zone in chart.zones if isinstance(zone, Zone)]
    flown = [one for one in chart.tracks if isinstance(one, FlownTrack)]
    assert zones
    assert flown
    geoid_m = chart.vertical.geoid_m or 0.0
    for form, see, higher in (("kml", of_kml, 0.0), ("czml", of_czml, geoid_m)):
        drawn, played = see(write(chart, form).text)
        by_name = {one.name: one for one in drawn}
        assert len(by_name) == len(zones)
        for zone in zones:
            (volume,) = zone.volumes
            assert_drawn(zone.name, volume, [by_name[zone.name]], higher)
        wanted = (*flown, *chart.violations)
        assert len(played) == len(wanted)
        for name in {one.name for one in played}:
            ours = [one.track for one in wanted if one.id == name]
            theirs = [one for one in played if one.name == name]
            for track, seen in zip(ours, theirs, strict=True):
                assert_played(name, track, seen, higher)
