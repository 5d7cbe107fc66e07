"""What is written is read back as the same airspace: every format, wherever on Earth.

Borders, altitudes and times are the same within 1 cm, 1 cm and 1 s, or as near as a format
is itself, which its row of the table says with the clause.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.errors import FormatError, GeometryError
from sim.formats import ed318, f3548, geojson, notam, openair
from sim.formats.records import Zone
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.footprint import Circle, Corridor, Edges, Footprint, Grown, Polygon
from sim.geometry.relations import uncovered_area_km2
from sim.geometry.volume import Volume
from sim.units import METRES_PER_FOOT, Position
from tests.formats.closeness import apart_m, assert_level
from tests.strategies import footprints

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.formats.records import Problem

    Read = Callable[[str], list[Zone | Problem]]

NEW_YEAR = 1_735_689_600.0  # 2025-01-01T00:00Z
CM = 0.01
SEEN_M = 0.001  # to which a border is measured
SFC, UNL = Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf)
FL, MSL, AGL, W84 = Reference.FL, Reference.MSL, Reference.AGL, Reference.W84


class Row(NamedTuple):
    """A format, and how near it is to what it says.

    Parameters
    ----------
    references
        That its altitudes may have.
    drawn_m
        How far outlines of what it has no word for leave the border.
    seconds
        Of its times.
    refused
        What the writer may say of a footprint that the format cannot hold.
    """

    name: str
    write: Callable[[Zone], str]
    read: Read
    references: tuple[Reference, ...]
    drawn_m: float = CM
    seconds: float = 1e-3
    is_bounded: bool = False  # whether it needs a beginning
    refused: tuple[str, ...] = ()


ROWS = (
    Row(
        "f3548",
        lambda zone: f3548.write([zone]),
        f3548.zones,
        (W84,),  # Altitude.reference has one value
        refused=("F3548 has no holes and no polygons of several parts",),  # outline_polygon
    ),
    Row(
        "ed318",
        lambda zone: ed318.write([zone]),
        ed318.zones,
        (AGL, MSL, W84),  # VerticalReferenceType
        refused=("a hole goes round a pole",),
    ),
    Row(
        "geojson",
        lambda zone: geojson.write([zone]),
        geojson.zones,
        (AGL, MSL, W84, FL),
        refused=("a hole goes round a pole",),  # 3.1.6: inside a ring
    ),
    Row(
        "geojson, exactly",
        lambda zone: geojson.write([zone], exact=True),
        geojson.zones,
        (AGL, MSL, W84, FL),
    ),
    Row(
        "openair",
        lambda zone: openair.write([zone]),
        openair.zones,
        (AGL, MSL, FL),
        # Positions of OpenAir are whole seconds, 31 m (version 1, DP; version 2 adds
        # decimals): what has no word in it is followed within 1 m.
        drawn_m=1.0 + CM,
    ),
    Row(
        "notam",
        lambda zone: notam.draft(zone, fir="EDGG"),
        notam.zones,
        (AGL, MSL, FL),
        # Positions of NOTAMs are whole seconds at best (Doc 8126, 6.3.13; Annex 15, table of
        # data quality), and times whole minutes (Doc 8126, items B and C): windows of the law
        # are such, and outlines within 1 m.
        drawn_m=1.0 + CM,
        is_bounded=True,  # item B)
        refused=("a NOTAM has no words for",),
    ),
)
EVERY = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
QUICK = [Phase.explicit, Phase.generate]  # to shrink what fails takes minutes
sizes = st.floats(2.3, 5.3).map(lambda exponent: float(10**exponent))  # 200 m to 200 km


def heights(reference: Reference) -> st.SearchStrategy[Limit]:
    if reference is FL:
        return st.integers(1, 600).map(lambda level: Limit(FL, level * 100 * METRES_PER_FOOT))
    return st.floats(1.0, 20_000.0).map(lambda metres: Limit(reference, metres))


@st.composite
def bands(draw: Any, references: tuple[Reference, ...]) -> Band:
    """Two limits of any of some references, or none below or above."""
    low, high = (draw(heights(draw(st.sampled_from(references)))) for _ in range(2))
    low, high = sorted((low, high), key=lambda limit: limit.metres)
    high = Limit(high.reference, high.metres + 10 * 100 * METRES_PER_FOOT)
    band: Band = draw(
        st.sampled_from([Band(low, high), Band(SFC, high), Band(low, UNL), Band(SFC, UNL)])
    )
    return band


minutes = st.integers(0, 1_000_000)
spans = st.tuples(minutes, st.integers(1, 100_000)).map(
    lambda pair: (NEW_YEAR + 60 * pair[0], NEW_YEAR + 60 * (pair[0] + pair[1]))
)
open_spans = st.sampled_from([(-inf, inf), (-inf, NEW_YEAR), (NEW_YEAR, inf)])


def assert_covers(footprint: Footprint, found: list[Footprint], row: Row) -> None:
    """Check that some footprints together are one, to what a format says."""
    is_drawn = isinstance(footprint, Grown) or bool(getattr(footprint, "holes", ()))
    metres = row.drawn_m if is_drawn else CM
    if len(found) == 1:
        assert apart_m(footprint, found[0]) <= metres + SEEN_M
    border_km = float(footprint.region.border.distance.sum()) / 1000.0
    limit = border_km * metres / 1000.0 + 1e-6
    assert uncovered_area_km2(footprint, found) <= limit
    assert sum(uncovered_area_km2(one, [footprint]) for one in found) <= limit


@EVERY
@settings(max_examples=12, deadline=None, phases=QUICK)
@given(data=st.data(), footprint=sizes.flatmap(lambda size: footprints(size=size)))
def test_a_zone(row: Row, data: Any, footprint: Footprint) -> None:
    band = data.draw(bands(row.references))
    window = data.draw(spans if row.is_bounded else st.one_of(spans, open_spans))
    assert_kept(row, footprint, band, window)


# What Hypothesis may not think of, by what is odd about it.
ODD = {
    "a long side along a parallel": Polygon(
        (Position(10, 60), Position(25, 60), Position(25, 61), Position(10, 61)), (), Edges.PARALLEL
    ),
    "a side straight in degrees": Polygon(
        (Position(10, 50), Position(14, 51), Position(11, 53)), (), Edges.STRAIGHT
    ),
    "a long geodesic": Polygon((Position(-10, 55), Position(10, 55), Position(0, 57))),
    "a polygon over the antimeridian": Polygon(
        (Position(179, 10), Position(-179, 10.5), Position(-179.5, 12), Position(179.2, 12))
    ),
    "a hole over the antimeridian": Polygon(
        (Position(178, -10), Position(-178, -10), Position(-178, -8), Position(178, -8)),
        ((Position(179.5, -9.5), Position(180, -8.5), Position(-179.5, -9.5)),),
    ),
    "a polygon round a pole": Polygon(tuple(Position(lon, 88.5) for lon in range(-170, 190, 60))),
    "a polygon beside a pole": Polygon((Position(0, 89), Position(60, 89.9), Position(120, 89))),
    "a circle round a pole": Circle(Position(0, -90), 100_000.0),
    "a circle over the antimeridian": Circle(Position(179.9995, 60), 46_000.0),
    "a corridor over the antimeridian": Corridor(
        (Position(179, 45), Position(-179, 46), Position(-178, 44)), 9_260.0
    ),
    "a corridor along a parallel": Corridor(
        (Position(5, 70), Position(7, 70)), 8e3, Edges.PARALLEL
    ),
    "a grown polygon": Polygon((Position(7, 46), Position(8, 46), Position(7.5, 47))).buffer(
        5_000.0
    ),
    "a grown polygon with a hole": Polygon(
        (Position(7, 46), Position(8, 46), Position(8, 47), Position(7, 47)),
        ((Position(7.3, 46.3), Position(7.7, 46.3), Position(7.5, 46.7)),),
    ).buffer(2_000.0),
}


@EVERY
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_footprint(row: Row, odd: str) -> None:
    band = Band(SFC, Limit(row.references[0], 3048.0))
    assert_kept(row, ODD[odd], band, (NEW_YEAR, NEW_YEAR + 5400.0))


def assert_kept(row: Row, footprint: Footprint, band: Band, window: tuple[float, float]) -> None:
    """Check that a zone is read back as it was written, or refused for what a format lacks."""
    zone = Zone("A1", "Range", (Volume(footprint, band, window),), "R")
    try:
        text = row.write(zone)
    except (GeometryError, FormatError) as error:
        if not any(why in str(error) for why in row.refused):
            raise
        return
    found = row.read(text)
    volumes = [volume for one in found if isinstance(one, Zone) for volume in one.volumes]
    assert len([one for one in found if isinstance(one, Zone)]) == len(found), found
    assert volumes
    for volume in volumes:
        assert volume.window == pytest.approx(window, abs=row.seconds)
        assert_level(band.lower, volume.band.lower, CM)
        assert_level(band.upper, volume.band.upper, CM)
    assert_covers(footprint, [volume.footprint for volume in volumes], row)
