"""What a timeline is made of: lanes of parties, their rows, and what lasts, happens and passes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that lasts; times in seconds since the scenario's start.

    Parameters
    ----------
    gid
        Names it among everything drawn: ``zone:raid-area/v1``, ``violation:violation-1``.
    kind
        ``planned`` and ``real`` of an operation, ``announced`` (from its first issue to its
        start) and ``declared`` of a zone, ``told`` of what a desk was told of one, ``closed``
        of a desk, ``down`` of a channel, ``present`` of a site, ``waiting`` of a notice in
        somebody's hand, ``planned`` and ``flown`` of a flight; ``violation``, ``incursion``
        or ``site-incursion``, which have a cause.
    start, end
        When; what never begins or ends does so with the scenario.
    about
        What it is, in a sentence.
    label
        A word or two that may stand in it.
    cause
        Why, of what has one.
    since
        Of what was told: from when on it was known; NaN otherwise.
    """

    gid: str
    kind: str
    start: float
    end: float
    about: str
    label: str = ""
    cause: str = ""
    since: float = float("nan")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happens at one instant; fields as of :class:`Bar`.

    ``kind`` is a step of a notice (``drafted``, ``attempted``, ``unanswered``, ``lost``,
    ``delivered``, ``garbled``, ``handled``, ``omitted``, ``objected``, ``gave_up`` and so
    on), ``issued`` or ``lifted`` of a zone, ``told``, ``heeded`` or ``disregarded`` of a unit,
    ``acted`` of a flight, ``decided`` of a sender, ``cancelled`` or ``postponed`` of an
    operation.
    """

    gid: str
    kind: str
    at: float
    about: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Something that passes from one row to another, named by their ids.

    ``kind`` is ``passed`` of a leg of a notice, ``lost`` where it did not arrive and
    ``unanswered`` of a call, which have marks of the same names besides; ``acknowledged``,
    or ``disseminated`` from a desk to a unit's flight.
    """

    gid: str
    kind: str
    source: str
    target: str
    start: float
    end: float
    about: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a lane.

    Parameters
    ----------
    id
        ``operation:raid``, ``zone:raid-area``, ``told:raid-area/russia``, ``desk:russia``,
        ``site:camp``, ``flight:patrol#1``, ``strip:patrol``, ``channel:hotline``.
    kind
        What stands before the colon.
    label
        What is written before it.
    bars, marks
        What lasts and what happens, in order of time.
    counts
        Of a strip, which stands for many flights: how many are in the air from each instant
        on, up to the next.
    members
        The flights that it stands for.
    note
        What is written beneath the label.
    """

    id: str
    kind: str
    label: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    counts: tuple[tuple[float, int], ...] = ()
    members: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The rows of one party; those of channels have the party ``""``."""

    party: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """A timeline: lanes from top to bottom, links between their rows, and the time it shows.

    ``left_out`` says what was too much to be drawn; empty where nothing was.
    """

    start: float
    end: float
    lanes: tuple[Lane, ...]
    links: tuple[Link, ...]
    left_out: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, from top to bottom."""
        return tuple(row for lane in self.lanes for row in lane.rows)


def notice_gid(zone: str, notice: str, version: int, recipient: str, sending: int = 0) -> str:
    """Name a copy of a notice among everything drawn: ``notice:raid-area.first/v1/russia``."""
    again = f"/again{sending}" if sending else ""
    return f"notice:{zone}.{notice}/v{version}/{recipient}{again}"
