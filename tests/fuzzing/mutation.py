"""Mutations: one file and a source of chance to another file that nobody would write."""

from __future__ import annotations

import gzip
import io
import json
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

MOST_BYTES = 60_000  # of an input; long ones have tests of their own
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NUMBERS = (
    *("0", "-0", "1", "-1", "1e400", "-1e400", "NaN", "Infinity", "-Infinity", "1e-400", "1e308"),
    *("9" * 30, "9" * 400, "0." + "9" * 300, "90", "-90", "180", "-180", "180.0000001", "360"),
    *("60", "59.9999999999", "99999", "999", "2147483648", "9223372036854775808", "1e10", "-1e10"),
    *("0.004", "0.01", "20000000", "9999999", "000", "007", "+5", "1_000", "0x10", "1,5", ".5"),
)
_SIGNS = (
    *("\0", "\n", "\r", "\r\n", "\t", " ", "\x0b", "\x85", "\u2028", "\ufeff", "\u0661", "\ud800"),
    *("\xe9", "\N{DEGREE SIGN}", '"', "'", "\\", "/", ",", ";", ":", "*", "(", ")", "[", "]"),
    *("{", "}", "-", ".", "N", "E", "Z", "\u0130", "\xa0", "\U0001f6e9", "null", "true", "\x1a"),
)
WORDS = {
    "notam": (
        *("A0001/24 NOTAMN\n", "NOTAMR ", "NOTAMC A0001/24\n", "Q) ", "A) ", "B) ", "C) ", "D) "),
        *("E) ", "F) SFC ", "G) UNL", "G) FL100", "PERM", "EST", "DAILY ", "MON-FRI ", "SR-SS"),
        *("EXC ", "H24", "0800-1000", "2200-0400 ", "FEB 30 ", "31 ", "RADIUS 5NM ", "CENTRED ON "),
        *("5129N00028W", "512900.5N 0002800W", "N51 29 W000 28", "9000N18000E", "0000N18000W"),
        *("CLOCKWISE ARC ", "ANTICLOCKWISE ", "EITHER SIDE OF LINE ", "10KM WIDE ", " - ", "1. "),
        *("ALONG BORDER ", "SECTOR ", "BEARINGS 090 AND 180 ", "PART 1 OF 3 ", "CREATED: ", ")\n"),
    ),
    "openair": (
        *("AC R\n", "AY NONE\n", "AN x\n", "AL GND\n", "AH UNL\n", "AH FL999\n", "AA NONE\n"),
        *("AA NONE/2024-01-01T00:00Z\n", "AA 9999-12-31T24:00Z/NONE\n", "DP ", "DA 10,0,360\n"),
        *("DA 0.0001,0,1\n", "DC 5400\n", "DC 0\n", "DB ", "DY ", "V D=-\n", "V W=1\n", "V X="),
        *("90:00:00N 180:00:00E", "00:00:00S 000:00:00W", "45:60:00N 010:00:00E", "* ", "SP "),
    ),
    "ed269": ("ANY", "SR", "99999", "FT", "AMSL", "WGS84", "24:00Z", "YES", "UASZoneList"),
    "ed318": ("GeometryCollection", "MultiPolygon", "Circle", "layer", "extent", "24:00-14:00"),
    "f3548": ("volume", "volumes", "details", "constraint", "W84", "outline_polygon", "extents"),
    "geojson": ("Polygon", "LineString", "FL999", "SFC", "UNL", "-5000 ft MSL", "1e9 km", "crs"),
    "csv": ("timestamp", "latitude", "altitude_m", "ground", "true", ",", ";", '"', "FL", "W84"),
    "json": ("timestamp", "hex", "ground", "lat", "keepout_track", "reference", "time_s"),
}
_DATES = (
    *("9999-12-31T23:59:59Z", "0000-00-00T00:00:00Z", "2022-02-30T00:00:00Z", "2022-06-01"),
    *("2022-06-01T24:00:00Z", "2022-06-01T00:00:60Z", "1900-01-01T00:00:00+23:59", "soon"),
)
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 0.5, 90, 180, -180.0, 360, 1e308, 10**30, "", " ", [], {}, [[]]),
    *([None], [0, 0], [180, 90], [[0, 0]] * 4, {"value": 1}, {"text": "x"}, "5", "5 km", *_DATES),
)
_HUGE = "@@huge@@"  # stands for a literal that json.dumps would not write


def mutated(seeds: Sequence[bytes], name: str, chance: Random) -> bytes:
    """Give one of some files, changed in one place or many."""
    content = chance.choice(seeds)
    if content[:4] == b"PAR1":
        if chance.random() < 0.5:
            content = _packed_table(chance)
            if chance.random() < 0.5:
                return content
        return _changed_bytes(content, seeds, chance)
    if content[:2] == b"\x1f\x8b":
        if chance.random() < 0.3:
            return _changed_bytes(content, seeds, chance)
        text = gzip.decompress(content).decode()
        return gzip.compress(_changed_text(text, seeds, name, chance), 1, mtime=0)
    return _changed_text(content.decode("utf-8", "replace"), seeds, name, chance)


def _changed_text(text: str, seeds: Sequence[bytes], name: str, chance: Random) -> bytes:
    is_json = text.lstrip("\ufeff \n")[:1] in {"{", "["}
    if is_json and chance.random() < 0.7:
        text = _changed_document(text, chance)
        rounds = chance.choice((0, 0, 0, 1))
    else:
        rounds = 1 + min(8, int(chance.expovariate(0.7)))
    words = (*WORDS.get(name, WORDS["notam"] + WORDS["openair"]), *_SIGNS)
    for _ in range(rounds):
        text = chance.choice(_TEXT_CHANGES)(text, words, chance)
    if chance.random() < 0.03:
        other = chance.choice(seeds).decode("utf-8", "replace")
        text = text[: _place(text, chance)] + other[_place(other, chance) :]
    content = _encoded(text[:MOST_BYTES], chance)
    return _changed_bytes(content, seeds, chance) if chance.random() < 0.03 else content


def _encoded(text: str, chance: Random) -> bytes:
    way = chance.random()
    if way < 0.93:
        return text.encode("utf-8", "surrogatepass")
    encoding = chance.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp037"))
    return text.encode(encoding, "replace")


def _place(text: str | bytes | bytearray, chance: Random) -> int:
    return chance.randrange(len(text) + 1)


def _span(text: str, chance: Random) -> tuple[int, int]:
    start = _place(text, chance)
    return start, min(len(text), start + 1 + int(chance.expovariate(0.05)))


def _insert(text: str, words: Sequence[str], chance: Random) -> str:
    at = _place(text, chance)
    return text[:at] + chance.choice(words) + text[at:]


def _delete(text: str, _: Sequence[str], chance: Random) -> str:
    start, end = _span(text, chance)
    return text[:start] + text[end:]


def _replace(text: str, words: Sequence[str], chance: Random) -> str:
    start, end = _span(text, chance)
    return text[:start] + chance.choice(words) + text[end:]


def _repeat(text: str, _: Sequence[str], chance: Random) -> str:
    start, end = _span(text, chance)
    times = chance.choice((2, 2, 3, 10, 100, 1000))
    return text[:end] + text[start:end] * min(times, MOST_BYTES // max(1, end - start)) + text[end:]


def _move(text: str, _: Sequence[str], chance: Random) -> str:
    start, end = _span(text, chance)
    rest = text[:start] + text[end:]
    at = _place(rest, chance)
    return rest[:at] + text[start:end] + rest[at:]


def _truncate(text: str, _: Sequence[str], chance: Random) -> str:
    return text[: _place(text, chance)]


def _number(text: str, _: Sequence[str], chance: Random) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + chance.choice(_NUMBERS) + text[one.end() :]


def _digit(text: str, _: Sequence[str], chance: Random) -> str:
    places = [i for i, c in enumerate(text) if c.isdigit()]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + chance.choice("0123456789") + text[at + 1 :]


def _line(text: str, _: Sequence[str], chance: Random) -> str:
    lines = text.split("\n")
    at, other = (chance.randrange(len(lines)) for _ in range(2))
    match chance.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines[at:at] = [lines[other]] * chance.choice((1, 1, 2, 50))
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            lines[at] = lines[at] * chance.choice((2, 5, 40))
    return "\n".join(lines)


def _nest(text: str, _: Sequence[str], chance: Random) -> str:
    at = _place(text, chance)
    return (
        text[:at]
        + chance.choice(("[", '{"a":', "(", "[[")) * chance.choice((2, 70, 3000))
        + (text[at:])
    )


_TEXT_CHANGES: tuple[Callable[[str, Sequence[str], Random], str], ...] = (
    *(_insert, _delete, _replace, _repeat, _move, _truncate, _number, _number, _number),
    *(_digit, _digit, _digit, _line, _line, _nest),
)


def _changed_document(text: str, chance: Random) -> str:
    """Change values of a JSON document, and write it again."""
    try:
        document = json.loads(text)
    except ValueError:
        return text
    for _ in range(1 + min(6, int(chance.expovariate(0.8)))):
        places = _places(document)
        if not places:
            break
        container, key = chance.choice(places)
        _change(container, key, places, chance)
    made = json.dumps(document, ensure_ascii=chance.random() < 0.9, indent=chance.choice((None, 1)))
    return made.replace(f'"{_HUGE}"', chance.choice(_NUMBERS[:18]))


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Give every container and key or index in it."""
    found: list[tuple[Any, Any]] = []
    left = [document]
    while left:
        one = left.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one))
        found += [(one, key) for key in keys]
        left += [one[key] for key in keys if isinstance(one[key], (dict, list))]
    return found


def _change(container: Any, key: Any, places: list[tuple[Any, Any]], chance: Random) -> None:
    value = container[key]
    match chance.randrange(9):
        case 0:
            del container[key]
        case 1 | 2:
            container[key] = deepcopy(chance.choice(_VALUES))
        case 3:
            container[key] = _HUGE
        case 4 if isinstance(value, (int, float)) and not isinstance(value, bool):
            container[key] = value * chance.choice((-1, 0, 10, 1e-9, 1e3, 1 + 1e-12))
        case 5 if isinstance(container, list):
            container[key:key] = [deepcopy(value) for _ in range(chance.choice((1, 2, 20)))]
        case 5 if isinstance(value, str):
            container[key] = value * chance.choice((0, 2, 50)) + chance.choice(_SIGNS)
        case 6:
            container[key] = [value] if chance.random() < 0.7 else {"value": value}
        case 7:
            other, there = chance.choice(places)
            container[key] = deepcopy(other[there]) if _is_in(other, there) else None
        case _:
            if isinstance(container, dict):
                name = chance.choice(("id", "type", "", "coordinates", "value"))
                container[name] = deepcopy(value)


def _is_in(container: Any, key: Any) -> bool:
    return key in container if isinstance(container, dict) else key < len(container)


def _changed_bytes(content: bytes, seeds: Sequence[bytes], chance: Random) -> bytes:
    made = bytearray(content)
    for _ in range(1 + min(12, int(chance.expovariate(0.4)))):
        at = _place(made, chance)
        match chance.randrange(7):
            case 0 | 1:
                made[at : at + 1] = bytes([chance.randrange(256)])
            case 2 if made:
                made[at % len(made)] ^= 1 << chance.randrange(8)
            case 3:
                del made[at : at + 1 + int(chance.expovariate(0.1))]
            case 4:
                made[at:at] = made[at : at + 40] * chance.choice((1, 2, 50))
            case 5:
                made[at : at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\xff\xff\xff\x7f"))
            case _ if chance.random() < 0.3:
                other = chance.choice(seeds)
                made = made[:at] + other[_place(other, chance) :]
    return bytes(made[:MOST_BYTES])


def _packed_table(chance: Random) -> bytes:
    """Write a Parquet file with the right names and whatever types."""
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
    from pyarrow import parquet  # noqa: PLC0415

    count = chance.choice((0, 1, 2, 5, 5, 5))
    names = ("timestamp", "latitude", "longitude", "altitude", "callsign", "icao24", "onground")
    columns = {name: _column(pa, name, count, chance) for name in names if chance.random() < 0.95}
    if chance.random() < 0.05:
        columns["Latitude "] = columns.get("longitude", pa.array([None] * count))
    out = io.BytesIO()
    parquet.write_table(
        pa.table(columns),
        out,
        compression=chance.choice(("NONE", "SNAPPY", "ZSTD")),
        use_dictionary=chance.random() < 0.5,
    )
    return out.getvalue()


def _column(pa: Any, name: str, count: int, chance: Random) -> Any:
    plain = {
        "timestamp": [1_558_732_719 + k for k in range(count)],
        "latitude": [47.0 + k / 1000 for k in range(count)],
        "longitude": [8.5] * count,
        "altitude": [1000.0 + k for k in range(count)],
        "onground": [False] * count,
    }.get(name, ["X1"] * count)
    if chance.random() < 0.7:
        return pa.array(plain)
    types: list[tuple[Any, list[Any]]] = [
        (pa.int64(), [chance.choice((0, -(2**63), 2**63 - 1, None)) for _ in range(count)]),
        (pa.uint64(), [chance.choice((0, 2**64 - 1, None)) for _ in range(count)]),
        (pa.float64(), [chance.choice((float("nan"), float("inf"), 1e308)) for _ in range(count)]),
        (pa.float16(), [1.5] * count),
        (pa.timestamp("ns", "Europe/Zurich"), [chance.choice((0, 2**62, None))] * count),
        (pa.timestamp("s"), [chance.choice((0, 2**40, -(2**50), None)) for _ in range(count)]),
        (pa.date32(), [chance.choice((0, 2**31 - 1, None)) for _ in range(count)]),
        (pa.time64("us"), [5] * count),
        (pa.duration("s"), [5] * count),
        (pa.binary(), [b"\xff\x00"] * count),
        (pa.string(), [chance.choice(("", "47", "\0", "1e400", None)) for _ in range(count)]),
        (pa.decimal128(38, 2), [chance.choice((0, 10**30, None)) for _ in range(count)]),
        (pa.list_(pa.float64()), [chance.choice(([], [1.0], None)) for _ in range(count)]),
        (pa.struct([("a", pa.int8())]), [chance.choice(({"a": 1}, None)) for _ in range(count)]),
        (pa.null(), [None] * count),
        (pa.bool_(), [chance.choice((True, False, None)) for _ in range(count)]),
        (pa.map_(pa.string(), pa.int8()), [[("a", 1)]] * count),
    ]
    kind, values = chance.choice(types)
    return pa.array(values, type=kind)
