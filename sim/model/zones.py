"""Zones: what a party declares, in versions, each in force while its window lasts."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from sim.distributions import Fixed
from sim.model.amendments import Amender
from sim.model.journal import ZoneActive, ZoneInactive, ZoneIssued
from sim.model.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from sim.geometry.volume import Volume
    from sim.model.engine import World
    from sim.model.streams import Key
    from sim.scenario.planned import PlannedNotice, PlannedZone

    Process = Generator[simpy.Event, object, None]


class Zone:
    """What its party declares: issued in versions, each of which is told to all recipients.

    ``declared`` is the newest version as it is written, ``in_force`` the same
    as it counts: one with an estimated end stays in force until a new version
    ends it.
    """

    def __init__(self, world: World, planned: PlannedZone) -> None:
        self._world = world
        self._planned = planned
        self._active: int | None = None
        self._is_cancelled = False
        self._amender: Amender | None = None
        self._sender = Sender(world, self, planned)
        self.version = 0
        self.declared = planned.volume
        self.previous: tuple[Volume, float | None] | None = None
        self._put_off_s = 0.0
        self._activated: ZoneActive | None = None
        drafts = {notice.id: self._drafting(notice) for notice in planned.notices}
        issued = planned.issued
        if issued is None:
            issued = min(drafts.values(), default=0.0)
        world.env.process(self._declare(issued))
        for notice in planned.notices:
            world.env.process(self._notify(max(issued, drafts[notice.id]), notice))

    @property
    def id(self) -> str:
        """The zone's id."""
        return self._planned.id

    @property
    def in_force(self) -> Volume:
        """The volume that is declared now, as it counts."""
        if not self._planned.estimated:
            return self.declared
        return replace(self.declared, window=(self.declared.window[0], inf))

    @property
    def stated_end(self) -> float | None:
        """The end as written, where it is only an estimate."""
        return self.declared.window[1] if self._planned.estimated else None

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to tell of."""
        return self._is_cancelled or self.in_force.window[1] <= self._world.env.now

    def amend(self, change: str, volume: Volume) -> None:
        """Issue a new version and send it to all who were sent the one before.

        After a cancellation there are no more.
        """
        if self._is_cancelled:
            return
        self._is_cancelled = change == "cancel"
        self._issue(change, volume)
        self._sender.replace(change)

    def put_off(self, by: float) -> None:
        """Shift the declared window to later; a new version where there is one already."""
        if self.is_over:
            return
        begins, ends = self.declared.window
        later = replace(self.declared, window=(begins + by, ends + by))
        self._put_off_s += by
        if self._amender is not None:
            self._amender.put_off(by)
        if self.version:
            self.amend("replace", later)
        else:
            self.declared = later

    def call_off(self) -> None:
        """Cancel the zone; one not declared yet never will be."""
        if self.version:
            self.amend("cancel", self.declared)
        self._is_cancelled = True

    def shrink(self, by: float) -> None:
        """Issue a new version whose border lies so much further in."""
        smaller = self.declared.footprint.shrunk(by)
        self.amend("replace", replace(self.declared, footprint=smaller))

    def _drafting(self, notice: PlannedNotice) -> float:
        if notice.at is not None:
            return notice.at
        key: Key = ("zone", self._planned.id, "notice", notice.id)
        lead = self._world.streams.value(notice.lead or Fixed(0.0), key, "lead")
        return max(0.0, self._planned.volume.window[0] - lead)

    def _declare(self, at: float) -> Process:
        yield self._world.env.timeout(at)
        if self._is_cancelled:
            return
        self._issue("new", self.declared)
        if self._planned.covers is not None:
            operation = self._world.operations[self._planned.covers]
            self._amender = Amender(
                self._world.env, self, operation, operation.said, self._world.streams
            )
            self._amender.start(self._planned.amend)

    def _issue(self, change: str, volume: Volume) -> None:
        """Make a version the declared one, and keep its activity on record."""
        env, record = self._world.env, self._world.recorder.add
        if self.version:
            self.previous = (self.in_force, self.stated_end)
        self.version += 1
        self.declared = volume
        record(ZoneIssued(env.now, self._planned.id, self.version, change, self.in_force))
        begins, ends = self.in_force.window
        goes_on = change != "cancel" and begins <= env.now < ends
        if self._active is not None and not goes_on:
            self._deactivate()
        if change != "cancel":
            env.process(self._keep_active(self.version, self.in_force.window))

    def _keep_active(self, version: int, window: tuple[float, float]) -> Process:
        env = self._world.env
        begins, ends = window
        if env.now < begins:
            yield env.timeout(begins - env.now)
        if version != self.version or ends <= env.now:
            return
        self._active = version
        self._activated = ZoneActive(env.now, self._planned.id, version)
        self._world.recorder.add(self._activated)
        yield env.timeout(ends - env.now)
        if version == self.version:
            self._deactivate()

    def _deactivate(self) -> None:
        """Put on record that the zone is no longer active, or that it never was."""
        now, recorder = self._world.env.now, self._world.recorder
        assert self._activated is not None, "only asked of an active zone"
        assert self._active is not None, "only asked of an active zone"
        if self._activated.at == now:
            recorder.take_back(self._activated)
        else:
            recorder.add(ZoneInactive(now, self._planned.id, self._active))
        self._active = None

    def _notify(self, at: float, notice: PlannedNotice) -> Process:
        """Send the version that is declared by then; a lead counts back from a start put off."""
        env, moves = self._world.env, notice.at is None
        yield env.timeout(at)
        while moves and env.now < at + self._put_off_s:
            yield env.timeout(at + self._put_off_s - env.now)
        if not self._is_cancelled:
            self._sender.send(notice)
