"""KML and CZML: what plays on a globe."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from sim.formats import czml, kml
from sim.formats.lonlat import cut
from sim.formats.outlines import drawn_outlines, whole_rings
from sim.formats.records import Zone
from sim.formats.tracks import FlownTrack
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.footprint import Circle, Footprint, Polygon
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.units import Position
from tests.strategies import footprints, tracks_about

KML = {"k": "http://www.opengis.net/kml/2.2", "gx": "http://www.google.com/kml/ext/2.2"}
GEOD = Geod(ellps="WGS84")
SFC, UNL = Limit(Reference.SFC, 0), Limit(Reference.UNL, inf)
NEW_YEAR = 1_735_689_600.0  # 2025-01-01T00:00Z
SQUARE = Polygon((Position(10, 45), Position(10.1, 45), Position(10.1, 45.1), Position(10, 45.1)))
DATELINE = Polygon((Position(179, 10), Position(-179, 10), Position(-179, 12), Position(179, 12)))
SIXTY = range(-180, 180, 60)
ROUND_A_POLE = Polygon(
    tuple(Position(lon, -70) for lon in SIXTY), (tuple(Position(lon, -80) for lon in SIXTY),)
)
US = {"us": "United States"}
NASTY = "<script>alert('\"&]]>\x00\ud800')</script>"
GEOID = Vertical(terrain_m=0, geoid_m=40, qnh_hpa=1013.25)


def zone(footprint: Footprint = SQUARE, lower: Limit = SFC, upper: Limit = UNL, **how: Any) -> Zone:
    window = how.pop("window", (NEW_YEAR, NEW_YEAR + 3600))
    fields = {"id": "z", "name": "Zone", "kind": "R"} | how
    return Zone(volumes=(Volume(footprint, Band(lower, upper), window),), **fields)


def flown(
    reference: Reference = Reference.MSL, lon: tuple[float, ...] = (8.0, 8.5, 9.0)
) -> FlownTrack:
    time = [NEW_YEAR, NEW_YEAR + 600, NEW_YEAR + 900]
    track = Track(time, lon, [47.0, 47.0, 47.5], [1000, 2000, 1500], reference)
    return FlownTrack("REGA1", "REGA1", "4b43ac", track)


def as_kml(*zones: Zone, tracks: tuple[FlownTrack, ...] = (), **options: Any) -> ET.Element:
    return ET.fromstring(kml.write(zones, tracks, **options))  # noqa: S314 - our own


def as_czml(
    *zones: Zone, tracks: tuple[FlownTrack, ...] = (), **options: Any
) -> list[dict[str, Any]]:
    packets: list[dict[str, Any]] = json.loads(czml.write(zones, tracks, **options))
    return packets


def texts(root: ET.Element, path: str) -> list[str]:
    return [one.text or "" for one in root.iterfind(f".//{path}", KML)]


def rings(root: ET.Element, path: str = "k:outerBoundaryIs") -> list[np.ndarray[Any, Any]]:
    found = texts(root, f"{path}/k:LinearRing/k:coordinates")
    return [np.array([p.split(",") for p in text.split()], dtype=float) for text in found]


def area_km2(lon: Any, lat: Any) -> float:
    return abs(float(GEOD.polygon_area_perimeter(lon, lat)[0])) / 1e6


def test_a_zone_is_a_placemark_in_time() -> None:
    root = as_kml(zone())
    assert texts(root, "k:Placemark/k:name") == ["Zone"]
    assert texts(root, "k:TimeSpan/k:begin") == ["2025-01-01T00:00:00Z"]
    assert texts(root, "k:TimeSpan/k:end") == ["2025-01-01T01:00:00Z"]
    assert texts(root, "k:Polygon/k:extrude") == ["1"]
    (ring,) = rings(root)
    assert ring[0].tolist() == ring[-1].tolist()
    assert ring[:, 2] == pytest.approx(30_000)
    assert area_km2(ring[:, 0], ring[:, 1]) == pytest.approx(SQUARE.area_km2, rel=1e-6)


@pytest.mark.parametrize(
    ("window", "begin", "end"),
    [((-inf, inf), 0, 0), ((-inf, 0.0), 0, 1), ((0.0, inf), 1, 0), ((0.0, 1e18), 1, 0)],
)
def test_an_unbounded_window_has_no_end(window: tuple[float, float], begin: int, end: int) -> None:
    root = as_kml(zone(window=window))
    assert (len(texts(root, "k:begin")), len(texts(root, "k:end"))) == (begin, end)


@pytest.mark.parametrize(
    ("lower", "upper", "modes", "walls"),
    [
        (SFC, Limit(Reference.AGL, 120), ["relativeToGround"], 0),
        (SFC, Limit(Reference.FL, 3048), ["absolute"], 0),
        (Limit(Reference.MSL, 500), UNL, ["absolute", "absolute"], 4),
        (Limit(Reference.AGL, 50), Limit(Reference.AGL, 120), ["relativeToGround"] * 2, 4),
        (Limit(Reference.AGL, 50), Limit(Reference.MSL, 900), ["absolute", "relativeToGround"], 0),
    ],
)
def test_altitude_modes(lower: Limit, upper: Limit, modes: list[str], walls: int) -> None:
    root = as_kml(zone(lower=lower, upper=upper))
    assert texts(root, "k:Polygon/k:altitudeMode") == modes + modes[:1] * walls
    assert texts(root, "k:Polygon/k:extrude")[0] == ("1" if lower is SFC else "0")


def test_what_begins_above_what_is_drawn_lies_above_its_floor() -> None:
    high = zone(lower=Limit(Reference.MSL, 40_000.0))
    assert {height for ring in rings(as_kml(high))[:2] for height in ring[:, 2]} == {40e3, 70e3}
    polygon = as_czml(high)[1]["polygon"]
    assert (polygon["extrudedHeight"], polygon["height"]) == (40e3, 70e3)


def test_holes_stay_holes() -> None:
    hole = (Position(10.04, 45.04), Position(10.06, 45.04), Position(10.05, 45.06))
    holed = Polygon(SQUARE.exterior, (hole,))
    assert len(rings(as_kml(zone(holed)), "k:innerBoundaryIs")) == 1
    (packet,) = as_czml(zone(holed))[1:]
    assert len(packet["polygon"]["holes"]["cartographicDegrees"]) == 1


def test_names_are_escaped() -> None:
    nasty = zone(id=NASTY, name=NASTY, kind=NASTY, attributes={NASTY: NASTY})
    one = FlownTrack(NASTY, NASTY, NASTY, flown().track, {"party": NASTY, NASTY: NASTY})
    how: dict[str, Any] = {"tracks": (one,), "violations": (one,), "name": NASTY}
    root = as_kml(nasty, **how, parties={NASTY: NASTY})
    shown = NASTY.replace("\x00", "\N{REPLACEMENT CHARACTER}").replace(
        "\ud800", "\N{REPLACEMENT CHARACTER}"
    )
    assert set(texts(root, "k:name")) == {shown, "flights", "violations"}
    assert not any("<script>" in text for text in texts(root, "k:description"))
    kml.write([nasty]).encode("utf-8")
    packets = as_czml(nasty, **how, parties={NASTY: NASTY})
    assert {packet["name"] for packet in packets} == {NASTY}
    assert not any("<script>" in packet.get("description", "") for packet in packets)
    assert czml.write([nasty]).isascii()


@pytest.mark.parametrize(
    "footprint",
    [
        DATELINE,
        Circle(Position(180, 60), 300_000),
        Circle(Position(30, 89), 400_000),
        Circle(Position(-150, -90), 1_000_000),
        Polygon(
            DATELINE.exterior,
            ((Position(179.5, 11), Position(-179.5, 11), Position(180, 11.5)),),
        ),
        ROUND_A_POLE,
    ],
)
def test_what_crosses_the_antimeridian_is_cut_there(footprint: Footprint) -> None:
    split = [piece for one in drawn_outlines(footprint) for piece in cut(one)]
    total = 0.0
    for ring, *holes in ((one.exterior, *one.holes) for one in split):
        total += _planar_area(ring) - sum(map(_planar_area, holes))
        for border in (ring, *holes):
            assert np.abs(border[:, 0]).max() <= 180.0
            over_pole = np.abs(border[1:, 1]) == 90.0
            assert (np.abs(np.diff(border[:, 0]))[~over_pole] < 180.0).all()
    assert total == pytest.approx(footprint.area_km2, rel=3e-3)
    assert len(rings(as_kml(zone(footprint)))) == len(split)


def _planar_area(ring: np.ndarray[Any, Any]) -> float:
    """The area of a ring whose edges are straight in degrees, by an equal-area cylinder."""
    fine = np.concatenate([np.linspace(a, b, 50, endpoint=False) for a, b in pairwise(ring)])
    lon, sine = np.radians(fine[:, 0]), _authalic(fine[:, 1])
    return abs(float(np.sum(lon * (np.roll(sine, -1) - np.roll(sine, 1))))) / 2 * 6371.0072**2


def _authalic(lat: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    e = 0.0818191908426
    s = np.sin(np.radians(lat))

    def q(x: Any) -> Any:
        return (1 - e * e) * (x / (1 - e * e * x * x) + np.arctanh(e * x) / e)

    found: np.ndarray[Any, Any] = q(s) / q(1.0)
    return found


@settings(max_examples=40, deadline=None)
@given(footprints())
def test_outlines_keep_the_area(footprint: Footprint) -> None:
    border_km = float(footprint.region.border.distance.sum()) / 1000
    slack = border_km * 2e-3 + 1e-6 * footprint.area_km2 + 1e-6
    holed = sum(
        area_km2(*one.exterior.T) - sum(area_km2(*hole.T) for hole in one.holes)
        for one in drawn_outlines(footprint)
    )
    whole = sum(area_km2(*ring.T) for ring in whole_rings(footprint))
    for found in (holed, whole):
        assert found == pytest.approx(footprint.area_km2, abs=slack)


@settings(max_examples=40, deadline=None)
@given(footprints(), st.sampled_from([SFC, Limit(Reference.AGL, 10.0)]), st.text())
def test_every_zone_can_be_drawn(footprint: Footprint, lower: Limit, name: str) -> None:
    made = zone(footprint, lower, name=name)
    for ring in rings(as_kml(made)):
        assert (np.abs(ring) <= [180, 90, 30_000]).all()
    for packet in as_czml(made)[1:]:
        places = np.reshape(packet["polygon"]["positions"]["cartographicDegrees"], (-1, 3))
        assert len(places) >= 3
        assert (np.abs(places[:, :2]) <= [180, 90]).all()


def test_a_track_is_a_gx_track() -> None:
    root = as_kml(tracks=(flown(),))
    when, coord = texts(root, "gx:Track/k:when"), texts(root, "gx:Track/gx:coord")
    assert len(when) == len(coord) > 3  # legs are cut, so that none dips below the ground
    assert (when[0], when[-1]) == ("2025-01-01T00:00:00Z", "2025-01-01T00:15:00Z")
    assert [float(x) for x in coord[-1].split()] == [9.0, 47.5, 1500.0]
    assert texts(root, "gx:Track/k:altitudeMode") == ["absolute"]
    above = as_kml(tracks=(flown(Reference.AGL),))
    assert texts(above, "gx:Track/k:altitudeMode") == ["relativeToGround"]


def test_a_track_over_the_antimeridian_is_cut_there() -> None:
    root = as_kml(tracks=(flown(lon=(179.5, -179.5, 179.0)),))
    parts = [
        [
            [float(x) for x in coord.text.split()]
            for coord in part.iterfind("gx:coord", KML)
            if coord.text
        ]
        for part in root.iterfind(".//gx:MultiTrack/gx:Track", KML)
    ]
    assert len(parts) == 3
    for part, side in zip(parts, (1, -1, 1), strict=True):
        assert all(lon * side > 0 for lon, _, _ in part)
    assert [part[-1][0] for part in parts[:2]] == [180, -180]
    assert parts[0][-1][1:] == parts[1][0][1:]


@settings(max_examples=40, deadline=None)
@given(footprints().flatmap(tracks_about))
def test_every_track_can_be_drawn(track: Track) -> None:
    one = FlownTrack("t", "", "", track)
    for part in as_kml(tracks=(one,)).iterfind(".//gx:Track", KML):
        coords = np.array([(c.text or "").split() for c in part.iterfind("gx:coord", KML)], float)
        assert len(coords) == len(list(part.iterfind("k:when", KML)))
        near_pole = np.abs(coords[:, 1]) > 89.0
        assert (np.abs(np.diff(coords[:, 0])) <= 180.0)[~near_pole[1:]].all()
    samples = np.reshape(as_czml(tracks=(one,))[1]["position"]["cartographicDegrees"], (-1, 4))
    assert (np.diff(samples[:, 0]) > 0.0).all()  # at a jump, too, as samples have to be
    assert samples[-1, 0] == pytest.approx(track.end - track.start, abs=1e-3)


@pytest.mark.parametrize("window", [(NEW_YEAR, inf), (-inf, NEW_YEAR)])
def test_a_clock_has_an_interval_where_one_instant_is_known(window: tuple[float, float]) -> None:
    # Cesium's Timeline.zoomTo throws where the end of the clock's interval is its start.
    clock = as_czml(zone(window=window))[0]["clock"]
    assert clock["interval"] == "2025-01-01T00:00:00Z/2025-01-02T00:00:00Z"


def test_the_name_of_a_flight_is_where_its_point_is() -> None:
    for reference, said in ((Reference.AGL, "RELATIVE_TO_GROUND"), (Reference.MSL, "NONE")):
        (packet,) = as_czml(tracks=(flown(reference),))[1:]
        for shown in ("point", "label"):
            assert packet[shown]["heightReference"] == {"heightReference": said}


def test_a_zone_is_a_packet_in_time() -> None:
    document, packet = as_czml(zone(upper=Limit(Reference.AGL, 120)))
    assert document["id"] == "document"
    assert document["version"] == "1.0"
    assert document["clock"]["interval"] == "2025-01-01T00:00:00Z/2025-01-01T01:00:00Z"
    assert packet["availability"] == document["clock"]["interval"]
    polygon = packet["polygon"]
    assert (polygon["height"], polygon["extrudedHeight"]) == (120, 0)
    assert polygon["heightReference"] == {"heightReference": "RELATIVE_TO_GROUND"}
    assert polygon["extrudedHeightReference"] == {"heightReference": "CLAMP_TO_GROUND"}


def test_settings_lift_what_they_can() -> None:
    band = {"lower": Limit(Reference.FL, 1000), "upper": Limit(Reference.W84, 5000)}
    polygon = as_czml(zone(**band), vertical=GEOID)[1]["polygon"]  # type: ignore[arg-type]
    assert (polygon["extrudedHeight"], polygon["height"]) == pytest.approx((1040, 5000))
    heights = {ring[0, 2] for ring in rings(as_kml(zone(**band), vertical=GEOID))}  # type: ignore[arg-type]
    assert heights == {1000.0, 4960.0}


def test_unbounded_availability() -> None:
    always, until = as_czml(zone(window=(-inf, inf)), zone(window=(-inf, 0.0)))[1:]
    assert "availability" not in always
    assert until["availability"] == "0001-01-01T00:00:00Z/1970-01-01T00:00:00Z"
    assert "clock" not in as_czml(zone(window=(-inf, inf)))[0]


def test_a_track_is_a_sampled_position() -> None:
    packet = as_czml(tracks=(flown(),), vertical=GEOID)[1]
    position = packet["position"]
    samples = np.reshape(position["cartographicDegrees"], (-1, 4))
    assert packet["availability"] == "2025-01-01T00:00:00Z/2025-01-01T00:15:00Z"
    assert position["epoch"] == "2025-01-01T00:00:00Z"
    assert samples[0].tolist() == [0, 8, 47, 1040]
    assert samples[-1].tolist() == [900, 9, 47.5, 1540]
    step = GEOD.inv(samples[:-1, 1], samples[:-1, 2], samples[1:, 1], samples[1:, 2])[2]
    assert step.max() <= 10_000.001


def test_packets_have_ids_of_their_own() -> None:
    ids = [packet["id"] for packet in as_czml(zone(), zone(), tracks=(flown(), flown()))]
    assert len(set(ids)) == len(ids) == 5


def of(party: str, **how: Any) -> dict[str, Any]:
    return how | {"attributes": {"party": party}}


def test_whatever_is_of_a_party_stands_in_its_folder() -> None:
    ours, theirs = (replace(flown(), attributes={"party": party}) for party in ("us", "civil"))
    two = (zone(**of("us")).volumes[0], zone(lower=Limit(Reference.MSL, 500)).volumes[0])
    layered = Zone("l", "Layers", two, "R", {"party": "us"})
    root = as_kml(
        zone(), zone(**of("us")), layered, tracks=(ours, theirs), violations=(theirs,), parties=US
    )

    def tree(folder: ET.Element) -> list[Any]:
        found: list[Any] = []
        for child in folder:
            name = child.findtext("k:name", "", KML)
            if child.tag.endswith("Folder"):
                found.append((name, tree(child)))
            elif child.tag.endswith("Placemark"):
                found.append(name)
        return found

    assert tree(root[0]) == [
        "Zone",
        (
            "United States",
            [("zones", ["Zone", ("Layers", ["Layers", "Layers"])]), ("flights", ["REGA1"])],
        ),
        ("civil", [("flights", ["REGA1"]), ("violations", ["REGA1"])]),
    ]
    assert texts(root, "k:styleUrl")[-2:] == ["#track", "#violation"]


def test_whatever_is_of_a_party_has_it_for_a_parent() -> None:
    ours = replace(flown(), attributes={"party": "us", "cause": "disregarded"})
    packets = as_czml(zone(), zone(**of("us")), tracks=(ours,), violations=(ours,), parties=US)
    assert [(packet["id"], packet.get("parent")) for packet in packets[1:]] == [
        ("zone/z", None),
        ("party/us", None),
        ("zone/z-2", "party/us"),
        ("track/REGA1", "party/us"),
        ("violation/REGA1", "party/us"),
    ]
    assert packets[2]["name"] == "United States"
    assert "cause: disregarded" in packets[-1]["description"]
