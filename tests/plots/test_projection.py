"""The plane of a map: an oracle, the distortion that is stated, poles and the far side."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import shapely
from pyproj import Proj

from sim.formats.outlines import Outline, drawn_outlines
from sim.geometry.earth import LONGEST_M, direct
from sim.geometry.footprint import Circle, Polygon
from sim.plots.projection import Projection, middle_of, rim
from sim.units import Position

CENTRES = [(36.7, 36.3), (180.0, -17.0), (-179.9, 65.0), (0.0, 90.0), (50.0, -90.0), (11.5, 0.0)]


def _square(low: float, high: float) -> tuple[Position, ...]:
    return tuple(Position(x, y) for x, y in ((low, low), (high, low), (high, high), (low, high)))


@pytest.mark.parametrize("centre", CENTRES)
def test_places_are_where_proj_has_them_and_come_back(centre: tuple[float, float]) -> None:
    azimuth, metres = np.array([*product(range(0, 360, 24), np.geomspace(1.0, 1.8e7, 12))]).T
    lon, lat, _ = direct(*centre, azimuth, metres)
    projection = Projection(Position(*centre))
    plane = projection.project(lon, lat)
    proj = Proj(proj="aeqd", ellps="WGS84", lon_0=centre[0], lat_0=centre[1])
    assert np.abs(plane - np.stack(proj(lon, lat), axis=-1)).max() < 1e-3
    back = projection.project(*projection.unproject(plane))
    assert np.abs(back - plane).max() < 1e-6


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize(
    ("km", "too_long"), [(500, 0.001), (1000, 0.004), (2000, 0.017), (5000, 0.11), (10_000, 0.57)]
)
def test_lengths_across_are_too_long_by_as_much_as_is_said(
    centre: tuple[float, float], km: float, too_long: float
) -> None:
    projection = Projection(Position(*centre))
    for turn in np.radians(range(0, 360, 30)):
        out = np.array([np.sin(turn), np.cos(turn)])
        across = np.array([np.cos(turn), -np.sin(turn)])
        ends = (km * 1000.0 * out + step * across for step in (-500.0, 500.0))
        (x, y), (x_end, y_end) = ends
        assert 1000.0 / projection.distance((x, y), (x_end, y_end)) == pytest.approx(
            1.0 + too_long, abs=0.012
        )


def test_there_is_nothing_off_the_disc() -> None:
    lon, lat = Projection(Position(0.0, 0.0)).unproject([(LONGEST_M + 1.0, 0.0), (0.0, 0.0)])
    assert np.isnan([lon[0], lat[0]]).all()
    assert (lon[1], lat[1]) == (0.0, 0.0)


def test_a_zone_across_the_antimeridian_is_one_piece() -> None:
    fiji = Circle(Position(179.95, -17.0), 50_000.0)
    projection = Projection(Position(180.0, -17.0))
    [[ring]] = projection.polygons(drawn_outlines(fiji)[0])
    assert shapely.Polygon(ring).area / 1e6 == pytest.approx(fiji.area_km2, rel=1e-3)
    assert np.ptp(ring[:, 0]) == pytest.approx(100_000.0, rel=1e-3)


def test_a_zone_about_a_pole_holds_it() -> None:
    cap = Polygon(tuple(Position(lon, 85.0) for lon in range(-180, 180, 20)))
    projection = Projection(Position(20.0, 80.0))
    [[ring]] = projection.polygons(drawn_outlines(cap)[0])
    assert shapely.Polygon(ring).contains(shapely.Point(*projection.project(0.0, 90.0)[0]))
    assert shapely.is_ccw(shapely.LinearRing(ring))


def test_holes_run_the_other_way() -> None:
    ring = Polygon(_square(0.0, 4.0), holes=(_square(1.0, 2.0),))
    [[exterior, hole]] = Projection(Position(2.0, 2.0)).polygons(drawn_outlines(ring)[0])
    assert shapely.is_ccw(shapely.LinearRing(exterior))
    assert not shapely.is_ccw(shapely.LinearRing(hole))


def test_what_lies_about_the_point_opposite_is_bordered_by_the_rim() -> None:
    projection = Projection(Position(0.0, 0.0))
    far = drawn_outlines(Circle(Position(180.0, 0.0), 2_000_000.0))[0]
    [[exterior, hole]] = projection.polygons(far)
    assert np.linalg.norm(exterior, axis=-1) == pytest.approx(LONGEST_M, rel=1e-3)
    assert np.linalg.norm(hole, axis=-1) == pytest.approx(LONGEST_M - 1.9e6, rel=1e-2)


def test_what_the_hole_holds_the_point_opposite_of_does_not_reach_the_rim() -> None:
    rings = [
        drawn_outlines(Circle(Position(180.0, 0.0), radius))[0].exterior for radius in (3e6, 1e6)
    ]
    polygons = Projection(Position(0.0, 0.0)).polygons(Outline(rings[0], (rings[1],)))
    [[exterior, hole]] = polygons
    assert np.linalg.norm(exterior, axis=-1).max() < LONGEST_M - 0.8e6
    assert np.linalg.norm(hole, axis=-1).max() < np.linalg.norm(exterior, axis=-1).min()


def test_a_line_is_parted_where_it_passes_by_the_point_opposite() -> None:
    lon = np.arange(150.5, 210.5)
    plane = Projection(Position(0.0, 0.0)).line(lon, np.full(len(lon), 0.5))
    assert (plane[:29, 0] > 15e6).all()
    assert (plane[-29:, 0] < -15e6).all()
    assert np.isnan(plane[29:-29]).any()
    drawn = np.linalg.norm(np.diff(plane, axis=0), axis=-1)
    assert np.nanmax(drawn) < LONGEST_M / 2.0  # nothing crosses the disc


def test_the_middle_of_what_lies_about_the_antimeridian_is_there() -> None:
    middle = middle_of(np.array([179.0, -179.0]), np.array([-17.0, -17.0]))
    assert abs(middle.lon) == pytest.approx(180.0)


def test_the_middle_of_what_lies_all_over_the_world_is_opposite_the_emptiest_place() -> None:
    lon, lat = (grid.ravel() for grid in np.meshgrid(np.arange(0.0, 360.0, 10.0), [-60, 0, 60]))
    is_left = np.hypot(lon - 200.0, lat) > 50.0
    middle = middle_of(lon[is_left], lat[is_left])
    assert Projection(middle).distance((0.0, 0.0), (0.0, 1.0)) == pytest.approx(1.0, rel=1e-6)
    assert middle.lon == pytest.approx(20.0, abs=5.0)
    assert middle.lat == pytest.approx(0.0, abs=5.0)


def test_nothing_has_a_middle_too() -> None:
    assert middle_of(np.empty(0), np.empty(0)) == (0.0, 0.0)


def test_the_rim_is_a_closed_ring_counter_clockwise() -> None:
    assert shapely.is_ccw(shapely.LinearRing(rim()))
