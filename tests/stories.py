"""Tiny scenarios told in a few lines, and their journals as lists of (when, what)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sim.findings.run import Run, run
from sim.model.journal import (
    Disseminated,
    FlightActed,
    Journal,
    NoticeStep,
    ObjectionAnswered,
    OperationBegan,
    OperationCancelled,
    OperationEnded,
    OperationPostponed,
    Record,
    SenderReacted,
    UnitReacted,
    ZoneActive,
    ZoneInactive,
    ZoneIssued,
)
from sim.scenario.reader import build

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario.schema import Scenario

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = 60.0

# A line that answers after 1 min, takes 2 min to pass a notice, and never fails.
LINE: dict[str, Any] = {
    "medium": "hotline",
    "between": ["north", "south"],
    "lines": 1,
    "answer": {"probability": 1, "wait": "1 min", "patience": "5 min"},
    "transfer": "2 min",
    "loss": 0,
    "garble": {"probability": 0, "offset": "9 km", "bearing": "90 deg"},
    "retry": {"after": "3 min", "attempts": 4},
}

# 50 km round 0N 0E: along the equator, a degree is 111 319.49 m.
ZONE: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "50 km"}},
    "altitude": ["SFC", "UNL"],
    "window": {"start": "+60 min", "duration": "2 h"},
    "notices": {"first": {"to": "south", "via": "line", "lead": "30 min"}},
}

# Westbound to eastbound along the equator through the middle of the zone, 20 km a minute.
FLIGHT: dict[str, Any] = {
    "party": "south",
    "route": ["0N 2W", "0N 2E"],
    "speed": "1200 km/h",
    "altitude": "FL200",
    "departs": "+90 min",
}


def scenario(**sections: Any) -> Scenario:
    """Make a scenario of two parties, north and south; sections go before what it starts from."""
    document: dict[str, Any] = {
        "keepout": 1,
        "name": "Story",
        "start": START.isoformat(),
        "end": "+6 h",
        "parties": {"north": {}, "south": {}},
        "channels": {"line": LINE},
    }
    return build(as_text(document | sections))


def as_text(tree: Any) -> Any:
    """Give a tree as a file would: every scalar a text."""
    if isinstance(tree, dict):
        return {key: as_text(value) for key, value in tree.items()}
    return [as_text(item) for item in tree] if isinstance(tree, list) else str(tree)


def story(records: Iterable[Record], *kinds: type[Record]) -> list[tuple[float, str]]:
    """Tell what happened as (minutes, words), leaving out all but the kinds asked for."""
    return [(round(r.at / MINUTE, 6), words(r)) for r in records if not kinds or type(r) in kinds]


def words(record: Record) -> str:  # noqa: PLR0911 - one kind of record after another
    """Put a record in a few words."""
    match record:
        case NoticeStep():
            attempt = f" {record.attempt}" if record.attempt else ""
            return f"{record.zone} v{record.version} to {record.recipient}: {record.step}{attempt}"
        case Disseminated():
            return f"{record.zone} v{record.version} to {record.unit}: disseminated"
        case UnitReacted():
            return f"{record.unit} {'heeds' if record.heeded else 'disregards'} {record.zone}"
        case FlightActed():
            return f"{record.flight}: {record.action}"
        case ZoneIssued() | ZoneActive() | ZoneInactive():
            verb = type(record).__name__.removeprefix("Zone").lower()
            return f"{record.zone} v{record.version} {verb}"
        case SenderReacted():
            by = f" by {' '.join(record.route)}" if record.route else ""
            return f"{record.sender} on {record.recipient}: {record.reaction}{by}"
        case ObjectionAnswered():
            return f"{record.sender} to {record.recipient}: {record.answer}"
        case OperationPostponed():
            return f"{record.operation} put off by {record.by_s / MINUTE:g}"
        case OperationBegan() | OperationEnded() | OperationCancelled():
            return f"{record.operation} {type(record).__name__.removeprefix('Operation').lower()}"
        case _:
            return type(record).__name__


def journal_of(seed: int = 0, **sections: Any) -> Journal:
    """Run a story once."""
    return run(scenario(**sections), seed).journal


def run_of(seed: int = 0, **sections: Any) -> Run:
    """Run a story once, with its findings."""
    return run(scenario(**sections), seed)
