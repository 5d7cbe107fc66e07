"""Names of points: within the axes, on nothing that is drawn, nor on each other."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from shapely.geometry import LineString, Point
from shapely.geometry import box as rectangle

from sim.plots.labels import Label, boxes_for

SIZE = (7.0, 3.5)


@pytest.mark.parametrize("seed", range(6))
def test_boxes_are_inside_and_touch_neither_points_nor_each_other(seed: int) -> None:
    points = np.random.default_rng(seed).uniform((0.0, 0.0), SIZE, (40, 2))
    labels = [Label(0.0, 0.0, "x" * (5 + k)) for k in range(12)]
    found = [box for box in boxes_for(labels, points[:12], points, SIZE) if box is not None]
    assert len(found) > 4
    for left, bottom, right, top in found:
        assert 0.0 <= left < right <= SIZE[0]
        assert 0.0 <= bottom < top <= SIZE[1]
        inside = (points > (left, bottom)).all(axis=1) & (points < (right, top)).all(axis=1)
        assert not inside.any()
    for one, other in combinations(found, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart


def test_a_label_alone_stands_right_of_its_point_or_left_at_the_edge() -> None:
    for x, is_right in ((1.0, True), (6.9, False)):
        at = np.array([[x, 1.0]])
        (box,) = boxes_for([Label(0.0, 0.0, "point 3")], at, at, SIZE)
        assert box is not None
        assert bool(box[0] > x) is is_right
        assert bool(box[2] < x) is not is_right


def test_where_there_is_no_room_only_a_needed_label_is_written() -> None:
    points = np.stack(np.meshgrid(np.linspace(0, 7, 80), np.linspace(0, 3.5, 40)), -1).reshape(
        -1, 2
    )
    at = np.array([[3.0, 1.5], [3.5, 1.5]])
    labels = [Label(0.0, 0.0, "point 3"), Label(0.0, 0.0, "point 4", needed=True)]
    found = boxes_for(labels, at, points, SIZE)
    assert found[0] is None
    assert found[1] is not None


@pytest.mark.parametrize("seed", range(20))
def test_lines_to_points_cross_neither_names_nor_each_other(seed: int) -> None:
    points = np.random.default_rng(seed).uniform((3.0, 1.5), (3.8, 2.0), (4, 2))
    labels = [Label(0.0, 0.0, "strike-support", needed=True) for _ in points]
    boxes = [rectangle(*one) for one in boxes_for(labels, points, points, SIZE) if one is not None]
    lines = [LineString([one.centroid, Point(at)]) for one, at in zip(boxes, points, strict=True)]
    for one, other in permutations(range(len(points)), 2):
        assert not lines[one].intersects(boxes[other])
        assert not lines[one].crosses(lines[other])
