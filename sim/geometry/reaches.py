"""Reaches: how far shapes go from their middles, which tells most pairs apart undrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.earth import EARTH_RADIUS_M, ECCENTRICITY_2
from sim.geometry.rings import lots_of, taken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.rings import Rings

    Indices = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Singles = NDArray[np.float32]

_DIRECTIONS = 16  # in which it is measured how far a shape goes at most
_STEP = 2.0 * np.pi / _DIRECTIONS
_SLACK_M = 0.05
_STEEP = 1e-3  # the sine of the least angle that an edge of a star is seen under
_WIDE_M = 0.2  # what the ends of an edge are apart at least, across the view
_TURN = 8.0  # two full turns, in the measure of angles that :func:`_angle` gives


class Reaches:
    """What planar shapes cover for sure, and at most, as seen from their middles.

    All is done on the sphere of the normals, where the middle of a shape is the
    centre of a plane that great circles are straight in. A shape is a star if
    each half-line from its middle crosses its border once: its radial function
    tells how far the middle sees. Its support function tells how far it goes in
    a direction, beyond which a great circle leaves it behind (R. Schneider,
    Convex Bodies, 2nd ed., section 1.7). Two stars that see one another's side
    of the great circle between the middles meet; shapes are apart if neither
    goes far enough along it.

    A geodesic of length l leaves the great circle of its ends by a quarter of
    ``ECCENTRICITY_2 * (l / 2)**2 / R`` at most (measured); twice that is allowed for.

    Attributes
    ----------
    star
        Which shapes are stars, and so simple polygons with an area, shape (n,).
    """

    def __init__(self, vector: Floats, radius: Floats, planar: Bools, rings: Rings) -> None:
        count = len(radius)
        self._middle = vector
        self._east, self._north = _axes(vector)
        self._slack = _SLACK_M / EARTH_RADIUS_M + ECCENTRICITY_2 / 2.0 * radius * radius
        self.star = np.zeros(count, dtype=bool)
        self._support = np.full((count, _DIRECTIONS), np.inf, dtype=np.float32)
        edges = [self._measure(lot, rings) for lot in lots_of(rings, np.flatnonzero(planar))]
        none = (np.empty(0), np.empty((0, 3), dtype=np.float32))
        keys, lines = zip(*(edges or [none]), strict=True)
        self._key, self._line = np.concatenate(keys), np.concatenate(lines)
        self._first = np.searchsorted(self._key, (np.arange(count + 1) - 0.5) * _TURN)

    def decide(self, first: Indices, second: Indices) -> tuple[Bools, Bools]:
        """Tell which pairs of shapes meet for sure, and which of the others may."""
        way = self._middle[second] - self._middle[first]
        there = _along(way, self._east[first], self._north[first])
        back = _along(-way, self._east[second], self._north[second])
        cosine = 1.0 - np.einsum("ij,ij->i", way, way) / 2.0
        met = np.zeros(len(first), dtype=bool)
        both = np.flatnonzero(self.star[first] & self.star[second])
        seen = self._radial(first[both], there[both]) + self._radial(second[both], back[both])
        # The tangents of two angles add up to less than the tangent of their sum.
        met[both] = seen * cosine[both] > 1.0
        rest = np.flatnonzero(~met)
        far = self._reach(first[rest], there[rest]) + self._reach(second[rest], back[rest])
        unsure = np.zeros(len(first), dtype=bool)
        unsure[rest] = ~(far < np.hypot(*there[rest].T))
        return met, unsure

    def _measure(self, which: Indices, rings: Rings) -> tuple[Floats, Singles]:
        """Look at some shapes; give the keys and lines of the edges of those that are stars."""
        some = taken(rings, which)
        counts = np.diff(some.start)
        shape = which[some.owner]
        x, y = self._seen(some.normal, shape, counts)
        exteriors = np.flatnonzero(np.diff(some.owner, prepend=-1))
        self._support[which] = _supports(x, y, some.start[exteriors])
        edges = _edges(x, y, np.repeat(self._slack[shape], counts))
        star = _are_stars(edges, y, some.start)
        star &= np.bincount(some.owner)[some.owner] == 1  # a hole hides what is behind it
        self.star[shape] = star
        kept = np.repeat(star, counts) & ~some.lasts
        angle = _angle(x, y)
        angle[:-1] = np.where(edges.left[:-1], angle[:-1], angle[1:])  # where an edge is entered
        key = np.repeat(shape * _TURN, counts)[kept] + angle[kept]
        order = np.argsort(key, kind="stable")
        line = np.stack([edges.room, edges.x, edges.y], axis=1, dtype=np.float32)
        return key[order], line[kept][order]

    def _seen(self, normal: Floats, shape: Indices, counts: Indices) -> tuple[Floats, Floats]:
        """Give where runs of places are in the planes of their shapes, two of shape (v,)."""
        axes = np.stack([self._east[shape], self._north[shape], self._middle[shape]], axis=1)
        east, north, up = np.einsum("vij,vj->iv", np.repeat(axes, counts, axis=0), normal)
        return east / up, north / up

    def _radial(self, star: Indices, way: Floats) -> Floats:
        """Give how far stars see on their way, at least, as a share of its length."""
        with np.errstate(divide="ignore", invalid="ignore"):  # two may have one middle
            at = np.searchsorted(self._key, star * _TURN + _angle(*way.T), side="right") - 1
            begin, end = self._first[star], self._first[star + 1]
            line = self._line[np.where((at < begin) | (at >= end), end - 1, at)]
            share: Floats = line[:, 0] / np.abs(way[:, 0] * line[:, 2] - way[:, 1] * line[:, 1])
        return share

    def _reach(self, shape: Indices, way: Floats) -> Floats:
        """Give how far shapes go in a direction, at most."""
        turn = (np.arctan2(way[:, 1], way[:, 0]) / _STEP) % _DIRECTIONS
        before = np.minimum(turn.astype(np.int64), _DIRECTIONS - 1)
        share = (turn - before) * _STEP
        support = self._support.ravel()
        low = support[shape * _DIRECTIONS + before]
        high = support[shape * _DIRECTIONS + (before + 1) % _DIRECTIONS]
        # A direction is a sum of its neighbours, and the support function sublinear.
        far = (np.sin(_STEP - share) * low + np.sin(share) * high) / np.sin(_STEP)
        reach: Floats = np.maximum(far, 0.0) + self._slack[shape]
        return reach


def _axes(vector: Floats) -> tuple[Floats, Floats]:
    """Give unit vectors to the east and the north of places, shape (n, 3) each."""
    x, y, _ = vector.T
    across = np.hypot(x, y)
    at_pole = across == 0.0
    across = np.where(at_pole, 1.0, across)
    east = np.stack([np.where(at_pole, 1.0, -y / across), x / across, np.zeros_like(x)], axis=1)
    return east, np.cross(vector, east)


def _along(vector: Floats, east: Floats, north: Floats) -> Floats:
    """Give how far vectors go to the east and to the north, shape (n, 2)."""
    parts = [np.einsum("ij,ij->i", vector, axis) for axis in (east, north)]
    return np.stack(parts, axis=1)


def _angle(x: Floats, y: Floats) -> Floats:
    """Give a number that rises with the angle from the south turning left, from -1 to 3."""
    share = y / (np.abs(x) + np.abs(y))
    angle: Floats = np.where(x < 0.0, 2.0 - share, share)
    return angle


class _Edges(NamedTuple):
    """What comes after each place of rings, in a plane: columns of shape (v,).

    ``x`` and ``y`` lead to the next place; ``room`` is what is left of the
    turning moment about the middle when the edge is moved in by the slack;
    ``clear`` edges keep off the middle, and show it their sides; ``left`` ones
    turn left about it.
    """

    x: Floats
    y: Floats
    room: Floats
    clear: Bools
    left: Bools


def _edges(x: Floats, y: Floats, slack: Floats) -> _Edges:
    ahead = np.diff(x, append=0.0), np.diff(y, append=0.0)
    moment = x * ahead[1] - y * ahead[0]
    room = np.abs(moment) - slack * np.hypot(*ahead)
    square = x * x + y * y
    near, far = square.copy(), square.copy()
    np.minimum(square[:-1], square[1:], out=near[:-1])
    np.maximum(square[:-1], square[1:], out=far[:-1])
    least = far * np.maximum(_STEEP**2 * near, (_WIDE_M / EARTH_RADIUS_M) ** 2)
    return _Edges(*ahead, room, (room > 0.0) & (moment * moment > least), moment > 0.0)


def _are_stars(edges: _Edges, y: Floats, start: Indices) -> Bools:
    """Tell which rings turn once about the middle, in one sense, well off it, shape (r,)."""
    begin, end = start[:-1], start[1:] - 1
    clear, left = edges.clear.copy(), edges.left.copy()
    clear[end], left[end] = True, left[begin]  # no edge leaves the end of a ring
    lefts = np.add.reduceat(left, begin, dtype=np.int64)
    south = y < 0.0
    crossed = np.zeros(len(y), dtype=bool)
    crossed[:-1] = south[1:] != south[:-1]
    crossed[end] = False
    crossings = np.add.reduceat(crossed, begin, dtype=np.int64)
    one_way = (lefts == 0) | (lefts == np.diff(start))
    stars: Bools = np.logical_and.reduceat(clear, begin) & one_way & (crossings == 2)  # noqa: PLR2004
    return stars


def _supports(x: Floats, y: Floats, begins: Indices) -> Singles:
    """Give how far runs of places go from the middle in each direction, shape (n, directions)."""
    supports = np.empty((len(begins), _DIRECTIONS), dtype=np.float32)
    half = _DIRECTIONS // 2
    for k in range(half):
        far = x * np.cos(k * _STEP) + y * np.sin(k * _STEP)
        supports[:, k] = np.maximum.reduceat(far, begins)
        supports[:, k + half] = -np.minimum.reduceat(far, begins)
    return supports
