"""JSON documents of others: decoded and parsed with care, each value with its place."""

from __future__ import annotations

import codecs
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, NoReturn

from sim import units
from sim.errors import FormatError, InputError, described, quoted
from sim.formats.records import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 200_000_000  # characters; the largest national file known has a quarter
DEEPEST = 64  # of containers in each other; no format here needs more than 12

_BOMS = (  # the longer first: one begins with another
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[-+0-9.eE]+|-?[A-Za-z]+', re.DOTALL)
_LARGEST = 1e10  # in metres: farther than any orbit
_INSTANT = re.compile(r"([0-9]{4,5})-([^.,]*)(?:[.,]([0-9]+))?(.*)", re.DOTALL)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_DIGITS = 6  # of a second


class _NoNumberError(ValueError):
    """A literal of a number that is none."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document and the keys that lead to it."""

    value: Any
    path: tuple[str | int, ...] = ()

    @property
    def given(self) -> bool:
        """Whether anything stands here; null is nothing."""
        return self.value is not None

    def refuse(self, message: str, hint: str = "") -> FormatError:
        """Make the error that says what is wrong with this value."""
        return FormatError(message, at=self.path, hint=hint)

    def get(self, *names: str) -> Node:
        """Give what stands under the first of some names that is there, null if none is.

        Raises
        ------
        FormatError
            If this is no mapping.
        """
        if not isinstance(self.value, dict):
            raise self.refuse(f"expected a mapping with {names[0]}, not {described(self.value)}")
        name = next((n for n in names if self.value.get(n) is not None), names[0])
        return Node(self.value.get(name), (*self.path, name))

    def items(self) -> list[Node]:
        """Give the members of a list.

        Raises
        ------
        FormatError
            If this is none.
        """
        if not isinstance(self.value, list):
            raise self.refuse(f"expected a list, not {described(self.value)}")
        return [Node(member, (*self.path, i)) for i, member in enumerate(self.value)]

    def one_or_many(self) -> list[Node]:
        """Give the members of a list, the value alone if it is none, and nothing of null."""
        if isinstance(self.value, list):
            return self.items()
        return [self] if self.given else []

    def text(self, expected: str) -> str:
        """Give a text without outer blanks.

        Raises
        ------
        FormatError
            If this is none; it says what was expected.
        """
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse(f"expected {expected}, not {described(self.value)}")
        return self.value.strip()

    def number(self, expected: str) -> float:
        """Give a finite number, which may be written as a text.

        Raises
        ------
        FormatError
            If this is none; it says what was expected.
        """
        value = self.value
        if isinstance(value, str):
            try:
                value = units.number(value)
            except InputError:
                value = None
        if type(value) not in (int, float) or not abs(value) <= _LARGEST:
            raise self.refuse(f"expected {expected}, not {described(self.value)}")
        return float(value)

    def instant(self) -> float:
        """Give a time with its zone (RFC 3339) as Unix seconds.

        Years beyond 1900-2199, as in ``9999-12-31T23:59:59Z``, say that there is no end,
        and are infinite.

        Raises
        ------
        FormatError
            If this is none.
        """
        text = self.text("a time such as 2022-02-02T18:00:00Z").upper()
        found = _INSTANT.fullmatch(text)
        if found:
            year = int(found[1])
            if not _FIRST_YEAR <= year <= _LAST_YEAR:
                return -inf if year < _FIRST_YEAR else inf
            if found[3]:
                text = f"{found[1]}-{found[2]}.{found[3][:_DIGITS]}{found[4]}"
        with placed(self):
            time = units.instant(text)
        if time.relative:
            raise self.refuse(f"{quoted(text)} is no time: expected such as 2022-02-02T18:00:00Z")
        return time.seconds

    def position(self) -> tuple[float, float]:
        """Give a GeoJSON position: longitude, latitude; an elevation is passed over.

        Raises
        ------
        FormatError
            If this is none, or not on Earth.
        """
        match self.value:
            case [float() | int() as lon, float() | int() as lat, *_]:
                if -360 <= lon <= 360 and -90 <= lat <= 90:  # noqa: PLR2004 - degrees
                    return float(lon), float(lat)
                hint = "longitude comes first" if -90 <= lon <= 90 else ""  # noqa: PLR2004
                raise self.refuse(f"{quoted(list(self.value))} is not on Earth", hint)
            case _:
                raise self.refuse(
                    f"expected a position [longitude, latitude], not {_shown(self.value)}"
                )

    def positions(self) -> list[tuple[float, float]]:
        """Give a list of GeoJSON positions."""
        return [member.position() for member in self.items()]


def _shown(value: Any) -> str:
    return f"a list of {len(value)}" if isinstance(value, list) else described(value)


def place_of(path: tuple[str | int, ...]) -> str:
    """Write keys as one reads them: ``features[3].geometry``."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".") or "the document"


def window_of(node: Node, start: float, end: float) -> tuple[float, float]:
    """Give two Unix times, in which order they stand for a window; ``node`` says of what.

    Raises
    ------
    FormatError
        If it does not start before it ends.
    """
    if start < end:
        return start, end
    first, last = (units.show_instant(t) if isfinite(t) else "no time at all" for t in (start, end))
    raise node.refuse(f"a window starts before it ends, not from {first} to {last}")


def problem_of(error: InputError) -> Problem:
    """Turn an error into a record that the rest may stand beside."""
    return Problem(place_of(error.at), error.message, error.hint)


def raise_placed(error: InputError) -> NoReturn:
    """Raise an error anew, with its place in its message."""
    place = f"{place_of(error.at)}: " if error.at else ""
    raise FormatError(f"{place}{error.message}", at=error.at, hint=error.hint) from None


@contextmanager
def placed(node: Node) -> Iterator[None]:
    """Tell errors of units and geometry where they arose."""
    try:
        yield
    except FormatError:
        raise
    except InputError as error:
        raise node.refuse(error.message, error.hint) from None


def parse(document: str | bytes | Any) -> Node:
    """Read a JSON document (RFC 8259); what is parsed already is only checked.

    A byte order mark is passed over, and says the encoding; without one, bytes
    are UTF-8 (RFC 8259, 8.1). Names that occur twice with different values, NaN,
    infinities, numbers beyond a double's range, nesting deeper than 64 and
    documents of more than 200 million characters are refused.

    Raises
    ------
    FormatError
        Says what was found and where.
    """
    if isinstance(document, (bytes, bytearray, memoryview)):
        document = _decoded(bytes(document))
    if isinstance(document, str):
        document = _parsed(document.removeprefix("\ufeff"))
    _check_depth(document)
    return Node(document)


def _decoded(data: bytes) -> str:
    if len(data) > 4 * LONGEST:
        raise _too_long(len(data), "bytes")
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "")
    encoding = encoding or json.detect_encoding(data[:4])
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FormatError(
            f"byte {error.start} is not {encoding.removesuffix('-sig').upper()}: {error.reason}",
            hint="save the file as UTF-8",
        ) from None


def _too_long(size: int, what: str) -> FormatError:
    return FormatError(f"{size} {what} are too many: at most {LONGEST} characters are read")


def _parsed(text: str) -> Any:
    if len(text) > LONGEST:
        raise _too_long(len(text), "characters")
    try:
        return json.loads(
            text,
            parse_constant=_no_number,
            parse_float=_finite,
            object_pairs_hook=_mapping,
        )
    except json.JSONDecodeError as error:
        raise FormatError(
            f"line {error.lineno}, column {error.colno}: no JSON: {error.msg}"
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except _NoNumberError as error:
        literal = str(error)
        raise FormatError(
            f"{_line_of(text, literal)}{quoted(literal)} is no finite number, as JSON needs it",
            hint="write null, or leave the value out, where there is none",
        ) from None
    except FormatError:
        raise
    except ValueError:  # of integers with thousands of digits
        raise FormatError("a number has more digits than any quantity here") from None


def _no_number(literal: str) -> NoReturn:
    raise _NoNumberError(literal)


def _finite(literal: str) -> float:
    value = float(literal)
    if not isfinite(value):
        raise _NoNumberError(literal)
    return value


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        for name, value in pairs:
            if mapping[name] != value:
                raise FormatError(
                    f"{quoted(name)} stands twice in one mapping, with different values",
                    hint="keep one of them (RFC 8259, 4)",
                )
    return mapping


def _line_of(text: str, literal: str) -> str:
    """Say in which line a literal stands, outside texts."""
    found = next((t for t in _TOKEN.finditer(text) if t[0] == literal), None)
    return f"line {text.count(chr(10), 0, found.start()) + 1}: " if found else ""


def _check_depth(value: Any) -> None:
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(DEEPEST):
        level = [
            child
            for container in level
            for child in (container.values() if isinstance(container, dict) else container)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> FormatError:
    return FormatError(f"mappings and lists are nested deeper than {DEEPEST}")
