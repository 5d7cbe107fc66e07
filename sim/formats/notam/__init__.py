"""ICAO NOTAM text, in and out, by Annex 15 (appendix 6), Doc 8126 (chapter 6) and OPADD."""

from sim.formats.notam.drafting import MOST_OF_SERIES, draft, issued
from sim.formats.notam.messages import created, itemize, part, split
from sim.formats.notam.reading import parse, parse_many
from sim.formats.notam.record import Notam
from sim.formats.notam.schedule import Schedule
from sim.formats.notam.windows import expand
from sim.formats.notam.zoning import zone, zones

__all__ = [
    "MOST_OF_SERIES",
    "Notam",
    "Schedule",
    "created",
    "draft",
    "expand",
    "issued",
    "itemize",
    "parse",
    "parse_many",
    "part",
    "split",
    "zone",
    "zones",
]
