"""Meridians and parallels: which there are, how they are labelled, and where they leave a map."""

from __future__ import annotations

import numpy as np
import pytest

from sim.plots.graticule import Graticule, Line, View, leaves, view_of
from sim.plots.projection import Projection
from sim.units import Position

SQUARE = View(-100_000.0, 100_000.0, -100_000.0, 100_000.0)


def labels(lon: float, lat: float, view: View = SQUARE) -> list[str]:
    return [line.label for line in Graticule(Projection(Position(lon, lat)), view).lines]


def test_a_map_of_two_degrees_has_lines_every_half_degree() -> None:
    assert labels(36.7, 36.3) == [
        *("35.5°N", "36°N", "36.5°N", "37°N"),
        *("36°E", "36.5°E", "37°E", "37.5°E"),
    ]


def test_across_the_antimeridian_degrees_go_on() -> None:
    assert {"179.5°E", "180°", "179.5°W"} <= {*labels(180.0, -17.0)}
    assert labels(179.99, -17.0)[-5:] == labels(-179.99, -17.0)[-5:]


def test_neither_the_equator_nor_greenwich_has_a_side() -> None:
    assert "0°" in labels(0.0, 0.0)
    assert {line.label for line in Graticule(Projection(Position(0.0, 0.0)), SQUARE).lines} >= {
        *("0.5°N", "0.5°S", "0.5°E", "0.5°W")
    }


@pytest.mark.parametrize(("lat", "side"), [(90.0, "N"), (-90.0, "S"), (89.5, "N")])
def test_about_a_pole_meridians_go_all_round_once(lat: float, side: str) -> None:
    found = labels(20.0, lat)
    meridians = [label for label in found if label[-1] != side]
    assert len(meridians) == len({*meridians}) == 12
    assert Graticule(Projection(Position(20.0, lat)), SQUARE).has_pole
    assert len(found) > 12


def test_lines_lie_where_their_degrees_are() -> None:
    projection = Projection(Position(36.7, 36.3))
    for line in Graticule(projection, SQUARE).lines:
        lon, lat = projection.unproject(line.plane)
        degrees = lat if line.kind == "parallel" else lon
        assert np.abs(degrees - line.degrees).max() < 1e-9
        assert SQUARE.holds(line.plane).any()


@pytest.mark.parametrize("reach", [100.0, 3e3, 1e5, 3e6, 9e6, 19.9e6])
def test_however_much_is_shown_there_are_a_few_lines(reach: float) -> None:
    found = labels(36.7, 36.3, View(-reach, reach, -reach, reach))
    assert 4 <= len(found) <= 12 + 7


def test_a_line_leaves_by_the_sides_that_it_crosses() -> None:
    slanted = np.array([(-30.0, -200.0), (-10.0, 0.0), (10.0, 200.0)]) * 1000.0
    assert leaves(slanted, "south", SQUARE) == [pytest.approx(-20_000.0)]
    assert leaves(slanted, "north", SQUARE) == [pytest.approx(0.0)]
    assert leaves(slanted, "west", SQUARE) == []


def test_a_line_that_runs_along_a_side_does_not_leave_by_it() -> None:
    along = np.array([(-110.0, -200.0), (-90.0, 200.0)]) * 1000.0
    assert leaves(along, "west", SQUARE) == []


def test_a_view_has_room_about_what_it_shows() -> None:
    view = view_of((0.0, 100_000.0, 0.0, 50_000.0))
    assert (view.width, view.height) == pytest.approx((112_000.0, 56_000.0))
    assert (view.west + view.east, view.south + view.north) == pytest.approx((1e5, 5e4))


def test_a_view_of_one_place_is_two_kilometres_wide() -> None:
    view = view_of((5.0, 5.0, 7.0, 7.0))
    assert (view.width, view.height) == (2_000.0, 2_000.0)


@pytest.mark.parametrize("shape", [0.3, 0.5, 2.0])
def test_a_view_grows_into_a_shape(shape: float) -> None:
    view = view_of((0.0, 100_000.0, 0.0, 50_000.0))
    grown = view.shaped(shape)
    assert grown.height / grown.width == pytest.approx(shape)
    assert grown.width >= view.width - 1e-6
    assert grown.height >= view.height - 1e-6
    assert (grown.west + grown.east, grown.south + grown.north) == pytest.approx((1e5, 5e4))


def test_the_other_side_of_the_antimeridian_is_180() -> None:
    assert Line("meridian", 180.0, np.empty((0, 2))).label == "180°"
    assert Line("meridian", -0.05, np.empty((0, 2))).label == "0.05°W"
