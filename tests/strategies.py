"""Hypothesis strategies for what a scenario is made of: quantities, distributions, airspace."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from pyproj import Geod

from sim.distributions import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    LogNormal,
    Mixture,
    Normal,
    Triangular,
    Uniform,
    Weibull,
)
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.footprint import Circle, Corridor, Edges, Footprint, Grown, Polygon
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

uniforms = st.floats(1e-9, 1.0 - 1e-9)
values = st.floats(-1e6, 1e6)
sizes = st.floats(1e-2, 1e6)
positions = st.builds(Position, st.floats(-180.0, 180.0), st.floats(-90.0, 90.0))
unix_times = st.floats(-2.2e9, 7.2e9)  # 1900 to 2198

_rising = st.lists(values, min_size=3, max_size=3, unique=True).map(sorted)
_quantiles = st.lists(
    st.tuples(st.floats(0.0, 1.0), values), min_size=1, max_size=6, unique_by=lambda pair: pair[0]
).map(
    lambda pairs: tuple(zip(sorted(p for p, _ in pairs), sorted(v for _, v in pairs), strict=True))
)


def _clipped(draw: Callable[[Any], Any]) -> dict[str, float]:
    low, high = sorted((draw(values), draw(values)))
    return draw(st.sampled_from([{}, {"min": low}, {"max": high}, {"min": low, "max": high}]))  # type: ignore[no-any-return]


@st.composite
def simple_distributions(draw: Callable[[Any], Any]) -> Distribution:
    """Any distribution but a mixture, plain or clipped."""
    low, middle, high = draw(_rising)
    size = draw(sizes)
    clip = _clipped(draw)
    made: Distribution = draw(
        st.sampled_from(
            [
                lambda: Fixed(low),
                lambda: Uniform(low, high),
                lambda: Triangular(low, middle, high),
                lambda: Normal(low, size, **clip),
                lambda: LogNormal(size, size * draw(st.floats(1.01, 1e3)), **clip),
                lambda: Exponential(size, **clip),
                lambda: Gamma(size, size * draw(st.floats(0.01, 10.0)), **clip),
                lambda: Weibull(size, draw(st.floats(0.1, 10.0)), **clip),
                lambda: Empirical((high, low, middle), (), **clip),
                lambda: Empirical((), draw(_quantiles), **clip),
            ]
        )
    )()
    return made


distributions = st.one_of(
    simple_distributions(),
    st.builds(
        Mixture,
        st.lists(
            st.tuples(st.floats(0.01, 100.0), simple_distributions()), min_size=1, max_size=4
        ).map(tuple),
    ),
)


# What follows makes pieces of airspace all over the globe, the poles and the antimeridian
# favoured, and degenerate ones on purpose.

FOOTPRINT_KINDS = ("circle", "ring", "ring", "corridor", "box", "grown")
ANY_ALTITUDE = Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf))
_GEOD = Geod(ellps="WGS84")
_SPECIAL = [(180.0, 0.0), (179.9995, 12.0), (-180.0, -75.0), (0.0, 90.0), (77.0, -90.0)]
_SPECIAL += [(-30.0, 89.9), (120.0, -89.5), (0.0, 0.0), (36.7, 36.3)]
anchors = st.one_of(
    st.sampled_from(_SPECIAL), st.tuples(st.floats(-180.0, 180.0), st.floats(-89.0, 89.0))
)
footprint_sizes = st.one_of(
    st.floats(2.3, 5.5).map(lambda exponent: float(10**exponent)),
    st.sampled_from([1_200_000.0, 3_500_000.0]),
)
windows = st.sampled_from(
    [(-inf, inf), (-inf, 100.0), (100.0, inf), (0.0, 100.0), (100.0, 200.0), (50.0, 150.0)]
)
bands = st.sampled_from(
    [ANY_ALTITUDE]
    + [
        Band(Limit(Reference.MSL, low), Limit(Reference.MSL, high))
        for low, high in [(0.0, 1000.0), (1000.0, 2000.0), (500.0, 1500.0)]
    ]
    + [Band(Limit(Reference.SFC, 0.0), Limit(Reference.MSL, 1000.0))]
    + [Band(Limit(Reference.MSL, 1000.0), Limit(Reference.UNL, inf))]
)


def placed(centre: tuple[float, float], spots: Iterable[tuple[float, float]]) -> list[Position]:
    """Give places at bearings and distances from a centre."""
    return [Position(*_GEOD.fwd(*centre, bearing, metres)[:2]) for bearing, metres in spots]


@st.composite
def _rings(draw: Callable[[Any], Any], centre: tuple[float, float], size: float) -> Polygon:
    """A star or a convex ring, perhaps holed, in either direction, with repeats or closed."""
    count = draw(st.integers(3, 9))
    turn = draw(st.floats(0.0, 360.0))
    lengths = draw(st.lists(st.floats(0.3, 1.0), min_size=count, max_size=count))
    places = placed(
        centre, [(turn + 360.0 * k / count, size * share) for k, share in enumerate(lengths)]
    )
    if draw(st.booleans()):
        places = places[::-1]
    if draw(st.booleans()):
        places = [places[0], *places, places[-1], places[0]]
    holes: list[tuple[Position, ...]] = []
    # even three spikes of 0.3 hold a circle of 0.14 about their centre
    if draw(st.booleans()):
        inner = [(turn + 90.0 * k, size * 0.12) for k in range(draw(st.integers(3, 4)))]
        holes = [tuple(placed(centre, inner))]
    return Polygon(tuple(places), tuple(holes))


@st.composite
def _boxes(draw: Callable[[Any], Any], centre: tuple[float, float], size: float) -> Footprint:
    """Edges along parallels, or straight in degrees: within 70 degrees of the equator."""
    lon, lat = centre
    lat = max(-60.0, min(60.0, lat))
    high = min(size, 300_000.0) / 111_000.0
    wide = high * draw(st.floats(0.5, 2.0))
    slant = draw(st.sampled_from([0.0, 0.3])) * high
    corners = [(-wide, -high), (wide, slant - high), (wide, high), (-wide, high)]
    style = draw(st.sampled_from([Edges.PARALLEL, Edges.STRAIGHT]))
    return Polygon(tuple(Position(lon + x, lat + y) for x, y in corners), (), style)


@st.composite
def footprints(
    draw: Callable[[Any], Any],
    centre: tuple[float, float] | None = None,
    size: float | None = None,
    kinds: Sequence[str] = FOOTPRINT_KINDS,
) -> Footprint:
    """Circles, polygons, holed or not, corridors, and what grew from polygons."""
    centre = draw(anchors) if centre is None else centre
    size = draw(footprint_sizes) if size is None else size
    kind = draw(st.sampled_from(kinds))
    if kind == "circle":
        return Circle(Position(*centre), size)
    if kind == "ring":
        return draw(_rings(centre, size))  # type: ignore[no-any-return]
    if kind == "box":
        return draw(_boxes(centre, size))  # type: ignore[no-any-return]
    if kind == "grown":
        ring = draw(_rings(centre, min(size, 1e6)))
        return ring.buffer(min(size, 1e5) * draw(st.floats(0.05, 1.0)))  # type: ignore[no-any-return]
    bearings = draw(st.lists(st.integers(0, 359), min_size=2, max_size=4, unique=True))
    route = placed(centre, [(b, size * draw(st.floats(0.2, 1.0))) for b in bearings])
    return Corridor(tuple(route), min(size, 2e5) * draw(st.floats(0.02, 0.6)))


@st.composite
def neighbours(draw: Callable[[Any], Any], polygon: Polygon) -> Polygon:
    """A triangle on the outer side of an edge of a geodesic polygon."""
    k = draw(st.integers(0, len(polygon.exterior) - 1))
    start, end = polygon.exterior[k - 1], polygon.exterior[k]  # the inside lies to the left
    bearing, _, length = _GEOD.inv(*start, *end)
    reach = min(length, 1e6) * draw(st.floats(0.2, 0.8))
    (tip,) = placed(start, [(bearing + draw(st.floats(25.0, 70.0)), reach)])
    return Polygon((start, tip, end))


@st.composite
def volume_sets(draw: Callable[[Any], Any]) -> tuple[list[Volume], list[int] | None]:
    """2 to 12 volumes about a few places, some equal or sharing edges, and their groups."""
    hubs = draw(st.lists(st.tuples(anchors, footprint_sizes), min_size=1, max_size=3))
    found: list[Footprint] = []
    count = draw(st.integers(2, 12))
    while len(found) < count:
        way = draw(st.sampled_from(["fresh", "fresh", "fresh", "equal", "shared"]))
        polygons = [f for f in found if isinstance(f, Polygon) and f.edges is Edges.GEODESIC]
        if way == "equal" and found:
            found.append(draw(st.sampled_from(found)))
        elif way == "shared" and polygons:
            found.append(draw(neighbours(draw(st.sampled_from(polygons)))))
        else:
            hub, size = draw(st.sampled_from(hubs))
            size *= draw(st.floats(0.2, 1.0))
            (centre,) = placed(hub, [(draw(st.floats(0.0, 360.0)), size * draw(st.floats(0, 3.0)))])
            found.append(draw(footprints(centre, size)))
    volumes = [Volume(f, draw(bands), draw(windows)) for f in found]
    groups = draw(st.none() | st.lists(st.integers(0, 3), min_size=count, max_size=count))
    return volumes, groups


@st.composite
def tracks_about(draw: Callable[[Any], Any], footprint: Footprint) -> Track:
    """1 to 30 legs about a footprint: hovers, jumps, along borders, through vertices."""
    centre, size = footprint.cap.centre, footprint.cap.radius_m
    corners = list(_corners(footprint))
    spots = st.tuples(st.floats(0.0, 360.0), st.floats(0.0, 1.8).map(lambda s: s * size)).map(
        lambda spot: placed(centre, [spot])[0]
    )
    speed = draw(st.sampled_from([3.0, 60.0, 220.0, 900.0]))
    route = [draw(st.one_of(spots, st.sampled_from([*corners, centre])))]
    time, altitude = [0.0], [draw(_levels)]
    ends = draw(st.integers(1, 30) if draw(st.booleans()) else st.integers(2, 4))
    while len(route) <= ends:
        step = draw(
            st.sampled_from(["fly", "corner", "edge", "hold", "fly", "jump", "fly", "twice"])
        )
        here, lasts = route[-1], None
        if step == "corner":
            goal = draw(st.sampled_from(corners))
        elif step == "edge" and here in corners:
            goal = corners[(corners.index(here) + 1) % len(corners)]
        elif step in ("hold", "twice"):
            goal, lasts = here, 60.0 if step == "hold" else 0.0
        else:
            goal, lasts = draw(spots), 0.0 if step == "jump" else None
        length = _GEOD.inv(*here, *goal)[2]
        if length > 1.9e7:
            continue
        route.append(goal)
        time.append(time[-1] + (length / speed if lasts is None else lasts))
        altitude.append(altitude[-1] if step == "twice" else draw(_levels))
    lon, lat = zip(*route, strict=True)
    return Track(time, lon, lat, altitude)


_levels = st.sampled_from([0.0, 400.0, 500.0, 800.0, 1000.0, 1200.0, 1500.0, 2500.0])


def _corners(footprint: Footprint) -> Iterable[Position]:
    if isinstance(footprint, Grown):
        return _corners(footprint.core)
    if isinstance(footprint, Polygon):
        return footprint.exterior
    if isinstance(footprint, Corridor):
        return footprint.route
    return placed(footprint.cap.centre, [(a, footprint.cap.radius_m) for a in (0.0, 77.0, 180.0)])
