"""Reading OpenAir: lines to airspaces, and those to zones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from sim.errors import FormatError, InputError, quoted
from sim.formats.naming import Names
from sim.formats.openair import shapes, times
from sim.formats.openair.limits import limit
from sim.formats.records import Problem, Zone
from sim.geometry.altitude import Band
from sim.geometry.volume import Volume
from sim.units import show_instant

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 50_000_000
MOST_PROBLEMS = 10_000
MOST_TIMES = 1_000  # activation times of one airspace
LONGEST_LINE = 2_000  # characters; commands are much shorter

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_COMMAND = re.compile(r"(A[A-Z]|D[A-Z]|S[A-Z]|T[A-Z]|V)(?:\s+(.*)|(?=\s*$))", re.IGNORECASE)
_DRAWN = frozenset({"SP", "SB", "AT", "TO", "TC"})  # pens, brushes, labels, terrain: no airspace
_ONCE = frozenset({"AC", "AY", "AN", "AH", "AL", "AF", "AG", "AX", "AI"})
_SQUAWK = re.compile(r"[0-7]{4}")
_NO_TYPE = "NONE"


def zones(text: str | bytes, *, between: tuple[float, float] | None = None) -> list[Zone | Problem]:
    """Read airspaces, in the order of the file.

    Vertices are joined by geodesics and rings closed; circles stay circles,
    airways (DY) become corridors, and arcs (DA, DB) are chords within
    1 m of them. The kind is the type (AY) or else the class (AC); AC,
    AY, AF, AG and AX are kept as attributes. Comments, pens and labels
    (SP, SB, AT), terrain (TO, TC) and the zoom (V Z=) say nothing of airspace.

    Parameters
    ----------
    text
        The file. Bytes are UTF-8, with or without a mark, or else Latin-1.
    between
        Start and end in Unix seconds: activation times outside are left out.

    Returns
    -------
    list of Zone or Problem
        A zone has one volume for each activation time (AA), and without any one
        that is unbounded. So has one with ``AA NONE``, which becomes active
        when a NOTAM says so; a problem behind it says that this is not known.

    Raises
    ------
    FormatError
        If the file as a whole is not OpenAir.
    """
    content = _decoded(text)
    found: list[Zone | Problem] = []
    names = Names()
    problems = 0
    for block in _blocks(content):
        read = _read(block, names, between)
        problems += sum(isinstance(one, Problem) for one in read)
        if problems > MOST_PROBLEMS:
            raise FormatError(
                f"more than {MOST_PROBLEMS} airspaces cannot be read; the last: {read[-1]}",
                hint="is this an OpenAir file?",
            )
        found += read
    return found


@dataclass
class _Block:
    """The commands of one airspace, or of what stands before the first."""

    line: int
    commands: list[tuple[int, str, str]] = field(default_factory=list)  # line, command, text
    faults: list[Problem] = field(default_factory=list)


def _decoded(text: str | bytes) -> str:
    if len(text) > MOST_CHARACTERS:
        raise FormatError(f"an OpenAir file has at most {MOST_CHARACTERS} characters")
    content = text if isinstance(text, str) else _text_of(text)
    if "\0" in content:
        raise FormatError("expected OpenAir, found a binary file", hint="an OpenAir file is text")
    return content.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _text_of(content: bytes) -> str:
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _blocks(content: str) -> Iterator[_Block]:
    """Part lines into airspaces, each of which begins with AC ("Airspace Definition")."""
    block = _Block(1)
    known = strange = 0
    for number, line in enumerate(content.splitlines(), 1):
        bare = line[: LONGEST_LINE + 1].partition("*")[0].strip()
        if not bare:
            continue
        command = _COMMAND.fullmatch(bare)
        if not command or len(bare) > LONGEST_LINE:
            block.faults.append(_strange(number, line, bare))
            strange += 1
            if not known and strange > MOST_PROBLEMS:
                break
            continue
        known += 1
        word = command[1].upper()
        if word == "AC":
            if block.commands or block.faults:
                yield block
            block = _Block(number)
        if word not in _DRAWN:
            block.commands.append((number, word, (command[2] or "").strip()))
    if strange and not known:
        raise FormatError(
            f"expected OpenAir, found no command of it; {block.faults[0]}",
            hint="an OpenAir file has lines such as AC R, AN NAME, AH FL95, DP 45:15:30 N ...",
        )
    if block.commands or block.faults:
        yield block


def _strange(number: int, line: str, bare: str) -> Problem:
    if len(bare) > LONGEST_LINE:
        return Problem(
            f"line {number}",
            f"a line of {len(line)} characters; expected at most {LONGEST_LINE}",
        )
    return Problem(f"line {number}", f"{quoted(bare)} is no command of OpenAir")


def _read(block: _Block, names: Names, between: tuple[float, float] | None) -> list[Zone | Problem]:
    """Give one zone, or what is wrong with it, which is listed whole."""
    if block.faults:
        return list(block.faults)
    draft = _Draft()
    for number, command, text in block.commands:
        try:
            draft.take(command, text)
        except InputError as error:
            return [Problem(f"line {number}", error.message, error.hint)]
    return draft.zone(f"line {block.line}", names, between)


class _Draft:
    """An airspace being read."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.windows: list[tuple[float, float]] = []
        self.by_notam = False
        self.sketch = shapes.Sketch()

    def take(self, command: str, text: str) -> None:
        """Obey one command."""
        if "AC" not in self.texts and command != "AC":
            raise FormatError(f"{command} stands before the first AC: expected AC and a class")
        if command in shapes.COMMANDS:
            self.sketch.take(command, text)
        elif command == "AA":
            self._activate(text)
        elif command in _ONCE:
            self._keep(command, text)
        else:
            raise FormatError(f"{command} is no command of OpenAir")

    def _keep(self, command: str, text: str) -> None:
        if command in self.texts:
            raise FormatError(f"{command} is given twice for one airspace")
        if not text:
            raise FormatError(f"{command} says nothing")
        if command == "AX" and not _SQUAWK.fullmatch(text):
            raise FormatError(
                f"AX {quoted(text)} is no transponder code: expected four digits from 0 to 7"
            )
        if command in ("AH", "AL"):
            limit(text, upper=command == "AH")
        self.texts[command] = text

    def _activate(self, text: str) -> None:
        if self.by_notam or (text == times.UNKNOWN and self.windows):
            raise FormatError("AA NONE stands alone: no other AA may be given")
        if text == times.UNKNOWN:
            self.by_notam = True
            return
        self.windows.append(times.window(text))
        if len(self.windows) > MOST_TIMES:
            raise FormatError(f"an airspace has at most {MOST_TIMES} activation times")

    def zone(
        self, place: str, names: Names, between: tuple[float, float] | None
    ) -> list[Zone | Problem]:
        """Give the zone, or the problem with it."""
        try:
            volumes = self._volumes(self._windows(between))
        except InputError as error:
            name = f" of {quoted(self.texts['AN'])}" if "AN" in self.texts else ""
            return [Problem(place, f"the airspace{name}: {error.message}", error.hint)]
        texts = self.texts
        kind = texts.get("AY", _NO_TYPE)
        zone = Zone(
            names.unique(texts.get("AI", texts["AN"])),
            texts["AN"],
            volumes,
            texts["AC"] if kind.upper() == _NO_TYPE else kind,
            {key: texts[key] for key in ("AC", "AY", "AF", "AG", "AX") if key in texts}
            | ({"AA": times.UNKNOWN} if self.by_notam else {}),
        )
        if not self.by_notam:
            return [zone]
        return [
            zone,
            Problem(
                place,
                f"the times of {quoted(zone.name)} are given by NOTAM (AA NONE): read as always",
                "give the zone its window",
            ),
        ]

    def _windows(self, between: tuple[float, float] | None) -> list[tuple[float, float]]:
        windows = self.windows or [(-inf, inf)]
        if between is None:
            return windows
        met = [(a, b) for a, b in windows if a < between[1] and b > between[0]]
        if not met:
            start, end = map(show_instant, between)
            raise FormatError(f"it is not active between {start} and {end}")
        return met

    def _volumes(self, windows: list[tuple[float, float]]) -> tuple[Volume, ...]:
        texts = self.texts
        missing = [key for key in ("AN", "AL", "AH") if key not in texts]
        if missing:
            raise FormatError(f"{' and '.join(missing)} not given")
        if "AG" in texts and "AF" not in texts:
            raise FormatError("AG names a station, but AF, its frequency, is missing")
        band = Band(limit(texts["AL"], upper=False), limit(texts["AH"], upper=True))
        footprint = self.sketch.footprint()
        return tuple(Volume(footprint, band, window) for window in windows)
