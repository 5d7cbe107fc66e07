"""The journal: the ordered, typed record of everything that happened in one run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume


class Step(StrEnum):
    """What may happen to one copy of a notice on its way (DESIGN section 3)."""

    DRAFTED = "drafted"
    ATTEMPTED = "attempted"        # wants a line
    CALLING = "calling"            # has a line, which rings
    CONNECTED = "connected"        # somebody competent answers; the transfer begins
    UNANSWERED = "unanswered"
    DELIVERED = "delivered"        # perhaps garbled; in the receiving desk's tray
    LOST = "lost"
    HANDLED = "handled"            # read, interpreted and logged by the desk
    ACKNOWLEDGED = "acknowledged"  # the sender knows
    REPLACED = "replaced"          # a newer version took over before delivery
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True)
class Record:
    """Something that happened at ``at``, in seconds since the scenario's start."""

    at: float


@dataclass(frozen=True, slots=True)
class OperationBegan(Record):
    operation: str
    volume: Volume          # true, with the window [real start, real end)


@dataclass(frozen=True, slots=True)
class OperationEnded(Record):
    operation: str


@dataclass(frozen=True, slots=True)
class OperationCancelled(Record):
    operation: str


@dataclass(frozen=True, slots=True)
class ZoneIssued(Record):
    zone: str
    version: int
    kind: str               # new, replace, cancel
    volume: Volume          # declared


@dataclass(frozen=True, slots=True)
class ZoneActive(Record):
    zone: str
    version: int


@dataclass(frozen=True, slots=True)
class ZoneInactive(Record):
    zone: str
    version: int


@dataclass(frozen=True, slots=True)
class NoticeStep(Record):
    """One step of one copy: a notice's version on its way to one recipient."""

    step: Step
    zone: str
    notice: str             # its key among the zone's notices
    version: int
    sender: str
    recipient: str
    route: tuple[str, ...]  # channels, in order
    attempt: int = 0        # counts from 1; 0 where no attempt is meant
    told: Volume | None = None   # on delivered: what the recipient now holds
    garbled: bool = False


@dataclass(frozen=True, slots=True)
class Disseminated(Record):
    zone: str
    version: int
    party: str
    unit: str


@dataclass(frozen=True, slots=True)
class UnitReacted(Record):
    """A unit, its reaction time over, heeds or disregards what it was told."""

    zone: str
    version: int
    party: str
    unit: str
    heeded: bool


@dataclass(frozen=True, slots=True)
class FlightActed(Record):
    """A heeding flight acted, or found nothing that keeps it out (``action`` none)."""

    flight: str
    zone: str
    version: int
    action: str             # delay, reroute, divert, exit, cancel, none
    delay_s: float = 0.0
    extra_m: float = 0.0


@dataclass(frozen=True, slots=True)
class FlightDeparted(Record):
    flight: str


@dataclass(frozen=True, slots=True)
class FlightArrived(Record):
    flight: str
    diverted: bool


@dataclass(frozen=True, slots=True)
class FlightFlown(Record):
    """The track really flown, up to arrival or the horizon."""

    flight: str
    track: Track
