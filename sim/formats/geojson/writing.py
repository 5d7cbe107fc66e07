"""Zones to GeoJSON (RFC 7946), for others to draw or for keepout to read back exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.errors import GeometryError
from sim.formats.geojson.reading import PROPERTIES
from sim.formats.listing import collection
from sim.formats.lonlat import rings_of
from sim.geometry.altitude import Band, Reference
from sim.geometry.footprint import Circle, Corridor, Grown, Polygon
from sim.units import show_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.formats.records import Zone
    from sim.geometry.footprint import Footprint
    from sim.geometry.volume import Volume
    from sim.units import Position


def write(zones: Iterable[Zone], *, exact: bool = False) -> str:
    """Write zones as a FeatureCollection that `sim.formats.geojson.zones` reads by its defaults.

    The polygons of a zone that share altitudes and a window are one feature, and so
    is every circle: a point with a ``radius`` in metres. Polygons wind
    counter-clockwise and are cut at the antimeridian (RFC 7946, 3.1.6 and 3.1.9);
    sides become straight in longitude and latitude within 3 mm (or 5e-9 of their
    length), and arcs of corridors and grown polygons are followed within 1 cm.
    Altitudes are metres, each with its reference; SFC below and UNL above are
    null. Times are rounded to milliseconds.

    Parameters
    ----------
    zones
        Of their ``attributes`` those are left out whose names say something else here.
    exact
        Write what is read back as the same volumes, times to the microsecond. Each
        volume is a feature, of which the second of a zone is read as another zone,
        ``id#2``. A property ``edges`` says what runs between two positions, so that
        who only knows the standard sees sides that are up to hundreds of metres off;
        a corridor is a line with a ``width``, and a grown polygon has a property
        ``grown``, both in metres. Nothing is cut at the antimeridian.

    Raises
    ------
    GeometryError
        If a footprint goes round a pole and leaves it out, and it is not to be exact.
    """
    gathered = _one_by_one if exact else _grouped
    return collection(
        {
            "type": "Feature",
            "geometry": geometry,
            "properties": _properties(zone, band, window) | more,
        }
        for zone in zones
        for geometry, more, band, window in gathered(zone.volumes)
    )


_Feature = tuple[dict[str, Any], dict[str, Any], Band, tuple[float, float]]


def _grouped(volumes: Iterable[Volume]) -> list[_Feature]:
    """Give what each feature has; polygons with the same altitudes and window share one."""
    features: list[_Feature] = []
    parts: dict[tuple[Band, tuple[float, float]], list[Any]] = {}
    for volume in volumes:
        footprint, band, window = volume.footprint, volume.band, volume.window
        if isinstance(footprint, Circle):
            features.append((*_point(footprint), band, window))
            continue
        if (band, window) not in parts:
            rings: list[Any] = []
            parts[band, window] = rings
            features.append(({"coordinates": rings}, {}, band, window))
        parts[band, window] += rings_of(footprint)
    return [(_typed(geometry), *rest) for geometry, *rest in features]  # type: ignore[misc]


def _typed(geometry: dict[str, Any]) -> dict[str, Any]:
    if "type" in geometry:
        return geometry
    rings = geometry["coordinates"]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}


def _one_by_one(volumes: Iterable[Volume]) -> list[_Feature]:
    """Give each volume as a feature that says all of it."""
    features: list[_Feature] = []
    for volume in volumes:
        geometry, more = _as_it_stands(volume.footprint)
        start, end = volume.window
        more |= {"start": _instant(start), "end": _instant(end)}
        if volume.band.upper.reference is Reference.SFC:
            more |= {"upper": "SFC"}  # as a number it would be above ground level
        features.append((geometry, more, volume.band, volume.window))
    return features


def _as_it_stands(footprint: Footprint) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a geometry of a footprint's own positions, and the properties that go with it."""
    if isinstance(footprint, Circle):
        return _point(footprint)
    if isinstance(footprint, Corridor):
        line = {"type": "LineString", "coordinates": _pairs(footprint.route)}
        return line, {"width": footprint.width_m, "edges": str(footprint.edges)}
    if isinstance(footprint, Grown):
        geometry, more = _as_it_stands(footprint.core)
        return geometry, {**more, "grown": footprint.metres}
    if isinstance(footprint, Polygon):
        rings = [_pairs((*ring, ring[0])) for ring in (footprint.exterior, *footprint.holes)]
        return {"type": "Polygon", "coordinates": rings}, {"edges": str(footprint.edges)}
    raise GeometryError(f"GeoJSON has no geometry for a {type(footprint).__name__}")


def _point(circle: Circle) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"type": "Point", "coordinates": [*circle.center]}, {"radius": circle.radius_m}


def _pairs(positions: Iterable[Position]) -> list[list[float]]:
    return [[*at] for at in positions]


def _instant(unix: float) -> str | None:
    """Give an instant to the microsecond; None where there is none."""
    if not isfinite(unix):
        return None
    show_instant(unix)  # refuses what is no date
    moment = datetime.fromtimestamp(0.0, UTC) + timedelta(seconds=unix)
    return moment.isoformat().replace("+00:00", "Z")


def _properties(zone: Zone, band: Band, window: tuple[float, float]) -> dict[str, Any]:
    start, end = (show_instant(unix) if isfinite(unix) else None for unix in window)
    lower, upper = band.lower, band.upper
    has_floor, has_lid = lower.reference is not Reference.SFC, upper.reference is not Reference.UNL
    return {
        **{name: text for name, text in zone.attributes.items() if name not in PROPERTIES},
        "id": zone.id,
        "name": zone.name,
        "kind": zone.kind,
        "lower": lower.metres if has_floor else None,
        "lower_reference": str(lower.reference) if has_floor else None,
        "upper": upper.metres if has_lid else None,
        "upper_reference": str(upper.reference) if has_lid else None,
        "units": "m",
        "start": start,
        "end": end,
    }
