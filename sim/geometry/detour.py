"""Detours: the shortest way round obstacles that keeps a margin."""

from __future__ import annotations

from functools import lru_cache
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np
import shapely

from sim.errors import GeometryError
from sim.geometry.earth import SPREAD, Arcs, distance_m, inverse, unit_vectors
from sim.geometry.edges import cap_round
from sim.geometry.frames import NEAR_M, PIECE_M, Frame
from sim.geometry.lateral import find_spans
from sim.geometry.track import Track
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.edges import Cap
    from sim.geometry.footprint import Footprint

_LEAST_MARGIN_M = 1.0
_WIDEST_M = 80.0  # polygons are wider than the margin by at most this
_WIDER = 0.005  # and by about so much of an obstacle's size
_LEAST_BEND_M = 0.25
_SKIN_M = 0.05  # ways along the polygons, less this, count as clear of them


def shortest_way(
    start: Position, goal: Position, obstacles: Sequence[Footprint], margin_m: float
) -> list[Position] | None:
    """Find the shortest way from a start to a goal that keeps clear of obstacles.

    The obstacles grown by the margin are taken as polygons up to 80 m wider,
    and the way is sought among the geodesics that are tangent to them
    (a tangent visibility graph, searched by A*).

    Parameters
    ----------
    start, goal
        Where the way begins and ends.
    obstacles
        Footprints to keep clear of.
    margin_m
        By how much; at least 1 m. A start within the margin first leaves it by
        the shortest way.

    Returns
    -------
    list of Position or None
        From start to goal, joined by geodesics. None if either lies inside an
        obstacle, the goal within the margin, or if there is no way.

    Raises
    ------
    GeometryError
        If the margin is negative or not finite, or what has to be gone round
        is not smaller than a hemisphere.

    Examples
    --------
    >>> from sim.geometry.footprint import Circle
    >>> way = shortest_way(Position(36, 34), Position(36, 36), [Circle((36, 35), 20_000)], 5000)
    >>> len(way) > 2, way[0], way[-1]
    (True, Position(lon=36, lat=34), Position(lon=36, lat=36))
    """
    if not (np.isfinite(margin_m) and margin_m >= 0):
        raise GeometryError(f"a margin is at least 0 m, not {margin_m:g} m")
    if not obstacles:
        return [start, goal]
    way = _shortest(start, goal, tuple(obstacles), max(margin_m, _LEAST_MARGIN_M))
    return None if way is None else list(way)


@lru_cache(maxsize=256)  # flights that repeat meet the same again, in one run after another
def _shortest(
    start: Position, goal: Position, obstacles: tuple[Footprint, ...], margin: float
) -> tuple[Position, ...] | None:
    for obstacle in obstacles:
        if obstacle.contains(*start) or _distance_outside(obstacle, goal) < margin:
            return None
    near: list[Footprint] = []
    way: list[Position] | None = [start, goal]
    while way is not None:  # most obstacles are far from every way that is considered
        met = [o for o in obstacles if o not in near and _comes_near(way, o.cap, margin)]
        if not met:
            break
        near += met
        way = _Scene(start, goal, near, margin).way()
    return None if way is None else tuple(way)


def _distance_outside(footprint: Footprint, place: Position) -> float:
    """Distance from a footprint, 0 inside it."""
    return max(0.0, -footprint.depth(*place))


def _comes_near(way: Sequence[Position], cap: Cap, margin: float) -> bool:
    """Tell whether a way may come nearer to a cap than a margin, some more added."""
    vectors = unit_vectors(*np.array(way).T)
    rough = float(Arcs(vectors[:-1], vectors[1:]).distances(cap.vector).min())
    return rough <= (cap.radius_m + margin + _WIDEST_M) * SPREAD


def _bend_m(reach_m: float) -> float:
    """How far an uncut geodesic may leave its chord in a frame of such a reach, rounded up."""
    bend = 0.003 * (reach_m / PIECE_M) ** 2 * (reach_m / NEAR_M)
    return float(2.0 ** np.ceil(np.log2(max(bend, _LEAST_BEND_M))))  # few values, to be kept


@lru_cache(maxsize=256)  # it keeps footprints alive, with all that is derived from them
def _surround(obstacle: Footprint, margin: float) -> shapely.Geometry:
    """Draw, in longitudes and latitudes, a polygon round all that is nearer than a margin."""
    wider = min(_WIDEST_M, max(_LEAST_MARGIN_M, _WIDER * obstacle.cap.radius_m))
    region = obstacle.drawn(margin + wider / 2, wider / 2)
    simple = shapely.simplify(region.shape, wider / 4)
    return shapely.transform(simple, lambda plane: np.stack(region.home.unproject(plane), axis=-1))


def _passes(obstacle: Footprint, start: Position, goal: Position) -> bool:
    """Tell whether the geodesic between two places goes through an obstacle itself."""
    track = Track([0.0, 1.0], [start.lon, goal.lon], [start.lat, goal.lat], [0.0, 0.0])
    all_ = np.arange(len(track.ways.leg))
    return bool(find_spans([obstacle], track.ways, np.zeros_like(all_), all_).deep.any())


class _Scene:
    """Start, goal and grown obstacles in one plane.

    Nodes of the graph are the start (0), the goal (1) and the convex corners of
    what is blocked; the first two stand for the places where start and goal
    leave the polygons, if they lie inside them.
    """

    def __init__(
        self, start: Position, goal: Position, obstacles: Sequence[Footprint], margin: float
    ) -> None:
        self.start, self.goal, self.obstacles = start, goal, obstacles
        reach = max(distance_m(start, o.cap.centre) + o.cap.radius_m for o in obstacles)
        bend = _bend_m(max(reach, distance_m(start, goal)) / 2)
        around = [_surround(obstacle, margin + bend) for obstacle in obstacles]
        places = np.concatenate([[start, goal], *(shapely.get_coordinates(a) for a in around)])
        area = cap_round(places[:, 0], places[:, 1], "the area of a detour")
        self.frame = Frame(area.centre)
        drawn = [shapely.transform(a, lambda p: self.frame.project(*p.T)) for a in around]
        self.walls = shapely.orient_polygons(shapely.union_all(drawn))
        self.blocked = shapely.buffer(self.walls, -_SKIN_M, join_style="mitre")
        shapely.prepare(self.blocked)
        corners, before, after = _corners(self.walls)
        ends = self.frame.project(*np.array([start, goal]).T)
        self.nodes, self.before, self.after = (
            np.concatenate([ends, of_corners]) for of_corners in (corners, before, after)
        )

    def way(self) -> list[Position] | None:
        """Find the way, by A* with the geodesic distance from the goal."""
        exits = [self._step_out(0, self.start), self._step_out(1, self.goal)]
        if None in exits:
            return None
        lon, lat = self.frame.unproject(self.nodes)
        to_goal = inverse(lon, lat, lon[1], lat[1]).distance
        came: dict[int, int] = {}
        flown = np.full(len(self.nodes), np.inf)
        flown[0] = 0.0
        open_ = [(to_goal[0], 0)]
        done: set[int] = set()
        while open_:
            node = heappop(open_)[1]
            if node == 1:
                return self._retraced(came, lon, lat)
            if node in done:
                continue
            done.add(node)
            seen = self._seen_from(node)
            length = flown[node] + inverse(lon[node], lat[node], lon[seen], lat[seen]).distance
            for k in np.flatnonzero(length < flown[seen]).tolist():
                target = int(seen[k])
                flown[target], came[target] = length[k], node
                heappush(open_, (length[k] + to_goal[target], target))
        return None

    def _step_out(self, node: int, place: Position) -> bool | None:
        """Move a node out of the polygons by the shortest way; None if there is none."""
        point = shapely.Point(self.nodes[node])
        if not shapely.intersects(self.blocked, point):
            return False
        rings = shapely.get_rings(shapely.get_parts(self.walls))
        lines = shapely.shortest_line(rings, point)
        outs = shapely.get_coordinates(lines)[::2]
        outs = np.concatenate([outs[np.argsort(shapely.length(lines))], self.nodes[2:]])
        for out in outs:
            lon, lat = self.frame.unproject(out[None])
            there = Position(float(lon[0]), float(lat[0]))
            if not any(_passes(obstacle, place, there) for obstacle in self.obstacles):
                self.nodes[node] = self.before[node] = self.after[node] = out
                return True
        return None

    def _seen_from(self, node: int) -> NDArray[np.intp]:
        """Give the nodes that are in sight, where the line of sight is tangent at both ends."""
        here = self.nodes[node]
        line = self.nodes - here
        tangent = _same_side(line, self.before - here, self.after - here)
        tangent &= _same_side(line, self.before[node] - here, self.after[node] - here)
        tangent[node] = False
        some = np.flatnonzero(tangent)
        sights = np.stack([np.broadcast_to(here, (len(some), 2)), self.nodes[some]], axis=1)
        return some[~shapely.intersects(self.blocked, shapely.linestrings(sights))]

    def _retraced(self, came: dict[int, int], lon: Floats, lat: Floats) -> list[Position]:
        nodes = [1]
        while nodes[-1] != 0:
            nodes.append(came[nodes[-1]])
        inner = [Position(float(lon[n]), float(lat[n])) for n in reversed(nodes)]
        head = [self.start] if distance_m(self.start, inner[0]) > _SKIN_M else []
        tail = [self.goal] if distance_m(self.goal, inner[-1]) > _SKIN_M else []
        first = inner if head else [self.start, *inner[1:]]
        return [*head, *first, *tail] if tail else [*head, *first[:-1], self.goal]


def _same_side(line: Floats, first: Floats, second: Floats) -> NDArray[np.bool_]:
    """Tell whether two places, seen from where lines begin, are not on different sides of them."""
    slack = _SKIN_M * np.hypot(line[:, 0], line[:, 1])
    off, other = (line[:, 0] * p[..., 1] - line[:, 1] * p[..., 0] for p in (first, second))
    same: NDArray[np.bool_] = (off * other >= 0.0) | (np.minimum(abs(off), abs(other)) <= slack)
    return same


def _corners(walls: shapely.Geometry) -> tuple[Floats, Floats, Floats]:
    """Give the convex corners of oriented polygons, and the corners before and after each."""
    found = []
    for ring in shapely.get_rings(shapely.get_parts(walls)):
        place = shapely.get_coordinates(ring)[:-1]
        before, after = np.roll(place, 1, axis=0), np.roll(place, -1, axis=0)
        inward, onward = place - before, after - place
        convex = inward[:, 0] * onward[:, 1] - inward[:, 1] * onward[:, 0] > 0
        found.append(np.stack([place, before, after])[:, convex])
    corners, before, after = np.concatenate(found, axis=1)
    return corners, before, after
