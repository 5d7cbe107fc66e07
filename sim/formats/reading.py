"""Reading a file of whichever format: what it is, is told by its content."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import FormatError, did_you_mean
from sim.formats import ed269, ed318, f3548, geojson, notam, openair, tracks
from sim.formats.contents import LARGEST_BYTES, content_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from sim.formats.records import Problem, Zone
    from sim.formats.tracks import FlownTrack

    Found = list[Zone | FlownTrack | Problem]
Window = tuple[float, float]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LOOKED_AT = 200_000  # bytes in which a format that is no JSON shows itself
_NOTAM = re.compile(r"^\s*\(?[A-Z]\d{1,4}/\d{2}\b|^\s*\(?Q\)|\bNOTAM[NRC]\b", re.MULTILINE)
_OPENAIR = re.compile(r"^\s*(?:AC|AY|AN|AL|AH|DP|DC|V)\s+\S", re.MULTILINE)
_JSON_SIGNS = (  # of which the first found decides
    ("geojson", ('"lower_reference"',)),  # as keepout writes it, whatever its source's words
    ("f3548", ('"outline_polygon"', '"outline_circle"')),
    ("ed269", ('"horizontalProjection"', '"uomDimensions"')),
    ("ed318", ('"zoneAuthority"', '"limitedApplicability"', '"lowerReference"')),
    ("geojson", ('"FeatureCollection"', '"Feature"', '"Polygon"', '"MultiPolygon"')),
    ("tracks", ('"icao24"', '"timestamp"', '"hex"', '"states"', '"aircraft"')),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file was taken for, one of :data:`FORMATS`, and what was found in it.

    Problems stand among what was found, in the order of the file.
    """

    format: str
    found: Found


def read(
    source: bytes | str | PathLike[str],
    *,
    form: str | None = None,
    between: Window | None = None,
    error_m: float = 0.0,
    gap_s: float = tracks.GAP_S,
) -> Reading:
    """Read zones or tracks from a file.

    Parameters
    ----------
    source
        The path of the file, or what it holds.
    form
        One of :data:`FORMATS`; without it, what the content looks like.
    between
        Unix times; of zones that are active again and again, only what lies
        between them counts.
    error_m, gap_s
        By how much tracks may be thinned, and where they are split; see
        :func:`sim.formats.tracks.read`.

    Raises
    ------
    FormatError
        If the file is of no format that is known, or not what it is said to be.
    InputError
        If it cannot be read, or is too large.
    """
    content = source if isinstance(source, bytes) else content_of(source)
    if len(content) > LARGEST_BYTES:
        raise FormatError(f"a file of {len(content)} bytes: at most {LARGEST_BYTES} are read")
    taken = form or guess(content)
    if taken not in FORMATS:
        raise FormatError(
            f"{taken!r} is no format: expected one of {', '.join(FORMATS)}",
            hint=did_you_mean(taken, FORMATS),
        )
    if taken == "tracks":
        return Reading(taken, [*tracks.read(content, error_m=error_m, gap_s=gap_s)])
    return Reading(taken, [*_READERS[taken](content, between)])


def guess(content: bytes) -> str:
    """Tell what format a file is of.

    Raises
    ------
    FormatError
        If it looks like none.
    """
    if content[:4] == b"PAR1" or content[:2] == b"\x1f\x8b":
        return "tracks"
    encoding = _encoding(content)
    text = content[:LOOKED_AT].decode(encoding, "replace").lstrip()
    if not text:
        raise FormatError("the file is empty")
    if text[:1] in {"{", "["}:
        whole = content.decode(encoding, "replace")  # a long border may stand before the signs
        for name, signs in _JSON_SIGNS:
            if any(sign in whole for sign in signs):
                return name
    elif _NOTAM.search(text):
        return "notam"
    elif _OPENAIR.search(text):
        return "openair"
    elif re.search(r"\blat", text.partition("\n")[0], re.IGNORECASE):
        return "tracks"
    raise FormatError(
        f"this looks like none of {', '.join(FORMATS)}", hint="say which by --from, if it is one"
    )


def _encoding(content: bytes) -> str:
    """Tell by its first bytes how a text is encoded."""
    return "utf-16" if content[:2] in _UTF16 else "utf-8-sig"


def _text(content: bytes) -> str:
    """Decode a text of which only the capital letters of English matter."""
    try:
        return content.decode(_encoding(content))
    except UnicodeDecodeError:
        return content.decode("latin-1")


_READERS: dict[str, Callable[[bytes, Window | None], list[Zone | Problem]]] = {
    "notam": lambda content, between: notam.zones(_text(content), between=between),
    "openair": lambda content, between: openair.zones(content, between=between),
    "ed269": lambda content, between: ed269.zones(content, between=between),
    "ed318": lambda content, between: ed318.zones(content, between=between),
    "f3548": lambda content, _: f3548.zones(content),
    "geojson": lambda content, _: geojson.zones(content),
}
"""Of formats of zones; those of the last two are active once, so that nothing is left out."""
FORMATS = (*_READERS, "tracks")
