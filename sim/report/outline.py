"""What a report for people consists of, before it is set as text or Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Tone(Enum):
    """What a reader should make of a cell at a glance."""

    PLAIN = "plain"
    BAD = "bad"
    DOUBTFUL = "doubtful"


class Cell(NamedTuple):
    """One entry of a table; ``order`` is the number that it is sorted by, if it stands for one."""

    text: str
    tone: Tone = Tone.PLAIN
    order: float | None = None


class Column(NamedTuple):
    """A table's column; numbers stand at its ``right``."""

    title: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a table under a title of their own; the title may be empty."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, perhaps in groups, under common columns."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or more."""

    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and what they mean, or names and their values."""

    entries: tuple[tuple[Cell, str], ...]


class Link(NamedTuple):
    """One thing that happened: when, in seconds and as a clock shows it, and what."""

    at: float
    clock: str
    what: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What happened when, up to one entry: a title, what it shows, and dated links."""

    title: str
    facts: str
    cause: Cell
    detail: str
    links: tuple[Link, ...]


Block = Table | Paragraph | Terms | Chain


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a report."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole report: its title, one line on what was run, the headline, the sections."""

    title: str
    subtitle: str
    headline: str
    sections: tuple[Section, ...]
