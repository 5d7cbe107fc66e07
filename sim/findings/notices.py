"""Notices: how far each copy of each version got, and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isinf
from typing import TYPE_CHECKING

from sim.model.journal import Disseminated, Journal, NoticeStep, Step, ZoneIssued

if TYPE_CHECKING:
    from sim.geometry.volume import Volume


@dataclass(frozen=True, slots=True)
class Copy:
    """One sending of one version of a notice to one recipient: its steps, numbered as recorded."""

    steps: tuple[tuple[int, NoticeStep], ...]

    @property
    def head(self) -> NoticeStep:
        """Its first step, which names zone, notice, version, sender and recipient."""
        return self.steps[0][1]

    @property
    def last_leg(self) -> int:
        """The leg that ends in the recipient's own hand."""
        return len(self.head.route) // 2

    def until(self, at: float) -> tuple[NoticeStep, ...]:
        """Give the steps up to and including an instant."""
        return tuple(step for _, step in self.steps if step.at <= at)

    def when(self, kind: Step) -> float | None:
        """Give the instant of its first step of a kind on the last leg; None if there is none."""
        steps = (step for _, step in self.steps if step.leg == self.last_leg)
        return next((step.at for step in steps if step.step is kind), None)

    @property
    def told(self) -> Volume | None:
        """What the recipient was told; None if the copy was never delivered."""
        steps = (step for _, step in self.steps if step.leg == self.last_leg)
        return next((step.told for step in steps if step.told is not None), None)

    @property
    def wrong(self) -> NoticeStep | None:
        """The step in which it was first understood wrongly; None if it never was."""
        return next((step for _, step in self.steps if step.garbled), None)

    @property
    def garbled(self) -> bool:
        """Whether what was told differs from what was declared."""
        return self.wrong is not None


@dataclass(frozen=True, slots=True)
class NoticeSummary:
    """What became of one copy; instants in seconds since the scenario's start.

    ``outcome`` is the last step it took towards its recipient, ``lead_left_s``
    the time from its handling to the zone's start, or for an amendment to the
    instant from which on it makes a difference.
    """

    zone: str
    notice: str
    version: int
    sender: str
    recipient: str
    route: tuple[str, ...]
    drafted: float
    attempts: int
    delivered: float | None
    handled: float | None
    acknowledged: float | None
    disseminated: tuple[tuple[str, float], ...]
    garbled: bool
    outcome: str
    lead_left_s: float | None
    sending: int = 0
    """Which sending of the version it is; 0 for the first."""


_Reached = defaultdict[tuple[str, str, int, str, int], list[tuple[str, float]]]


@lru_cache(maxsize=1)  # asked for by several findings of one run
def copies(journal: Journal) -> tuple[Copy, ...]:
    """Collect the steps of each copy, in the order of drafting."""
    found: defaultdict[tuple[str, str, int, str, int], list[tuple[int, NoticeStep]]]
    found = defaultdict(list)
    for index, step in journal.numbered(NoticeStep):
        key = (step.zone, step.notice, step.version, step.recipient, step.sending)
        found[key].append((index, step))
    return tuple(Copy(tuple(steps)) for steps in found.values())


def summaries(journal: Journal) -> tuple[NoticeSummary, ...]:
    """Sum up what became of every copy, in the order of drafting."""
    due = _due(journal)
    reached: _Reached = defaultdict(list)
    for told in journal.of(Disseminated):
        key = (told.zone, told.notice, told.version, told.party, told.sending)
        reached[key].append((told.unit, told.at))
    return tuple(_summary(copy, due, reached) for copy in copies(journal))


def _due(journal: Journal) -> dict[tuple[str, int], float]:
    """Give when each version of each zone begins to matter to those who hold the one before.

    The first does when the zone begins. One that only ends later, or earlier,
    does from the first instant at which that makes a difference; any other
    change does at once, or when the zone begins.
    """
    due: dict[tuple[str, int], float] = {}
    before: dict[str, Volume] = {}
    for issued in journal.of(ZoneIssued):
        volume, last = issued.volume, before.get(issued.zone)
        starts, ends = volume.window
        due[issued.zone, issued.version] = starts
        if last is not None:
            longer = replace(last, window=(last.window[0], ends))
            changes = min(last.window[1], ends) if longer == volume else starts
            if issued.change == "cancel":
                changes = issued.at
            due[issued.zone, issued.version] = (
                issued.at if isinf(changes) else max(issued.at, changes)
            )
        before[issued.zone] = volume
    return due


def _summary(
    copy: Copy,
    due: dict[tuple[str, int], float],
    reached: _Reached,
) -> NoticeSummary:
    head = copy.head
    handled = copy.when(Step.HANDLED)
    key = (head.zone, head.notice, head.version, head.recipient, head.sending)
    return NoticeSummary(
        zone=head.zone,
        notice=head.notice,
        version=head.version,
        sender=head.sender,
        recipient=head.recipient,
        route=head.route,
        drafted=head.at,
        attempts=max(step.attempt for _, step in copy.steps),
        delivered=copy.when(Step.DELIVERED),
        handled=handled,
        acknowledged=copy.when(Step.ACKNOWLEDGED),
        disseminated=tuple(reached[key]),
        garbled=copy.garbled,
        outcome=str(copy.steps[-1][1].step),
        lead_left_s=None if handled is None else due[head.zone, head.version] - handled,
        sending=head.sending,
    )
