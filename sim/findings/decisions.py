"""Decisions: what declarers did about silence, and about the objections of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.journal import Journal, ObjectionAnswered, SenderReacted

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Decision:
    """What a declarer decided at ``at``, in seconds since the scenario's start.

    ``about`` is ``no_acknowledgement`` or ``objection``, and ``recipient`` whose.
    ``decision`` is ``retry``, ``other_route``, ``postpone``, ``cancel`` or ``go``
    about silence; ``shrink``, ``shift`` or ``keep`` about an objection. ``route``
    is by which it sends from then on, where it sends again.
    """

    at: float
    party: str
    zone: str
    version: int
    recipient: str
    about: str
    decision: str
    route: tuple[str, ...]


def find_decisions(journal: Journal) -> tuple[Decision, ...]:
    """Collect the decisions of a run in order."""
    return tuple(sorted(_decisions(journal), key=lambda decision: decision.at))


def _decisions(journal: Journal) -> Iterator[Decision]:
    for silence in journal.of(SenderReacted):
        yield Decision(
            silence.at,
            silence.sender,
            silence.zone,
            silence.version,
            silence.recipient,
            "no_acknowledgement",
            silence.reaction,
            silence.route,
        )
    for heard in journal.of(ObjectionAnswered):
        yield Decision(
            heard.at,
            heard.sender,
            heard.zone,
            heard.version,
            heard.recipient,
            "objection",
            heard.answer,
            (),
        )
