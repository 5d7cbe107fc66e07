"""Evidence: the records that prove a verdict, told in order from the notice to the entry."""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf
from typing import TYPE_CHECKING

from sim.findings.entries import SiteEntry
from sim.model.journal import (
    Disseminated,
    FlightActed,
    NoticeStep,
    Record,
    SenderReacted,
    Step,
    UnitReacted,
)
from sim.units import show_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.findings.archive import Archive
    from sim.findings.entries import Entry
    from sim.findings.notices import Copy
    from sim.scenario.planned import Plan

_AT_ENTRY = {
    "never_addressed": "never told",
    "not_yet_sent": "not yet sent",
    "relay_gap": "held by an intermediary",
    "in_transit": "still under way",
    "unanswered": "still unanswered",
    "lost": "lost on the way",
    "misinformed": "told otherwise",
    "not_disseminated": "not yet disseminated",
    "no_time": "told too late",
    "unable": "could not keep out",
    "disregarded": "knew of it",
    "undeclared": "nothing was declared there",
}
_OF_AN_ATTEMPT = {
    Step.ATTEMPTED: "begun",
    Step.CONNECTED: "connected",
    Step.UNANSWERED: "unanswered",
    Step.LOST: "failed",
}
_HANDS = {Step.DELIVERED: "to", Step.HANDLED: "by", Step.RELAYED: "by"}
_STEPS: dict[type[Record], str] = {
    Disseminated: "disseminated",
    UnitReacted: "reacted",
    FlightActed: "acted",
    SenderReacted: "sender_reacted",
}
REACTIONS = {
    "retry": "to send it again",
    "other_route": "to send it by another route",
    "postpone": "to put off the operation",
    "cancel": "to call it off",
    "go": "to go ahead all the same",
}
"""What a sender decides when no acknowledgement comes, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A journal record (its place there) that proves a verdict, in a few words."""

    at: float
    record: int
    step: str
    text: str


class Chains:
    """Draws the chains of one run's records that lead to an entry."""

    def __init__(self, plan: Plan, archive: Archive) -> None:
        self._plan = plan
        self._archive = archive

    def of_copy(self, cause: str, entry: Entry, copy: Copy, zone: str) -> tuple[Evidence, ...]:
        """Tell all that a copy led to up to an entry, the entry, and what came too late."""
        steps = [
            (i, step, self.say(step)) for i, step in copy.steps if step.step is not Step.CALLING
        ]
        chain = sorted([*steps, *self._heard(entry, copy, zone)], key=lambda item: item[0])
        before = [_evidence(*item) for item in chain if item[1].at <= entry.at]
        after = [_evidence(*item) for item in chain if item[1].at > entry.at]
        return (*before, self.entered(entry, cause), *after)

    def of_declaration(self, entry: Entry, zone: str) -> tuple[Evidence, ...]:
        """Tell what had been declared up to an entry, for want of a copy of it."""
        return tuple(
            Evidence(r.at, index, "issued", f"version {r.version} of {zone} declared")
            for index, r in self._archive.issued[zone]
            if r.at <= entry.at
        )

    def entered(self, entry: Entry, cause: str) -> Evidence:
        """Tell the entry itself, and how its party stood to it."""
        if isinstance(entry, SiteEntry):
            index = self._archive.began[entry.inside]
            text = f"{entry.inside} under way over {entry.who}: {_AT_ENTRY[cause]}"
            return Evidence(entry.at, index, "under_way", text)
        index, _ = self._archive.flown[entry.who]
        text = f"entered {entry.inside}: {_AT_ENTRY[cause]}"
        return Evidence(entry.at, index, "entered", text)

    def _heard(self, entry: Entry, copy: Copy, zone: str) -> Iterator[tuple[int, Record, str]]:
        """Tell what the unit was told of a zone and did about it; other versions by number."""
        head = copy.head
        this = (head.notice, head.version, head.sending)

        def which(record: Disseminated | UnitReacted) -> str:
            is_this = (record.notice, record.version, record.sending) == this
            return "" if is_this else f"version {record.version} "

        for index, silence in self._archive.silence[zone, head.recipient]:
            if silence.notice == head.notice:
                decided = REACTIONS[silence.reaction]
                yield index, silence, f"not acknowledged: {head.sender} decided {decided}"
        for index, told in self._archive.told[zone, entry.unit]:
            yield index, told, f"{which(told)}disseminated to {told.unit}"
        for index, reacted in self._archive.reacted[zone, entry.unit]:
            said = "heeded" if reacted.heeded else "disregarded"
            yield index, reacted, f"{which(reacted)}{said} by {reacted.unit}"
        for index, acted in self._archive.acted[zone, entry.who]:
            said = "found nothing to do" if acted.action == "none" else f"chose to {acted.action}"
            yield index, acted, f"{entry.who} {said}"

    def say(self, step: NoticeStep) -> str:
        """Put a step of a notice in a few words."""
        if step.step is Step.DRAFTED:
            said = f"version {step.version} drafted for {step.recipient}"
            return said + self._what_for(step)
        why = f": {step.why}" if step.why else ""
        if step.step in _OF_AN_ATTEMPT:
            return f"attempt {step.attempt} {_OF_AN_ATTEMPT[step.step]}{why}"
        taker = (*step.route[1::2], step.recipient)[step.leg]
        if step.step is Step.OMITTED:
            return f"not passed on by {taker}"
        who = f" {_HANDS[step.step]} {taker}" if step.step in _HANDS and step.route[1:] else ""
        said = f"{str(step.step).replace('_', ' ')}{who}"
        return f"{said}, garbled{why}" if step.garbled else f"{said}{why}"

    def _what_for(self, step: NoticeStep) -> str:
        """Say what an amendment changes, as the end of a sentence."""
        if step.change == "new":
            return ""
        if step.change == "cancel":
            return ", to lift the zone"
        issued = {r.version: r.volume for _, r in self._archive.issued[step.zone]}
        end = issued[step.version].window[1]
        if isinf(end):
            return ", until further notice"
        return f", until {show_clock(self._plan.scenario.start_unix + end)}"


def _evidence(index: int, record: Record, text: str) -> Evidence:
    step = str(record.step) if isinstance(record, NoticeStep) else _STEPS[type(record)]
    return Evidence(record.at, index, step, text)
