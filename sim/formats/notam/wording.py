"""What the words round coordinates say: radii, widths, bearings, and how places are joined."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from sim.formats.notam.places import remains
from sim.units import METRES_PER_FOOT, METRES_PER_NAUTICAL_MILE

_UNITS = {"N": METRES_PER_NAUTICAL_MILE, "K": 1000.0, "M": 1.0, "F": METRES_PER_FOOT}


def _length(mark: str = "") -> str:
    """Give the pattern of a length; marks keep the groups of one pattern apart."""
    return (
        rf"(?P<size{mark}>[0-9]{{1,7}}(?:[.,][0-9]{{1,4}})?|[.,][0-9]{{1,4}})\s{{0,2}}-?"
        rf"(?P<unit{mark}>NM|NAUTICAL MILES?|KMS?|KILOMET(?:RE|ER)S?|M|MET(?:RE|ER)S?|FT)(?![A-Z])"
    )


_LEADING_RADIUS = re.compile(
    rf"(?:\bRADIUS|\bRAD|\bR)\b[\s:=,]{{0,3}}(?:OF|IS)?\s{{0,2}}{_length()}"
    rf"|{_length('2')}[\s-]{{0,2}}(?:IN\s)?RAD(?:IUS)?\b"
    rf"|\b(?:WI|WITHIN|AROUND)\s(?:A\s)?{_length('3')}"
    r"\s(?:OF|FROM|FM|AROUND|ARND)\b",
    re.ASCII,
)
_TRAILING_RADIUS = re.compile(
    r"[\s,;:(.-]{0,6}(?:AND\s)?(?:WITH(?:IN)?\s|WI\s)?(?:AN?\s)?(?:CIRCLE\s)?(?:OF\s|WITH\s)?(?:AN?\s)?"
    rf"(?:RADIUS|RAD|R)\b[\s:=,]{{0,3}}(?:OF|IS)?\s{{0,2}}{_length()}"
    rf"|[\s,;:(.-]{{0,6}}(?:WITH(?:IN)?\s|WI\s)?(?:AN?\s)?"
    rf"{_length('2')}[\s-]{{0,2}}RAD(?:IUS)?\b",
    re.ASCII,
)
_CENTRED = re.compile(r"\b(?:CENT(?:RE|ER)\w{0,3}|CNTR\w{0,3}|CTR)\b", re.ASCII)
_SIDES = re.compile(
    rf"{_length()}\s(?:ON\s)?(?:EITHER|EACH|BOTH)\sSIDES?\b"
    rf"|\b(?:EITHER|EACH|BOTH)\sSIDES?\s(?:BY\s|WITHIN\s)"
    rf"{_length('2')}",
    re.ASCII,
)
_WIDTH = re.compile(
    rf"{_length()}[\s-](?:WIDE|IN WIDTH|WIDTH)\b"
    rf"|\bWIDTH[\s:=]{{0,3}}(?:OF\s)?{_length('2')}",
    re.ASCII,
)
_ONE_SIDED = re.compile(r"\b(?:(?:EITHER|EACH|BOTH)\sSIDES?|(?:LEFT|RIGHT)\s(?:SIDE\s)?OF)\b")
_BESIDE_A_LINE = re.compile(
    r"\b(?:[NS][EW]?|[EW]|(?:NORTH|SOUTH|EAST|WEST)[\s-]?(?:EAST|WEST)?(?:ERN)?)"
    r"\s(?:SIDE\s)?OF\s(?:A\s|THE\s)?LINE\b[A-Z\s:,]{0,40}\Z"
)
_ROUTE = re.compile(
    r"\b(?:VIA|ROUTES?|ROUTING|RTES?|RE-?ROUT\w{1,4}|TRACKS?|AWY|AIRWAYS?)\b[^.]{0,40}\Z"
)
_AHEAD = re.compile(r"\s(?:OF|ALONG|LINE|JOINING|CENT|ON)")
_NEXT = re.compile(r"\b(?:AREAS?|RADIUS|CIRCLES?|CORRIDOR)\b|\n\s{0,4}[0-9]{1,2}[.)]")
_SHAPES = re.compile(r"\b(?:AREAS?|BOUNDED|POLYGON|LINES?|JOINING|CORRIDOR|SIDES?|ARC)\b")
_BEARINGS = re.compile(
    r"\b(?P<first>[0-9]{1,3})\s?(?:°|DEG\w{0,4})?\s?(?P<mark>TRUE|MAG\w{0,5}|T|M)?[\s(),]{0,2}"
    r"(?:-|/|TO|AND|CLOCKWISE TO|CW TO)\s{0,2}(?:(?:RADIAL|RDL|BEARING|BRG|QDR)\s{0,2})?"
    r"(?P<last>[0-9]{1,3})\b"
    r"(?:\s?(?:°|DEG\w{0,4}))?[\s(]{0,2}(?P<mark2>TRUE|MAG\w{0,5}|T|M)?\b",
    re.ASCII,
)
_DEGREES = re.compile(r"°|\bDEG|TRUE|MAG")
_SECTOR = re.compile(r"\b(?:SECTOR|SEGMENT|RADIALS?|RDL|BEARINGS?|BRG|QDR|AZIMUTHS?|AZM)\b")
_MAGNETIC = re.compile(r"\b(?:RADIALS?|RDL|QDR)\b")
_TAKEN_OUT = re.compile(
    r"\b(?:EXCLUDING|EXCLUDED|EXCL|EXCEPT|EXC)\b[^.]{0,60}"
    r"\b(?:AREAS?|AIRSPACE|ATZ|CTA|CTR|CLASS|FIR|PARTS?|PORTIONS?|TERRITORY|TMA|TRA|TSA|ZONES?)\b"
)
_ARC_OF = re.compile(r"\bARC\b[A-Z\s]{0,20}\Z")
_LEVEL = r"(?:FL\s?[0-9]{2,3}|[0-9]{3,5}\s?(?:FT|M)(?:\s?(?:AMSL|MSL|AGL))?)"
_BAND = re.compile(rf"\b(?:SFC|GND|{_LEVEL})\s?(?:-|/|TO)\s?(?:UNL|{_LEVEL})\b", re.ASCII)
_EXCEPTING = re.compile(r"\b(?:EXCLUDING|EXCLUDED|EXCL|EXCEPT|EXC)\b")
_CLOCKWISE = re.compile(r"\b(?:CLOCKWISE|CLOCK-?WISE|CW)\b")
_COUNTER = re.compile(r"\b(?:ANTI[\s-]?CLOCK-?WISE|COUNTER[\s-]?CLOCK-?WISE|ANTI-?CW|CCW|ACW)\b")
_ARC = re.compile(r"\b(?:ARC|ARCS|CURVE)\b")
_WORDY = re.compile(
    r"\b(?:BORDERS?|BORDERLINE|BOUNDAR\w{1,3}|COAST\w{0,6}|RIVER|FRONTIER|ALONG|FOLLOWING"
    r"|PARALLEL|MERIDIAN|SHORE\w{0,4})\b"
)
_ANEW = re.compile(r"\b(?:AREAS?|RADIUS|CIRCLES?|CORRIDOR|SECTOR)\b")
_BACK = re.compile(r"\b(?:ORIGIN|BEGINNING|START\w{0,4}|FIRST|COMMENCEMENT)\b")
_WORD = re.compile(r"[A-Z0-9°]+")
_JOINING = frozenset(
    {
        "TO",
        "THEN",
        "THENCE",
        "AND",
        "POINT",
        "PSN",
        "POSITION",
        "STRAIGHT",
        "LINE",
        "LINES",
        "JOINING",
        "A",
        "BY",
        "FROM",
        "FM",
        "VIA",
        "UNTIL",
        "END",
    }
)
_ENUMERATED = re.compile(r"[\s,;.:()-]{0,12}(?:[0-9]{1,2}|[A-Z])[\s.):]{1,4}")
_BLANK_LINE = re.compile(r"\n[ \t]{0,40}\n")
_LONGEST_LINK = 400
_CIRCLE_REACH = 120
_FULL = 360


class Link(Enum):
    """How one place is joined to the next."""

    CHAIN = auto()
    ARC = auto()
    NUMBERED = auto()  # the next is another vertex, or begins another area
    WORDY = auto()  # along something that only words describe
    BREAK = auto()


class Said(NamedTuple):
    """A length in metres, and where the words that say it end."""

    metres: float
    end: int


class Bearings(NamedTuple):
    """From a bearing clockwise to another."""

    first: float
    last: float
    is_magnetic: bool


def link_between(text: str) -> Link:
    """Tell from the text between two places how they are joined."""
    if len(text) > _LONGEST_LINK or _BLANK_LINE.search(text):
        return Link.WORDY if remains(text) else Link.BREAK
    if is_arc(text):
        return Link.ARC
    if remains(text) or (_WORDY.search(text) and not _ANEW.search(text)):
        return Link.WORDY
    if _ENUMERATED.fullmatch(text):
        return Link.NUMBERED
    if all(word in _JOINING for word in _WORD.findall(text)):
        return Link.CHAIN
    return Link.BREAK


def is_arc(text: str) -> bool:
    """Tell whether a text speaks of an arc."""
    return bool(_ARC.search(text) or _CLOCKWISE.search(text))


def names_centre(text: str) -> bool:
    """Tell whether a text says that a centre comes."""
    return bool(_CENTRED.search(text))


def leads_back_in_words(text: str) -> bool:
    """Tell whether a text after the last place goes along something back to the first."""
    lead = text[:_CIRCLE_REACH]
    return bool(_WORDY.search(lead) and _BACK.search(lead)) and not is_arc(lead)


def turns_clockwise(text: str) -> bool | None:
    """Tell which way round an arc goes; None if a text does not say."""
    if _COUNTER.search(text):
        return False
    return True if _CLOCKWISE.search(text) else None


def any_radius(text: str) -> float | None:
    """Give the radius that a text names, in metres."""
    found = _LEADING_RADIUS.search(text)
    return _said(found).metres if found else None


def radius_before(text: str) -> Said | None:
    """Give the radius that the words before a place say it is the centre of."""
    found = list(_LEADING_RADIUS.finditer(text[-_CIRCLE_REACH:]))
    if not found or _SHAPES.search(found[-1].string, found[-1].end()):
        return None
    return _said(found[-1])


def radius_after(text: str) -> Said | None:
    """Give the radius that the words after a place give to it."""
    found = _TRAILING_RADIUS.match(text)
    if not found or _CENTRED.match(text[found.end() :].lstrip(" ,(")):
        return None
    return _said(found)


def width_near(before: str, after: str) -> Said | None:
    """Give the full width that the words round a line say."""
    for text, is_after in ((before[-_CIRCLE_REACH:], False), (after[:_CIRCLE_REACH], True)):
        for pattern, times in ((_SIDES, 2.0), (_WIDTH, 1.0)):
            found = pattern.search(text)
            if found and not (is_after and _AHEAD.match(text, found.end())):
                said = _said(found)
                return Said(times * said.metres, said.end if is_after else 0)
    return None


def bearings(text: str, lead: str = "") -> Bearings | None:
    """Give the bearings between which a sector lies, if a text names one.

    Where only the words of ``lead`` before it do so, they are to be in degrees.
    """
    speaks_of_it = bool(_SECTOR.search(text))
    if not speaks_of_it and not _SECTOR.search(lead):
        return None
    for found in _BEARINGS.finditer(text):
        if not speaks_of_it and not _DEGREES.search(found[0]):
            continue
        first, last = int(found["first"]), int(found["last"])
        if max(first, last) <= _FULL and first != last:
            marks = (found["mark"] or "", found["mark2"] or "")
            is_true = any(mark.startswith("T") for mark in marks)
            is_magnetic = any(mark.startswith("M") for mark in marks) or bool(
                _MAGNETIC.search(text)
            )
            return Bearings(first, last, is_magnetic and not is_true)
    return None


def speaks_of_sides(text: str) -> bool:
    """Tell whether the words before a line say that an area lies beside it."""
    return bool(_ONE_SIDED.search(text[-_CIRCLE_REACH:]))


def speaks_of_a_line(text: str) -> bool:
    """Tell whether the words before places make them a line, or a route, and no area."""
    lead = text[-_CIRCLE_REACH:]
    if _BESIDE_A_LINE.search(lead):
        return True
    found = _ROUTE.search(lead)
    return bool(found and not _SHAPES.search(lead, found.start()))


def up_to_next(text: str) -> str:
    """Give of the text after a shape what comes before the next is spoken of."""
    return _NEXT.split(text, maxsplit=1)[0]


def bands(text: str) -> set[str]:
    """Give the limits of altitude that a text speaks of, such as SFC-FL050, without blanks."""
    return {"".join(found[0].split()) for found in _BAND.finditer(text)}


def takes_out(text: str) -> bool:
    """Tell whether the words after a shape take something out of it that they only name."""
    return bool(_TAKEN_OUT.search(text[:_CIRCLE_REACH]))


def is_radius_of_arc(text: str) -> bool:
    """Tell whether the radius before a place is that of an arc, and not of a circle."""
    lead = text[-_CIRCLE_REACH:]
    found = list(_LEADING_RADIUS.finditer(lead))
    return bool(found and _ARC_OF.search(lead, 0, found[-1].start()))


def is_exception(text: str) -> bool:
    """Tell whether the words before a shape take it out of another."""
    return bool(_EXCEPTING.search(text[-60:]))


def _said(found: re.Match[str]) -> Said:
    groups = found.groupdict()
    size, unit = next(
        (groups[f"size{n}"], groups[f"unit{n}"]) for n in ("", "2", "3") if groups.get(f"size{n}")
    )
    metres = float(size.replace(",", ".")) * _UNITS["F" if unit == "FT" else unit[0]]
    return Said(metres, found.end())
