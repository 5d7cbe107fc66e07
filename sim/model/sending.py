"""Sending: a declarer's side of its notices, what it learns of them and does about silence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.model.copies import Copy
from sim.model.journal import ObjectionAnswered, SenderReacted, Step

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from sim.model.engine import World
    from sim.model.streams import Key
    from sim.model.zones import Zone
    from sim.scenario.notices import Reaction
    from sim.scenario.planned import PlannedNotice, PlannedZone

    Process = Generator[simpy.Event, object, None]
    Correspondence = tuple[str, str]  # a notice and one of its recipients


class Sender:
    """Sends the notices of one zone, and knows of them only what comes back.

    Where no acknowledgement comes, it takes the steps that the notice gives,
    one after another for each recipient, however many versions there are
    meanwhile.

    Parameters
    ----------
    world
        The run.
    zone
        The zone that the notices are about.
    planned
        The same as planned.
    """

    def __init__(self, world: World, zone: Zone, planned: PlannedZone) -> None:
        self._world = world
        self._env = world.env
        self._record = world.recorder.add
        self._zone = zone
        self._planned = planned
        self._sent: list[PlannedNotice] = []
        self._copies: list[Copy] = []
        self._in_hand: list[Copy] = []  # all that may still be withdrawn are among them
        self._routes: dict[Correspondence, tuple[str, ...]] = {}
        self._taken: Counter[Correspondence] = Counter()
        self._known: set[tuple[str, int]] = set()  # recipients and versions acknowledged
        self._yielded = 0

    def send(self, notice: PlannedNotice) -> None:
        """Send a notice for the first time, with what the zone is now."""
        self._sent.append(notice)
        self._send_to_all(notice, "new")

    def replace(self, change: str) -> None:
        """Send a new version to all; copies still pending give way, a call going on is ended."""
        by = Step.CANCELLED if change == "cancel" else Step.REPLACED
        for copy in self._in_hand:
            self._withdraw(copy, by)
        self._in_hand.clear()
        for notice in self._sent:
            self._send_to_all(notice, change)

    def acknowledge(self, copy: Copy) -> None:
        """Let the sender know that a recipient's desk has handled a copy."""
        self._env.process(self._acknowledge(copy))

    def object(self, copy: Copy, after: float) -> None:
        """Let the sender hear, after so many seconds, that a recipient objects."""
        self._env.process(self._hear(copy, after))

    def _send_to_all(self, notice: PlannedNotice, change: str) -> None:
        for recipient in notice.recipients:
            self._send(notice, recipient, change)

    def _send(self, notice: PlannedNotice, recipient: str, change: str, sending: int = 0) -> None:
        zone = self._zone
        copy = Copy(
            zone=zone.id,
            notice=notice.id,
            version=zone.version,
            change=change,
            sender=self._planned.party,
            recipient=recipient,
            route=self._routes.get((notice.id, recipient), notice.route),
            priority=notice.priority,
            content=zone.in_force,
            stated_end=zone.stated_end,
            sending=sending,
            previous=None if change == "new" else zone.previous,
        )
        self._copies.append(copy)
        self._in_hand.append(copy)
        self._record(copy.step(self._env.now, Step.DRAFTED))
        self._env.process(self._carry(copy, notice))
        if notice.unacknowledged is not None:
            self._env.process(self._await_acknowledgement(copy, notice))

    def _withdraw(self, copy: Copy, by: Step) -> None:
        """Let a copy give way that has not reached anybody.

        What is under way is not held back; whoever tries again afterwards will not.
        """
        if copy.is_pending:
            copy.superseded = by
            if not copy.under_way:
                self._record(copy.gives_way(self._env.now))

    def _carry(self, copy: Copy, notice: PlannedNotice) -> Process:
        """Send a copy over the leg it is on; whoever is at its end takes it from there."""

        def arrived(copy: Copy) -> None:
            hand = self._handle(copy) if copy.is_on_last_leg else self._relay(copy, notice)
            self._env.process(hand)

        yield from self._world.channels[copy.channel].send(copy, arrived)
        if copy.leg == 0 and copy.given_up:  # what befalls it later, the sender is not told
            self._react(copy, notice)

    def _handle(self, copy: Copy) -> Process:
        return self._world.desks[copy.recipient].handle(copy, self)

    def _relay(self, copy: Copy, notice: PlannedNotice) -> Process:
        """Have an intermediary read a copy and pass on what it understood, or leave it."""
        if copy.is_known:
            return  # it came twice
        copy.is_known = True
        if (yield from self._world.desks[copy.taker].relay(copy)):
            yield from self._carry(copy.onward(), notice)

    def _acknowledge(self, copy: Copy) -> Process:
        """Let the acknowledgement travel; one that is lost leaves the sender not knowing."""
        channel = self._world.channels[copy.channel]
        how = channel.spec.acknowledgement
        if how is None:
            return
        yield self._env.timeout(channel.time(how.after, "acknowledgement", copy, 0))
        if not channel.happens("loss of acknowledgement", how.loss, copy, 0):
            self._known.add((copy.recipient, copy.version))
            self._record(copy.step(self._env.now, Step.ACKNOWLEDGED))

    def _await_acknowledgement(self, copy: Copy, notice: PlannedNotice) -> Process:
        rule = notice.unacknowledged
        assert rule is not None, "only awaited where something is to be done about silence"
        wait = self._world.streams.value(rule.after, copy.key, "acknowledgement awaited")
        yield self._env.timeout(max(0.0, wait))
        self._react(copy, notice)

    def _react(self, copy: Copy, notice: PlannedNotice) -> None:
        """Take the next step that is possible, if nothing newer was sent and nothing came back."""
        rule, with_whom = notice.unacknowledged, (notice.id, copy.recipient)
        if rule is None or self._zone.is_over or copy is not self._newest(*with_whom):
            return
        if (copy.recipient, copy.version) in self._known:
            return
        while self._taken[with_whom] < len(rule.then):
            step = rule.then[self._taken[with_whom]]
            self._taken[with_whom] += 1
            if self._is_possible(step):
                self._take(step, copy, notice)
                return

    def _newest(self, notice: str, recipient: str) -> Copy:
        sent = (c for c in reversed(self._copies) if (c.notice, c.recipient) == (notice, recipient))
        return next(sent)

    def _is_possible(self, step: Reaction) -> bool:
        """Tell whether a step can be taken: an operation under way is not put off."""
        if step.postpone is None and step.do != "cancel":
            return True
        return self._world.can_put_off(self._planned)

    def _take(self, step: Reaction, copy: Copy, notice: PlannedNotice) -> None:
        """Do one thing about silence, and put it on record."""
        route = () if step.postpone is not None or step.do in {"go", "cancel"} else copy.route
        route = step.via or route
        self._record(
            SenderReacted(
                self._env.now,
                copy.zone,
                copy.notice,
                copy.version,
                copy.sender,
                copy.recipient,
                step.name,
                route,
            )
        )
        if step.postpone is not None:
            self._postpone(notice, copy.recipient, step.postpone)
        elif step.do == "cancel":
            self._world.call_off(self._planned)
        elif route:
            self._routes[notice.id, copy.recipient] = route
            if not copy.is_out:
                self._withdraw(copy, Step.REPLACED)
            sending = self._taken[notice.id, copy.recipient]
            self._send(notice, copy.recipient, copy.change, sending)

    def _postpone(self, notice: PlannedNotice, by_whom: str, by: float) -> None:
        """Put off what the zone is about, once for all for whom that is the next step too."""
        assert notice.unacknowledged is not None, "only done about silence"
        steps = notice.unacknowledged.then
        for recipient in notice.recipients:
            taken = self._taken[notice.id, recipient]
            is_next = taken < len(steps) and steps[taken].postpone is not None
            if is_next and recipient != by_whom:
                self._taken[notice.id, recipient] += 1
        self._world.put_off(self._planned, by)

    def _hear(self, copy: Copy, after: float) -> Process:
        """Hear an objection, and after a time to decide shrink, shift or keep the zone."""
        yield self._env.timeout(after)
        rule, key = self._planned.objections, (*copy.key, "objection")
        if rule is not None:
            decides = self._world.streams.value(rule.after, key, "decides on objection")
            yield self._env.timeout(max(0.0, decides))
        if self._zone.is_over:
            return
        answer = "keep"
        owner: Key = ("zone", copy.zone)
        if (
            rule is not None
            and self._yielded < rule.most
            and copy.version == self._zone.version
            and self._world.streams.chance(rule.probability, owner, key, "yields to objection")
            and (rule.shift is None or self._world.can_put_off(self._planned))
        ):
            answer = "shrink" if rule.shift is None else "shift"
        self._record(
            ObjectionAnswered(
                self._env.now, copy.zone, copy.version, copy.sender, copy.recipient, answer
            )
        )
        if answer == "keep" or rule is None:
            return
        self._yielded += 1
        if rule.shift is not None:
            self._world.put_off(self._planned, rule.shift)
        else:
            self._zone.shrink(rule.shrink or 0.0)
