"""The link that broke: between whom, since when, by the cause and the copy that decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.findings.causes import INFORMED
from sim.findings.standing import stood_at
from sim.model.journal import (
    Disseminated,
    FlightActed,
    NoticeStep,
    Step,
    UnitReacted,
    ZoneIssued,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.findings.notices import Copy
    from sim.model.journal import Record

BEGUN = frozenset({Step.CONNECTED, Step.PUBLISHED})
AT_TAKER = frozenset({Step.DELIVERED, Step.HANDLED, Step.RELAYED, Step.OMITTED, Step.OBJECTED})
"""The steps that are taken where a leg ends, and not where it begins."""


class Passing(NamedTuple):
    """Something that passes, or should have, from one actor to another, in seconds."""

    source: str
    target: str
    start: float
    end: float


class Case(NamedTuple):
    """What a break is found by.

    ``place`` is the actor that was entered; ``sender``, ``desk``, ``unit`` and ``who`` are
    those along the chain; ``issued`` the versions declared, ``known`` the records that
    prove the cause.
    """

    cause: str
    at: float
    place: str
    sender: str
    desk: str
    unit: str
    who: str
    copy: Copy | None
    issued: Sequence[ZoneIssued]
    known: Sequence[Record]


def hands(copy: Copy) -> tuple[str, ...]:
    """Give the desks that a copy passes through, from its sender to its recipient."""
    parties = (copy.head.sender, *copy.head.route[1::2], copy.head.recipient)
    return tuple(f"desk:{party}" for party in parties)


def find_break(case: Case) -> Passing:
    """Find the link that broke: from where it held last to where it should have led by then."""
    if case.cause == "undeclared":
        return Passing(case.place, case.who, case.at, case.at)
    if case.cause in INFORMED:
        return Passing(case.unit, case.who, _last_known(case), case.at)
    if case.cause in {"never_addressed", "not_yet_sent"} or case.copy is None:
        return Passing(case.sender, case.desk, _last_said(case), case.at)
    if case.cause == "misinformed":
        return _misinformed(case, case.copy)
    if case.cause == "not_disseminated":
        return Passing(case.desk, case.unit, case.copy.when(Step.HANDLED) or case.at, case.at)
    return _under_way(case, case.copy)


def _last_known(case: Case) -> float:
    """Give when the unit last heard or did something before the entry."""
    kinds = (Disseminated, UnitReacted, FlightActed)
    heard = [r.at for r in case.known if isinstance(r, kinds) and r.at <= case.at]
    return max(heard, default=case.at)


def _last_said(case: Case) -> float:
    """Give when a notice was drafted, or the zone last declared, before the entry."""
    drafted = [case.copy.head.at] if case.copy is not None else []
    said = [at for at in (*drafted, *(r.at for r in case.issued)) if at <= case.at]
    return max(said, default=case.at)


def _misinformed(case: Case, copy: Copy) -> Passing:
    """Find where a copy was understood wrongly, or what newer version was still under way."""
    wrong = copy.wrong
    if wrong is not None:
        begun = [step.at for _, step in copy.steps if step.leg == wrong.leg and step.step in BEGUN]
        source, target = hands(copy)[wrong.leg : wrong.leg + 2]
        return Passing(source, target, max(begun, default=wrong.at), wrong.at)
    newer = [r.at for r in case.issued if r.version > copy.head.version and r.at <= case.at]
    if newer:
        return Passing(case.sender, case.desk, newer[0], case.at)
    return Passing(case.desk, case.desk, copy.when(Step.HANDLED) or case.at, case.at)


def _under_way(case: Case, copy: Copy) -> Passing:
    """Find where a copy stood that had not been handled."""
    standing = stood_at(copy, case.at)
    assert standing is not None, "the cause says that it stood somewhere"
    along = hands(copy)
    if standing.step not in AT_TAKER:
        return Passing(along[standing.leg], along[standing.leg + 1], standing.at, case.at)
    onward = min(standing.leg + 2, len(along) - 1)
    return Passing(along[standing.leg + 1], along[onward], standing.at, case.at)


def actor_of(step: NoticeStep, copy: Copy) -> str:
    """Give the desk at which a step of a copy is taken."""
    along = hands(copy)
    if step.step is Step.ACKNOWLEDGED:
        return along[0]
    return along[step.leg + (step.step in AT_TAKER)]
