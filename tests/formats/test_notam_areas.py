"""Areas in item E: what people write, and what of it is told of rather than guessed at."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sim.formats.notam.areas import read_areas
from sim.formats.records import Problem
from sim.geometry.earth import distance_m
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.units import Position

HERE = Position(-28 / 60, 51 + 29 / 60)
TRIANGLE = Polygon((HERE, Position(-28 / 60, 51.65), Position(-8 / 60, 51.65)))
OTHER = Polygon((Position(-28 / 60, 50.5), Position(-28 / 60, 50.65), Position(-8 / 60, 50.65)))
SPELT = "5129N00028W 5139N00028W 5139N00008W"
ELSEWHERE = "5030N00028W 5039N00028W 5039N00008W 5030N00028W"


@pytest.mark.parametrize(
    "text",
    [
        "512900N 0002800W",
        "5129N00028W",
        "5129N/00028W",
        "512900.0N 0002800.0W",
        "N51 29 00 W000 28 00",
        "N512900 W0002800",
        "N5129 W00028",
        "51-29-00N 000-28-00W",
        "51 29 00N, 000 28 00W",
        "51°29'00\"N 000°28'00\"W",
        "51° 29.000' N 0° 28.000' W",
        "51 29.00N 000 28.00W",
        "51.48333333N 0.46666667W",
        "N51.48333333 W000.46666667",
        "512900n 0002800w",
        "51º29′00″N 0º28′00″W",  # noqa: RUF001 - as people type them
    ],
)
def test_a_place_in_every_spelling(text: str) -> None:
    [found] = read_areas(f"CIRCLE RADIUS 5NM CENTRED ON {text}.")
    assert isinstance(found, Circle)
    assert distance_m(found.center, HERE) < 0.01
    assert found.radius_m == 9260.0


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("WI 2.5KM RADIUS OF 5129N00028W", 2500),
        ("WI A CIRCLE OF 500M RADIUS CENTERED AT 5129N00028W (FARM)", 500),
        ("PSN 5129N00028W, RADIUS 3 NM.", 5556),
        ("5129N00028W (RADIUS 2NM)", 3704),
        ("WITHIN 4NM OF 5129N00028W", 7408),
        ("WI 5NM\n  RADIUS OF ARP HEATHROW (5129N00028W)", 9260),
        ("RADIUS 0,5 NM CENTRE 5129N00028W", 926),
        ("CIRCLE WITH CENTER 5129N00028W AND RADIUS 10KM", 10000),
    ],
)
def test_circles(text: str, metres: float) -> None:
    assert read_areas(text) == [Circle(HERE, metres)]


@pytest.mark.parametrize(
    "text",
    [
        f"AREA BOUNDED BY {SPELT}",
        "LINES JOINING 5129N00028W - 5139N00028W - 5139N00008W - 5129N00028W.",
        "N5129 W00028 TO N5139 W00028 TO N5139 W00008 TO POINT OF ORIGIN",
        "1. 5129N00028W\n2. 5139N00028W\n3. 5139N00008W",
    ],
)
def test_chains(text: str) -> None:
    assert read_areas(text) == [TRIANGLE]


@pytest.mark.parametrize(
    "text",
    [
        f"AREA 1: {SPELT} 5129N00028W AREA 2: {ELSEWHERE}",
        f"1) {SPELT} 5129N00028W\n2) {ELSEWHERE}",
        f"A. {SPELT}\nB. {ELSEWHERE}",
        f"{SPELT} 5129N00028W\n{ELSEWHERE}",
        f"{SPELT}\n\n{ELSEWHERE}",
    ],
)
def test_several_areas(text: str) -> None:
    assert read_areas(text) == [TRIANGLE, OTHER]


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("5 NM EITHER SIDE OF LINE 5129N00028W - 5139N00028W", 18520),
        ("CORRIDOR 10NM WIDE ALONG LINE 5129N00028W 5139N00028W", 18520),
        ("LINE 5129N00028W TO 5139N00028W, 2KM EACH SIDE", 4000),
        ("ROUTE WIDTH 4KM: 5129N00028W - 5139N00028W", 4000),
    ],
)
def test_corridors(text: str, metres: float) -> None:
    assert read_areas(text) == [Corridor((HERE, Position(-28 / 60, 51.65)), metres)]


@pytest.mark.parametrize(
    "text",
    [
        "SECTOR OF CIRCLE RADIUS 5NM CENTRED ON 512900N0002800W BTN BEARINGS 000 AND 090 TRUE",
        "SECTOR 360 - 090 DEG T RADIUS 5NM CENTRE 512900N0002800W",
        (
            "513400N0002800W THENCE CLOCKWISE BY THE ARC OF A CIRCLE RADIUS 5NM CENTRED ON"
            " 512900N0002800W TO 512900N0002000W - 512900N0002800W"
        ),
        (
            "513400N0002800W - CLOCKWISE ARC TO 512900N0002000W RADIUS 5NM CENTRED ON"
            " 512900N0002800W - 512900N0002800W - 513400N0002800W"
        ),
        (
            "512900N0002800W - 512900N0002000W THEN ANTI-CLOCKWISE ALONG ARC RADIUS 5NM CENTRED ON"
            " 512900N0002800W - 513400N0002800W"
        ),
    ],
)
def test_a_quarter_of_a_circle(text: str) -> None:
    [found] = read_areas(text)
    assert isinstance(found, Polygon)
    assert found.area_km2 == pytest.approx(Circle(HERE, 9260).area_km2 / 4, rel=0.01)
    assert found.contains(-25 / 60, 51.51)
    assert not found.contains(-30 / 60, 51.51)


def test_an_arc_stays_within_a_metre_of_its_circle() -> None:
    [found] = read_areas("SECTOR 010-200 TRUE RADIUS 50NM CENTRED ON 512900N0002800W")
    assert isinstance(found, Polygon)
    ring = Circle(HERE, 92_600.0)
    rim = [p for p in found.exterior if distance_m(p, HERE) > 1.0]
    for one, other in pairwise(rim):
        middle = Polygon((one, other, HERE))
        assert abs(ring.depth(*one)) < 0.01
        assert middle.area_km2 > 0.0
        between = Position((one.lon + other.lon) / 2, (one.lat + other.lat) / 2)
        assert abs(ring.depth(*between)) < 1.0


def test_circles_and_a_chain_numbered() -> None:
    found = read_areas(
        f"1) CIRCLE RADIUS 1NM CENTRED 5129N00028W\n2) 5229N00028W RADIUS 2NM\n3) {SPELT}"
    )
    assert found == [
        Circle(HERE, 1852),
        Circle(Position(-28 / 60, 52 + 29 / 60), 3704),
        TRIANGLE,
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{SPELT} ALONG THE BORDER TO POINT OF ORIGIN", "only words describe"),
        ("5129N00028W ALONG BORDER 5139N00028W - 5139N00008W", "only words describe"),
        ("5129N00028W - 513A00N0002800W - 5139N00028W - 5139N00008W", "only words describe"),
        ("513A00N0002800W - 5129N00028W - 5139N00028W - 5139N00008W", "only words describe"),
        ("5129N00028W - 5139N00028W - 5139N00008W - 5129N0008W", "only words describe"),
        ("5129N00028W - 516900N0002800W - 5139N00008W", "below 60"),
        ("5129N00028W - 9139N00028W - 5139N00008W", "not on Earth"),
        ("PWR LINE 5129N00028W - 5139N00028W", "enclose none"),
        ("5129N00028W 5139N00008W 5139N00028W 5129N00008W", "cross"),
        ("513400N0002800W ALONG ARC RADIUS 5NM CENTRED ON 5129N00028W TO 5129N00020W", "which way"),
        ("513400N0002800W CLOCKWISE ARC TO 5129N00020W - 5129N00028W", "without a centre"),
        ("5234N00028W CLOCKWISE ARC CENTRED ON 5129N00028W TO 5129N00020W", "radii"),
        (f"10 NM LEFT AND 20 NM RIGHT OF CENTERLINE FROM {SPELT}", "both sides"),
    ],
)
def test_what_is_no_area_is_told_of(text: str, why: str) -> None:
    [found] = read_areas(text)
    assert isinstance(found, Problem)
    assert why in found.message


@pytest.mark.parametrize(
    "text", ["RWY 09L/27R CLSD", "CRANE AT 5129N00028W HGT 150FT AGL", "RADIUS 5NM OF ARP", ""]
)
def test_what_describes_no_area_gives_none(text: str) -> None:
    assert read_areas(text) == []


def test_a_sector_between_radials_is_the_whole_circle_and_told_of() -> None:
    found: list[Footprint | Problem] = read_areas("WI 10NM RADIUS OF 5129N00028W RDL 270-330")
    assert found[0] == Circle(HERE, 18520)
    assert "magnetic" in str(found[1])


def test_an_area_taken_out_of_another_is_told_of() -> None:
    found = read_areas(f"AREA {SPELT} EXC CIRCLE RADIUS 1NM CENTRED ON 5138N00020W")
    assert found[0] == TRIANGLE
    assert "left whole" in str(found[1])


@pytest.mark.parametrize(
    "text",
    [
        "SEGMENT OF CIRCLE RADIUS 10NM CENTRED ON 5129N00028W FROM 090 DEG TRUE TO 180 DEG TRUE",
        "SECTOR OF 10NM RADIUS FROM 5129N00028W BTN BEARING 090 AND BEARING 180 TRUE",
    ],
)
def test_a_sector_by_other_words(text: str) -> None:
    [found] = read_areas(text)
    assert isinstance(found, Polygon)
    assert found.area_km2 == pytest.approx(Circle(HERE, 18520).area_km2 / 4, rel=1e-4)


def test_radials_each_by_its_own_word_are_told_of() -> None:
    circle, problem = read_areas("WI 10NM RADIUS OF 5129N00028W BTN RADIAL 090 AND RADIAL 180")
    assert circle == Circle(HERE, 18520)
    assert "magnetic" in str(problem)


@pytest.mark.parametrize(
    "words",
    [
        *("EAST OF LINE", "AIRSPACE S OF A LINE JOINING", "NORTH-WEST OF THE LINE:"),
        *("ALL ACFT SHALL FLY VIA", "FLIGHT ROUTE:", "REROUTING (A-B-C)", "ALONG TRACK"),
    ],
)
def test_places_that_are_a_line_enclose_nothing(words: str) -> None:
    [problem] = read_areas(f"{words} {SPELT}")
    assert "is not as described" in str(problem)
    area = read_areas(f"RTE UL9 CLSD WITHIN AREA {SPELT}")
    assert [type(one) for one in area] == [Polygon]


@pytest.mark.parametrize(
    ("first", "second", "is_told"),
    [
        ("SFC-FL050", "FL050-FL100", True),
        ("GND/2000FT AMSL", "1500 FT TO FL 95", True),
        ("SFC-FL100", "SFC-FL100", False),
        ("RWY 09-27", "TEL 123-456", False),
    ],
)
def test_limits_of_single_areas_are_told_of(first: str, second: str, *, is_told: bool) -> None:
    text = f"1. {SPELT} {first}\n2. CIRCLE RADIUS 4NM CENTRED ON 5030N00028W {second}"
    one, other, *problems = read_areas(text)
    assert isinstance(one, Polygon)
    assert isinstance(other, Circle)
    assert ["limits of their own" in str(problem) for problem in problems] == [True] * is_told


def test_an_arc_whose_ends_come_after_its_centre_makes_no_circles() -> None:
    text = "ARC RADIUS 5NM CENTRED ON 5129N00028W FROM 5134N00028W TO 5129N00020W CLOCKWISE"
    [problem] = read_areas(text)
    assert "an arc" in str(problem)


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("EXCLUDING HEATHROW CTR", True),
        ("(EXCL THE PORTION WITHIN FRENCH TERRITORY)", True),
        ("EXCEPT STATE ACFT AND HEL OF POLICE", False),
    ],
)
def test_what_words_take_out_of_an_area_is_told_of(words: str, *, is_told: bool) -> None:
    for shape in (f"AREA {SPELT}", "CIRCLE RADIUS 5NM CENTRED ON 5129N00028W"):
        first, *problems = read_areas(f"{shape} {words}")
        assert isinstance(first, Footprint)
        assert ["left in" in str(one) for one in problems] == [True] * is_told


def test_bearings_after_a_radius_make_a_sector_of_it() -> None:
    text = "SECTOR CENTRED ON 5129N00028W RADIUS 10NM BTN BEARINGS 090 DEG AND 180 DEG"
    [found] = read_areas(text)
    assert isinstance(found, Polygon)
    assert found.area_km2 == pytest.approx(Circle(HERE, 18520).area_km2 / 4, rel=1e-4)
    circle, problem = read_areas(f"{text} MAG")
    assert circle == Circle(HERE, 18520)
    assert "magnetic" in str(problem)
