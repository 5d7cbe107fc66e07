"""The records of a journal by what they are about, each with its place there."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from sim.findings.notices import Copy, copies
from sim.model.journal import (
    ClockSet,
    Disseminated,
    FlightActed,
    FlightFlown,
    Journal,
    OperationBegan,
    Record,
    SenderReacted,
    UnitReacted,
    ZoneIssued,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from sim.geometry.track import Track

R = TypeVar("R", bound=Record)
Groups = defaultdict["Hashable", list[tuple[int, R]]]


class Archive:
    """What the tree of causes asks one run's journal for, sorted when it is first asked."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @cached_property
    def flown(self) -> dict[str, tuple[int, Track]]:
        """The record of each flight's flown track, and the track."""
        return {r.flight: (index, r.track) for index, r in self._journal.numbered(FlightFlown)}

    @cached_property
    def began(self) -> dict[str, int]:
        """The record of each operation's beginning."""
        return {r.operation: index for index, r in self._journal.numbered(OperationBegan)}

    @cached_property
    def copies(self) -> defaultdict[tuple[str, str], list[Copy]]:
        """The copies of notices, by zone and recipient."""
        found: defaultdict[tuple[str, str], list[Copy]] = defaultdict(list)
        for copy in copies(self._journal):
            found[copy.head.zone, copy.head.recipient].append(copy)
        return found

    @cached_property
    def issued(self) -> Groups[ZoneIssued]:
        """The versions of each zone."""
        return _by(self._journal.numbered(ZoneIssued), attrgetter("zone"))

    @cached_property
    def told(self) -> Groups[Disseminated]:
        """What reached a unit, by zone and unit."""
        return _by(self._journal.numbered(Disseminated), attrgetter("zone", "unit"))

    @cached_property
    def reacted(self) -> Groups[UnitReacted]:
        """How units reacted, by zone and unit."""
        return _by(self._journal.numbered(UnitReacted), attrgetter("zone", "unit"))

    @cached_property
    def acted(self) -> Groups[FlightActed]:
        """What flights did, by zone and flight."""
        return _by(self._journal.numbered(FlightActed), attrgetter("zone", "flight"))

    @cached_property
    def silence(self) -> Groups[SenderReacted]:
        """What senders did about silence, by zone and recipient."""
        return _by(self._journal.numbered(SenderReacted), attrgetter("zone", "recipient"))

    @cached_property
    def clocks(self) -> dict[str, float]:
        """By how many seconds clocks that are wrong are ahead."""
        return {record.party: record.ahead_s for record in self._journal.of(ClockSet)}


def _by(numbered: Iterable[tuple[int, R]], key: Callable[[R], Hashable]) -> Groups[R]:
    """Group records, with their places in the journal, by what they are about."""
    groups: Groups[R] = defaultdict(list)
    for index, record in numbered:
        groups[key(record)].append((index, record))
    return groups
