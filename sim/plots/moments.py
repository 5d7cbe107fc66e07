"""What the anatomy of an entry is made of: actors, numbered moments, what lasts and passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.plots.breaks import Passing


@dataclass(frozen=True, slots=True)
class Actor:
    """Who or what takes steps: ``zone:``, ``operation:``, ``desk:``, ``unit:`` and its id."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A numbered step, at seconds since the scenario's start, that proves the cause."""

    number: int
    at: float
    actor: str
    step: str
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something that lasts at an actor.

    ``kind`` is ``declared`` of a zone, ``real`` of an operation, ``flown`` of a flight,
    ``present`` of a site, ``inside`` of the entry itself, ``incursion`` of one within it,
    ``lead`` from drafting to the zone's start and ``reaction`` from told to reacted.
    """

    actor: str
    kind: str
    start: float
    end: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """One entry, and all that led to it; times in seconds since the scenario's start.

    Parameters
    ----------
    id, cause, detail
        As found.
    finding
        Who entered what when, and why, as a sentence.
    actors
        From top to bottom.
    moments
        In order, the entry among them.
    stretches, passings
        What lasts, and what passes.
    broken
        The link that broke: from where it held last, to where it should have got by the
        entry.
    entry, start, end
        The instant of entry, and the time that the figure shows.
    timing
        Lead and reaction time in words; empty where there are none.
    """

    id: str
    cause: str
    detail: str
    finding: str
    actors: tuple[Actor, ...]
    moments: tuple[Moment, ...]
    stretches: tuple[Stretch, ...]
    passings: tuple[Passing, ...]
    broken: Passing
    entry: float
    start: float
    end: float
    timing: str
