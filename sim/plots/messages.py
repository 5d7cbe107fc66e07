"""The chains of notices on a timeline: what desks had in hand, what passed between them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sim.findings.archive import Archive
from sim.findings.evidence import REACTIONS, Chains
from sim.findings.notices import copies
from sim.model.hours import Hours
from sim.model.journal import (
    ChannelDown,
    ChannelUp,
    ClockSet,
    Disseminated,
    NoticeStep,
    SenderReacted,
    Step,
)
from sim.plots.rows import Bar, Link, Mark, Row, notice_gid
from sim.report.wording import Clock

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sim.findings.notices import Copy
    from sim.findings.run import Run

_BEGUN = {Step.CONNECTED, Step.PUBLISHED}
_OVER = {Step.GAVE_UP, Step.REPLACED, Step.CANCELLED, Step.EXPIRED}
_AT_TAKER = {Step.DELIVERED, Step.HANDLED, Step.RELAYED, Step.OMITTED, Step.OBJECTED}
_UNSEEN = {Step.CALLING, Step.CONNECTED, Step.RELAYED}  # the links and bars show them
Steps = list[NoticeStep]
_Spell = tuple[float, float]


class Messages:
    """Makes the rows of one run's desks and channels, and the links between rows.

    Parameters
    ----------
    run
        The run.
    zones
        The zones that are shown, whose notices are; None for all.
    """

    def __init__(self, run: Run, zones: Collection[str] | None = None) -> None:
        self._run = run
        self._zones = zones
        self._clock = Clock.of(run.scenario)
        self._chains = Chains(run.plan, Archive(run.journal))
        self._bars: defaultdict[str, list[Bar]] = defaultdict(list)
        self._marks: defaultdict[str, list[Mark]] = defaultdict(list)
        self._links: list[Link] = []
        self._addressed: set[str] = set()
        for copy in copies(run.journal):
            if self._is_shown(copy.head.zone):
                self._add(copy)
        self._add_decisions()

    def desk_row(self, party: str) -> Row | None:
        """Tell what a party's desk had in hand, and when nobody was there.

        None for one that no notice went to or came from, and that is always staffed.
        """
        bars = (*self._closed(party), *sorted(self._bars[party], key=lambda bar: bar.start))
        marks = tuple(sorted(self._marks[party], key=lambda mark: mark.at))
        concerned = bars or marks or party in self._addressed
        return Row(f"desk:{party}", "desk", "desk", bars, marks) if concerned else None

    def channel_rows(self, apart_s: float = 0.0) -> Iterator[Row]:
        """Tell of each channel that failed when it was down.

        Parameters
        ----------
        apart_s
            Failures with less time between them are drawn as one, which says how many.
        """
        for channel, spells in sorted(self._down().items()):
            joined: list[list[_Spell]] = []
            for spell in spells:
                if joined and spell[0] - joined[-1][-1][1] < apart_s:
                    joined[-1].append(spell)
                else:
                    joined.append([spell])
            bars = tuple(
                self._down_bar(channel, n, spells) for n, spells in enumerate(joined, start=1)
            )
            yield Row(f"channel:{channel}", "channel", channel, bars)

    def _down(self) -> dict[str, list[_Spell]]:
        """Give from when until when each channel was down, by channel, in order."""
        up: defaultdict[str, list[float]] = defaultdict(list)
        for record in self._run.journal.of(ChannelUp):
            up[record.channel].append(record.at)
        ups = {down.channel: iter(up[down.channel]) for down in self._run.journal.of(ChannelDown)}
        spells: defaultdict[str, list[_Spell]] = defaultdict(list)
        for down in self._run.journal.of(ChannelDown):
            until = next(ups[down.channel], self._run.plan.horizon)  # they take turns
            spells[down.channel].append((down.at, until))
        return spells

    def _down_bar(self, channel: str, number: int, spells: list[_Spell]) -> Bar:
        start, end = spells[0][0], spells[-1][1]
        often = f" {len(spells):,} times" if len(spells) > 1 else ""
        about = f"{channel} out of order{often}, {self._clock.span(start, end)}"
        return Bar(f"channel:{channel}/down/{number}", "down", start, end, about)

    def links(self, rows: Collection[str], row_of_unit: dict[str, str]) -> tuple[Link, ...]:
        """Give all that passes between rows that are shown, in order of time.

        Parameters
        ----------
        rows
            Their ids.
        row_of_unit
            The row that stands for each unit of a party; those in strips have none.
        """
        found = [*self._links, *self._to_units(row_of_unit)]
        shown = [link for link in found if link.source in rows and link.target in rows]
        return tuple(sorted(shown, key=lambda link: (link.start, link.end)))

    def _is_shown(self, zone: str) -> bool:
        return self._zones is None or zone in self._zones

    def _closed(self, party: str) -> Iterator[Bar]:
        clocks = {record.party: record.ahead_s for record in self._run.journal.of(ClockSet)}
        spec = self._run.scenario.parties[party].desk
        hours = Hours(spec.hours, self._run.scenario.start_unix, clocks.get(party, 0.0))
        for number, (start, end) in enumerate(hours.closed(self._run.plan.horizon), start=1):
            about = f"nobody at the desk of {party}, {self._clock.span(start, end)}"
            yield Bar(f"desk:{party}/closed/{number}", "closed", start, end, about)

    def _add(self, copy: Copy) -> None:
        """Lay out the legs of a copy, and its acknowledgement."""
        legs: defaultdict[int, Steps] = defaultdict(list)
        for _, step in copy.steps:
            legs[step.leg].append(step)
        for number, steps in legs.items():
            self._add_leg(_leg(copy, number), steps)
        answered = copy.when(Step.ACKNOWLEDGED)
        handled = copy.when(Step.HANDLED)
        if answered is not None and handled is not None:
            head = copy.head
            self._link(
                f"{_gid(head)}/acknowledged",
                "acknowledged",
                (head.recipient, head.sender),
                (handled, answered),
                f"{head.recipient} acknowledges {notice_name(head)} to {head.sender}",
            )

    def _add_leg(self, leg: _Leg, steps: Steps) -> None:
        self._add_marks(leg, steps)
        delivered = next((step for step in steps if step.step is Step.DELIVERED), None)
        begun = {step.attempt: step.at for step in steps if step.step in _BEGUN}
        called = {step.attempt: step.at for step in steps if step.step is Step.CALLING}
        self._addressed.add(leg.target)
        for step in steps:
            since = {Step.LOST: begun, Step.UNANSWERED: called}.get(step.step, {}).get(step.attempt)
            if since is not None:
                gid, about = _attempt_gid(leg, step), f"{leg.name}: {self._chains.say(step)}"
                self._link(gid, str(step.step), leg.hands, (since, step.at), about)
        if delivered is not None:
            about = f"{leg.name} passed from {leg.source} to {leg.target}"
            since = begun.get(delivered.attempt, delivered.at)
            self._link(leg.gid, "passed", leg.hands, (since, delivered.at), about)
        self._add_hands(leg, steps, delivered, begun)

    def _link(
        self, gid: str, kind: str, hands: tuple[str, str], times: tuple[float, float], about: str
    ) -> None:
        """Link two desks."""
        source, target = hands
        self._links.append(Link(gid, kind, f"desk:{source}", f"desk:{target}", *times, about))

    def _add_hands(
        self, leg: _Leg, steps: Steps, delivered: NoticeStep | None, begun: dict[int, float]
    ) -> None:
        """Tell how long a copy lay in the hands at either end of a leg."""
        if delivered is None:
            out = (s.at for s in steps if s.step in _OVER or s.step is Step.PUBLISHED)
            until = next(out, self._run.plan.horizon)
        else:
            until = begun.get(delivered.attempt, delivered.at)
            ends = (s.at for s in steps if s.step is Step.HANDLED)
            handled = next(ends, self._run.plan.horizon)
            about = f"{leg.name} in the tray or in hand at {leg.target}"
            bar = Bar(f"{leg.gid}/tray", "waiting", delivered.at, handled, about)
            self._bars[leg.target].append(bar)
        about = f"{leg.name} on its way out of the hands of {leg.source}"
        bar = Bar(f"{leg.gid}/out", "waiting", steps[0].at, until, about)
        self._bars[leg.source].append(bar)

    def _add_marks(self, leg: _Leg, steps: Steps) -> None:
        seen: set[str] = set()
        for step in steps:
            kind = "garbled" if step.garbled and step.step is Step.DELIVERED else str(step.step)
            gid = f"{leg.gid}/garbled" if kind == "garbled" else _attempt_gid(leg, step)
            if step.step in _UNSEEN or gid in seen:
                continue
            seen.add(gid)
            who = leg.target if step.step in _AT_TAKER else leg.source
            who = step.sender if step.step is Step.ACKNOWLEDGED else who
            about = f"{leg.name}: {self._chains.say(step)}"
            self._marks[who].append(Mark(gid, kind, step.at, about))

    def _add_decisions(self) -> None:
        for silence in self._run.journal.of(SenderReacted):
            if self._is_shown(silence.zone):
                notice = (silence.zone, silence.notice, silence.version, silence.recipient)
                gid = f"{notice_gid(*notice)}/decided/{silence.at:.0f}"
                about = (
                    f"{silence.zone} v{silence.version} not acknowledged by {silence.recipient}:"
                    f" {silence.sender} decided {REACTIONS[silence.reaction]}"
                )
                self._marks[silence.sender].append(Mark(gid, "decided", silence.at, about))

    def _to_units(self, row_of_unit: dict[str, str]) -> Iterator[Link]:
        """Link desks to the rows of the units that they told."""
        handled = {_gid(copy.head): copy.when(Step.HANDLED) for copy in copies(self._run.journal)}
        for told in self._run.journal.of(Disseminated):
            gid = notice_gid(told.zone, told.notice, told.version, told.party, told.sending)
            row, since = row_of_unit.get(told.unit), handled.get(gid)
            if row is None or since is None or not self._is_shown(told.zone):
                continue
            yield Link(
                f"{gid}/disseminated/{told.unit}",
                "disseminated",
                f"desk:{told.party}",
                row,
                since,
                told.at,
                f"{told.unit} told of {told.zone} v{told.version} by the desk of {told.party}",
            )


class _Leg(NamedTuple):
    """One leg of a copy: from whose hands to whose."""

    gid: str
    name: str
    source: str
    target: str

    @property
    def hands(self) -> tuple[str, str]:
        """From whom to whom."""
        return self.source, self.target


def _leg(copy: Copy, number: int) -> _Leg:
    head = copy.head
    hands = (head.sender, *head.route[1::2], head.recipient)
    gid = _gid(head) if number == copy.last_leg else f"{_gid(head)}/leg{number}"
    return _Leg(gid, notice_name(head), hands[number], hands[number + 1])


def _attempt_gid(leg: _Leg, step: NoticeStep) -> str:
    return f"{leg.gid}/{step.step}{step.attempt if step.attempt > 1 else ''}"


def _gid(head: NoticeStep) -> str:
    return notice_gid(head.zone, head.notice, head.version, head.recipient, head.sending)


def notice_name(step: NoticeStep) -> str:
    """Name it for people."""
    return f"{step.zone}.{step.notice} v{step.version} to {step.recipient}"
