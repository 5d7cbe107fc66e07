"""GeoJSON (RFC 7946) whose properties say how high and when, in and out."""

from sim.formats.geojson.reading import zones
from sim.formats.geojson.writing import write

__all__ = ["write", "zones"]
