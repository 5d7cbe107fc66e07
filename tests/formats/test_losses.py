"""Losses: what a format says otherwise than it is, is told, and what it says well is not."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from sim.formats.records import Zone
from sim.formats.tracks import FlownTrack
from sim.formats.writing import FORMATS, Chart, write
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.footprint import Circle, Footprint, Polygon
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.units import Position

NEW_YEAR = 1_735_689_600.0  # 2025-01-01T00:00Z
DISC = Circle(Position(7, 46), 5_000)
GROWN = Polygon((Position(7, 46), Position(8, 46), Position(8, 47))).buffer(5_000)
SFC, UNL = Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf)
HERE = Vertical(terrain_m=400.0, geoid_m=25.0, qnh_hpa=990.0)
QNH, GEOID = "vertical.qnh 990 hPa", "vertical.geoid 25 m"


def told(
    form: str,
    *,
    footprint: Footprint = DISC,
    upper: Limit = UNL,
    end: float = NEW_YEAR + 3600,
    vertical: Vertical = HERE,
    **said: str,
) -> list[str]:
    volume = Volume(footprint, Band(SFC, upper), (NEW_YEAR, end))
    track = Track([0, 60], [7, 7.1], [46, 46], [900, 900], Reference.AGL)
    chart = Chart(
        zones=() if form == "csv" else (Zone("z", "z", (volume,), "P", said),),
        tracks=(FlownTrack("t", "t", "", track, said),) if form == "csv" else (),
        vertical=vertical,
    )
    return [str(problem) for problem in write(chart, form, fir="LSAS").problems]


@pytest.mark.parametrize(
    ("form", "lost"),
    [
        ("f3548", "exempt, id, name, party"),
        ("openair", "exempt, party"),
        ("notam", "exempt, id, kind, party"),
        ("csv", "exempt, party"),
    ],
)
def test_what_has_no_place_is_named(form: str, lost: str) -> None:
    (line,) = told(form, party="us", exempt="medevac")
    assert f" for their {lost}: left out" in line


@pytest.mark.parametrize("form", ["ed318", "geojson", "kml", "czml"])
def test_what_has_a_place_is_not(form: str) -> None:
    assert told(form, party="us", exempt="medevac") == []


def test_a_name_that_says_something_else_here_is_told() -> None:
    assert told("geojson", end_="x") == []
    assert told("geojson", radius="9") == ["zones: geojson has no word for their radius: left out"]


def test_no_more_than_a_dozen_names_are_listed() -> None:
    many: dict[str, Any] = {f"a{at:02d}": "x" for at in range(15)}
    (line,) = told("openair", **many)
    assert line.endswith("a10, a11 and 3 more: left out")


@pytest.mark.parametrize(
    ("form", "reference", "how"),
    [
        ("f3548", Reference.AGL, f"given above the WGS84 ellipsoid, by {GEOID}"),
        ("f3548", Reference.MSL, f"given above the WGS84 ellipsoid, by {GEOID}"),
        ("f3548", Reference.FL, f"given above the WGS84 ellipsoid, by {QNH} and {GEOID}"),
        ("ed318", Reference.FL, f"given above mean sea level, by {QNH}"),
        ("openair", Reference.W84, f"given above mean sea level, by {GEOID}"),
        ("kml", Reference.FL, f"given above mean sea level, by {QNH}"),
        ("kml", Reference.W84, f"given above mean sea level, by {GEOID}"),
        ("czml", Reference.MSL, f"given above the WGS84 ellipsoid, by {GEOID}"),
    ],
)
def test_the_settings_that_altitudes_are_brought_by_are_told(
    form: str, reference: Reference, how: str
) -> None:
    line = next(x for x in told(form, upper=Limit(reference, 3048)) if x.startswith("altitudes"))
    terrain = "vertical.terrain 400 m and " if reference is Reference.AGL else ""
    assert line == f"altitudes ({reference}): {how.replace(', by ', ', by ' + terrain)}"


@pytest.mark.parametrize(
    ("form", "reference", "how", "needed"),
    [
        ("kml", Reference.FL, "mean sea level", "vertical.qnh"),
        ("czml", Reference.MSL, "the WGS84 ellipsoid", "vertical.geoid"),
        ("czml", Reference.FL, "the WGS84 ellipsoid", "vertical.qnh and vertical.geoid"),
    ],
)
def test_altitudes_that_are_drawn_as_if_are_told(
    form: str, reference: Reference, how: str, needed: str
) -> None:
    assert told(form, upper=Limit(reference, 3048), vertical=Vertical()) == [
        f"altitudes ({reference}): drawn as if they were above {how}; set {needed}"
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_altitudes_that_stay_what_they_are_are_not(form: str) -> None:
    own = {"f3548": Reference.W84, "czml": Reference.W84}.get(form, Reference.MSL)
    assert not [x for x in told(form, upper=Limit(own, 3048)) if x.startswith("altitudes")]


def test_seconds_and_arcs_that_are_rounded_are_told() -> None:
    assert "zones: a NOTAM has whole minutes: windows of 1 widened to them" in told(
        "notam", end=NEW_YEAR + 90
    )
    for form in ("notam", "openair"):
        assert any("within 1 m" in line for line in told(form, footprint=GROWN))
    for form in ("f3548", "ed318", "geojson"):
        assert not any("within" in line for line in told(form, footprint=GROWN, end=NEW_YEAR + 90))
