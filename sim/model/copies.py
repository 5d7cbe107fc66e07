"""Copies: one version of one notice on its way to one recipient, from hand to hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sim.model.journal import NoticeStep, Step

if TYPE_CHECKING:
    from sim.geometry.volume import Volume
    from sim.model.streams import Key


@dataclass(eq=False, slots=True)
class Copy:
    """One version of one notice on its way to one recipient.

    Over each leg goes a copy of its own: ``route`` alternates channels and the
    parties that relay between them, ``leg`` counts the channels from 0.
    ``content`` is what is said over the leg, ``stated_end`` the end as said where
    it is only an estimate, and ``told`` what its taker understood. ``sending`` is
    0 for the first sending of a notice to a recipient, and then the number of
    the step that led to it; ``previous`` is what the version before said.
    """

    zone: str
    notice: str
    version: int
    change: str
    sender: str
    recipient: str
    route: tuple[str, ...]
    priority: int
    content: Volume
    stated_end: float | None = None
    sending: int = 0
    previous: tuple[Volume, float | None] | None = None
    leg: int = 0
    told: Volume | None = field(default=None, init=False)
    told_end: float | None = field(default=None, init=False)
    under_way: bool = field(default=False, init=False)
    """Whether a call goes on, or a message travels: it can no longer be held back."""
    is_out: bool = field(default=False, init=False)
    """Whether it is published, for its reader to find."""
    given_up: bool = field(default=False, init=False)
    is_known: bool = field(default=False, init=False)
    """Whether its taker has handled it once."""
    superseded: Step | None = field(default=None, init=False)
    """By what it has given way: a newer version or sending, or a cancellation."""

    @property
    def key(self) -> Key:
        """What its draws are keyed by; never the channel itself."""
        return (self.zone, self.notice, self.version, self.recipient, *self.route, *self.again)

    @property
    def again(self) -> Key:
        """What tells the draws of a later sending from those of the first."""
        return ("again", self.sending) if self.sending else ()

    @property
    def leg_key(self) -> Key:
        """What the draws of the leg it is on are keyed by; the first leg's are the copy's."""
        return (*self.key, "leg", self.leg) if self.leg else self.key

    @property
    def channel(self) -> str:
        """The channel of the leg it is on."""
        return self.route[2 * self.leg]

    @property
    def taker(self) -> str:
        """The party at the far end of the leg it is on."""
        return (*self.route[1::2], self.recipient)[self.leg]

    @property
    def is_on_last_leg(self) -> bool:
        """Whether nobody relays it any further."""
        return 2 * self.leg == len(self.route) - 1

    @property
    def is_pending(self) -> bool:
        """Whether it is still in its sender's hand, and meant to be delivered."""
        return self.leg == 0 and self.told is None and not self.given_up and not self.superseded

    def onward(self) -> Copy:
        """Give the copy for the next leg: what was understood on this one."""
        assert self.told is not None, "only what was delivered is passed on"
        return replace(
            self, leg=self.leg + 1, content=self.told, stated_end=self.told_end, previous=None
        )

    def gives_way(self, at: float) -> NoticeStep:
        """Put on record that something newer has taken its place."""
        assert self.superseded is not None, "only asked once it is superseded"
        return self.step(at, self.superseded)

    def step(
        self,
        at: float,
        step: Step,
        attempt: int = 0,
        *,
        told: Volume | None = None,
        garbled: bool = False,
        why: str = "",
    ) -> NoticeStep:
        """Put a step of this copy on record."""
        return NoticeStep(
            at=at,
            step=step,
            zone=self.zone,
            notice=self.notice,
            version=self.version,
            change=self.change,
            sender=self.sender,
            recipient=self.recipient,
            route=self.route,
            leg=self.leg,
            attempt=attempt,
            told=told,
            garbled=garbled,
            why=why,
            sending=self.sending,
        )
