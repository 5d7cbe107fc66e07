"""Texts of NOTAMs cut into messages, and messages into items."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from sim.errors import FormatError, quoted

LONGEST = 100_000  # characters of one NOTAM; the network's limit is 1800 a part, and 26 parts
_NUMBER = r"([A-Z])([0-9]{1,4})/([0-9]{2})"
_PARTED = r"(?:([A-Z])([0-9]{2}))?"
HEADER = re.compile(
    rf"^[ \t]{{0,16}}\(?[ \t]{{0,4}}{_NUMBER}{_PARTED}[ \t]{{1,16}}NOTAM([NRC])\b"
    rf"(?:[ \t]{{1,16}}{_NUMBER}\b{_PARTED})?",
    re.MULTILINE | re.ASCII,
)
_MARK = re.compile(r"(?<![^\s(])([QABCDE])\)", re.ASCII)
_LIMIT = r"(?:SFC|GND|UNL|[A-Z0-9])[A-Z0-9 \t.,()/-]{0,40}"
_BOTH = rf"(?<!\S)F\)[ \t]{{0,8}}({_LIMIT})\s{{1,8}}G\)[ \t]{{0,8}}({_LIMIT})"
_VERTICAL = re.compile(rf"{_BOTH}(?=\)?\s*\Z)", re.ASCII)
_LAST_ITEMS = re.compile(rf"{_BOTH}$", re.MULTILINE | re.ASCII)
_CLOSING = re.compile(r"\)[ \t]{0,16}$", re.MULTILINE)
_ONE_VERTICAL = re.compile(rf"(?<!\S)[FG]\)[ \t]{{0,8}}({_LIMIT})(?=\)?\s*\Z)", re.ASCII)
_TRAILER = re.compile(r"^(?:CREATED|SOURCE):", re.MULTILINE)
_END_OF_PART = r"\s{0,8}/{0,2}\bEND\s{1,4}PART\s{1,4}[0-9]{1,2}\s{1,4}OF\s{1,4}[0-9]{1,2}\b/{0,2}"
_ADDED = re.compile(rf"\n{{1,4}}(?:CREATED|SOURCE):[^\n]{{0,80}}|{_END_OF_PART}\)?", re.ASCII)
_PARTED_END = re.compile(rf"{_END_OF_PART}\s*\Z", re.ASCII)
_TAIL = 200  # characters in which F), G) and their figures stand
_PART = re.compile(r"\bPART\s{1,4}([0-9]{1,2})\s{1,4}OF\s{1,4}([0-9]{1,2})\b", re.ASCII)
_CREATED = re.compile(
    r"^CREATED:[ \t]{0,8}([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2})",
    re.MULTILINE | re.ASCII,
)
_ENVELOPE = re.compile(
    r"ZCZC.{0,40}|NNNN|(?:SS|DD|FF|GG|KK) [A-Z ]{0,200}|[0-9]{6} [A-Z]{8}.{0,40}|\)"
    r"|[-=_*]{2,200}"
)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


class Message(NamedTuple):
    """The text of one NOTAM, and the line on which it begins."""

    text: str
    line: int


def tidied(text: str) -> str:
    """Give a text with plain line ends and blanks, without a byte order mark."""
    plain = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\N{NO-BREAK SPACE}", " ")


def split(text: str) -> list[Message]:
    """Cut a text into messages, each of which begins with a header at the start of a line.

    Lines of the AFTN envelope and those drawn between messages are dropped; whatever
    else stands before the first header, or after the end of a message, which is its
    items F) and G) or else the bracket that closes it, is a message of its own.
    A text without a header is one message.
    """
    plain = tidied(text)
    starts = [found.start() for found in HEADER.finditer(plain)]
    cuts = [*([0] if not starts or starts[0] else []), *starts, len(plain)]
    headed = set(starts)
    messages = []
    line = 1
    for begin, end in pairwise(cuts):
        piece = plain[begin:end]
        for part in _closed(piece) if begin in headed else (piece,):
            if kept := _without_envelope(part):
                messages.append(Message(kept, line + _blank_lines(part)))
            line += part.count("\n")
    return messages


def _closed(piece: str) -> tuple[str, ...]:
    """Cut a message where it ends: brackets and whole lines in them stand within item E), too."""
    end = len(piece)
    if items := list(_LAST_ITEMS.finditer(piece)):
        end = items[-1].end()
    elif piece.lstrip().startswith("("):
        end = max((found.end() for found in _CLOSING.finditer(piece)), default=end)
    while found := _ADDED.match(piece, end):
        end = found.end()
    return (piece[:end], piece[end:])


def _without_envelope(piece: str) -> str:
    lines = piece.strip().split("\n")
    return "\n".join(line for line in lines if not _ENVELOPE.fullmatch(line.strip())).strip()


def _blank_lines(piece: str) -> int:
    return piece[: len(piece) - len(piece.lstrip())].count("\n")


def itemize(text: str) -> list[str]:
    """Cut one message into its header, its items and the lines after them.

    Item letters stand in the order of the alphabet, Q) first. From E) on only F)
    and G) at the very end count, and only with limits: letters with a bracket
    inside E) are its own. That a part ends is no word of any item.

    Raises
    ------
    FormatError
        If the message is longer than a NOTAM can be.
    """
    plain = tidied(text).strip()
    if len(plain) > LONGEST:
        raise FormatError(
            f"a NOTAM of {len(plain)} characters: expected at most {LONGEST}",
            hint="part the file where one NOTAM ends and the next begins",
        )
    body, trailer = _parted(plain)
    if body.startswith("(") and body.endswith(")"):
        body = body[1:-1].strip()
    body = _PARTED_END.sub("", body)
    vertical = _vertical(body)
    if vertical is not None:
        body, tail = body[:vertical].rstrip(), body[vertical:]
        items = [*_marked(body), *re.split(r"(?<!\S)(?=G\))", tail)]
    else:
        items = _marked(body)
    return [item.strip() for item in (*items, *trailer) if item.strip()]


def _parted(plain: str) -> tuple[str, list[str]]:
    found = _TRAILER.search(plain)
    if not found:
        return plain, []
    return plain[: found.start()].rstrip(), plain[found.start() :].split("\n")


def _vertical(body: str) -> int | None:
    start = max(0, len(body) - _TAIL)
    found = _VERTICAL.search(body, start) or _ONE_VERTICAL.search(body, start)
    return found.start() if found else None


def _marked(body: str) -> list[str]:
    order = "QABCDE"
    cuts, last = [0], -1
    for found in _MARK.finditer(body):
        place = order.index(found[1])
        if place > last:
            cuts.append(found.start())
            last = place
        if found[1] == "E":
            break
    return [body[begin:end] for begin, end in zip(cuts, [*cuts[1:], len(body)], strict=True)]


def part(text: str) -> tuple[int, int] | None:
    """Give which part of how many a message is, as its header or item A) says; else None."""
    head = text[: max(text.find("E)"), 0) or len(text)][:LONGEST]
    if said := _PART.search(head):
        return int(said[1]), int(said[2])
    found = HEADER.match(tidied(text).lstrip())
    if found and found[4]:
        return ord(found[4]) - ord("A") + 1, int(found[5])
    return None


def created(text: str) -> datetime | None:
    """Give the instant of the line CREATED, which some sources add below a NOTAM; else None."""
    found = _CREATED.search(text)
    if not found:
        return None
    try:
        month = MONTHS.index(found[2].upper()) + 1
        hour, minute, second = (int(found[i]) for i in (4, 5, 6))
        return datetime(int(found[3]), month, int(found[1]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise FormatError(
            f"{quoted(found[0])} is no time: expected such as CREATED: 15 Nov 2022 15:42:00"
        ) from None
