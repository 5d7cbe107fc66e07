"""What must hold whatever the shapes and tracks are."""

from math import inf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.geometry.altitude import Band, Limit, Vertical
from sim.geometry.crossing import Crossings, find_crossings
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.geometry.overlap import find_overlaps
from sim.geometry.relations import meet
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.units import Position, altitude, length
from tests.geometry.oracle import ANY_ALTITUDE, GEOD, msl
from tests.geometry.sampling import Sampled, meets
from tests.strategies import anchors, footprints, tracks_about, volume_sets

# Places are given as bearing and distance from a centre, so that the same scene
# can be laid anywhere: on the equator, over the antimeridian, round a pole.

Pair = tuple[float, float]
Spots = list[Pair]
spots = st.tuples(st.floats(0, 360), st.floats(0, 150_000))
routes = st.lists(spots, min_size=2, max_size=4)
scenes = st.sampled_from([(36.0, 35.0), (180.0, 0.0), (-179.9, 60.0), (0.0, 90.0), (50.0, -90.0)])
kinds = st.sampled_from(["circle", "star", "holed", "corridor"])
sizes = st.floats(2000, 100_000)
few = settings(max_examples=60, deadline=None, derandomize=True)


def lay(centre: Pair, places: Spots) -> list[Position]:
    return [Position(*GEOD.fwd(*centre, azimuth, metres)[:2]) for azimuth, metres in places]


def make(kind: str, centre: Pair, size: float) -> Footprint:
    if kind == "circle":
        return Circle(Position(*centre), size)
    if kind == "corridor":
        return Corridor(tuple(lay(centre, [(10, size), (70, size / 3), (200, size)])), size / 2)
    star = lay(centre, [(36.0 * k, size * (1 if k % 2 else 0.45)) for k in range(10)])
    hole = lay(centre, [(120.0 * k, size / 5) for k in range(3)])
    return Polygon(tuple(star), (tuple(hole),) if kind == "holed" else ())


def fly(centre: Pair, route: Spots, climb: float = 0.0) -> Track:
    places = lay(centre, route)
    return Track.along(places, np.linspace(3000, 3000 + climb, len(places)), 220, departs=0)


def stays(track: Track, *volumes: Volume) -> list[Pair]:
    return [(c.entry, c.exit) for c in find_crossings([track], volumes)]


def lasting(found: list[Pair], least: float = 0.5) -> list[float]:
    """Leave out grazes, which a millimetre can end."""
    return [t for entry, end in found for t in (entry, end) if end - entry > least]


@few
@given(kinds, sizes, scenes, routes)
def test_a_track_flown_backwards_crosses_backwards(
    kind: str, size: float, centre: Pair, route: Spots
) -> None:
    volume = Volume(make(kind, centre, size), ANY_ALTITUDE)
    track = fly(centre, route)
    back = Track(
        track.end - track.time[::-1], track.lon[::-1], track.lat[::-1], track.altitude_m[::-1]
    )
    there, again = stays(track, volume), stays(back, volume)
    mirrored = [(track.end - end, track.end - entry) for entry, end in again][::-1]
    assert lasting(mirrored) == pytest.approx(lasting(there), abs=2e-3)


@few
@given(kinds, sizes, scenes, routes, st.floats(0.01, 0.99))
def test_splitting_a_leg_changes_nothing(
    kind: str, size: float, centre: Pair, route: Spots, share: float
) -> None:
    volume = Volume(make(kind, centre, size), msl(3200, 3800))
    track = fly(centre, route, climb=1000)
    t = track.start + share * (track.end - track.start)
    split = track.cut(track.start, t).then(track.cut(t, track.end))
    assert lasting(stays(split, volume)) == pytest.approx(lasting(stays(track, volume)), abs=2e-3)


@few
@given(kinds, sizes, scenes, routes, st.floats(-1e6, 1e6))
def test_a_shift_in_time_shifts_the_stays(
    kind: str, size: float, centre: Pair, route: Spots, shift: float
) -> None:
    footprint = make(kind, centre, size)
    track = fly(centre, route)
    window = (100.0, 900.0)
    found = stays(track, Volume(footprint, ANY_ALTITUDE, window))
    later = Volume(footprint, ANY_ALTITUDE, (window[0] + shift, window[1] + shift))
    moved = [(entry - shift, end - shift) for entry, end in stays(track.shifted(shift), later)]
    assert lasting(moved) == pytest.approx(lasting(found), abs=1e-6)


@few
@given(kinds, sizes, st.sampled_from([0.0, 35.0, -72.0, 89.0]), routes, st.floats(-360, 360))
def test_a_turn_of_the_globe_changes_nothing(
    kind: str, size: float, lat: float, route: Spots, turn: float
) -> None:
    """WGS84 is a body of revolution: all longitudes are alike, the antimeridian among them."""
    here, there = (0.0, lat), ((turn + 180) % 360 - 180, lat)
    found, moved = (
        stays(fly(centre, route), Volume(make(kind, centre, size), ANY_ALTITUDE))
        for centre in (here, there)
    )
    assert lasting(moved) == pytest.approx(lasting(found), abs=3e-3)


@few
@given(kinds, sizes, scenes, routes)
def test_stays_are_inside_and_what_lies_between_is_outside(
    kind: str, size: float, centre: Pair, route: Spots
) -> None:
    footprint = make(kind, centre, size)
    track = fly(centre, route)
    times = [track.start, *(t for s in stays(track, Volume(footprint, ANY_ALTITUDE)) for t in s)]
    inside = False
    for begin, end in zip(times, [*times[1:], track.end], strict=True):
        if end - begin > 0.01:
            for share in (0.02, 0.5, 0.98):
                here = track.at(begin + share * (end - begin))
                depth = footprint.depth(here.lon, here.lat)
                assert depth > -0.01 if inside else depth < 0.01
        inside = not inside


@few
@given(kinds, kinds, sizes, sizes, scenes, spots)
def test_meeting_is_symmetric_and_agrees_with_flying_in(
    kind: str,
    other: str,
    size: float,
    reach: float,
    centre: Pair,
    spot: Pair,
) -> None:
    first = make(kind, centre, size)
    (there,) = lay(centre, [spot])
    second = make(other, there, reach)
    assert meet(first, second) == meet(second, first)
    pair = [Volume(first, ANY_ALTITUDE), Volume(second, ANY_ALTITUDE)]
    overlaps = find_overlaps(pair, area=True)
    assert len(overlaps) == len(find_overlaps(pair[::-1]))
    if len(overlaps):
        smaller = min(first.area_km2, second.area_km2)
        assert -1e-9 <= overlaps.area_km2[0] <= smaller * (1 + 1e-6)


@few
@given(kinds, sizes, scenes, st.floats(10, 50_000), spots)
def test_a_buffer_is_what_lies_nearer(
    kind: str, size: float, centre: Pair, metres: float, spot: Pair
) -> None:
    footprint = make(kind, centre, size)
    (place,) = lay(centre, [spot])
    depth = footprint.depth(*place)
    assume(abs(depth + metres) > 0.02)
    assert footprint.buffer(metres).contains(*place) == (depth > -metres)


@few
@given(kinds, sizes, scenes, spots)
def test_the_way_out_ends_on_the_border(kind: str, size: float, centre: Pair, spot: Pair) -> None:
    footprint = make(kind, centre, size)
    (place,) = lay(centre, [spot])
    out, metres = footprint.way_out(*place)
    assert footprint.depth(*out) == pytest.approx(0, abs=0.01)
    assert GEOD.inv(*place, *out)[2] == pytest.approx(metres, abs=1e-6)
    assert abs(footprint.depth(*place)) == pytest.approx(metres, abs=1e-6)


# Laws of sets of volumes. Where two footprints come within 2 cm of touching, turning or
# mirroring them may change the answer, and no law holds; dense samples tell which those are.

Sets = tuple[list[Volume], list[int] | None]
Pairs = set[tuple[int, int]]
sets = settings(max_examples=18)


def met(volumes: list[Volume], groups: list[int] | None = None) -> Pairs:
    found = find_overlaps(volumes, groups)
    return set(zip(found.first.tolist(), found.second.tolist(), strict=True))


def assert_same(found: Pairs, expected: Pairs, volumes: list[Volume]) -> None:
    for i, j in found ^ expected:
        one, other = (Sampled(volumes[k].footprint) for k in (i, j))
        assert meets(one, other) is None, (volumes[i], volumes[j])


def carried(volume: Volume, turn: float = 0.0, east: float = 1.0, north: float = 1.0) -> Volume:
    """Mirror a volume, and turn it about the Earth's axis."""

    def there(place: list[float]) -> Pair:
        return (east * place[0] + turn + 540.0) % 360.0 - 180.0, north * place[1]

    def changed(record: object) -> object:
        if isinstance(record, dict):
            return {key: changed(value) for key, value in record.items()}
        if isinstance(record, list):
            is_place = len(record) == 2 and all(isinstance(v, float) for v in record)
            return there(record) if is_place else [changed(value) for value in record]
        return record

    record = changed(volume.footprint.to_record())
    return Volume(Footprint.from_record(record), volume.band, volume.window)  # type: ignore[arg-type]


@sets
@given(volume_sets(), st.randoms(use_true_random=False))
def test_the_order_of_volumes_permutes_the_pairs(made: Sets, random: object) -> None:
    volumes, groups = made
    order = list(range(len(volumes)))
    random.shuffle(order)  # type: ignore[attr-defined]
    found = find_overlaps([volumes[k] for k in order], groups and [groups[k] for k in order])
    renamed = {
        (*sorted((order[o.first], order[o.second])), o.start, o.end, o.lower_m, o.upper_m)
        for o in found
    }
    straight = find_overlaps(volumes, groups)
    assert renamed == {(o.first, o.second, o.start, o.end, o.lower_m, o.upper_m) for o in straight}
    for columns in (found, straight):
        pairs = list(zip(columns.first.tolist(), columns.second.tolist(), strict=True))
        assert pairs == sorted(set(pairs))


@sets
@given(volume_sets(), st.floats(-360, 360))
def test_a_turn_of_the_globe_keeps_the_pairs(made: Sets, turn: float) -> None:
    volumes, groups = made
    turned = [carried(volume, turn) for volume in volumes]
    assert_same(met(turned, groups), met(volumes, groups), volumes)


@sets
@given(volume_sets(), st.sampled_from([(-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)]))
def test_a_mirror_keeps_the_pairs(made: Sets, way: Pair) -> None:
    volumes, groups = made
    mirrored = [carried(volume, 0.0, *way) for volume in volumes]
    assert_same(met(mirrored, groups), met(volumes, groups), volumes)


@sets
@given(volume_sets(), st.permutations([5, -3, 0, 2**40]))
def test_names_of_groups_do_not_matter_and_duplicates_meet_what_their_originals_do(
    made: Sets, names: list[int]
) -> None:
    volumes, groups = made
    assert met(volumes, groups and [names[g] for g in groups]) == met(volumes, groups)
    count = len(volumes)
    twice = met(volumes * 2)
    once = met(volumes)
    both_ways = {(i, j + count) for i, j in once} | {(j, i + count) for i, j in once}
    copies = {(i + count, j + count) for i, j in once}
    selves = {(i, i + count) for i in range(count)}
    assert twice == once | both_ways | copies | selves


@sets
@given(volume_sets(), st.data())
def test_a_volume_split_in_time_or_altitude_meets_the_same(made: Sets, data: st.DataObject) -> None:
    """The halves together meet what the whole met, and not each other."""
    volumes, _ = made
    whole, *others = volumes
    (start, end), band = whole.window, whole.band
    if data.draw(st.booleans()):
        t = min(max(data.draw(st.floats(-50, 250)), start + 1), end - 1)
        halves = [Volume(whole.footprint, band, window) for window in ((start, t), (t, end))]
    else:
        floor = band.lower.metres if band.lower.reference == "MSL" else -inf
        level = min(max(data.draw(st.floats(-50, 2100)), floor + 1), band.upper.metres - 1)
        cut = Limit(altitude("0 m MSL")[0], level)  # type: ignore[arg-type]
        halves = [
            Volume(whole.footprint, half, whole.window)
            for half in (Band(band.lower, cut), Band(cut, band.upper))
        ]
    found = met([*halves, *others])
    assert (0, 1) not in found
    expected = {j for i, j in met(volumes) if i == 0}
    assert {j - 1 for i, j in found if i < 2} == expected


@sets
@given(st.sampled_from([(180.0, 20.0), (0.0, 90.0), (36.0, 35.0), (0.0, -90.0)]), volume_sets())
def test_a_polygon_split_along_a_meridian_meets_the_same(centre: Pair, made: Sets) -> None:
    """A kite whose two ends lie on one meridian, at a pole on it and its other side."""
    volumes, _ = made
    ends = lay(centre, [(0, 200_000), (180, 300_000)])
    east, west = lay(centre, [(80, 150_000), (260, 120_000)])
    kite = Polygon((ends[0], west, ends[1], east))
    halves = [Polygon((*ends, side)) for side in (west, east)]
    near = [
        Volume(make(kind, place, size), ANY_ALTITUDE)
        for kind, place, size in zip(
            ("circle", "star", "holed", "corridor"),
            lay(centre, [(10, 5_000), (80, 149_000), (200, 200_000), (260, 110_000)]),
            (3_000, 30_000, 90_000, 45_000),
            strict=True,
        )
    ]
    others = near + volumes
    whole = {j - 1 for i, j in met([Volume(kite, ANY_ALTITUDE), *others]) if i == 0}
    found = met([*(Volume(half, ANY_ALTITUDE) for half in halves), *others])
    assert (0, 1) not in found
    split = {j - 2 for i, j in found if i < 2}
    for k in whole ^ split:
        assert meets(Sampled(kite), Sampled(others[k].footprint)) is None
    assert {0, 1, 2, 3} <= split


def test_units_do_not_matter() -> None:
    """Text of aviation and its metres make equal volumes, and meet alike."""
    here = Position(36, 35)

    def volume(radius: str, lower: str, upper: str) -> Volume:
        band = Band(*(Limit(*altitude(text)) for text in (lower, upper)))  # type: ignore[arg-type]
        return Volume(Circle(here, length(radius)), band)

    pairs = [
        (("5 NM", "1000 ft MSL", "FL180"), ("9260 m", "304.8 m MSL", "FL180")),
        (("3 km", "SFC", "2500 ft AGL"), ("3000 m", "SFC", "762 m AGL")),
        (("1000 ft", "0 ft MSL", "UNL"), ("304.8 m", "0 m MSL", "UNL")),
    ]
    settings_ = Vertical(terrain_m=400, geoid_m=20, qnh_hpa=1005)
    for aviation, metric in pairs:
        one, other = volume(*aviation), volume(*metric)
        assert one.footprint.area_km2 == pytest.approx(other.footprint.area_km2, rel=1e-14)
        for ours, theirs in (
            (one.band.lower, other.band.lower),
            (one.band.upper, other.band.upper),
        ):
            assert ours.metres == pytest.approx(theirs.metres, abs=1e-9)
        (found,) = find_overlaps([one, other], vertical=settings_)
        same = find_overlaps([one, one], vertical=settings_)
        assert found.upper_m == pytest.approx(same.upper_m[0], abs=1e-9)
    # 100 m is above 200 ft: as bare numbers it would be below
    low = Volume(Circle(here, 9), Band(Limit("MSL", 0), Limit(*altitude("200 ft MSL"))))  # type: ignore[arg-type]
    high = Volume(Circle(here, 9), Band(Limit("MSL", 100), Limit(*altitude("UNL"))))  # type: ignore[arg-type]
    assert met([low, high]) == set()


@few
@given(anchors, st.data())
def test_the_order_of_tracks_and_volumes_permutes_the_stays(
    centre: Pair, data: st.DataObject
) -> None:
    shapes = [data.draw(footprints(centre, size)) for size in (4_000.0, 60_000.0)]
    volumes = [Volume(shape, ANY_ALTITUDE) for shape in (*shapes, shapes[0])]
    tracks = [data.draw(tracks_about(shape)) for shape in shapes]

    def rows(found: Crossings, track: list[int], volume: list[int]) -> list[tuple[object, ...]]:
        """Give stays by the places that tracks and volumes had, and instants to a microsecond."""
        return sorted(
            (track[c.track], volume[c.volume], round(c.entry, 6), round(c.exit, 6), c.entry_face)
            for c in found
        )

    straight = rows(find_crossings(tracks, volumes), [0, 1], [0, 1, 2])
    turned = rows(find_crossings(tracks[::-1], volumes[::-1]), [1, 0], [2, 1, 0])
    alone = [
        row
        for i, track in enumerate(tracks)
        for j, volume in enumerate(volumes)
        for row in rows(find_crossings([track], [volume]), [i], [j])
    ]
    for other in (turned, alone):
        assert [row[:2] for row in other] == [row[:2] for row in straight]
        for one, two in zip(other, straight, strict=True):
            assert one[2:4] == pytest.approx(two[2:4], abs=2e-6)
            assert one[4] == two[4]


@few
@given(kinds, sizes, scenes, routes, st.sampled_from([(-1.0, 1.0), (1.0, -1.0)]))
def test_a_mirror_keeps_the_stays(
    kind: str, size: float, centre: Pair, route: Spots, way: Pair
) -> None:
    volume = Volume(make(kind, centre, size), ANY_ALTITUDE)
    track = fly(centre, route)
    other = Track(track.time, way[0] * track.lon, way[1] * track.lat, track.altitude_m)
    mirrored = carried(volume, 0.0, *way)
    assert lasting(stays(other, mirrored)) == pytest.approx(lasting(stays(track, volume)), abs=3e-3)
