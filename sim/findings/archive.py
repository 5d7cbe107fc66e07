"""The records of a journal by what they are about, each with its place there."""

from __future__ import annotations

from collections import defaultdict
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

R = TypeVar("R", bound=Record)


class Archive:
    """What the tree of causes asks one run's journal for, found without a search.

    ``copies`` are by zone and recipient, ``issued`` by zone, ``told`` and ``reacted``
    by zone and unit, ``acted`` by zone and flight, ``silence`` by zone and recipient.
    ``clocks`` tells of those that are wrong by how many seconds they are ahead.
    """

    def __init__(self, journal: Journal) -> None:
        self.flown = {
            record.flight: (index, record.track) for index, record in journal.numbered(FlightFlown)
        }
        self.began = {r.operation: index for index, r in journal.numbered(OperationBegan)}
        self.copies: defaultdict[tuple[str, str], list[Copy]] = defaultdict(list)
        for copy in copies(journal):
            self.copies[copy.head.zone, copy.head.recipient].append(copy)
        self.issued = _by(journal.numbered(ZoneIssued), lambda r: r.zone)
        self.told = _by(journal.numbered(Disseminated), lambda r: (r.zone, r.unit))
        self.reacted = _by(journal.numbered(UnitReacted), lambda r: (r.zone, r.unit))
        self.acted = _by(journal.numbered(FlightActed), lambda r: (r.zone, r.flight))
        self.silence = _by(journal.numbered(SenderReacted), lambda r: (r.zone, r.recipient))
        self.clocks = {record.party: record.ahead_s for record in journal.of(ClockSet)}


def _by(
    numbered: Iterable[tuple[int, R]], key: Callable[[R], Hashable]
) -> defaultdict[Hashable, list[tuple[int, R]]]:
    """Group records, with their places in the journal, by what they are about."""
    groups: defaultdict[Hashable, list[tuple[int, R]]] = defaultdict(list)
    for index, record in numbered:
        groups[key(record)].append((index, record))
    return groups
