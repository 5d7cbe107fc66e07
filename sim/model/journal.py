"""The journal: the ordered, typed record of everything that happened in one run."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sim.errors import InputError, JournalError
from sim.geometry.track import Track
from sim.geometry.volume import Volume

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCHEMA = "keepout-journal/1"
CONTRADICTORY = "contradictory"  # why what was told is wrong, where the right stood beside it


class Step(StrEnum):
    """What may happen to one copy of a notice on its way to the receiving desk."""

    DRAFTED = "drafted"
    ATTEMPTED = "attempted"
    CALLING = "calling"
    CONNECTED = "connected"
    UNANSWERED = "unanswered"
    DELIVERED = "delivered"
    LOST = "lost"
    HANDLED = "handled"
    ACKNOWLEDGED = "acknowledged"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    GAVE_UP = "gave_up"
    OBJECTED = "objected"
    PUBLISHED = "published"
    RELAYED = "relayed"
    OMITTED = "omitted"


@dataclass(frozen=True, slots=True)
class Record:
    """Something that happened at ``at``, in seconds since the scenario's start."""

    is_beginning: ClassVar[bool] = True  # of records of one instant, those of endings come first
    at: float


@dataclass(frozen=True, slots=True)
class OperationBegan(Record):
    """An operation is under way; ``volume`` is the true one, its real window included."""

    operation: str
    volume: Volume


@dataclass(frozen=True, slots=True)
class OperationPostponed(Record):
    """Its party puts off an operation, by ``by_s`` seconds."""

    operation: str
    by_s: float


@dataclass(frozen=True, slots=True)
class OperationEnded(Record):
    """An operation is really over."""

    is_beginning: ClassVar[bool] = False
    operation: str


@dataclass(frozen=True, slots=True)
class OperationCancelled(Record):
    """An operation will not take place."""

    operation: str


@dataclass(frozen=True, slots=True)
class ZoneIssued(Record):
    """A version of a zone is declared: from now on it is what the zone is."""

    zone: str
    version: int
    change: str
    volume: Volume


@dataclass(frozen=True, slots=True)
class ZoneActive(Record):
    """A zone's declared window has begun, or a version issued within it took over."""

    zone: str
    version: int


@dataclass(frozen=True, slots=True)
class ZoneInactive(Record):
    """A zone's declared window is over."""

    is_beginning: ClassVar[bool] = False
    zone: str
    version: int


@dataclass(frozen=True, slots=True)
class NoticeStep(Record):
    """One step of one copy: a version of a notice on its way to one recipient.

    ``route`` alternates channels and the parties that relay between them, and
    ``leg`` counts its channels from 0: only what is handled on the last leg is
    handled by the recipient. ``sending`` is 0 for the first sending of a version, and
    for those that follow where no acknowledgement comes the number of the step that
    led to it. ``attempt`` counts from 1 and is 0 where no attempt is meant. ``told`` is
    given on delivery: the volume that its taker now holds, which differs from the declared
    one where ``garbled``, or where the taker's clock is wrong or it takes an estimated end
    for the end. ``why`` says why a step was taken, or what went wrong, where that is not plain.
    """

    step: Step
    zone: str
    notice: str
    version: int
    change: str
    sender: str
    recipient: str
    route: tuple[str, ...]
    leg: int = 0
    attempt: int = 0
    told: Volume | None = None
    garbled: bool = False
    why: str = ""
    sending: int = 0


@dataclass(frozen=True, slots=True)
class SenderReacted(Record):
    """No acknowledgement came, and the sender does something about it (or goes ahead).

    ``route`` is the one that it sends by from now on, where it sends again.
    """

    zone: str
    notice: str
    version: int
    sender: str
    recipient: str
    reaction: str
    route: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectionAnswered(Record):
    """A sender has heard a receiver's objection: it shrinks, shifts or keeps its zone."""

    zone: str
    version: int
    sender: str
    recipient: str
    answer: str


@dataclass(frozen=True, slots=True)
class Disseminated(Record):
    """What a desk was told has reached one of its units."""

    zone: str
    notice: str
    version: int
    party: str
    unit: str
    sending: int = 0


@dataclass(frozen=True, slots=True)
class UnitReacted(Record):
    """A unit, its reaction time over, heeds or disregards what it was told."""

    zone: str
    notice: str
    version: int
    party: str
    unit: str
    heeded: bool
    sending: int = 0


@dataclass(frozen=True, slots=True)
class FlightPlanned(Record):
    """A movement of a stream is drawn: ``track`` is the planned one."""

    flight: str
    party: str
    unit: str
    track: Track


@dataclass(frozen=True, slots=True)
class FlightActed(Record):
    """A heeding flight acts on a zone, or finds nothing that keeps it out (``none``)."""

    flight: str
    zone: str
    version: int
    action: str
    delay_s: float = 0.0
    extra_m: float = 0.0


@dataclass(frozen=True, slots=True)
class FlightDeparted(Record):
    """A flight is in the air."""

    flight: str


@dataclass(frozen=True, slots=True)
class FlightArrived(Record):
    """A flight is down, at its destination or where it diverted to."""

    is_beginning: ClassVar[bool] = False
    flight: str
    diverted: bool


@dataclass(frozen=True, slots=True)
class FlightFlown(Record):
    """The track that a flight really flew, up to its arrival or the horizon."""

    flight: str
    track: Track


@dataclass(frozen=True, slots=True)
class ClockSet(Record):
    """A party's clocks are wrong, for the whole run: ahead of UTC by so much, or behind."""

    party: str
    ahead_s: float


@dataclass(frozen=True, slots=True)
class ChannelDown(Record):
    """A channel stops working."""

    channel: str


@dataclass(frozen=True, slots=True)
class ChannelUp(Record):
    """A channel works again."""

    is_beginning: ClassVar[bool] = False
    channel: str


_KINDS: dict[str, type[Record]] = {
    kind.__name__: kind
    for kind in (
        OperationBegan,
        OperationPostponed,
        OperationEnded,
        OperationCancelled,
        ZoneIssued,
        ZoneActive,
        ZoneInactive,
        NoticeStep,
        SenderReacted,
        ObjectionAnswered,
        Disseminated,
        UnitReacted,
        FlightPlanned,
        FlightActed,
        FlightDeparted,
        FlightArrived,
        FlightFlown,
        ClockSet,
        ChannelDown,
        ChannelUp,
    )
}
_ORDER = attrgetter("at", "is_beginning")
_PLAIN = {"float": (float, int), "int": (int,), "str": (str,), "bool": (bool,)}

R = TypeVar("R", bound=Record)


class Journal:
    """The records of one run, in order of time; windows end before others begin.

    Parameters
    ----------
    records
        In the order in which they happened.
    horizon
        The scenario's length in seconds; the run covers [0, horizon).
    seed, replication
        Which run this is.
    """

    def __init__(
        self, records: Sequence[Record], *, horizon: float, seed: int, replication: int
    ) -> None:
        self.records = tuple(sorted(records, key=_ORDER))
        self.horizon = horizon
        self.seed = seed
        self.replication = replication
        self._by_kind: dict[type[Record], list[tuple[int, Record]]] = defaultdict(list)
        for index, record in enumerate(self.records):
            self._by_kind[type(record)].append((index, record))

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def of(self, kind: type[R]) -> list[R]:
        """All records of one kind, in order."""
        return [record for _, record in self.numbered(kind)]

    def numbered(self, kind: type[R]) -> list[tuple[int, R]]:
        """All records of one kind with their places in the journal."""
        return self._by_kind.get(kind, [])  # type: ignore[return-value]  # keyed by type

    def dumps(self) -> str:
        """Write the journal as JSON lines: a head, then a record a line."""
        head = {
            "schema": SCHEMA,
            "horizon_s": self.horizon,
            "seed": self.seed,
            "replication": self.replication,
        }
        lines = [_line(head), *(_line(_to_plain(record)) for record in self.records)]
        return "\n".join(lines) + "\n"

    @classmethod
    def loads(cls, text: str) -> Journal:
        """Read a journal back.

        Raises
        ------
        JournalError
            If the text is no journal, is of another version, or is damaged;
            the message names the line.
        """
        lines = text.splitlines()
        head = _parse(lines[0] if lines else "", 1)
        if head.get("schema") != SCHEMA:
            found = head.get("schema", "none")
            raise JournalError(f"line 1: journal of schema {found}; this keepout reads {SCHEMA}")
        records = [_from_plain(_parse(line, n), n) for n, line in enumerate(lines[1:], start=2)]
        try:
            run = {name: head[name] for name in ("seed", "replication")}
            return cls(records, horizon=head["horizon_s"], **run)
        except KeyError as error:
            raise JournalError(f"line 1: the head of the journal lacks {error}") from error


class Recorder:
    """Takes the records of a run as they happen."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.add = self.records.append

    def take_back(self, record: Record) -> None:
        """Take back a record of this very instant, of what was undone within it."""
        at = next(k for k in reversed(range(len(self.records))) if self.records[k] is record)
        del self.records[at]


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _parse(line: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise JournalError(f"line {number}: no JSON: {error}") from error
    if not isinstance(value, dict):
        raise JournalError(f"line {number}: a record is an object, not {line[:40]!r}")
    return value


def _to_plain(record: Record) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": type(record).__name__}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Volume | Track):
            value = value.to_record()
        plain[field.name] = value
    return plain


def _from_plain(plain: dict[str, Any], number: int) -> Record:
    try:
        kind = _KINDS[plain.pop("kind")]
        for name in ("volume", "told"):
            if plain.get(name) is not None:
                plain[name] = Volume.from_record(plain[name])
        if "track" in plain:
            plain["track"] = Track.from_record(plain["track"])
        if "route" in plain:
            plain["route"] = tuple(plain["route"])
        if "step" in plain:
            plain["step"] = Step(plain["step"])
        return _check(kind(**plain))
    except (KeyError, TypeError, ValueError, InputError) as error:
        raise JournalError(f"line {number}: damaged record: {error}") from error


def _check(record: Record) -> Record:
    """Refuse a record of which a value is not of its kind: nothing later would say so clearly."""
    for field in fields(record):
        value, kind = getattr(record, field.name), _PLAIN.get(str(field.type))
        if kind is not None and not (type(value) in kind and value == value):  # noqa: PLR0124 - NaN
            raise TypeError(f"{field.name} is {value!r}")
    return record
