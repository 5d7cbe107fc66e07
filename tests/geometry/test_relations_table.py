"""Every pair of kinds in every relation, at ordinary places and at the ends of the map.

Gaps are exact by construction: sides and tips face each other along a geodesic whose length
is known, and the decisive ones are 2 cm to either side of touching, twice what is demanded.
"""

from __future__ import annotations

from itertools import product
from math import inf

import pytest

from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.geometry.overlap import find_overlaps
from sim.geometry.volume import Volume
from sim.units import Position
from tests.geometry.oracle import ANY_ALTITUDE, GEOD, msl
from tests.strategies import placed

KINDS = ["circle", "polygon", "holed", "corridor"]
PAIRS = list(product(KINDS, KINDS))
PLACES = [(36.7, 36.3), (180.0, 0.0), (179.99, 52.0), (25.0, 89.97), (0.0, -90.0)]
GAPS = [(0.02, False), (-0.02, True)]
SIZE = 4000.0  # an edge of so many metres is left by a corridor's side by 0.05 mm


def met(first: Footprint, second: Footprint) -> bool:
    """Ask in both orders, as volumes without bounds; the answers must agree."""
    one, other = (Volume(f, ANY_ALTITUDE) for f in (first, second))
    found = len(find_overlaps([one, other]))
    assert len(find_overlaps([other, one])) == found
    return bool(found)


def onward(start: Position, bearing: float, metres: float) -> tuple[Position, float]:
    """Give the place reached, and the bearing onward there; back over the start if negative."""
    lon, lat, back = GEOD.fwd(*start, bearing, metres)
    return Position(lon, lat), back + 180.0


def spot(start: Position, bearing: float, metres: float) -> Position:
    return onward(start, bearing, metres)[0]


def pierced(kind: str, ring: list[Position], centre: Position, metres: float) -> Polygon:
    """Make a polygon, with a small hole about a place if it is of that kind."""
    hole = tuple(placed(centre, [(turn, metres) for turn in (0, 120, 240)]))
    return Polygon(tuple(ring), (hole,) if kind == "holed" else ())


def blunt(kind: str, face: Position, inward: float, size: float = SIZE) -> Footprint:
    """Make a shape whose border passes through a place, straight across a bearing into it.

    All but the circle have an edge as long as the size there, with the place in its middle.
    """
    if kind == "circle":
        return Circle(spot(face, inward, size), size)
    if kind == "corridor":
        middle, ahead = onward(face, inward, size / 2)
        route = placed(middle, [(ahead - 90, size / 2), (ahead + 90, size / 2)])
        return Corridor(tuple(route), size)
    ends = placed(face, [(inward - 90, size / 2), (inward + 90, size / 2)])
    ring = [*ends, spot(face, inward, 2 * size)]
    return pierced(kind, ring, spot(face, inward, size / 2), size / 10)


def sharp(kind: str, tip: Position, inward: float, size: float = SIZE) -> Footprint:
    """Make a shape that reaches a place with a right-angled corner, or with a round end."""
    if kind == "circle":
        return Circle(spot(tip, inward, size / 8), size / 8)
    if kind == "corridor":
        middle, ahead = onward(tip, inward, size / 8)
        return Corridor((middle, spot(middle, ahead, size)), size / 4)
    ring = [tip, *placed(tip, [(inward - 45, size), (inward + 45, size)])]
    return pierced(kind, ring, spot(tip, inward, size / 2), size / 10)


def chunk(kind: str, centre: Position, size: float = SIZE, turn: float = 0.0) -> Footprint:
    """Make a shape that holds all places within 0.5 sizes, but for a hole of 0.2 sizes."""
    if kind == "circle":
        return Circle(centre, size * 0.9)
    if kind == "corridor":
        return Corridor(tuple(placed(centre, [(turn, size * 0.4), (turn + 180, size * 0.4)])), size)
    ring = placed(centre, [(turn + 90 * k, size * 0.95) for k in range(4)])
    return pierced(kind, ring, centre, size * 0.2)


def bar(kind: str, centre: Position, turn: float, size: float = SIZE) -> Footprint:
    """Make a long and narrow shape, pierced in the middle if holed; a circle cannot be narrow."""
    if kind == "circle":
        return Circle(centre, size / 3)
    ends = [(turn, size), (turn + 180, size)]
    if kind == "corridor":
        return Corridor(tuple(placed(centre, ends)), size / 10)
    ring = [(turn + off + half, size) for half in (0, 180) for off in (-4, 4)]
    return pierced(kind, placed(centre, ring), centre, size / 50)


every_pair = pytest.mark.parametrize(("first", "second"), PAIRS)
everywhere = pytest.mark.parametrize("place", PLACES)


@every_pair
@everywhere
def test_apart(first: str, second: str, place: tuple[float, float]) -> None:
    here = Position(*place)
    for metres in (1.0, 90_000.0, 19_900_000.0):
        there, ahead = onward(here, 33, metres)
        assert not met(blunt(first, here, 213), blunt(second, there, ahead))
        assert not met(sharp(first, here, 213), sharp(second, there, ahead))


@every_pair
@everywhere
@pytest.mark.parametrize(("gap", "expected"), GAPS)
def test_touching(
    first: str, second: str, place: tuple[float, float], gap: float, *, expected: bool
) -> None:
    """Corner against side, side against corner, and corner against corner."""
    here = Position(*place)
    for bearing in (0, 70, 245):
        there, ahead = onward(here, bearing, gap)
        for one, other in ((sharp, blunt), (blunt, sharp), (sharp, sharp)):
            faces = one(first, here, bearing + 180), other(second, there, ahead)
            assert met(*faces) is expected


@every_pair
@pytest.mark.parametrize(("gap", "expected"), GAPS)
def test_touching_at_thousands_of_kilometres(
    first: str, second: str, gap: float, *, expected: bool
) -> None:
    """A corner, or a round end, against the middle of a side: exact at any size."""
    places = [(36.7, 36.3, 0.0), (180.0, 0.0, 70.0), (25.0, 89.97, 245.0)]
    lon, lat, bearing = places[PAIRS.index((first, second)) % len(places)]
    here = Position(lon, lat)
    there, ahead = onward(here, bearing, gap)
    faces = sharp(first, here, bearing + 180, 2e6), blunt(second, there, ahead, 2e6)
    assert met(*faces) is expected


@every_pair
@everywhere
def test_crossing(first: str, second: str, place: tuple[float, float]) -> None:
    """Half beside each other, and as a cross in which no vertex lies in the other shape."""
    here = Position(*place)
    for bearing in (10, 130):
        assert met(chunk(first, here), chunk(second, spot(here, bearing, 0.8 * SIZE), turn=20))
        assert met(bar(first, here, bearing), bar(second, here, bearing + 90))


@every_pair
@everywhere
def test_nested(first: str, second: str, place: tuple[float, float]) -> None:
    here = Position(*place)
    outer = chunk(first, here)
    for bearing in (0, 100, 300):  # between the hole and the border
        assert met(outer, chunk(second, spot(here, bearing, 0.4 * SIZE), 0.1 * SIZE))
    assert met(outer, chunk(second, here, 0.05 * SIZE)) is (first != "holed")
    assert met(outer, chunk(second, here, 0.5 * SIZE))  # round the hole, if there is one


@pytest.mark.parametrize("kind", KINDS)
@everywhere
@pytest.mark.parametrize(("gap", "expected"), GAPS)
def test_nested_in_a_hole_up_to_its_rim(
    kind: str, place: tuple[float, float], gap: float, *, expected: bool
) -> None:
    """What lies in a hole touches the middle of its edge from within, and with a corner."""
    face = Position(*place)
    ends = placed(face, [(-50, SIZE), (130, SIZE)])
    hole = (*ends, spot(face, 40, 3 * SIZE))
    holed = Polygon(tuple(placed(spot(face, 40, SIZE), [(k, 5 * SIZE) for k in (0, 120, 240)])))
    holed = Polygon(holed.exterior, (hole,))
    there, ahead = onward(face, 40, gap)
    for make in (blunt, sharp):
        assert met(holed, make(kind, there, ahead, SIZE / 4)) is expected


def rewritten(footprint: Footprint) -> Footprint:
    """Write the same shape otherwise: once more round the globe, backwards, with repeats."""
    if isinstance(footprint, Circle):
        lon, lat = footprint.center
        return Circle(Position(lon - 360 if lon > 0 else lon + 360, lat), footprint.radius_m)
    if isinstance(footprint, Corridor):
        return Corridor((*footprint.route[::-1], footprint.route[0]), footprint.width_m)
    assert isinstance(footprint, Polygon)
    ring = footprint.exterior
    again = (*ring[2::-1], *ring[:2:-1])
    return Polygon((*again, again[-1], again[0]), tuple(hole[::-1] for hole in footprint.holes))


@every_pair
@everywhere
def test_equal(first: str, second: str, place: tuple[float, float]) -> None:
    """Equal in value or written otherwise; of two kinds, about as large and in one place."""
    here = Position(*place)
    one, other = chunk(first, here), chunk(second, here)
    assert met(one, other)
    assert met(one, rewritten(other))


ARC_M = 500.0  # radius of the circles along which others lie
STEP_DEG = 0.2  # chords that leave them by ARC_M x 0.2 deg ** 2 / 8 = 0.8 mm


def hugging(kind: str, centre: Position, gap: float) -> Footprint:
    """Make a shape that lies along a circle from outside, with a gap."""
    turns = [k * STEP_DEG for k in range(150)]
    if kind == "corridor":  # along the inner side of its bend
        return Corridor(tuple(placed(centre, [(t, ARC_M + 50 + gap) for t in turns])), 100)
    if kind == "polygon":
        arcs = [(turns, ARC_M + gap), (turns[::-1], 2 * ARC_M)]
        return Polygon(tuple(placed(centre, [(t, r) for ts, r in arcs for t in ts])))
    assert kind == "holed"  # all round it, along the rim of the hole
    rim = [(k * STEP_DEG, ARC_M + gap) for k in range(1800)]
    square = placed(centre, [(k, 3 * ARC_M) for k in (0, 90, 180, 270)])
    return Polygon(tuple(square), (tuple(placed(centre, rim)),))


@every_pair
@everywhere
@pytest.mark.parametrize(("gap", "expected"), GAPS)
def test_shared_edge(
    first: str, second: str, place: tuple[float, float], gap: float, *, expected: bool
) -> None:
    """Side by side along a whole edge. Two circles can share no more than a place of theirs."""
    here = Position(*place)
    there, ahead = onward(here, 60, gap)
    if first == second or "circle" not in (first, second):
        assert met(blunt(first, here, 240), blunt(second, there, ahead)) is expected
    else:
        other = second if first == "circle" else first
        assert met(Circle(here, ARC_M), hugging(other, here, gap)) is expected
    # from within: one lies in the other and has part of its edge in common
    assert met(blunt(first, here, 60), blunt(second, there, ahead, SIZE / 3))


@pytest.mark.parametrize(("first", "second"), list(product(["polygon", "holed"], repeat=2)))
@everywhere
def test_an_exactly_shared_edge_is_no_overlap(
    first: str, second: str, place: tuple[float, float]
) -> None:
    """The same two vertices, or an edge that goes on beyond one of them."""
    here = Position(*place)
    one = blunt(first, here, 240)
    assert isinstance(one, Polygon)
    for ring in (one.exterior[:2], one.exterior[:2][::-1]):
        start, end = ring
        tip = spot(here, 60, SIZE)
        assert not met(one, pierced(second, [start, end, tip], spot(here, 60, SIZE / 3), 9.0))
        longer = spot(start, GEOD.inv(*start, *end)[0], 3 * SIZE)
        assert not met(one, pierced(second, [start, longer, tip], spot(here, 60, SIZE / 3), 9.0))


def bounded(lower: float | None, upper: float | None) -> Band:
    floor = Limit(Reference.SFC, 0.0) if lower is None else Limit(Reference.MSL, lower)
    return Band(floor, Limit(Reference.UNL, inf) if upper is None else Limit(Reference.MSL, upper))


WINDOWS = [
    ((0.0, 10.0), (10.0, 20.0), False),
    ((0.0, 10.0), (9.999, 20.0), True),
    ((-inf, 10.0), (10.0, inf), False),
    ((-inf, inf), (3.0, 4.0), True),
    ((-inf, 5.0), (-inf, -5.0), True),
    ((1.6e9, 1.6e9 + 1), (1.6e9 + 1, inf), False),
]
BANDS = [
    (msl(0, 1000), msl(1000, 2000), False),
    (msl(0, 1000), msl(999.9, 2000), True),
    (bounded(None, 500), bounded(500, None), False),
    (bounded(None, None), msl(3000, 3001), True),
    (bounded(None, 500), bounded(None, -200), True),
    (bounded(500, None), bounded(9000, None), True),
]


@every_pair
def test_windows_and_bands_decide_for_footprints_that_meet(first: str, second: str) -> None:
    here = Position(180.0, 52.0)
    one, other = bar(first, here, 0), bar(second, here, 90)
    cases = [
        (Volume(one, a, begin), Volume(other, b, end), soon and high)
        for (begin, end, soon), (a, b, high) in product(WINDOWS, BANDS)
    ]
    for low, high, expected in cases:
        for pair in ((low, high), (high, low)):
            assert bool(len(find_overlaps(pair))) is expected


@every_pair
def test_windows_and_bands_do_not_make_those_meet_that_are_apart(first: str, second: str) -> None:
    here = Position(180.0, 52.0)
    there, ahead = onward(here, 60, 0.02)
    one, other = blunt(first, here, 240), blunt(second, there, ahead)
    for (begin, end, _), (low, high, _) in zip(WINDOWS, BANDS, strict=True):
        assert not len(find_overlaps([Volume(one, low, begin), Volume(other, high, end)]))
